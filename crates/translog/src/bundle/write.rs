//! Writing a bundle, piece by piece: a journal may be larger than memory.

use crate::entry::Salt;
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::note::VerifyingKey;

/// What stands before the entries.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// The journal's name: a log's origin without its epoch.
    pub journal: &'a str,
    /// The key that signs the epoch of the checkpoint.
    pub key: &'a VerifyingKey,
    /// The newest head, as a signed note.
    pub checkpoint: &'a str,
    /// The epoch in which the first entry here stands.
    pub epoch: u64,
    /// The tree before the first entry here.
    pub before: &'a Frontier,
    /// The proof from the last entry here to the checkpoint; empty where the entries go up to it.
    pub rest: &'a [Hash],
    /// How many entries follow.
    pub entries: u64,
}

/// A committed value that the bundle shows.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// Its name in the entry.
    pub name: &'a str,
    /// The salt of its commitment.
    pub salt: &'a Salt,
    /// The value.
    pub value: &'a [u8],
}

/// All up to the first entry.
#[must_use]
pub fn heading(heading: &Heading<'_>) -> Vec<u8> {
    let edge = match heading.before.edge() {
        [] => "-".to_owned(),
        edge => edge.iter().map(Hash::to_string).collect(),
    };
    let rest: String = heading
        .rest
        .iter()
        .map(|hash| format!("hash {}\n", hash.to_base64()))
        .collect();
    format!(
        "{}\njournal {}\nkey {}\ncheckpoint {}\n{}\nstart {} {} {edge}\nrest {}\n{rest}entries {}\n",
        super::BUNDLE,
        heading.journal,
        heading.key,
        heading.checkpoint.len(),
        heading.checkpoint,
        heading.epoch,
        heading.before.size(),
        heading.rest.len(),
        heading.entries,
    )
    .into_bytes()
}

/// One entry with the values that are shown.
#[must_use]
pub fn entry(canonical: &[u8], shown: &[Shown<'_>]) -> Vec<u8> {
    let mut bytes = format!("entry {} {}\n", canonical.len(), shown.len()).into_bytes();
    bytes.extend_from_slice(canonical);
    bytes.push(b'\n');
    for Shown { name, salt, value } in shown {
        let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.extend_from_slice(format!("value {name} {salt} {}\n", value.len()).as_bytes());
        bytes.extend_from_slice(value);
        bytes.push(b'\n');
    }
    bytes
}

/// What stands after the last entry.
#[must_use]
pub fn closing() -> &'static [u8] {
    b"end\n"
}
