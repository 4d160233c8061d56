//! Root keys in files: made on first start, readable by their owner alone.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use countersign_sealing::{Entropy, Key};
use zeroize::Zeroizing;

use super::root::RootError;

/// Bits of a mode that let others than the owner at a file.
const OTHERS: u32 = 0o077;
/// systemd lets the service's user at a credential by an access list, whose mask shows as the group's right to read.
const CREDENTIAL_OTHERS: u32 = 0o037;

pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> RootError {
    let path = path.to_owned();
    move |source| RootError::Io {
        path,
        action,
        source,
    }
}

/// The root in a file of ours; made where `first_start`.
pub(super) fn open_or_make(
    path: &Path,
    first_start: bool,
    entropy: &dyn Entropy,
) -> Result<Key, RootError> {
    if path.exists() {
        return key_in(path, OTHERS);
    }
    if !first_start {
        return Err(missing(path));
    }
    let key = Key::generate(entropy);
    write_private(path, key.expose())?;
    Ok(key)
}

/// The root among the service's credentials.
pub(super) fn credential(name: &str, folder: Option<&Path>) -> Result<Key, RootError> {
    let folder = folder.ok_or_else(|| RootError::Unusable {
        root: format!("systemd:{name}"),
        what: "systemd gave this process no credentials".to_owned(),
        mend: "Start it as a service whose unit has LoadCredential= or LoadCredentialEncrypted= for this name",
    })?;
    let path = folder.join(name);
    if !path.exists() {
        return Err(missing(&path));
    }
    key_in(&path, CREDENTIAL_OTHERS)
}

fn missing(path: &Path) -> RootError {
    RootError::Missing {
        path: path.to_owned(),
    }
}

fn key_in(path: &Path, others: u32) -> Result<Key, RootError> {
    let bytes = read_private(path, others)?;
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
fn read_private(path: &Path, others: u32) -> Result<Zeroizing<Vec<u8>>, RootError> {
    let file = File::open(path).map_err(io(path, "opening it"))?;
    let mode = file
        .metadata()
        .map_err(io(path, "reading its mode"))?
        .mode()
        & 0o777;
    if mode & others != 0 {
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_credential_may_show_its_mask_and_nothing_more() {
        let folder =
            std::env::temp_dir().join(format!("countersign-credential-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is ours");
        let path = folder.join("field-root");
        std::fs::write(&path, [7; 32]).expect("ours");
        let set = |mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&path, mode).expect("ours");
        };
        for mode in [0o400, 0o440] {
            set(mode);
            credential("field-root", Some(&folder)).expect("for the service alone");
        }
        for mode in [0o444, 0o460, 0o404] {
            set(mode);
            let error = credential("field-root", Some(&folder)).expect_err("open to others");
            assert!(matches!(error, RootError::Readable { .. }), "{error}");
        }
        let error = credential("storage-root", Some(&folder)).expect_err("there is none");
        assert!(matches!(error, RootError::Missing { .. }), "{error}");
        let error = credential("field-root", None).expect_err("no service");
        assert!(error.to_string().contains("LoadCredential"), "{error}");
    }
}
