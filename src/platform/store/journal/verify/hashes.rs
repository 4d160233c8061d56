//! The kept hashes of subtrees against the leaves: a wrong one would show only at whoever takes a proof made from it.

use std::collections::BTreeMap;

use countersign_translog::Hash;
use countersign_translog::merkle::Node;

use super::steps::Step;
use super::{Stop, Walk};
use crate::params;
use crate::platform::store::journal::nodes::is_kept;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};

const PAGE: Sql = Sql::read(
    "SELECT level, position, hash FROM journal_nodes \
     WHERE org_id = $1 AND (level > $2 OR (level = $2 AND position > $3)) ORDER BY level, position LIMIT 1000",
);

/// The hashes that the leaves give, of the subtrees whose hashes are kept.
pub(super) type Kept = BTreeMap<(i64, i64), Hash>;

/// Takes note of a subtree that a leaf completed.
pub(super) fn note(kept: &mut Kept, node: Node, hash: Hash) {
    if is_kept(node.level) {
        let position = i64::try_from(node.index).unwrap_or(i64::MAX);
        kept.insert((i64::from(node.level), position), hash);
    }
}

impl Walk {
    /// A hash that is missing is made from the leaves when it is wanted; one that is there must be right.
    pub(super) fn nodes(&self, read: &mut Read<'_>) -> Result<(), Stop> {
        let (mut level, mut position) = (0, -1);
        loop {
            let page: Vec<(i64, i64, Vec<u8>)> = read.all(&PAGE, params![level, position])?;
            if page.is_empty() {
                return Ok(());
            }
            for (at_level, at_position, hash) in page {
                (level, position) = (at_level, at_position);
                let of_leaves = self.kept.get(&(level, position));
                let fits =
                    of_leaves.is_some_and(|of_leaves| of_leaves.as_bytes().as_slice() == hash);
                self.demand(Step::Nodes, fits, None, || {
                    format!("the kept hash {position} of level {level} is not that of the leaves below it")
                })?;
            }
        }
    }
}
