//! A document's bytes, piece by piece: each is authenticated before anybody sees it, and none but one is in memory.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use countersign_sealing::document::{DocumentContext, DocumentError, DocumentKey, Opener};

use super::error::DocumentsError;
use crate::platform::workers::pieces::Pieces;

/// Bytes of one piece; the last one may be shorter.
const PIECE_BYTES: usize = 256 * 1024;

/// A file read from its beginning, whoever else reads it at the same time.
#[derive(Debug)]
pub(super) struct At {
    file: Arc<File>,
    offset: u64,
}

impl At {
    pub fn start(file: &Arc<File>) -> Self {
        Self {
            file: Arc::clone(file),
            offset: 0,
        }
    }
}

impl Read for At {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buf, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// What a document must turn out to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    pub sha256: [u8; 32],
    pub length: u64,
}

/// A document that is being read.
pub struct Chunks {
    place: String,
    promise: Promise,
    /// None while a piece is being read, and after the end or an error.
    source: Option<Source>,
    piece: Vec<u8>,
    /// The last chunk was authentic and the hash is the one that was promised.
    is_whole: bool,
}

struct Source {
    opener: Opener<At>,
    sha256: Context,
}

impl Chunks {
    /// Opens a sealed file and its first piece, so that one that was damaged or swapped is refused before anything is said.
    pub(super) async fn open(
        place: String,
        file: At,
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        promise: Promise,
    ) -> Result<Self, DocumentsError> {
        let opener =
            Opener::new(key, context, file).map_err(DocumentsError::opening(place.clone()))?;
        let mut chunks = Self {
            place,
            promise,
            source: Some(Source {
                opener,
                sha256: Context::new(&SHA256),
            }),
            piece: Vec::new(),
            is_whole: false,
        };
        chunks.advance().await?;
        Ok(chunks)
    }

    /// The next piece; none after the last. A piece is given when the one after it has been opened, so that the last one is
    /// given only where the document is whole; whoever passed on the pieces before it says then that they were not.
    ///
    /// # Errors
    /// [`DocumentsError::Sealed`] at the first chunk that is not what was stored.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, DocumentsError> {
        if self.is_whole {
            let last = std::mem::take(&mut self.piece);
            return Ok(Some(last).filter(|last| !last.is_empty()));
        }
        let piece = std::mem::take(&mut self.piece);
        self.advance().await?;
        Ok(Some(piece))
    }

    async fn advance(&mut self) -> Result<(), DocumentsError> {
        let mut source = self.source.take().ok_or(DocumentsError::Cancelled)?;
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let (source, piece) = super::blocking(move || {
            let read = source
                .opener
                .by_ref()
                .take(PIECE_BYTES as u64)
                .read_to_end(&mut piece);
            source.sha256.update(&piece);
            Ok(read.map(|_| (source, piece)))
        })
        .await?
        .map_err(|error| DocumentsError::opening(self.place.clone())(DocumentError::from(error)))?;
        if piece.is_empty() {
            let found = source.sha256.finish();
            if found.as_ref() != self.promise.sha256 {
                let place = self.place.clone();
                return Err(DocumentsError::Other { place });
            }
            self.is_whole = true;
        } else {
            self.source = Some(source);
            self.piece = piece;
        }
        Ok(())
    }

    /// The document's bytes in all, as far as the length of what is stored tells.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.promise.length
    }

    /// The bytes all together, for what is known to be small.
    ///
    /// # Errors
    /// As [`Self::next`].
    pub async fn whole(mut self) -> Result<Vec<u8>, DocumentsError> {
        let mut all = Vec::new();
        while let Some(mut piece) = self.next().await? {
            all.append(&mut piece);
        }
        Ok(all)
    }

    /// Reads to the end and keeps nothing: whether all of it is what was stored.
    pub(super) async fn check(mut self) -> Result<(), DocumentsError> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}

impl Pieces for Chunks {
    type Error = DocumentsError;

    fn length(&self) -> u64 {
        self.promise.length
    }

    async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, DocumentsError> {
        self.next().await
    }
}

impl std::fmt::Debug for Chunks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}
