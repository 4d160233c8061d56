//! The two root keys in files of their own: made on first start, readable by their owner alone, never equal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, OrganisationId, WrapContext, WrappedKey, unwrap, wrap,
};
use zeroize::Zeroizing;

use crate::platform::ids::{Id as _, OrgId};
use crate::platform::store::FileKey;

#[derive(Debug, thiserror::Error)]
pub enum RootError {
    #[error("{path}: {action} failed")]
    Io {
        path: PathBuf,
        action: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error(
        "{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`, and replace the key if others use this machine"
    )]
    Readable { path: PathBuf, mode: u32 },
    #[error(
        "{path} is no root key: it must hold exactly 32 bytes. Restore it from your backup of the keys"
    )]
    Malformed { path: PathBuf },
    #[error(
        "the storage root and the field root are the same key: they must come from separate places. Restore the right files"
    )]
    Equal,
    #[error(
        "{path} was not made under this storage root: the key files and the data folder belong to different installations"
    )]
    Foreign { path: PathBuf },
    #[error(
        "the data folder holds a database, but the root key {path} is missing: restore it from your backup of the keys"
    )]
    Missing { path: PathBuf },
}

/// The roots of the two hierarchies. They only wrap other keys.
#[derive(Debug)]
pub struct Roots {
    storage: Key,
    field: Key,
}

impl Roots {
    /// Reads the roots from `storage` and `field`; makes them where `first_start`.
    ///
    /// # Errors
    /// Refuses files that others can read, that are equal, or that are missing beside existing data.
    pub fn open(
        storage: &Path,
        field: &Path,
        first_start: bool,
        entropy: &dyn Entropy,
    ) -> Result<Self, RootError> {
        let storage = open_or_make(storage, first_start, entropy)?;
        let field = open_or_make(field, first_start, entropy)?;
        if storage == field {
            return Err(RootError::Equal);
        }
        Ok(Self { storage, field })
    }

    #[must_use]
    pub fn of(&self, hierarchy: Hierarchy) -> &Key {
        match hierarchy {
            Hierarchy::Storage => &self.storage,
            Hierarchy::Field => &self.field,
        }
    }
}

fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> RootError {
    let path = path.to_owned();
    move |source| RootError::Io {
        path,
        action,
        source,
    }
}

fn open_or_make(path: &Path, first_start: bool, entropy: &dyn Entropy) -> Result<Key, RootError> {
    if !path.exists() {
        if !first_start {
            return Err(RootError::Missing {
                path: path.to_owned(),
            });
        }
        let key = Key::generate(entropy);
        write_private(path, key.expose())?;
        return Ok(key);
    }
    let bytes = read_private(path)?;
    Key::from_slice(&bytes).map_err(|_| RootError::Malformed {
        path: path.to_owned(),
    })
}

/// Writes a file that only its owner can read, and that must not exist yet; it is on the disk when this returns.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), RootError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io(path, "creating it"))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(io(path, "writing it"))?;
    if let Some(folder) = path.parent() {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(io(path, "writing its folder"))?;
    }
    Ok(())
}

/// The mode is read from the opened file, so that nobody can swap it between the check and the reading.
fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, RootError> {
    let file = File::open(path).map_err(io(path, "opening it"))?;
    let mode = file
        .metadata()
        .map_err(io(path, "reading its mode"))?
        .mode()
        & 0o777;
    if mode & 0o077 != 0 {
        return Err(RootError::Readable {
            path: path.to_owned(),
            mode,
        });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    file.take(64)
        .read_to_end(&mut bytes)
        .map_err(io(path, "reading it"))?;
    Ok(bytes)
}

/// The random key of the embedded database's file, kept wrapped by the storage root beside it.
pub fn file_key(
    roots: &Roots,
    path: &Path,
    first_start: bool,
    entropy: &dyn Entropy,
) -> Result<FileKey, RootError> {
    let context = WrapContext {
        hierarchy: Hierarchy::Storage,
        organisation: OrganisationId::from_bytes(*OrgId::SYSTEM.uuid().as_bytes()),
        purpose: "database-file",
        subject: None,
        version: KeyVersion::FIRST,
    };
    let root = roots.of(Hierarchy::Storage);
    if !path.exists() {
        if !first_start {
            return Err(RootError::Missing {
                path: path.to_owned(),
            });
        }
        let key = Key::generate(entropy);
        write_private(path, wrap(root, &key, &context, entropy).as_bytes())?;
        return Ok(FileKey::new(*key.expose()));
    }
    let bytes = std::fs::read(path).map_err(io(path, "reading it"))?;
    let wrapped = WrappedKey::from_bytes(&bytes).map_err(|_| RootError::Malformed {
        path: path.to_owned(),
    })?;
    let key = unwrap(root, &wrapped, &context).map_err(|_| RootError::Foreign {
        path: path.to_owned(),
    })?;
    Ok(FileKey::new(*key.expose()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use countersign_sealing::SeededEntropy;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("countersign-roots-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        folder
    }

    #[test]
    fn roots_are_made_once_and_read_back() {
        let folder = folder("made");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        let made =
            Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        let read =
            Roots::open(&storage, &field, false, &SeededEntropy::new(2)).expect("second start");
        assert!(made.of(Hierarchy::Field) == read.of(Hierarchy::Field));
        assert_eq!(
            std::fs::metadata(&field)
                .expect("made")
                .permissions()
                .mode()
                & 0o777,
            0o600
        );
    }

    #[test]
    fn roots_that_others_can_read_are_refused() {
        let folder = folder("readable");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        std::fs::set_permissions(&field, std::fs::Permissions::from_mode(0o640)).expect("ours");
        let error = Roots::open(&storage, &field, false, &SeededEntropy::new(1))
            .expect_err("readable by the group");
        assert!(
            matches!(error, RootError::Readable { mode: 0o640, .. }),
            "{error}"
        );
    }

    #[test]
    fn equal_and_missing_roots_are_refused() {
        let folder = folder("equal");
        let (storage, field) = (folder.join("storage"), folder.join("field"));
        Roots::open(&storage, &field, true, &SeededEntropy::new(1)).expect("first start");
        std::fs::copy(&storage, &field).expect("ours");
        assert!(matches!(
            Roots::open(&storage, &field, false, &SeededEntropy::new(1)),
            Err(RootError::Equal)
        ));
        std::fs::remove_file(&field).expect("ours");
        assert!(matches!(
            Roots::open(&storage, &field, false, &SeededEntropy::new(1)),
            Err(RootError::Missing { .. })
        ));
    }

    #[test]
    fn a_file_key_of_another_installation_does_not_open() {
        let folder = folder("foreign");
        let entropy = SeededEntropy::new(1);
        let ours =
            Roots::open(&folder.join("a"), &folder.join("b"), true, &entropy).expect("first start");
        let theirs =
            Roots::open(&folder.join("c"), &folder.join("d"), true, &entropy).expect("first start");
        file_key(&ours, &folder.join("key"), true, &entropy).expect("made");
        assert!(matches!(
            file_key(&theirs, &folder.join("key"), false, &entropy),
            Err(RootError::Foreign { .. })
        ));
    }
}
