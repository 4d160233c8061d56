//! The Merkle tree of RFC 6962, section 2.1, over SHA-256.

mod frontier;
mod prove;
mod tile;
mod verify;

pub use frontier::FrontierError;
pub use prove::{
    ProofPlan, SizeError, consistency_plan, consistency_proof, inclusion_plan, inclusion_proof,
    range_nodes, root_plan,
};
pub use tile::{Tile, TilePathError, entries_path};
pub use verify::{
    ProofRefused, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};

pub use crate::hash::leaf_hash;
use crate::verifier::tree::Hash;
pub use crate::verifier::tree::{Frontier, node_hash};

/// A complete subtree: the hash over leaves `index * 2^level` up to `(index + 1) * 2^level`. At level 0
/// it is a leaf's hash. Once written it never changes, however the tree grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// How many levels above the leaves, 0 to 63.
    pub level: u8,
    /// Its number at its level, from 0.
    pub index: u64,
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// The hash over complete subtrees that stand side by side from the largest to the smallest.
fn fold(mut hashes: impl DoubleEndedIterator<Item = Hash>) -> Option<Hash> {
    let last = hashes.next_back()?;
    Some(hashes.rfold(last, |right, left| node_hash(&left, &right)))
}
