//! One entry's place in a journal as a file (C2SP tlog-proof): the signed head, the entry's number, and the hashes between.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64 of the entry's canonical bytes>
//! index 73894
//! <hash, base64>
//! ...
//!
//! <the checkpoint, a signed note>
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::merkle::{ProofRefused, leaf_hash, verify_inclusion};
use crate::note::{Kind, VerifyingKey};
use crate::verifier::form::number;
use crate::verifier::tree::Hash;

/// The first line of every proof of this version.
pub const PROOF: &str = "c2sp.org/tlog-proof@v1";
/// More hashes than any tree of 2^63 entries asks for.
const MAX_HASHES: usize = 63;

/// A proof whose form is checked and whose content is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What came along and proves nothing by itself; our own files carry the entry's canonical bytes.
    pub extra: Option<Vec<u8>>,
    /// The entry's number, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The checkpoint, as a signed note.
    pub checkpoint: String,
}

/// Why a proof shows nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The file is none.
    #[error("line {line} of the proof is wrong: {expected} had to stand there")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What had to stand there.
        expected: &'static str,
    },
    /// Neither the proof nor whoever verifies has the entry.
    #[error("the proof carries no entry: give the entry's bytes beside it")]
    NoEntry,
    /// The head is not signed by the journal's key.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the head.
    #[error(transparent)]
    Refused(#[from] ProofRefused),
}

impl Proof {
    /// The file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref().map_or_else(String::new, |extra| {
            format!("extra {}\n", STANDARD.encode(extra))
        });
        let hashes: String = self
            .hashes
            .iter()
            .map(|hash| hash.to_base64() + "\n")
            .collect();
        format!(
            "{PROOF}\n{extra}index {}\n{hashes}\n{}",
            self.index, self.checkpoint
        )
    }

    /// Reads a proof strictly: what parses, prints the same bytes again.
    ///
    /// # Errors
    /// [`ProofError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Proof, ProofError> {
        let wrong = |line, expected| ProofError::Malformed { line, expected };
        let text = std::str::from_utf8(bytes).map_err(|_| wrong(1, "UTF-8"))?;
        let mut lines = Lines { text, number: 0 };
        if lines.next() != Some(PROOF) {
            return Err(wrong(1, "c2sp.org/tlog-proof@v1"));
        }
        let mut line = lines.next().unwrap_or_default();
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            let decoded = STANDARD.decode(encoded);
            extra = Some(decoded.map_err(|_| wrong(lines.number, "extra and base64"))?);
            line = lines.next().unwrap_or_default();
        }
        let index = line.strip_prefix("index ").and_then(number);
        let index = index.ok_or(wrong(lines.number, "index and a number"))?;
        let mut hashes = Vec::new();
        loop {
            match lines.next() {
                Some("") => break,
                Some(line) if hashes.len() < MAX_HASHES => hashes.push(
                    Hash::from_base64(line).ok_or(wrong(lines.number, "the base64 of 32 bytes"))?,
                ),
                _ => return Err(wrong(lines.number, "an empty line before the checkpoint")),
            }
        }
        Ok(Proof {
            extra,
            index,
            hashes,
            checkpoint: lines.text.to_owned(),
        })
    }

    /// Proves that `entry` (the one that came along, where none is given) has this number in the journal whose head one of
    /// `keys` signed, be it known by the name of another epoch.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(
        &self,
        entry: Option<&[u8]>,
        keys: &[VerifyingKey],
    ) -> Result<Checkpoint, ProofError> {
        let entry = entry.or(self.extra.as_deref()).ok_or(ProofError::NoEntry)?;
        let keys: Vec<VerifyingKey> = keys.iter().map(|key| self.as_it_signs(key)).collect();
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), &keys)?;
        let (leaf, root) = (leaf_hash(entry), &checkpoint.root);
        verify_inclusion(self.index, checkpoint.size, &leaf, root, &self.hashes)?;
        Ok(checkpoint)
    }

    /// A log's key under the name of the checkpoint's epoch: a restore changes the number behind a journal's name, and no key.
    /// One of another journal keeps its own name.
    fn as_it_signs(&self, key: &VerifyingKey) -> VerifyingKey {
        let origin = self.checkpoint.lines().next().unwrap_or_default();
        let is_its_own = key.kind() == Kind::Log
            && journal(origin).is_some_and(|here| journal(key.name()) == Some(here));
        let named = key.named(origin).ok().filter(|_| is_its_own);
        named.unwrap_or_else(|| key.clone())
    }
}

/// The journal that an origin names, without the epoch behind it; none of any other log.
fn journal(origin: &str) -> Option<&str> {
    let (journal, epoch) = origin.rsplit_once('/')?;
    number(epoch).map(|_| journal)
}

/// Lines that end with a newline; what is left stays in `text`.
struct Lines<'a> {
    text: &'a str,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (line, rest) = self.text.split_once('\n')?;
        self.text = rest;
        self.number += 1;
        Some(line)
    }
}
