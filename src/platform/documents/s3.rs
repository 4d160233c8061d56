//! Sealed documents in a bucket of an S3-compatible store.
//!
//! - What goes there is what the folder would hold: sealed files of the same form under the same names. Nobody who keeps or
//!   reads the bucket learns more than sizes, times and hashes.
//! - An object is there as a whole or not at all: small ones by one conditional request, large ones by parts that count
//!   from the moment in which they are completed. What is given up is aborted.
//! - A document comes back into a file without a name before it is opened, so that a slow reader holds no connection.

use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use countersign_sealing::Entropy;
use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as ObjectPath;
use object_store::{
    MultipartUpload, ObjectStore as _, ObjectStoreExt as _, PutMode, PutOptions, RetryConfig,
};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::error::DocumentsError;
use super::https::{Https, Unanswered};
use super::spool::nameless;
use crate::platform::config::{Bucket as Settings, read_password};
use crate::platform::edge::client_tls;

/// The size of a part; what is smaller goes in one request. S3 wants 5 MiB or more.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts that are in memory at once, whoever sends them.
const PARTS_AT_ONCE: usize = 4;
/// Bytes that are gathered before they go to the disk.
const PIECE_BYTES: usize = 256 * 1024;
/// For the next bytes of an answer.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest text of a store's answer that is told.
const REASON_CHARS: usize = 200;

/// Why a bucket cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    #[error("the bucket's settings cannot be used: {0}")]
    Settings(String),
    #[error("the object store does not know the access key, or does not let it do this")]
    Denied,
    #[error("there is no such bucket")]
    NoBucket,
    #[error("{reason}")]
    Unanswered { reason: String },
    #[error("the object store did not do what was asked: {reason}")]
    Failed { reason: String },
}

/// A bucket, and the names below its prefix.
#[derive(Clone)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: String,
    /// As the operator wrote it.
    shown: String,
    parts: Arc<Semaphore>,
    /// Where objects come to as files without names.
    spools: Arc<PathBuf>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.shown)
    }
}

impl Bucket {
    /// Reads credentials and authorities. Whether the bucket can be reached is another question: see [`Self::reach`].
    pub fn open(
        settings: &Settings,
        spools: &Path,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, BucketError> {
        let refused = |error: &dyn fmt::Display| BucketError::Settings(error.to_string());
        let read = |path| read_password(path).map_err(|error| refused(&error));
        let (access, secret) = (
            read(&settings.access_key_file)?,
            read(&settings.secret_key_file)?,
        );
        let tls = client_tls(settings.ca_file.as_deref()).map_err(|error| refused(&error))?;
        let (name, prefix) = (
            settings.url.host_str().unwrap_or_default(),
            settings.url.path().trim_matches('/'),
        );
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(&settings.region)
            .with_access_key_id(access.expose())
            .with_secret_access_key(secret.expose())
            .with_http_connector(Https(Arc::new(tls)))
            .with_retry(RetryConfig {
                max_retries: 3,
                retry_timeout: Duration::from_secs(60),
                ..RetryConfig::default()
            });
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        Ok(Self {
            store: Arc::new(builder.build().map_err(|error| refused(&error))?),
            prefix: prefix.to_owned(),
            shown: settings.url.as_str().trim_end_matches('/').to_owned(),
            parts: Arc::new(Semaphore::new(PARTS_AT_ONCE)),
            spools: Arc::new(spools.to_owned()),
            entropy: Arc::clone(entropy),
        })
    }

    /// Where an object is, for people.
    pub fn place(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    fn path(&self, name: &str) -> ObjectPath {
        ObjectPath::from(format!("{}/{name}", self.prefix))
    }

    fn failed(&self, name: &str) -> impl Fn(object_store::Error) -> DocumentsError {
        let place = self.place(name);
        move |error| DocumentsError::Bucket {
            place: place.clone(),
            source: told(&error),
        }
    }

    /// Asks the bucket for what it holds, as a proof that it is there and lets us in.
    pub async fn reach(&self) -> Result<(), BucketError> {
        let prefix = ObjectPath::from(self.prefix.as_str());
        let listed = self.store.list_with_delimiter(Some(&prefix)).await;
        listed.map(drop).map_err(|error| told(&error))
    }

    /// Brings the object of this name here, into a file without a name.
    pub async fn fetch(&self, name: &str) -> Result<File, DocumentsError> {
        let failed = self.failed(name);
        let found = self.store.get(&self.path(name)).await;
        let found = found.map_err(|error| match error {
            // Where the whole bucket is missing, storing says so.
            object_store::Error::NotFound { .. } => DocumentsError::Missing {
                place: self.place(name),
            },
            other => failed(other),
        })?;
        let (spools, entropy) = (Arc::clone(&self.spools), Arc::clone(&self.entropy));
        let mut into = super::blocking(move || nameless(&spools, entropy.as_ref())).await?;
        let mut pieces = found.into_stream();
        let mut pending = Vec::with_capacity(PIECE_BYTES);
        loop {
            let piece = timeout(STALL_TIMEOUT, pieces.next()).await;
            let piece = piece.map_err(|_| self.stalled(name))?;
            let is_end = piece.is_none();
            if let Some(piece) = piece {
                pending.extend_from_slice(&piece.map_err(&failed)?);
            }
            if is_end || pending.len() >= PIECE_BYTES {
                let place = self.place(name);
                (into, pending) = super::blocking(move || {
                    into.write_all(&pending)
                        .map_err(DocumentsError::io(place))?;
                    pending.clear();
                    Ok((into, pending))
                })
                .await?;
            }
            if is_end {
                return Ok(into);
            }
        }
    }

    fn stalled(&self, name: &str) -> DocumentsError {
        DocumentsError::Bucket {
            place: self.place(name),
            source: BucketError::Unanswered {
                reason: "the object store stopped in the middle of an answer".to_owned(),
            },
        }
    }

    /// Keeps a sealed file under this name. `is_mended` writes over what is there; otherwise whoever came first is left alone:
    /// what he stored under this name is the same document.
    pub async fn store(
        &self,
        name: &str,
        sealed: File,
        is_mended: bool,
    ) -> Result<bool, DocumentsError> {
        let length = sealed
            .metadata()
            .map_err(DocumentsError::io(self.place(name)))?
            .len();
        let parts = Parts {
            place: self.place(name),
            file: Arc::new(sealed),
            length,
        };
        if length > PART_BYTES as u64 {
            self.store_in_parts(name, &parts).await?;
            return Ok(true);
        }
        let _room = self.room().await;
        let options = PutOptions::from(if is_mended {
            PutMode::Overwrite
        } else {
            PutMode::Create
        });
        let bytes = parts.read(0).await?;
        let stored = self
            .store
            .put_opts(&self.path(name), bytes.into(), options)
            .await;
        match stored {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(self.failed(name)(error)),
        }
    }

    /// Two who store the same document in parts at the same time both succeed, and the later one's object stays: each opens
    /// as the same bytes.
    async fn store_in_parts(&self, name: &str, parts: &Parts) -> Result<(), DocumentsError> {
        let failed = self.failed(name);
        let upload = self.store.put_multipart(&self.path(name)).await;
        let mut unfinished = Unfinished(Some(upload.map_err(&failed)?));
        let mut at = 0;
        while at < parts.length {
            let _room = self.room().await;
            let bytes = parts.read(at).await?;
            at += bytes.len() as u64;
            let sent = unfinished.upload()?.put_part(bytes.into());
            sent.await.map_err(&failed)?;
        }
        unfinished.upload()?.complete().await.map_err(&failed)?;
        unfinished.0 = None;
        Ok(())
    }

    async fn room(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.parts
            .acquire()
            .await
            .expect("the semaphore is never closed")
    }
}

/// A file that is sent in parts.
struct Parts {
    place: String,
    file: Arc<File>,
    length: u64,
}

impl Parts {
    async fn read(&self, at: u64) -> Result<Bytes, DocumentsError> {
        let (file, place) = (Arc::clone(&self.file), self.place.clone());
        let length = usize::try_from(self.length - at).unwrap_or(PART_BYTES);
        super::blocking(move || {
            let mut bytes = vec![0; length.min(PART_BYTES)];
            file.read_exact_at(&mut bytes, at)
                .map_err(DocumentsError::io(place))?;
            Ok(Bytes::from(bytes))
        })
        .await
    }
}

/// An upload in parts. Given up, also by a sender who went away, it is aborted: its parts would lie in the bucket unseen.
struct Unfinished(Option<Box<dyn MultipartUpload>>);

impl Unfinished {
    fn upload(&mut self) -> Result<&mut Box<dyn MultipartUpload>, DocumentsError> {
        self.0.as_mut().ok_or(DocumentsError::Cancelled)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let (Some(mut upload), Ok(runtime)) =
            (self.0.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        runtime.spawn(async move {
            if let Err(error) = upload.abort().await {
                let error = told(&error);
                tracing::warn!(%error, "parts of an upload that was given up are left in the bucket");
            }
        });
    }
}

/// What went wrong, without the store's own long answer: it repeats the access key and what was signed.
fn told(error: &object_store::Error) -> BucketError {
    use object_store::Error as E;
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        if let Some(unanswered) = found.downcast_ref::<Unanswered>() {
            let why = std::error::Error::source(unanswered);
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            return BucketError::Unanswered {
                reason: format!("{unanswered}{why}"),
            };
        }
        cause = found.source();
    }
    match error {
        E::PermissionDenied { .. } | E::Unauthenticated { .. } => BucketError::Denied,
        E::NotFound { .. } => BucketError::NoBucket,
        other => {
            let text = other.to_string();
            let text = text.split('<').next().unwrap_or_default();
            // The library has types for these answers to some requests, and for others the status in its text alone.
            let status = text
                .split("status code: ")
                .nth(1)
                .and_then(|rest| rest.get(..3));
            match status {
                Some("401" | "403") => BucketError::Denied,
                Some("404") => BucketError::NoBucket,
                _ => BucketError::Failed {
                    reason: text.chars().take(REASON_CHARS).collect(),
                },
            }
        }
    }
}
