//! Opening a document from its beginning to its end.

use std::fmt;
use std::io::{self, Read};

use super::{
    CHUNK_LENGTH, Chunks, DocumentContext, DocumentError, DocumentKey, HEADER_LENGTH,
    SEALED_CHUNK_LENGTH, read_full,
};

/// Reads the document that `R` holds sealed. As [`Read`] it gives authenticated bytes only; that
/// the document is whole is known when it has given its end (0 bytes) without an error. A refusal
/// is an [`io::Error`] of kind `InvalidData` around a [`DocumentError`], and stays one.
pub struct Opener<R: Read> {
    reader: R,
    chunks: Chunks,
    index: u64,
    state: State,
    /// The next sealed chunk and one byte beyond it, which tells whether it is the last.
    sealed: Vec<u8>,
    sealed_length: usize,
    plain: Vec<u8>,
    given: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
    Refused { chunk: u64 },
}

impl<R: Read> Opener<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`DocumentError`]: no such header, another key version, or reading failed.
    pub fn new(
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        mut reader: R,
    ) -> Result<Opener<R>, DocumentError> {
        let mut header = [0; HEADER_LENGTH];
        let length = read_full(&mut reader, &mut header)?;
        let chunks = Chunks::from_header(key, context, &header[..length])?;
        Ok(Opener {
            reader,
            chunks,
            index: 0,
            state: State::Reading,
            sealed: vec![0; SEALED_CHUNK_LENGTH + 1],
            sealed_length: 0,
            plain: Vec::with_capacity(CHUNK_LENGTH),
            given: 0,
        })
    }

    /// The next authenticated chunk; none after the last.
    pub(super) fn next_chunk(&mut self) -> Result<Option<&[u8]>, DocumentError> {
        match self.state {
            State::Reading => {}
            State::Ended => return Ok(None),
            State::Refused { chunk } => return Err(DocumentError::Refused { chunk }),
        }
        self.sealed_length += read_full(&mut self.reader, &mut self.sealed[self.sealed_length..])?;
        let last = self.sealed_length <= SEALED_CHUNK_LENGTH;
        let end = self.sealed_length.min(SEALED_CHUNK_LENGTH);
        let opened = self
            .chunks
            .open(self.index, last, &self.sealed[..end], &mut self.plain);
        if let Err(error) = opened {
            self.state = State::Refused { chunk: self.index };
            self.plain.clear();
            return Err(error);
        }
        self.index += 1;
        if last {
            self.state = State::Ended;
        } else {
            self.sealed[0] = self.sealed[SEALED_CHUNK_LENGTH];
            self.sealed_length = 1;
        }
        Ok(Some(&self.plain))
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        while self.given == self.plain.len() {
            self.given = 0;
            // Emptied first, so that an error met here cannot give the chunk before it again.
            self.plain.clear();
            if self.next_chunk().map_err(DocumentError::into_io)?.is_none() {
                return Ok(0);
            }
        }
        let count = buf.len().min(self.plain.len() - self.given);
        buf[..count].copy_from_slice(&self.plain[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

impl<R: Read> fmt::Debug for Opener<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
