//! Hashes of complete subtrees: kept at every fourth level as the tree grows, and made from those below where one is missing.
//!
//! A proof takes one hash of each level; those of four levels come from the sixteen kept ones that stand under one. So it reads
//! some sixteen rows for every four levels, and a kept hash costs the sixteenth part of a leaf. Journals that an earlier release
//! began have every eighth level alone until they grow: the rest is made.
//!
//! Nothing here is believed by anybody: whoever takes a proof holds it against a signed head.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use countersign_translog::Hash;
use countersign_translog::merkle::{Frontier, Node};

use crate::params;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Housekeeping, Read, Reads as _};

const KEEP: Sql = Sql::housekeeping(
    "journal_nodes",
    "INSERT INTO journal_nodes (org_id, level, position, hash) VALUES ($1, $2, $3, $4)",
);
const NODES: Sql = Sql::read(
    "SELECT position, hash FROM journal_nodes WHERE org_id = $1 AND level = $2 AND position >= $3 AND position < $4 \
     ORDER BY position",
);
const LEAVES: Sql = Sql::read(
    "SELECT seq, leaf FROM journal_leaves WHERE org_id = $1 AND seq >= $2 AND seq < $3 ORDER BY seq",
);

/// Levels between two that are kept.
const STEP: u8 = 4;

/// Whether the hash of a subtree of this level is kept beside the leaves.
pub(super) fn is_kept(level: u8) -> bool {
    level > 0 && level.is_multiple_of(STEP)
}

/// Appends a leaf and keeps the nodes that it completes.
pub(super) fn push(
    tx: &mut Housekeeping<'_>,
    tree: &mut Frontier,
    leaf: Hash,
) -> Result<(), StoreError> {
    let mut completed = Vec::new();
    tree.push_with(leaf, |node, hash| {
        if is_kept(node.level) {
            completed.push((node, hash));
        }
    });
    for (node, hash) in completed {
        let position = i64::try_from(node.index).unwrap_or(i64::MAX);
        let kept = params![i64::from(node.level), position, *hash.as_bytes()];
        tx.run(&KEEP, kept)?;
    }
    Ok(())
}

/// The hashes of `count` complete subtrees of one kept level, from the one at `position` on. All of them must lie in the
/// tree.
pub(super) fn row(
    read: &mut Read<'_>,
    level: u8,
    position: u64,
    count: u64,
) -> Result<Vec<Hash>, StoreError> {
    let end = position.saturating_add(count);
    let signed = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let stored: Vec<(i64, Vec<u8>)> = if level == 0 {
        read.all(&LEAVES, params![signed(position), signed(end)])?
    } else {
        let kept = params![i64::from(level), signed(position), signed(end)];
        read.all(&NODES, kept)?
    };
    let mut stored = stored.into_iter().peekable();
    let mut hashes = Vec::new();
    for wanted in position..end {
        let here = stored.next_if(|(number, _)| u64::try_from(*number) == Ok(wanted));
        let hash = here.and_then(|(_, hash)| Hash::from_slice(&hash));
        hashes.push(match hash {
            Some(hash) => hash,
            None if level == 0 => return Err(StoreError::Head("a leaf that it counts is missing")),
            None => folded(&row(read, level - STEP, wanted << STEP, 1 << STEP)?),
        });
    }
    Ok(hashes)
}

/// The hashes of a tree of some size: those that stand under one kept hash are read together, and once.
pub(super) struct Nodes<'a, 'conn> {
    read: &'a mut Read<'conn>,
    size: u64,
    groups: HashMap<(u8, u64), Vec<Hash>>,
}

impl<'a, 'conn> Nodes<'a, 'conn> {
    pub(super) fn of(read: &'a mut Read<'conn>, size: u64) -> Self {
        Self {
            read,
            size,
            groups: HashMap::new(),
        }
    }

    /// The hash of any complete subtree of the tree.
    pub(super) fn hash(&mut self, node: Node) -> Result<Hash, StoreError> {
        let above = node.level % STEP;
        let level = node.level - above;
        let first = node.index << above;
        let group = first >> STEP;
        let hashes = match self.groups.entry((level, group)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let start = group << STEP;
                let end = (start + (1 << STEP)).min(self.size >> level);
                unknown.insert(row(self.read, level, start, end.saturating_sub(start))?)
            }
        };
        let start = usize::try_from(first % (1 << STEP)).unwrap_or(usize::MAX);
        let below = hashes.iter().skip(start).take(1 << above);
        if below.len() < 1 << above {
            return Err(StoreError::Head(
                "a subtree was asked for that it does not count",
            ));
        }
        Ok(folded(below))
    }
}

/// The root over hashes that stand side by side.
fn folded<'a>(hashes: impl IntoIterator<Item = &'a Hash>) -> Hash {
    let mut tree = Frontier::new();
    hashes.into_iter().for_each(|hash| tree.push(*hash));
    tree.root()
}
