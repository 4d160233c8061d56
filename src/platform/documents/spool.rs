//! Where a document is while it arrives: on the disk, sealed, in a file without a name.
//!
//! A document is stored under the SHA-256 of its bytes, and each of its chunks is bound to that hash. While it arrives
//! the hash is not known, so a document is sealed twice: here, chunk by chunk as it comes in, under a key that is made for
//! this one arrival; then once more from here into its place, under the organisation's key and with the hash.
//!
//! Why that is sound:
//! - no byte of a document is on the disk in clear, and both passes hold a few chunks of it in memory;
//! - the key of the first pass is random, used for one file and never stored. It binds the chunks' order, their number and
//!   the end, so what the second pass reads is what was hashed: had somebody changed the file meanwhile, a chunk would not
//!   open and nothing would be stored. Whatever it is called in the associated data adds nothing to a key of its own;
//! - what is stored has the same form as ever. A chunk of another document does not open in its place, so a reader may pass
//!   on the first chunks before it has seen the last.
//!
//! The file's name is taken away before its first byte is written: a process that dies leaves nothing behind, and nobody
//! else can open it.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use countersign_sealing::document::{
    DocumentContext, DocumentError, DocumentKey, Opener, Sealer, seal_document,
};
use countersign_sealing::{Entropy, Key, KeyVersion, OrganisationId};
use data_encoding::HEXLOWER;

use super::chunks::{At, Chunks, Promise};
use super::error::DocumentsError;

/// Bytes that are gathered before they go to the disk together.
const BATCH_BYTES: usize = 128 * 1024;
/// The first bytes of a document, which are kept in memory to tell what it is.
const HEAD_BYTES: usize = 8 * 1024;
/// Stands where a stored document has its hash.
const ARRIVING: DocumentContext<'static> = DocumentContext {
    organisation: OrganisationId::from_bytes([0; 16]),
    document: b"arriving",
};

/// A document that is arriving.
pub struct Spool {
    place: String,
    key: Arc<DocumentKey>,
    /// None while a batch is being written, and after one that failed.
    on_disk: Option<OnDisk>,
    pending: Vec<u8>,
    head: Vec<u8>,
    size_bytes: u64,
}

struct OnDisk {
    sealer: Sealer<File>,
    sha256: Context,
}

/// A document that has arrived as a whole and has no place yet.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Of the plaintext.
    pub sha256: [u8; 32],
    pub size_bytes: u64,
    /// The first bytes, enough to tell what it is.
    pub head: Vec<u8>,
    place: String,
    file: Arc<File>,
    key: Arc<DocumentKey>,
}

impl Spool {
    pub(super) async fn open(
        folder: &Path,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, DocumentsError> {
        let place = folder.display().to_string();
        let (folder, entropy) = (folder.to_owned(), Arc::clone(entropy));
        let (failed, name) = (DocumentsError::io(place.clone()), place.clone());
        super::blocking(move || {
            let key = DocumentKey::new(&Key::generate(entropy.as_ref()), KeyVersion::FIRST);
            let file = nameless(&folder, entropy.as_ref())?;
            let sealer = Sealer::new(&key, &ARRIVING, file, entropy.as_ref()).map_err(failed)?;
            Ok(Self {
                place: name,
                key: Arc::new(key),
                on_disk: Some(OnDisk {
                    sealer,
                    sha256: Context::new(&SHA256),
                }),
                pending: Vec::with_capacity(BATCH_BYTES),
                head: Vec::new(),
                size_bytes: 0,
            })
        })
        .await
    }

    /// Document bytes that have come in.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Takes the next bytes of the document.
    ///
    /// # Errors
    /// Those of the disk; the spool is of no use afterwards.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), DocumentsError> {
        self.size_bytes += bytes.len() as u64;
        let of_head = bytes.len().min(HEAD_BYTES - self.head.len());
        self.head.extend_from_slice(&bytes[..of_head]);
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BATCH_BYTES - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == BATCH_BYTES {
                self.pass_on().await?;
            }
        }
        Ok(())
    }

    async fn pass_on(&mut self) -> Result<(), DocumentsError> {
        let mut on_disk = self.on_disk.take().ok_or(DocumentsError::Cancelled)?;
        let mut batch = std::mem::take(&mut self.pending);
        let failed = DocumentsError::io(self.place.clone());
        let (on_disk, batch) = super::blocking(move || {
            on_disk.sha256.update(&batch);
            on_disk.sealer.write_all(&batch).map_err(failed)?;
            batch.clear();
            Ok((on_disk, batch))
        })
        .await?;
        self.on_disk = Some(on_disk);
        self.pending = batch;
        Ok(())
    }

    /// The document is whole.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn finish(mut self) -> Result<Arrived, DocumentsError> {
        self.pass_on().await?;
        let on_disk = self.on_disk.take().ok_or(DocumentsError::Cancelled)?;
        let failed = DocumentsError::io(self.place.clone());
        let (file, sha256) = super::blocking(move || {
            let file = on_disk.sealer.finish().map_err(failed)?;
            Ok((file, on_disk.sha256.finish()))
        })
        .await?;
        Ok(Arrived {
            sha256: sha256.as_ref().try_into().expect("SHA-256 gives 32 bytes"),
            size_bytes: self.size_bytes,
            head: self.head,
            place: self.place,
            file: Arc::new(file),
            key: self.key,
        })
    }
}

impl Arrived {
    /// The document's bytes, for a worker.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn chunks(&self) -> Result<Chunks, DocumentsError> {
        Chunks::open(
            self.place.clone(),
            At::start(&self.file),
            &self.key,
            &ARRIVING,
            self.promise(),
        )
        .await
    }

    fn promise(&self) -> Promise {
        Promise {
            sha256: self.sha256,
            length: self.size_bytes,
        }
    }

    /// Seals the document into `out`, under the key and the name that it has for ever.
    pub(super) fn seal_into(
        &self,
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        out: &File,
        entropy: &dyn Entropy,
    ) -> Result<(), DocumentsError> {
        let refused = |error| DocumentsError::opening(self.place.clone())(error);
        let opener = Opener::new(&self.key, &ARRIVING, At::start(&self.file)).map_err(refused)?;
        seal_document(key, context, opener, out, entropy)
            .map_err(|error| refused(DocumentError::from(error)))?;
        Ok(())
    }
}

/// A file that is gone when it is closed, readable by nobody else.
pub(super) fn nameless(folder: &Path, entropy: &dyn Entropy) -> Result<File, DocumentsError> {
    let mut unique = [0; 8];
    entropy.fill(&mut unique);
    let path = folder.join(format!(".{}", HEXLOWER.encode(&unique)));
    let make = || {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(file)
    };
    make().map_err(DocumentsError::io(path.display().to_string()))
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("size_bytes", &self.size_bytes)
            .finish_non_exhaustive()
    }
}
