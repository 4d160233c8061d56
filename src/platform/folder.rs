//! Folders that nobody but this program's user may look into.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
#[error("the folder {path} cannot be made: {source}. Make it yourself, or name another", path = path.display())]
pub struct FolderError {
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
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
