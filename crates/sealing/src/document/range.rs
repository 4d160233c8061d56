//! Reading a part of a sealed document without the rest.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use super::{
    CHUNK_LENGTH, Chunks, DocumentContext, DocumentError, DocumentKey, HEADER_LENGTH,
    SEALED_CHUNK_LENGTH, read_full,
};
use crate::aead::TAG_LENGTH;

/// Reads ranges of the document that `R` holds sealed from its first byte to its last.
pub struct RangeReader<R: Read + Seek> {
    reader: R,
    chunks: Chunks,
    chunk_count: u64,
    length: u64,
    sealed: Vec<u8>,
    plain: Vec<u8>,
}

impl<R: Read + Seek> RangeReader<R> {
    /// Reads the header and opens the last chunk, which proves how long the document is.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn new(
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        mut reader: R,
    ) -> Result<RangeReader<R>, DocumentError> {
        let total = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        let mut header = [0; HEADER_LENGTH];
        let header_length = read_full(&mut reader, &mut header)?;
        let chunks = Chunks::from_header(key, context, &header[..header_length])?;
        let body = total.saturating_sub(HEADER_LENGTH as u64);
        let chunk_count = body.div_ceil(SEALED_CHUNK_LENGTH as u64);
        let tags = chunk_count * TAG_LENGTH as u64;
        // A body with no chunk, or with less than a tag as its last one, was cut short.
        let length = match body.checked_sub(tags) {
            Some(length) if chunk_count > 0 => length,
            _ => {
                let chunk = chunk_count.saturating_sub(1);
                return Err(DocumentError::Refused { chunk });
            }
        };
        let mut ranges = RangeReader {
            reader,
            chunks,
            chunk_count,
            length,
            sealed: Vec::with_capacity(SEALED_CHUNK_LENGTH),
            plain: Vec::with_capacity(CHUNK_LENGTH),
        };
        ranges.open_chunk(chunk_count - 1)?;
        Ok(ranges)
    }

    /// The document's length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The bytes of `range`; those beyond the end are left out, as in [`Read`].
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn read_range(&mut self, range: Range<u64>) -> Result<Vec<u8>, DocumentError> {
        let end = range.end.min(self.length);
        let mut out = Vec::new();
        let mut at = range.start;
        while at < end {
            let index = at / CHUNK_LENGTH as u64;
            let chunk_start = index * CHUNK_LENGTH as u64;
            self.open_chunk(index)?;
            let from = within_chunk(at - chunk_start);
            let to = within_chunk(end - chunk_start).min(self.plain.len());
            out.extend_from_slice(&self.plain[from..to]);
            at = chunk_start + to as u64;
        }
        Ok(out)
    }

    fn open_chunk(&mut self, index: u64) -> Result<(), DocumentError> {
        let start = HEADER_LENGTH as u64 + index * SEALED_CHUNK_LENGTH as u64;
        self.reader.seek(SeekFrom::Start(start))?;
        self.sealed.resize(SEALED_CHUNK_LENGTH, 0);
        let length = read_full(&mut self.reader, &mut self.sealed)?;
        let last = index + 1 == self.chunk_count;
        self.chunks
            .open(index, last, &self.sealed[..length], &mut self.plain)?;
        // Had the file shrunk or grown since `new`, lengths would no longer be what was proved.
        let expected = (self.length - index * CHUNK_LENGTH as u64).min(CHUNK_LENGTH as u64);
        if self.plain.len() as u64 != expected {
            return Err(DocumentError::Refused { chunk: index });
        }
        Ok(())
    }
}

/// An offset from a chunk's start, held to the chunk.
fn within_chunk(offset: u64) -> usize {
    usize::try_from(offset).map_or(CHUNK_LENGTH, |offset| offset.min(CHUNK_LENGTH))
}

impl<R: Read + Seek> fmt::Debug for RangeReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeReader")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
