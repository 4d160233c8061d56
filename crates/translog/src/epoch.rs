//! Epochs: a restore goes back behind a head that others may hold. It opens a new epoch, and the first
//! leaf appended in it names the head given up, so that a verifier prints a declared rollback instead of
//! raising an alarm.

use std::fmt;

use crate::checkpoint::Checkpoint;
use crate::hash::{Hash, parse_number};
use crate::time::UtcMicros;

/// Where a journal stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The epoch, from 1.
    pub epoch: u64,
    /// How many entries the tree has.
    pub size: u64,
    /// The tree's root.
    pub root: Hash,
    /// When it stood there.
    pub time: UtcMicros,
}

/// A checkpoint that is no head of this journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the checkpoint is of another journal, or names no epoch and time as Countersign writes them"
)]
pub struct NotAHead;

impl Head {
    /// The head as a checkpoint. The origin is `<journal>/<epoch>`: to a witness, which accepts no
    /// rollback, each epoch is a log of its own.
    #[must_use]
    pub fn to_checkpoint(&self, journal: &str) -> Checkpoint {
        Checkpoint {
            origin: origin(journal, self.epoch),
            size: self.size,
            root: self.root,
            extensions: vec![format!("time {}", self.time)],
        }
    }

    /// The reverse of [`Head::to_checkpoint`].
    ///
    /// # Errors
    /// [`NotAHead`].
    pub fn from_checkpoint(journal: &str, checkpoint: &Checkpoint) -> Result<Head, NotAHead> {
        let epoch = checkpoint
            .origin
            .strip_prefix(journal)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(parse_number);
        let time = match checkpoint.extensions.as_slice() {
            [line] => line.strip_prefix("time ").and_then(UtcMicros::parse),
            _ => None,
        };
        match (epoch, time) {
            (Some(epoch), Some(time)) => Ok(Head {
                epoch,
                size: checkpoint.size,
                root: checkpoint.root,
                time,
            }),
            _ => Err(NotAHead),
        }
    }
}

/// The name of a journal's log in one epoch, which is also its signing key's name.
#[must_use]
pub fn origin(journal: &str, epoch: u64) -> String {
    format!("{journal}/{epoch}")
}

/// What a restore gives up: the entries from `kept` up to the old head's size. It stands in the
/// entry as `<epoch> <size> <root> <time> <kept>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    old: Head,
    kept: u64,
}

impl Rollback {
    /// From the head `old` back to its first `kept` entries; none where `kept` is more than it had.
    #[must_use]
    pub const fn new(old: Head, kept: u64) -> Option<Rollback> {
        if kept > old.size {
            return None;
        }
        Some(Rollback { old, kept })
    }

    /// The head given up.
    #[must_use]
    pub const fn old(&self) -> &Head {
        &self.old
    }

    /// The numbers of the entries that are lost.
    #[must_use]
    pub const fn lost(&self) -> std::ops::Range<u64> {
        self.kept..self.old.size
    }

    pub(crate) fn parse(text: &str) -> Option<Rollback> {
        let mut parts = text.split(' ');
        let old = Head {
            epoch: parse_number(parts.next()?)?,
            size: parse_number(parts.next()?)?,
            root: Hash::from_hex(parts.next()?)?,
            time: UtcMicros::parse(parts.next()?)?,
        };
        let kept = parse_number(parts.next()?)?;
        if parts.next().is_some() {
            return None;
        }
        Rollback::new(old, kept)
    }
}

impl fmt::Display for Rollback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head {
            epoch,
            size,
            root,
            time,
        } = self.old;
        write!(f, "{epoch} {size} {root} {time} {}", self.kept)
    }
}
