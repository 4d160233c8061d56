//! Checking proofs. Nothing here trusts its arguments.

use super::{empty_root, node_hash};
use crate::verifier::tree::Hash;

/// The proof does not show what it was offered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the proof does not fit: the entry, the tree's size, its root or the proof itself is not what was logged. Keep \
     all of them as evidence and compare with a checkpoint you hold"
)]
pub struct ProofRefused;

/// Checks that `leaf` (a leaf's hash) is number `index` of the tree of `size` leaves with `root`
/// (RFC 9162, 2.1.3.2).
///
/// # Errors
/// [`ProofRefused`].
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefused> {
    if index >= size {
        return Err(ProofRefused);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofRefused);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A left child at the right edge has no sibling; it goes up unchanged.
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 && hash == *root {
        Ok(())
    } else {
        Err(ProofRefused)
    }
}

/// Checks that the tree of `to` leaves with `to_root` holds all of the tree of `from` leaves with
/// `from_root`, unchanged and in order (RFC 9162, 2.1.4.2).
///
/// # Errors
/// [`ProofRefused`], also where `from` is 0 and `to` is not: any tree has the empty one in it, so that
/// the proof would say nothing.
pub fn verify_consistency(
    from: u64,
    to: u64,
    from_root: &Hash,
    to_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefused> {
    if from == to {
        let same = from_root == to_root && proof.is_empty();
        let possible = from > 0 || *from_root == empty_root();
        return if same && possible {
            Ok(())
        } else {
            Err(ProofRefused)
        };
    }
    if from == 0 {
        return Err(ProofRefused);
    }
    verify_subtree_consistency(0, from, to, from_root, to_root, proof)
}

/// Checks that `leaf` is number `index` of the log, within the subtree over `start..end` with `root`.
///
/// # Errors
/// [`ProofRefused`], also where the range is no subtree.
pub fn verify_subtree_inclusion(
    index: u64,
    start: u64,
    end: u64,
    leaf: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefused> {
    if !is_subtree(start, end) || index < start || index >= end {
        return Err(ProofRefused);
    }
    verify_inclusion(index - start, end - start, leaf, root, proof)
}

/// Checks that the subtree over `start..end` with `subtree_root` is part of the tree of `size` leaves
/// with `root` (subtree consistency proofs of draft-ietf-plants-merkle-tree-certs, 4.4).
///
/// # Errors
/// [`ProofRefused`], also where the range is no subtree.
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefused> {
    if !is_subtree(start, end) || end > size {
        return Err(ProofRefused);
    }
    if start == end {
        let fits = *subtree_root == empty_root() && proof.is_empty();
        return if fits { Ok(()) } else { Err(ProofRefused) };
    }
    let (mut first, mut node, mut last) = (start, end - 1, size - 1);
    // Upwards to the largest complete subtree that ends where the range ends; a range that ends
    // with the tree is itself one.
    let at_edge = node == last;
    while first != node && (at_edge || node % 2 == 1) {
        (first, node, last) = (first >> 1, node >> 1, last >> 1);
    }
    let mut siblings = proof.iter();
    let seed = if first == node {
        subtree_root
    } else {
        siblings.next().ok_or(ProofRefused)?
    };
    let (mut small, mut large) = (*seed, *seed);
    for sibling in siblings {
        if last == 0 {
            return Err(ProofRefused);
        }
        if node % 2 == 1 || node == last {
            if first < node {
                small = node_hash(sibling, &small);
            }
            large = node_hash(sibling, &large);
            while node % 2 == 0 && node != 0 {
                (first, node, last) = (first >> 1, node >> 1, last >> 1);
            }
        } else {
            large = node_hash(&large, sibling);
        }
        (first, node, last) = (first >> 1, node >> 1, last >> 1);
    }
    if last == 0 && small == *subtree_root && large == *root {
        Ok(())
    } else {
        Err(ProofRefused)
    }
}

/// Whether the leaves `start..end` are a subtree of a log: aligned to the power of two that holds them.
fn is_subtree(start: u64, end: u64) -> bool {
    match end.checked_sub(start).map(u64::checked_next_power_of_two) {
        Some(Some(span)) => start.is_multiple_of(span),
        Some(None) => start == 0,
        None => false,
    }
}
