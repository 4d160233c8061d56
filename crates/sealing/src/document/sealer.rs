//! Sealing a document while it arrives.

use std::fmt;
use std::io::{self, Read, Write};

use super::{
    CHUNK_LENGTH, Chunks, DocumentContext, DocumentKey, FORMAT, SALT_LENGTH, SEALED_CHUNK_LENGTH,
};
use crate::entropy::Entropy;

/// Writes a sealed document to `W`. Without [`Sealer::finish`] there is no last chunk, and what was
/// written does not open: a crash or a lost upload leaves nothing that looks whole.
pub struct Sealer<W: Write> {
    writer: W,
    chunks: Chunks,
    index: u64,
    /// Document bytes of the chunk to come. A full one waits until it is known whether it is the last.
    pending: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the header with a fresh salt.
    ///
    /// # Errors
    /// Those of writing.
    pub fn new(
        key: &DocumentKey,
        context: &DocumentContext<'_>,
        mut writer: W,
        entropy: &dyn Entropy,
    ) -> io::Result<Sealer<W>> {
        let mut salt = [0; SALT_LENGTH];
        entropy.fill(&mut salt);
        writer.write_all(&[FORMAT])?;
        writer.write_all(&key.version().to_bytes())?;
        writer.write_all(&salt)?;
        Ok(Sealer {
            writer,
            chunks: Chunks::new(key, context, &salt),
            index: 0,
            pending: Vec::with_capacity(SEALED_CHUNK_LENGTH),
        })
    }

    /// Seals the last chunk and gives the writer back, flushed.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_chunk(true)?;
        self.writer.flush()?;
        Ok(self.writer)
    }

    /// Seals all that `reader` gives, read straight into the chunk, and counts it.
    pub(super) fn seal_all(&mut self, reader: &mut impl Read) -> io::Result<u64> {
        let mut total = 0;
        loop {
            // One byte more than a chunk tells whether it is the last.
            let room = CHUNK_LENGTH + 1 - self.pending.len();
            let count = reader
                .by_ref()
                .take(room as u64)
                .read_to_end(&mut self.pending)?;
            total += count as u64;
            if count < room {
                return Ok(total);
            }
            let beyond = self.pending.pop();
            self.write_chunk(false)?;
            self.pending.extend(beyond);
        }
    }

    fn write_chunk(&mut self, last: bool) -> io::Result<()> {
        let tag = self.chunks.seal(self.index, last, &mut self.pending);
        self.pending.extend_from_slice(&tag);
        // Counted before the write: after a failed one, no nonce may come again with other bytes.
        self.index += 1;
        let written = self.writer.write_all(&self.pending);
        self.pending.clear();
        written
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        if self.pending.len() == CHUNK_LENGTH {
            self.write_chunk(false)?;
        }
        let count = buf.len().min(CHUNK_LENGTH - self.pending.len());
        self.pending.extend_from_slice(&buf[..count]);
        Ok(count)
    }

    /// Flushes what is sealed. The chunk to come waits: a flush must not decide where chunks end.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> fmt::Debug for Sealer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
