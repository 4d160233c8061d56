//! Folders that nobody but this program's user may look into, and files that are there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
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
/// one whole. It is on the disk when this returns.
///
/// # Errors
/// When the system refuses: what was there is still there then, and nothing beside it.
pub fn replace(path: &Path, beside: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_as(path, beside, bytes, 0o600)
}

/// The same with another mode.
///
/// # Errors
/// As [`replace`].
pub fn replace_as(path: &Path, beside: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    // Of somebody who was killed here: opened again it would keep a mode of its own.
    match fs::remove_file(beside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => other?,
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(beside, path));
    if written.is_err() {
        // It may hold keys, and nothing else would remove it.
        let _ = fs::remove_file(beside);
    }
    written?;
    let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A lock on a file. The system gives it back when this is dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Locked {
    _file: File,
}

/// Locks a file, which is made where it is missing, against everybody else who locks it, in this process too; none where
/// somebody has it.
///
/// # Errors
/// When the system refuses.
pub fn lock(path: &Path) -> io::Result<Option<Locked>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Locked { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
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
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    }

    #[test]
    fn a_file_is_the_old_or_the_new_one_and_nothing_stays_beside_it() {
        let folder = std::env::temp_dir().join(format!("countersign-whole-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        make_private(&folder).expect("the temporary folder is ours");
        let (path, beside) = (folder.join("key"), folder.join("key.new"));
        replace(&path, &beside, b"old").expect("it is written");
        assert_eq!(mode(&path), 0o600);
        // Somebody was killed, and anybody may read what she left.
        fs::write(&beside, b"half").expect("ours");
        fs::set_permissions(&beside, fs::Permissions::from_mode(0o666)).expect("ours");
        replace(&path, &beside, b"new").expect("it is written");
        assert_eq!(
            (fs::read(&path).expect("it is there"), mode(&path)),
            (b"new".to_vec(), 0o600)
        );
        replace_as(&path, &beside, b"open", 0o644).expect("it is written");
        assert_eq!(mode(&path), 0o644);
        // A folder stands where the file is to be: nothing takes its place.
        let taken = folder.join("taken");
        fs::create_dir(&taken).expect("ours");
        replace(&taken, &beside, b"key").expect_err("it is a folder");
        assert!(taken.is_dir() && !beside.exists());
        fs::remove_dir_all(&folder).expect("ours");
    }

    #[test]
    fn a_lock_is_had_by_one_until_it_is_given_back() {
        let path = std::env::temp_dir().join(format!("countersign-lock-{}", std::process::id()));
        let held = lock(&path).expect("the temporary folder is ours");
        assert!(held.is_some());
        assert!(lock(&path).expect("ours").is_none(), "somebody has it");
        drop(held);
        assert!(lock(&path).expect("ours").is_some(), "it was given back");
        assert_eq!(mode(&path), 0o600);
        fs::remove_file(&path).expect("ours");
    }

    #[test]
    fn a_folder_inside_the_data_folder_is_seen_through_its_names() {
        let folder =
            std::env::temp_dir().join(format!("countersign-within-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let (data, link) = (folder.join("data"), folder.join("link"));
        fs::create_dir_all(&data).expect("the temporary folder is ours");
        std::os::unix::fs::symlink(&data, &link).expect("ours");
        assert!(is_within(&data, &data));
        assert!(is_within(&link.join("backups/keys"), &data));
        assert!(!is_within(&folder.join("data-backups"), &data));
        assert!(!is_within(&folder, &data));
    }
}
