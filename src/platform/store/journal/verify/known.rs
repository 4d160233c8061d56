//! Heads that are known from elsewhere, held against the journal: it still has all that they count, or it declares itself
//! that a restore gave it up.

use std::collections::BTreeMap;

use countersign_translog::Hash;
use countersign_translog::epoch::Rollback;
use countersign_translog::merkle::Frontier;

use crate::platform::store::journal::report::KnownHead;

/// What is noted on the walk along the leaves.
pub(super) struct KnownHeads {
    known: Vec<KnownHead>,
    /// The roots at the sizes that are asked for.
    roots: BTreeMap<u64, Option<Hash>>,
    declared: Vec<Rollback>,
    epoch: u64,
}

impl KnownHeads {
    pub(super) fn new(known: &[KnownHead]) -> Self {
        Self {
            known: known.to_vec(),
            roots: known.iter().map(|known| (known.size, None)).collect(),
            declared: Vec::new(),
            epoch: 1,
        }
    }

    /// The tree as it is after each leaf, and before the first.
    pub(super) fn note(&mut self, tree: &Frontier) {
        if let Some(root) = self.roots.get_mut(&tree.size()) {
            *root = Some(tree.root());
        }
    }

    /// Entry `number` declares a restore; whether it fits where it stands.
    pub(super) fn declare(&mut self, number: u64, rollback: Rollback) -> bool {
        let fits = rollback.old().epoch >= self.epoch && rollback.lost().start == number;
        self.epoch = rollback.old().epoch.saturating_add(1);
        self.declared.push(rollback);
        fits
    }

    /// The epoch after all that was declared.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What does not hold of a journal of so many entries; none where each known head is there, or was given up.
    pub(super) fn wrong(&self, size: u64) -> Option<String> {
        self.known.iter().find_map(|known| self.judge(known, size))
    }

    fn judge(&self, known: &KnownHead, size: u64) -> Option<String> {
        let KnownHead {
            epoch: of,
            size: entries,
            root,
        } = *known;
        let of = of.unsigned_abs();
        let gave_up = |declared: &Rollback| declared.gave_up(of, entries, root);
        if let Some(is_it) = self.declared.iter().find_map(gave_up) {
            return (!is_it).then(|| {
                format!(
                    "a known head of epoch {of} has {entries} entries, and the restore that the journal declares gave up another head"
                )
            });
        }
        if of > self.epoch {
            return Some(format!(
                "a known head is of epoch {of}, the journal of epoch {}",
                self.epoch
            ));
        }
        if entries > size {
            return Some(format!(
                "a known head has {entries} entries, the journal only {size}"
            ));
        }
        let here = self.roots.get(&entries).copied().flatten();
        (here != Some(root)).then(|| {
            format!(
                "the first {entries} entries are not those of the head that is known from elsewhere"
            )
        })
    }
}
