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

/// Whether a folder is another one, or below it, whatever their names say. What is not there yet stands in its nearest folder.
#[must_use]
pub fn is_within(folder: &Path, other: &Path) -> bool {
    let (Some(folder), Some(other)) = (real(folder), real(other)) else {
        return false;
    };
    folder.starts_with(other)
}

fn real(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find(|part| part.exists())?;
    let rest = path.strip_prefix(there).ok()?;
    Some(there.canonicalize().ok()?.join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_the_data_folder_is_seen_through_its_names() {
        let folder =
            std::env::temp_dir().join(format!("countersign-within-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (data, link) = (folder.join("data"), folder.join("link"));
        std::fs::create_dir_all(&data).expect("the temporary folder is ours");
        std::os::unix::fs::symlink(&data, &link).expect("ours");
        assert!(is_within(&data, &data));
        assert!(is_within(&link.join("backups/keys"), &data));
        assert!(!is_within(&folder.join("data-backups"), &data));
        assert!(!is_within(&folder, &data));
    }
}
