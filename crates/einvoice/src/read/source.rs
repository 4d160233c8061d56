//! The document as a stream of UTF-8 that knows where it is: line, column and offset in the bytes as they arrived.

use super::encoding::{self, Encoding};
use super::limits::{MAX_DOCUMENT_BYTES, MAX_PIECE_BYTES};
use super::unreadable::Cause;
use crate::facts::Position;
use std::io::{self, BufRead, Read};

const CHUNK_BYTES: usize = 64 * 1024;
/// Room for a declaration with its encoding.
const START_BYTES: usize = 256;

/// Decodes, refuses what is not XML text, counts positions and enforces the limits on size.
pub(crate) struct Source<R> {
    inner: R,
    encoding: Encoding,
    /// What has arrived and is not decoded yet.
    raw: Vec<u8>,
    raw_total: u64,
    text: Vec<u8>,
    used: usize,
    at: Position,
    /// Bytes that may be consumed before [`Source::next_piece`] is called again.
    allowance: usize,
    ended: bool,
    /// Found in the bytes after those in `text`: reported once these are used up.
    pending: Option<Cause>,
    fault: Option<Cause>,
}

/// An opened source, with the encoding that its declaration wrongly names.
pub(crate) type Opened<R> = (Source<R>, Option<String>);

impl<R: Read> Source<R> {
    /// Reads the beginning and decides on the encoding.
    pub(crate) fn open(mut inner: R) -> Result<Opened<R>, Cause> {
        let mut raw = Vec::new();
        inner
            .by_ref()
            .take(START_BYTES as u64)
            .read_to_end(&mut raw)
            .map_err(|e| Cause::Io(e.to_string()))?;
        if raw.is_empty() {
            return Err(Cause::Empty);
        }
        let detected = encoding::detect(&raw).map_err(Cause::UnknownEncoding)?;
        raw.drain(..detected.mark);
        let source = Source {
            inner,
            encoding: detected.encoding,
            raw_total: raw.len() as u64,
            raw,
            text: Vec::new(),
            used: 0,
            at: Position {
                line: 1,
                column: 1,
                offset: detected.mark as u64,
            },
            allowance: MAX_PIECE_BYTES,
            ended: false,
            pending: None,
            fault: None,
        };
        Ok((source, detected.contradicts))
    }

    /// Where the next byte to be consumed stands.
    pub(crate) fn position(&self) -> Position {
        self.at
    }

    /// Why reading stopped with an error, if it was for a reason of this layer.
    pub(crate) fn take_fault(&mut self) -> Option<Cause> {
        self.fault.take()
    }

    /// Allows the next piece of markup or text to have its full size.
    pub(crate) fn next_piece(&mut self) {
        self.allowance = MAX_PIECE_BYTES;
    }

    /// Skips text up to markup or a reference without keeping it, and returns how many bytes of the document it took.
    pub(crate) fn skip_text(&mut self) -> io::Result<u64> {
        let start = self.at.offset;
        loop {
            self.next_piece();
            let text = self.fill_buf()?;
            let len = text.len();
            if len == 0 {
                break;
            }
            match text.iter().position(|byte| matches!(byte, b'<' | b'&')) {
                Some(end) => {
                    self.consume(end);
                    break;
                }
                None => self.consume(len),
            }
        }
        self.next_piece();
        Ok(self.at.offset - start)
    }

    fn refuse(&mut self, cause: Cause) -> io::Error {
        let kind = io::Error::new(io::ErrorKind::InvalidData, "refused");
        self.fault = Some(cause);
        kind
    }

    fn refill(&mut self) -> io::Result<()> {
        if let Some(cause) = self.pending.take() {
            return Err(self.refuse(cause));
        }
        self.text.clear();
        self.used = 0;
        while self.text.is_empty() && !(self.ended && self.raw.is_empty()) {
            self.fetch()?;
            let (used, result) = self.encoding.decode(&self.raw, &mut self.text);
            self.raw.drain(..used);
            let cause = match (result, forbidden_at(&self.text)) {
                (_, Some((at, byte))) => {
                    self.text.truncate(at);
                    Some(Cause::Control(byte))
                }
                (Err(_), None) => Some(Cause::NotText(self.encoding.name())),
                (Ok(()), None) if self.ended && !self.raw.is_empty() => {
                    Some(Cause::NotText(self.encoding.name()))
                }
                (Ok(()), None) => None,
            };
            if let Some(cause) = cause {
                if self.text.is_empty() {
                    return Err(self.refuse(cause));
                }
                self.pending = Some(cause);
                break;
            }
        }
        Ok(())
    }

    /// Brings one more chunk, unless the first one is still waiting to be decoded.
    fn fetch(&mut self) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        let before = self.raw.len();
        let read = self
            .inner
            .by_ref()
            .take((CHUNK_BYTES - before.min(CHUNK_BYTES - 1)) as u64)
            .read_to_end(&mut self.raw);
        match read {
            Ok(0) => self.ended = true,
            Ok(count) => self.raw_total += count as u64,
            Err(error) => return Err(self.refuse(Cause::Io(error.to_string()))),
        }
        if self.raw_total > MAX_DOCUMENT_BYTES {
            return Err(self.refuse(Cause::TooLarge));
        }
        Ok(())
    }
}

/// The first character that XML 1.0 does not allow (production 2, Char), in valid UTF-8.
fn forbidden_at(text: &[u8]) -> Option<(usize, u8)> {
    let control = text
        .iter()
        .position(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    let until = control.unwrap_or(text.len());
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let noncharacter = (0..until)
        .filter(|at| text[*at] == 0xEF)
        .find(|at| matches!(text.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
    match noncharacter {
        Some(at) => Some((at, 0xFF)),
        None => control.map(|at| (at, text[at])),
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used == self.text.len() {
            self.refill()?;
        }
        if self.allowance == 0 && self.used < self.text.len() {
            return Err(self.refuse(Cause::TooLong));
        }
        let end = self
            .text
            .len()
            .min(self.used.saturating_add(self.allowance));
        Ok(&self.text[self.used..end])
    }

    fn consume(&mut self, count: usize) {
        let end = self.text.len().min(self.used + count);
        let taken = &self.text[self.used..end];
        advance(&mut self.at, taken, self.encoding);
        self.allowance = self.allowance.saturating_sub(taken.len());
        self.used = end;
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let text = self.fill_buf()?;
        let count = text.len().min(out.len());
        out[..count].copy_from_slice(&text[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// Moves a position over a piece of decoded text.
fn advance(at: &mut Position, text: &[u8], encoding: Encoding) {
    let newlines = text.iter().filter(|byte| **byte == b'\n').count();
    let tail = match text.iter().rposition(|byte| *byte == b'\n') {
        Some(last) => {
            at.column = 1;
            &text[last + 1..]
        }
        None => text,
    };
    at.line = at
        .line
        .saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
    let columns = tail.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    at.column = at
        .column
        .saturating_add(u32::try_from(columns).unwrap_or(u32::MAX));
    at.offset += encoding.original_len(text);
}

/// Where a value stands whose text begins at `start` with white space.
pub(crate) fn after_space(start: Position, text: &str, encoding: Encoding) -> Position {
    let space = text.len() - text.trim_start().len();
    let mut at = start;
    advance(&mut at, &text.as_bytes()[..space], encoding);
    at
}

impl<R> Source<R> {
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }
}

impl<R> std::fmt::Debug for Source<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("at", &self.at)
            .field("encoding", &self.encoding)
            .finish_non_exhaustive()
    }
}
