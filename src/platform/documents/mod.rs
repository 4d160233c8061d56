//! Source documents: sealed chunk by chunk under their organisation's key, kept under the SHA-256 of their plaintext,
//! never changed (invariant 7).
//!
//! - A document passes in and out in pieces ([`Spool`], [`Chunks`]); none is in memory as a whole, none on the disk in clear.
//! - The bytes are where they stay before the transaction that names them commits; a document that no row names is harmless.
//! - The same bytes again change nothing, but for a document that was damaged: it is made whole.

mod chunks;
mod error;
mod folder;
mod https;
pub mod openings;
mod reseal;
mod s3;
mod spool;
mod store;

pub use chunks::Chunks;
pub use error::DocumentsError;
pub use reseal::ResealError;
pub use s3::BucketError;
pub use spool::{Arrived, Spool};
pub use store::{Document, count, find, find_by_sha256, record};

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_sealing::document::{
    DocumentContext, DocumentKey, HEADER_LENGTH, key_version, length_of,
};
use countersign_sealing::{Entropy, KeyVersion, OrganisationId};
use data_encoding::HEXLOWER;

use self::chunks::{At, Promise};
use self::folder::Folder;
use self::s3::Bucket;
use super::config;
use super::ids::OrgId;
use super::keys::OrgKeys;
use crate::ids;

ids! {
    /// A source document of one organisation.
    DocumentId,
    /// That somebody opened one.
    OpeningId,
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
    /// Where they pass through, in files without names.
    spools: Arc<PathBuf>,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Place {
    /// Where a document is, for people.
    fn shown(&self, name: &str) -> String {
        match self {
            Self::Folder(folder) => folder.place(name),
            Self::Bucket(bucket) => bucket.place(name),
        }
    }

    /// A document's sealed file.
    async fn fetch(&self, name: String) -> Result<File, DocumentsError> {
        match self {
            Self::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || folder.find(&name)).await
            }
            Self::Bucket(bucket) => bucket.fetch(&name).await,
        }
    }

    /// Keeps what `seal` writes; see the two places for what `Ok` promises. False where somebody came first, whose file of the
    /// same name is left alone unless `is_mended`.
    async fn store(
        &self,
        name: String,
        is_mended: bool,
        entropy: &Arc<dyn Entropy>,
        nameless: impl FnOnce() -> Result<File, DocumentsError> + Send + 'static,
        seal: impl FnOnce(&File) -> Result<(), DocumentsError> + Send + 'static,
    ) -> Result<bool, DocumentsError> {
        match self {
            Self::Folder(folder) => {
                let (folder, entropy) = (folder.clone(), Arc::clone(entropy));
                blocking(move || folder.store(&name, is_mended, entropy.as_ref(), seal)).await
            }
            Self::Bucket(bucket) => {
                let sealed = blocking(move || {
                    let file = nameless()?;
                    seal(&file)?;
                    Ok(file)
                });
                bucket.store(&name, sealed.await?, is_mended).await
            }
        }
    }
}

impl Documents {
    /// In a folder, which is made for its owner alone where it is not there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(folder: &Path) -> Result<Self, DocumentsError> {
        Ok(Self {
            spools: Arc::new(folder.to_owned()),
            place: Place::Folder(Folder::open(folder)?),
        })
    }

    /// Where the configuration says. A bucket is not asked whether it is there: a server that starts while the store is away
    /// serves all that needs no document.
    ///
    /// # Errors
    /// Those of the disk, and of the files that the bucket's settings name.
    pub fn of(
        settings: &config::Documents,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, DocumentsError> {
        let mut documents = Self::open(&settings.folder)?;
        if let Some(bucket) = &settings.bucket {
            documents.place = Place::Bucket(documents.bucket(bucket, entropy)?);
        }
        Ok(documents)
    }

    fn bucket(
        &self,
        settings: &config::Bucket,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Bucket, DocumentsError> {
        Bucket::open(settings, &self.spools, entropy).map_err(|source| DocumentsError::Bucket {
            place: settings.url.to_string(),
            source,
        })
    }

    fn nameless(
        &self,
        entropy: &Arc<dyn Entropy>,
    ) -> impl FnOnce() -> Result<File, DocumentsError> + Send + 'static {
        let (folder, entropy) = (Arc::clone(&self.spools), Arc::clone(entropy));
        move || spool::nameless(&folder, entropy.as_ref())
    }

    /// Begins to take a document in.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn spool(&self, entropy: &Arc<dyn Entropy>) -> Result<Spool, DocumentsError> {
        Spool::open(&self.spools, entropy).await
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
        let blob = |version: KeyVersion| Blob {
            sha256: arrived.sha256,
            size_bytes: i64::try_from(arrived.size_bytes).unwrap_or(i64::MAX),
            key_version: i64::from(version.number()),
        };
        let there = match self.versioned(keys, arrived.sha256).await {
            Ok((chunks, version)) => chunks.check().await.map(|()| version),
            Err(error) => Err(error),
        };
        let is_mended = match there {
            Ok(version) => return Ok(blob(version)),
            Err(DocumentsError::Missing { .. }) => false,
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "a damaged document came in again and is written anew");
                true
            }
            Err(error) => return Err(error),
        };
        let (version, is_ours) = self.store(keys, arrived, is_mended, entropy).await?;
        if is_ours {
            return Ok(blob(version));
        }
        let (_, version) = self.versioned(keys, arrived.sha256).await?;
        Ok(blob(version))
    }

    /// Seals what arrived under the newest version in use; says which, and whether it is what is there now.
    async fn store(
        &self,
        keys: &Arc<OrgKeys>,
        arrived: &Arrived,
        is_mended: bool,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<(KeyVersion, bool), DocumentsError> {
        let name = name(keys.organisation(), &arrived.sha256);
        let (version, key) = keys.newest_documents();
        let key = DocumentKey::new(key, version);
        let (arrived, random) = (arrived.clone(), Arc::clone(entropy));
        let organisation = keys.organisation();
        let seal = move |file: &File| {
            let context = context(organisation, &arrived.sha256);
            arrived.seal_into(&key, &context, file, random.as_ref())
        };
        let nameless = self.nameless(entropy);
        let stored = self.place.store(name, is_mended, entropy, nameless, seal);
        Ok((version, stored.await?))
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
        Ok(self.versioned(keys, sha256).await?.0)
    }

    /// The same, and the version of the key that sealed it.
    async fn versioned(
        &self,
        keys: &Arc<OrgKeys>,
        sha256: [u8; 32],
    ) -> Result<(Chunks, KeyVersion), DocumentsError> {
        let organisation = keys.organisation();
        let name = name(organisation, &sha256);
        let file = self.place.fetch(name.clone()).await?;
        let sealed_length = file
            .metadata()
            .map_err(DocumentsError::io(name.clone()))?
            .len();
        let place = self.place.shown(&name);
        let file: Arc<File> = Arc::new(file);
        let promise = Promise {
            sha256,
            // Too short to be one: opening it says so.
            length: length_of(sealed_length).unwrap_or_default(),
        };
        let context = context(organisation, &sha256);
        let mut header = [0; HEADER_LENGTH];
        // What is too short to have a header is no document: opening it says so.
        let version = match file.read_exact_at(&mut header, 0) {
            Ok(()) => key_version(&header).unwrap_or(KeyVersion::FIRST),
            Err(_) => KeyVersion::FIRST,
        };
        // A version that is not there any more opens nothing; opening says which one is named.
        let (newest, key) = keys.newest_documents();
        let (version, key) = keys
            .documents(version)
            .map_or((newest, key), |key| (version, key));
        let key = DocumentKey::new(key, version);
        let chunks = Chunks::open(place, At::start(&file), &key, &context, promise).await?;
        Ok((chunks, version))
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

/// Whether a bucket is there and lets us in, for the doctor.
///
/// # Errors
/// [`BucketError`] says what is wrong.
pub async fn reach(
    settings: &config::Documents,
    bucket: &config::Bucket,
    entropy: &Arc<dyn Entropy>,
) -> Result<(), BucketError> {
    Bucket::open(bucket, &settings.folder, entropy)?
        .reach()
        .await
}

/// `ORGANISATION/ab/SHA256`.
fn name(organisation: OrgId, sha256: &[u8; 32]) -> String {
    let hash = HEXLOWER.encode(sha256);
    format!("{organisation}/{}/{hash}", &hash[..2])
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
