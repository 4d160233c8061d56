//! Sealed documents in a folder: written beside and renamed, so that a file is whole or not there.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_sealing::Entropy;
use data_encoding::HEXLOWER;

use super::error::DocumentsError;

/// A folder of sealed documents; on several nodes a shared one.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: Arc<PathBuf>,
}

impl Folder {
    /// Opens the folder, or makes it for its owner alone.
    pub fn open(root: &Path) -> Result<Self, DocumentsError> {
        make_folder(root)?;
        Ok(Self {
            root: Arc::new(root.to_owned()),
        })
    }

    /// Where a file is, for people.
    pub fn place(&self, name: &str) -> String {
        self.root.join(name).display().to_string()
    }

    /// The sealed file of this name.
    pub fn find(&self, name: &str) -> Result<File, DocumentsError> {
        let path = self.root.join(name);
        let place = path.display().to_string();
        File::open(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => DocumentsError::Missing { place },
            _ => DocumentsError::Io { place, source },
        })
    }

    /// Keeps what `seal` writes under this name: in place of what is there where `is_mended`; otherwise whoever came first is left
    /// alone, which `false` says. On `Ok` it outlives a power cut.
    pub fn store(
        &self,
        name: &str,
        is_mended: bool,
        entropy: &dyn Entropy,
        seal: impl FnOnce(&File) -> Result<(), DocumentsError>,
    ) -> Result<bool, DocumentsError> {
        let path = self.root.join(name);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder)?;
        let mut unique = [0; 8];
        entropy.fill(&mut unique);
        let beside = folder.join(format!(".{}", HEXLOWER.encode(&unique)));
        let written = write_new(&beside, seal).and_then(|()| {
            let placed = if is_mended {
                std::fs::rename(&beside, &path).map(|()| true)
            } else {
                link_new(&beside, &path)
            };
            placed.map_err(io(&path))
        });
        if written.is_err() || !is_mended {
            // What is left of it would never be found again; the error that matters is the first one.
            let _ = std::fs::remove_file(&beside);
        }
        let is_ours = written?;
        sync_folder(folder)?;
        Ok(is_ours)
    }
}

/// Gives a file its second name, unless that is taken.
fn link_new(beside: &Path, path: &Path) -> std::io::Result<bool> {
    match std::fs::hard_link(beside, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_new(
    path: &Path,
    seal: impl FnOnce(&File) -> Result<(), DocumentsError>,
) -> Result<(), DocumentsError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io(path))?;
    seal(&file)?;
    file.sync_all().map_err(io(path))
}

/// Makes a folder and those above it. Each new one is written through in the one that holds it: a name that is only in
/// memory takes all that lies below it along when the power goes.
fn make_folder(path: &Path) -> Result<(), DocumentsError> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path
        .parent()
        .filter(|above| !above.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    make_folder(above)?;
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        // Somebody made it in the meantime, and may not have written it through yet.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made.map_err(io(path))?,
    }
    sync_folder(above)
}

fn sync_folder(path: &Path) -> Result<(), DocumentsError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(io(path))
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> DocumentsError {
    DocumentsError::io(path.display().to_string())
}
