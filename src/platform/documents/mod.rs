//! Source documents: sealed chunk by chunk under their organisation's key, kept under the SHA-256 of their plaintext,
//! never changed (invariant 7).
//!
//! - A document passes in and out in pieces ([`Spool`], [`Chunks`]); none is in memory as a whole, none on the disk in clear.
//! - The bytes are where they stay before the transaction that names them commits; a document that no row names is harmless.
//! - The same bytes again change nothing, but for a document that was damaged: it is made whole.

mod chunks;
mod error;
mod folder;
mod spool;
mod store;

pub use chunks::Chunks;
pub use error::DocumentsError;
pub use spool::{Arrived, Spool};
pub use store::{Document, find, find_by_sha256, record};

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use countersign_sealing::document::{DocumentContext, DocumentKey, length_of};
use countersign_sealing::{Entropy, KeyVersion, OrganisationId};

use self::chunks::{At, Promise};
use self::folder::Folder;
use super::ids::OrgId;
use super::keys::OrgKeys;
use crate::ids;

ids! {
    /// A source document of one organisation.
    DocumentId,
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Of the plaintext.
    pub sha256: [u8; 32],
    pub size_bytes: i64,
    pub key_version: i64,
}

/// Where sealed documents are kept.
#[derive(Debug, Clone)]
pub struct Documents {
    folder: Folder,
}

impl Documents {
    /// In a folder, which is made for its owner alone where it is not there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(folder: &Path) -> Result<Self, DocumentsError> {
        Ok(Self {
            folder: Folder::open(folder)?,
        })
    }

    /// Begins to take a document in.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn spool(&self, entropy: &Arc<dyn Entropy>) -> Result<Spool, DocumentsError> {
        Spool::open(self.folder.root(), entropy).await
    }

    /// Gives a document that has arrived its place for ever. On `Ok` it may be named by a row.
    ///
    /// # Errors
    /// Those of the place. A document that is there and damaged is written anew.
    pub async fn keep(
        &self,
        keys: &Arc<OrgKeys>,
        arrived: &Arrived,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Blob, DocumentsError> {
        let blob = Blob {
            sha256: arrived.sha256,
            size_bytes: i64::try_from(arrived.size_bytes).unwrap_or(i64::MAX),
            key_version: i64::from(KeyVersion::FIRST.number()),
        };
        let there = match self.read(keys, arrived.sha256).await {
            Ok(chunks) => chunks.check().await,
            Err(error) => Err(error),
        };
        match there {
            Ok(()) => return Ok(blob),
            Err(DocumentsError::Missing { .. }) => {}
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "a damaged document came in again and is written anew");
            }
            Err(error) => return Err(error),
        }
        let (folder, arrived) = (self.folder.clone(), arrived.clone());
        let (keys, entropy) = (Arc::clone(keys), Arc::clone(entropy));
        blocking(move || {
            let organisation = keys.organisation();
            let (key, context) = (key(&keys), context(organisation, &arrived.sha256));
            let name = name(organisation, &arrived.sha256);
            folder.store(&name, entropy.as_ref(), |file| {
                arrived.seal_into(&key, &context, file, entropy.as_ref())
            })
        })
        .await?;
        Ok(blob)
    }

    /// Keeps what we wrote ourselves and have in memory.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub async fn put(
        &self,
        keys: &Arc<OrgKeys>,
        bytes: &[u8],
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Blob, DocumentsError> {
        let mut spool = self.spool(entropy).await?;
        spool.write(bytes).await?;
        self.keep(keys, &spool.finish().await?, entropy).await
    }

    /// Opens a document for reading, and its first piece.
    ///
    /// # Errors
    /// [`DocumentsError::Missing`] where there is none with this hash.
    pub async fn read(
        &self,
        keys: &Arc<OrgKeys>,
        sha256: [u8; 32],
    ) -> Result<Chunks, DocumentsError> {
        let (folder, organisation) = (self.folder.clone(), keys.organisation());
        let name = name(organisation, &sha256);
        let place = name.clone();
        let (file, sealed_length) = blocking(move || {
            let file = folder.find(&name)?;
            let length = file.metadata().map_err(DocumentsError::io(name))?.len();
            Ok((file, length))
        })
        .await?;
        let file: Arc<File> = Arc::new(file);
        let promise = Promise {
            sha256,
            // Too short to be one: opening it says so.
            length: length_of(sealed_length).unwrap_or_default(),
        };
        let context = context(organisation, &sha256);
        Chunks::open(place, At::start(&file), &key(keys), &context, promise).await
    }

    /// The document's bytes, for what is known to be small.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn get(
        &self,
        keys: &Arc<OrgKeys>,
        sha256: [u8; 32],
    ) -> Result<Vec<u8>, DocumentsError> {
        self.read(keys, sha256).await?.whole().await
    }
}

/// `ORGANISATION/ab/SHA256`.
fn name(organisation: OrgId, sha256: &[u8; 32]) -> String {
    let hash = hex(sha256);
    format!("{organisation}/{}/{hash}", &hash[..2])
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

/// Runs what waits for the disk where it keeps no request waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentsError> + Send + 'static,
) -> Result<T, DocumentsError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| DocumentsError::Cancelled)?
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
