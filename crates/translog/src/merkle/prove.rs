//! Making proofs from stored hashes of complete subtrees.

use super::{Node, empty_root, fold};
use crate::verifier::tree::Hash;

/// A proof was asked for that no tree of this size has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal's tree has {size} entries, there is no such proof about {wanted}; ask within the tree's size"
)]
pub struct SizeError {
    /// The index or the smaller size asked for.
    pub wanted: u64,
    /// The tree's size.
    pub size: u64,
}

/// Which stored hashes make a proof. A store fetches [`ProofPlan::nodes`] in one query, then builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofPlan {
    /// For each hash of the proof the complete subtrees it is folded from.
    elements: Vec<Vec<Node>>,
}

impl ProofPlan {
    /// All nodes that [`ProofPlan::build`] asks for.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        self.elements.iter().flatten().copied()
    }

    /// The proof's hashes, from the leaves to the root.
    ///
    /// # Errors
    /// Whatever `hash_of` fails with.
    pub fn build<E>(
        &self,
        mut hash_of: impl FnMut(Node) -> Result<Hash, E>,
    ) -> Result<Vec<Hash>, E> {
        let mut proof = Vec::with_capacity(self.elements.len());
        for nodes in &self.elements {
            let hashes = nodes
                .iter()
                .map(|node| hash_of(*node))
                .collect::<Result<Vec<_>, E>>()?;
            proof.push(fold(hashes.into_iter()).unwrap_or_else(empty_root));
        }
        Ok(proof)
    }
}

/// What proves that leaf `index` is in the tree of `size` leaves (RFC 6962, 2.1.1).
///
/// # Errors
/// [`SizeError`] unless `index < size`.
pub fn inclusion_plan(index: u64, size: u64) -> Result<ProofPlan, SizeError> {
    if index >= size {
        return Err(SizeError {
            wanted: index,
            size,
        });
    }
    let (mut start, mut end) = (0, size);
    let mut elements = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            elements.push(range_nodes(middle, end));
            end = middle;
        } else {
            elements.push(range_nodes(start, middle));
            start = middle;
        }
    }
    elements.reverse();
    Ok(ProofPlan { elements })
}

/// What proves that the tree of `to` leaves only appended to the tree of `from` (RFC 6962, 2.1.2).
/// Between equal sizes it is empty.
///
/// # Errors
/// [`SizeError`] unless `0 < from <= to`: from the empty tree there is nothing to prove.
pub fn consistency_plan(from: u64, to: u64) -> Result<ProofPlan, SizeError> {
    if from == 0 || from > to {
        return Err(SizeError {
            wanted: from,
            size: to,
        });
    }
    let (mut start, mut end) = (0, to);
    let mut elements = Vec::new();
    while end != from {
        let middle = start + split(end - start);
        if from <= middle {
            elements.push(range_nodes(middle, end));
            end = middle;
        } else {
            elements.push(range_nodes(start, middle));
            start = middle;
        }
    }
    // Where the old tree is a subtree of the new one, its root is known and is left out.
    if start > 0 {
        elements.push(range_nodes(start, end));
    }
    elements.reverse();
    Ok(ProofPlan { elements })
}

/// What makes the root of the tree of `size` leaves: a plan of one element.
#[must_use]
pub fn root_plan(size: u64) -> ProofPlan {
    ProofPlan {
        elements: vec![range_nodes(0, size)],
    }
}

/// The inclusion proof itself, each hash read as it is needed.
///
/// # Errors
/// [`SizeError`], or what `hash_of` fails with.
pub fn inclusion_proof<E: From<SizeError>>(
    index: u64,
    size: u64,
    hash_of: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    inclusion_plan(index, size)?.build(hash_of)
}

/// The consistency proof itself, each hash read as it is needed.
///
/// # Errors
/// [`SizeError`], or what `hash_of` fails with.
pub fn consistency_proof<E: From<SizeError>>(
    from: u64,
    to: u64,
    hash_of: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    consistency_plan(from, to)?.build(hash_of)
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The largest complete subtrees that make the leaves `start..end`, from left to right.
#[must_use]
pub fn range_nodes(mut start: u64, end: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while start < end {
        let level = start.trailing_zeros().min((end - start).ilog2());
        nodes.push(Node {
            level: u8::try_from(level).expect("a logarithm of 64 bits is below 64"),
            index: start >> level,
        });
        start += 1 << level;
    }
    nodes
}
