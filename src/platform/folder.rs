//! Folders that nobody but this program's user may look into, and files that are there whole or not at all.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
#[error("the folder {path} cannot be made: {source}. Make it yourself, or name another", path = path.display())]
pub struct FolderError {
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
}

/// Writes a file that its owner alone reads, first as `beside` and then under its own name: whoever looks finds the old or the new
/// one whole.
///
/// # Errors
/// When the system refuses.
pub fn replace(path: &Path, beside: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(beside, path))
}

/// Makes a folder of mode 0700, and those above it, where they are missing. One that is there is left as it is.
///
/// # Errors
/// When the system refuses.
pub fn make_private(path: &Path) -> Result<(), FolderError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| FolderError {
            path: path.to_owned(),
            source,
        })
}
