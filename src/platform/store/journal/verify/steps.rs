//! The steps of a verification, each with a name: so that for every way to tamper it can be shown which step finds it, and
//! that without that step it is not found.

/// One thing that a verification asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The installation's key made the entry.
    EntryCode,
    /// The entry belongs to this organisation.
    Owner,
    /// Its columns say what its bytes say.
    Columns,
    /// Its opening shows what its commitments hide.
    Opening,
    /// The versions of one object ascend.
    Versions,
    /// The leaves' numbers are dense and as many as the head says.
    Numbers,
    /// The leaf is the hash of the entry's bytes.
    Leaf,
    /// The leaves give the head's root.
    Root,
    /// The installation's key made the head.
    HeadCode,
    /// The sequencer goes on from the leaves' own hashes.
    Edge,
    /// The kept hashes of subtrees are those of the leaves.
    Nodes,
    /// The journal still holds what it held at a head that is known from elsewhere.
    Known,
    /// What has no number is young, and on the sequencer's list.
    Pending,
    /// Each row is what the newest entry about it committed to.
    Rows,
    /// Each row's authentication code is that of the row.
    RowCodes,
}

/// Which steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps(u32);

impl Steps {
    /// What a verification is.
    pub const ALL: Self = Self(u32::MAX);

    /// Those that look at rows of the journaled tables: the reconciler.
    pub const RECONCILER: &'static [Step] = &[Step::Rows, Step::RowCodes];

    /// These without `left_out`.
    #[must_use]
    pub fn without(self, left_out: &[Step]) -> Self {
        let kept = left_out
            .iter()
            .fold(self.0, |kept, step| kept & !Self::bit(*step));
        Self(kept)
    }

    /// Only `taken`.
    #[must_use]
    pub fn only(taken: &[Step]) -> Self {
        Self(taken.iter().fold(0, |all, step| all | Self::bit(*step)))
    }

    pub(super) fn has(self, step: Step) -> bool {
        self.0 & Self::bit(step) != 0
    }

    const fn bit(step: Step) -> u32 {
        1 << step as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_there_until_it_is_left_out() {
        let without = Steps::ALL.without(&[Step::Root]);
        assert!(Steps::ALL.has(Step::Root) && Steps::ALL.has(Step::RowCodes));
        assert!(!without.has(Step::Root) && without.has(Step::Leaf));
        let only = Steps::only(Steps::RECONCILER);
        assert!(only.has(Step::Rows) && !only.has(Step::EntryCode));
    }
}
