//! Epochs: a restore goes back behind a head that others may hold. It opens a new epoch, and the first leaf appended in it
//! names the head given up, so that a verifier tells of a declared restore instead of raising an alarm.

use std::fmt;

use crate::Hash;
use crate::checkpoint::Checkpoint;
pub use crate::verifier::entry::Rollback;
pub use crate::verifier::note::Head;

impl Head {
    /// The head as a checkpoint. The origin is `<journal>/<epoch>`: to a witness, which accepts no rollback, each epoch is
    /// a log of its own.
    #[must_use]
    pub fn to_checkpoint(&self, journal: &str) -> Checkpoint {
        Checkpoint {
            origin: origin(journal, self.epoch),
            size: self.size,
            root: self.root,
            extensions: vec![format!("time {}", self.time)],
        }
    }
}

/// The name of a journal's log in one epoch, which is also its signing key's name.
#[must_use]
pub fn origin(journal: &str, epoch: u64) -> String {
    format!("{journal}/{epoch}")
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

    /// Whether the restore, which went back behind a head of `epoch` with `size` entries, gave that very head up, or a later
    /// one of its line; none where it went back behind no entry that the head counts.
    #[must_use]
    pub fn gave_up(&self, epoch: u64, size: u64, root: Hash) -> Option<bool> {
        let old = &self.old;
        (old.epoch >= epoch && self.kept < size)
            .then(|| old.epoch > epoch || size < old.size || (size == old.size && root == old.root))
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
