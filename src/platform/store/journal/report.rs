//! What a verification says, and what it may be held against.

use std::str::FromStr;

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

impl Verification {
    /// The head in the form that [`KnownHead`] reads: to be kept elsewhere.
    #[must_use]
    pub fn head(&self) -> String {
        format!("{}:{}:{}", self.epoch, self.size, self.root)
    }
}

/// A head that somebody holds elsewhere: an auditor, a printed page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownHead {
    pub epoch: i64,
    pub size: u64,
    pub root: Hash,
}

/// What was given is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a head is EPOCH:SIZE:ROOT, as `countersign journal verify` prints it")]
pub struct NoHead;

impl FromStr for KnownHead {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let mut parts = text.split(':');
        let (Some(epoch), Some(size), Some(root), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoHead);
        };
        Ok(Self {
            epoch: epoch.parse().map_err(|_| NoHead)?,
            size: size.parse().map_err(|_| NoHead)?,
            root: Hash::from_hex(root).ok_or(NoHead)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_as_it_is_printed() {
        let root = Hash::of(b"root");
        let verification = Verification {
            organisation: String::new(),
            epoch: 1,
            size: 12,
            root: root.to_string(),
            pending: 0,
            rows_checked: 0,
            bad: None,
        };
        let known = KnownHead {
            epoch: 1,
            size: 12,
            root,
        };
        assert_eq!(verification.head().parse(), Ok(known));
        for none in ["", "1:12", "1:-2:00", "1:12:xy", "1:12:00:00"] {
            assert_eq!(none.parse::<KnownHead>(), Err(NoHead), "{none}");
        }
    }
}
