//! Blobs in a folder: `ORGANISATION/ab/SHA256`, written beside and renamed, so that a file is whole or not there.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use countersign_sealing::document::{
    DocumentContext, DocumentError, DocumentKey, open_bytes, seal_bytes,
};
use countersign_sealing::{Entropy, KeyVersion, OrganisationId};

use crate::platform::ids::OrgId;
use crate::platform::keys::OrgKeys;

#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    #[error("the documents folder cannot be written or read: {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("a stored document does not open: {path}")]
    Sealed {
        path: PathBuf,
        #[source]
        source: DocumentError,
    },
    #[error("a stored document is not the one that its name promises: {path}")]
    Other { path: PathBuf },
    #[error("the work was cut off")]
    Cancelled,
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Of the plaintext.
    pub sha256: [u8; 32],
    pub size_bytes: i64,
    pub key_version: i64,
}

/// A folder of sealed documents; on several nodes a shared one.
#[derive(Debug, Clone)]
pub struct Folder {
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

    /// Seals and keeps `bytes`. The same bytes again change nothing, but for a blob that was damaged: it is made whole.
    pub async fn put(
        &self,
        keys: &Arc<OrgKeys>,
        bytes: Arc<Vec<u8>>,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Blob, DocumentsError> {
        let (folder, keys, entropy) = (self.clone(), Arc::clone(keys), Arc::clone(entropy));
        tokio::task::spawn_blocking(move || folder.put_now(&keys, &bytes, entropy.as_ref()))
            .await
            .map_err(|_| DocumentsError::Cancelled)?
    }

    /// The document's bytes, checked against the hash that names them.
    pub async fn get(
        &self,
        keys: &Arc<OrgKeys>,
        sha256: [u8; 32],
    ) -> Result<Vec<u8>, DocumentsError> {
        let (folder, keys) = (self.clone(), Arc::clone(keys));
        tokio::task::spawn_blocking(move || folder.get_now(&keys, sha256))
            .await
            .map_err(|_| DocumentsError::Cancelled)?
    }

    fn put_now(
        &self,
        keys: &OrgKeys,
        bytes: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Blob, DocumentsError> {
        let sha256 = sha256_of(bytes);
        let blob = Blob {
            sha256,
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            key_version: i64::from(KeyVersion::FIRST.number()),
        };
        let path = self.path(keys.organisation(), &sha256);
        match self.get_now(keys, sha256) {
            Ok(_) => return Ok(blob),
            Err(DocumentsError::Io { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound => {}
            Err(error @ (DocumentsError::Sealed { .. } | DocumentsError::Other { .. })) => {
                tracing::error!(%error, "a damaged document came in again and is written anew");
            }
            Err(error) => return Err(error),
        }
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder)?;
        let mut unique = [0; 8];
        entropy.fill(&mut unique);
        let beside = folder.join(format!(".{}", hex(&unique)));
        let context = context(keys.organisation(), &sha256);
        let sealed = seal_bytes(&key(keys), &context, bytes, entropy);
        let written = write_new(&beside, &sealed)
            .map_err(io(&beside))
            .and_then(|()| std::fs::rename(&beside, &path).map_err(io(&path)));
        if let Err(error) = written {
            // What is left of it would never be found again; the error that matters is the first one.
            let _ = std::fs::remove_file(&beside);
            return Err(error);
        }
        sync_folder(folder)?;
        Ok(blob)
    }

    fn get_now(&self, keys: &OrgKeys, sha256: [u8; 32]) -> Result<Vec<u8>, DocumentsError> {
        let path = self.path(keys.organisation(), &sha256);
        let sealed = std::fs::read(&path).map_err(io(&path))?;
        let bytes = open_bytes(&key(keys), &context(keys.organisation(), &sha256), &sealed)
            .map_err(|source| DocumentsError::Sealed {
                path: path.clone(),
                source,
            })?;
        if sha256_of(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(DocumentsError::Other { path })
        }
    }

    fn path(&self, organisation: OrgId, sha256: &[u8; 32]) -> PathBuf {
        let name = hex(sha256);
        self.root
            .join(organisation.to_string())
            .join(&name[..2])
            .join(name)
    }
}

fn key(keys: &OrgKeys) -> DocumentKey {
    DocumentKey::new(keys.documents(), KeyVersion::FIRST)
}

fn context(organisation: OrgId, sha256: &[u8; 32]) -> DocumentContext<'_> {
    DocumentContext {
        organisation: OrganisationId::from_bytes(*organisation.as_bytes()),
        document: sha256,
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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
    let path = path.to_owned();
    move |source| DocumentsError::Io { path, source }
}

fn sha256_of(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes)
        .as_ref()
        .try_into()
        .expect("SHA-256 gives 32 bytes")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
