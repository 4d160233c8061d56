//! What a verification says, and what it may be held against.

use countersign_translog::Hash;

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Bad {
    /// The entry's number, where it is about one.
    pub seq: Option<i64>,
    pub reason: String,
}

/// What the journal of one organisation proves.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Verification {
    pub organisation: String,
    pub epoch: i64,
    pub size: i64,
    /// The tree's root, hexadecimal.
    pub root: String,
    /// Entries that have no number yet.
    pub pending: usize,
    /// Rows that were compared with what the journal committed to.
    pub rows_checked: usize,
    pub bad: Option<Bad>,
}

/// A head that somebody holds elsewhere: an auditor, a printed page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownHead {
    pub size: u64,
    pub root: Hash,
}
