//! Reading a bundle as it comes, strictly and within bounds. Nothing is believed here yet.

use std::io::{BufRead, Read as _};

use crate::entry::Salt;
use crate::hash::{Hash, hex_byte, parse_number};
use crate::merkle::Frontier;
use crate::note::{MAX_NOTE_BYTES, VerifyingKey};

/// The longest line, with its newline.
const MAX_LINE: u64 = 8_192;
/// The most bytes of an entry or a value, and the most values of an entry.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
const MAX_VALUES: u64 = 10_000;

/// The file is no bundle, or ends early.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It could not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It has not the form of a bundle.
    #[error(
        "this is no whole bundle: {expected} had to stand at byte {offset}. It was cut off, changed, or is of a newer version"
    )]
    Malformed {
        /// Where, from 0.
        offset: u64,
        /// What had to stand there.
        expected: &'static str,
    },
}

/// What stands before the entries.
pub(super) struct Head {
    pub(super) journal: String,
    pub(super) key: VerifyingKey,
    pub(super) checkpoint: Vec<u8>,
    pub(super) epoch: u64,
    pub(super) before: Frontier,
    pub(super) rest: Vec<Hash>,
    pub(super) entries: u64,
}

/// A value that an entry shows.
pub(super) struct Value {
    pub(super) name: String,
    pub(super) salt: Salt,
    pub(super) value: Vec<u8>,
}

/// A bundle being read, with its place for errors.
pub(super) struct Reader<R> {
    from: R,
    offset: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            offset: 0,
            line: Vec::new(),
        }
    }

    pub(super) fn head(&mut self) -> Result<Head, BundleError> {
        self.field(
            "",
            |text| (text == super::BUNDLE).then_some(()),
            "countersign-bundle/v1",
        )?;
        let journal = self.field(
            "journal ",
            |text| Some(text.to_owned()),
            "journal and its name",
        )?;
        let key = self.field(
            "key ",
            |text| VerifyingKey::parse(text).ok(),
            "key and a note key",
        )?;
        let length = self.field("checkpoint ", parse_number, "checkpoint and its length")?;
        let mut checkpoint = Vec::new();
        self.counted(length, MAX_NOTE_BYTES as u64, &mut checkpoint)?;
        let (epoch, before) = self.field("start ", start, "start, epoch, size and edge")?;
        let count = self.field("rest ", parse_number, "rest and a number")?;
        // A proof in a tree of 2^63 leaves has fewer than 128 hashes.
        let mut rest = Vec::new();
        for _ in 0..count.min(128) {
            rest.push(self.field("hash ", Hash::from_base64, "hash and its base64")?);
        }
        let entries = self.field("entries ", parse_number, "entries and their number")?;
        Ok(Head {
            journal,
            key,
            checkpoint,
            epoch,
            before,
            rest,
            entries,
        })
    }

    /// Reads the next entry into `canonical`, and how many values follow it.
    pub(super) fn entry(&mut self, canonical: &mut Vec<u8>) -> Result<u64, BundleError> {
        let two = |text: &str| {
            let (length, values) = text.split_once(' ')?;
            Some((
                parse_number(length)?,
                parse_number(values).filter(|count| *count <= MAX_VALUES)?,
            ))
        };
        let (length, values) = self.field("entry ", two, "entry, its length and its values")?;
        self.counted(length, MAX_BYTES, canonical)?;
        Ok(values)
    }

    pub(super) fn value(&mut self) -> Result<Value, BundleError> {
        let three = |text: &str| {
            let mut parts = text.split(' ');
            let (name, salt, length) = (parts.next()?, parts.next()?, parts.next()?);
            let known = (name.to_owned(), salt_of(salt)?, parse_number(length)?);
            parts.next().is_none().then_some(known)
        };
        let (name, salt, length) =
            self.field("value ", three, "value, its name, salt and length")?;
        let mut value = Vec::new();
        self.counted(length, MAX_BYTES, &mut value)?;
        Ok(Value { name, salt, value })
    }

    /// The closing line, and nothing behind it.
    pub(super) fn end(&mut self) -> Result<(), BundleError> {
        self.field("", |text| (text == "end").then_some(()), "end")?;
        let rest = self.from.fill_buf()?;
        if rest.is_empty() {
            Ok(())
        } else {
            Err(self.fail("the end of the file"))
        }
    }

    fn field<T>(
        &mut self,
        label: &str,
        read: impl Fn(&str) -> Option<T>,
        expected: &'static str,
    ) -> Result<T, BundleError> {
        let refused = self.fail(expected);
        self.line.clear();
        let count = (&mut self.from)
            .take(MAX_LINE)
            .read_until(b'\n', &mut self.line)?;
        let read = self
            .line
            .strip_suffix(b"\n")
            .and_then(|line| std::str::from_utf8(line).ok())
            .and_then(|line| line.strip_prefix(label))
            .and_then(read)
            .ok_or(refused)?;
        self.offset += count as u64;
        Ok(read)
    }

    /// Counted bytes and the newline behind them.
    fn counted(&mut self, length: u64, most: u64, into: &mut Vec<u8>) -> Result<(), BundleError> {
        let expected = "bytes as counted and a newline";
        if length > most {
            return Err(self.fail("a length within bounds"));
        }
        into.clear();
        // Grows as bytes come: a length alone makes nobody allocate.
        (&mut self.from).take(length + 1).read_to_end(into)?;
        if into.len() as u64 != length + 1 || into.pop() != Some(b'\n') {
            return Err(self.fail(expected));
        }
        self.offset += length + 1;
        Ok(())
    }

    pub(super) fn fail(&self, expected: &'static str) -> BundleError {
        BundleError::Malformed {
            offset: self.offset,
            expected,
        }
    }
}

fn start(text: &str) -> Option<(u64, Frontier)> {
    let mut parts = text.split(' ');
    let (epoch, size, edge) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut bytes = parse_number(size)?.to_be_bytes().to_vec();
    if edge != "-" {
        let (hashes, rest) = edge.as_bytes().as_chunks::<64>();
        if !rest.is_empty() {
            return None;
        }
        for hash in hashes {
            bytes.extend_from_slice(Hash::from_hex(std::str::from_utf8(hash).ok()?)?.as_bytes());
        }
    }
    let before = Frontier::from_bytes(&bytes).ok()?;
    Some((parse_number(epoch).filter(|epoch| *epoch > 0)?, before))
}

fn salt_of(text: &str) -> Option<Salt> {
    let mut salt = Salt::default();
    if text.len() != 2 * salt.len() {
        return None;
    }
    for (byte, pair) in salt.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = hex_byte(pair[0], pair[1])?;
    }
    Some(salt)
}
