//! Writing a bundle, line by line: a journal may be larger than memory. What it looks like stands with its verification in
//! [`crate::verifier::bundle`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::entry::Salt;
pub use crate::verifier::bundle::{Known, Report, Standing, Value, verify};
pub use crate::verifier::form::Refused;
use crate::verifier::note::VerifyingKey;
pub use crate::verifier::note::witnessed;
pub use crate::verifier::payment;
use crate::verifier::tree::Hash;

/// What stands before the entries.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// The key that signs the epoch of the checkpoint.
    pub key: &'a VerifyingKey,
    /// The newest head, as a signed note.
    pub checkpoint: &'a str,
    /// The epoch in which the first entry here stands.
    pub epoch: u64,
    /// The first entry's number.
    pub first: u64,
    /// The subtrees before the first entry ([`crate::merkle::range_nodes`]).
    pub before: &'a [Hash],
    /// The subtrees from the last entry here up to the checkpoint.
    pub after: &'a [Hash],
}

/// A committed value that the bundle shows.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// Its name in the entry.
    pub name: &'a str,
    /// The salt of its commitment.
    pub salt: &'a Salt,
    /// The value.
    pub value: &'a str,
}

/// All up to the first entry.
#[must_use]
pub fn heading(heading: &Heading<'_>) -> Vec<u8> {
    let texts = |hashes: &[Hash]| -> Vec<String> { hashes.iter().map(Hash::to_base64).collect() };
    let line = json!({
        "bundle": "countersign-bundle/v1",
        "key": heading.key.to_string(),
        "head": heading.checkpoint,
        "epoch": heading.epoch,
        "first": heading.first,
        "before": texts(heading.before),
        "after": texts(heading.after),
    });
    format!("{line}\n").into_bytes()
}

/// One entry with the values that are shown. Canonical bytes are text; others give a line that no verifier takes.
#[must_use]
pub fn entry(canonical: &[u8], shown: &[Shown<'_>]) -> Vec<u8> {
    let canonical = String::from_utf8_lossy(canonical);
    let line = if shown.is_empty() {
        json!({ "entry": canonical })
    } else {
        let values = shown.iter();
        let values = values.map(|one| (one.name, STANDARD.encode(one.salt), one.value));
        json!({ "entry": canonical, "values": values.collect::<Vec<_>>() })
    };
    format!("{line}\n").into_bytes()
}
