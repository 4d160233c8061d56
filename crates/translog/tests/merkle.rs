//! The tree against the definition of RFC 6962 taken word for word.

use std::collections::HashMap;
use std::convert::Infallible;

use countersign_translog::Hash;
use countersign_translog::merkle::{
    Frontier, Node, SizeError, consistency_plan, consistency_proof, empty_root, inclusion_plan,
    inclusion_proof, leaf_hash, node_hash, range_nodes, root_plan, verify_consistency,
    verify_inclusion, verify_subtree_consistency,
};
use proptest::prelude::*;

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

/// MTH of RFC 6962, 2.1, as it stands there.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            node_hash(
                &naive_root(&leaves[..middle]),
                &naive_root(&leaves[middle..]),
            )
        }
    }
}

struct Tree {
    nodes: HashMap<Node, Hash>,
    roots: Vec<Hash>,
}

/// Trees of 0 to `size` leaves, each completed node kept.
fn grow(size: u64) -> Tree {
    let (mut frontier, mut nodes, mut roots) =
        (Frontier::new(), HashMap::new(), vec![empty_root()]);
    for number in 0..size {
        frontier.push_with(leaf(number), |node, hash| {
            assert_eq!(nodes.insert(node, hash), None, "a node is completed once");
        });
        roots.push(frontier.root());
    }
    Tree { nodes, roots }
}

impl Tree {
    fn node(&self, node: Node) -> Result<Hash, Infallible> {
        Ok(self.nodes[&node])
    }

    fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        let plan = inclusion_plan(index, size).expect("within the tree");
        plan.build(|node| self.node(node))
            .unwrap_or_else(|never| match never {})
    }

    fn consistency(&self, from: u64, to: u64) -> Vec<Hash> {
        let plan = consistency_plan(from, to).expect("within the tree");
        plan.build(|node| self.node(node))
            .unwrap_or_else(|never| match never {})
    }
}

#[test]
fn the_frontier_has_the_root_of_the_definition() {
    let tree = grow(300);
    let leaves: Vec<Hash> = (0..300).map(leaf).collect();
    for (size, root) in tree.roots.iter().enumerate() {
        assert_eq!(*root, naive_root(&leaves[..size]), "{size}");
        let plan = root_plan(size as u64);
        assert_eq!(
            plan.build(|node| tree.node(node)),
            Ok(vec![*root]),
            "{size}"
        );
    }
}

#[test]
fn the_frontier_comes_back_from_its_bytes_and_grows_on() {
    let (mut whole, mut stored) = (Frontier::new(), Frontier::new());
    for number in 0..70 {
        whole.push(leaf(number));
        stored.push(leaf(number));
        stored = Frontier::from_bytes(&stored.to_bytes()).expect("our own bytes");
        assert_eq!((stored.root(), stored.size()), (whole.root(), number + 1));
    }
    let bytes = whole.to_bytes();
    for length in (0..bytes.len()).chain([bytes.len() + 32]) {
        let mut bad = bytes.clone();
        bad.resize(length, 0);
        Frontier::from_bytes(&bad).expect_err("cut or longer");
    }
    let mut too_large = u64::MAX.to_be_bytes().to_vec();
    too_large.resize(8 + 64 * 32, 0);
    Frontier::from_bytes(&too_large).expect_err("beyond 2^63 - 1");
}

#[test]
fn every_inclusion_proof_verifies_and_for_nothing_else() {
    let tree = grow(64);
    for size in 1..=64 {
        let root = &tree.roots[usize::try_from(size).expect("small")];
        for index in 0..size {
            let proof = tree.inclusion(index, size);
            verify_inclusion(index, size, &leaf(index), root, &proof).expect("the tree's own");
            for other in (0..size).filter(|other| *other != index) {
                verify_inclusion(other, size, &leaf(index), root, &proof)
                    .expect_err("another place");
                verify_inclusion(index, size, &leaf(other), root, &proof)
                    .expect_err("another leaf");
            }
        }
    }
}

#[test]
fn every_consistency_proof_verifies_and_for_nothing_else() {
    let tree = grow(64);
    let root = |size: u64| &tree.roots[usize::try_from(size).expect("small")];
    for to in 1..=64 {
        for from in 1..=to {
            let proof = tree.consistency(from, to);
            verify_consistency(from, to, root(from), root(to), &proof).expect("the tree's own");
            if from == to {
                continue;
            }
            let lie = leaf(1000);
            verify_consistency(from, to, &lie, root(to), &proof).expect_err("another old root");
            verify_consistency(from, to, root(from), &lie, &proof).expect_err("another new root");
            verify_consistency(to, from, root(to), root(from), &proof).expect_err("backwards");
        }
    }
}

/// What a bundle of a part of a journal stands on: the subtrees before it, within it and behind it make the tree.
#[test]
fn subtrees_side_by_side_make_the_tree_and_no_others_do() {
    let tree = grow(40);
    let subtrees = |start, end| -> Vec<Hash> {
        let nodes = range_nodes(start, end).into_iter();
        nodes.map(|node| tree.nodes[&node]).collect()
    };
    for size in 0..=40_u64 {
        let root = tree.roots[usize::try_from(size).expect("small")];
        for first in 0..=size {
            for end in first..=size {
                let parts = [
                    (first, subtrees(0, first)),
                    (end, subtrees(first, end)),
                    (size, subtrees(end, size)),
                ];
                let mut made = Frontier::new();
                let fits = parts
                    .iter()
                    .all(|(to, part)| made.append_subtrees(*to, part));
                assert!(fits && made.root() == root, "{first}..{end} of {size}");
                let mut after = parts[2].1.clone();
                after.push(root);
                let mut made = Frontier::new();
                assert!(made.append_subtrees(end, &subtrees(0, end)));
                assert!(!made.append_subtrees(size, &after), "one too many");
                if after.len() > 1 {
                    after.truncate(after.len() - 2);
                    let mut made = Frontier::new();
                    assert!(made.append_subtrees(end, &subtrees(0, end)));
                    assert!(!made.append_subtrees(size, &after), "one too few");
                }
            }
        }
    }
    let mut behind = Frontier::new();
    assert!(behind.append_subtrees(5, &subtrees(0, 5)));
    assert!(!behind.append_subtrees(4, &[]), "it does not go back");
    let mut large = Frontier::new();
    assert!(!large.append_subtrees(u64::MAX, &[leaf(0); 3]));
}

#[test]
fn there_is_no_proof_beyond_the_tree() {
    let unread = |_| -> Result<Hash, SizeError> { panic!("nothing is read") };
    assert_eq!(
        inclusion_proof(5, 5, unread),
        Err(SizeError { wanted: 5, size: 5 })
    );
    assert_eq!(
        inclusion_proof(0, 0, unread),
        Err(SizeError { wanted: 0, size: 0 })
    );
    assert_eq!(
        consistency_proof(0, 5, unread),
        Err(SizeError { wanted: 0, size: 5 })
    );
    assert_eq!(
        consistency_proof(6, 5, unread),
        Err(SizeError { wanted: 6, size: 5 })
    );
}

#[test]
fn the_largest_sizes_neither_overflow_nor_hang() {
    let root = leaf(0);
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        let plan = inclusion_plan(size - 1, size).expect("within");
        assert!(plan.nodes().count() <= 64 * 64);
        consistency_plan(size - 1, size).expect("within");
        verify_inclusion(size - 1, size, &root, &root, &[root; 70]).expect_err("made up");
        verify_consistency(size - 1, size, &root, &root, &[root; 70]).expect_err("made up");
        verify_subtree_consistency(1, size, size, &root, &root, &[]).expect_err("no subtree");
    }
}

proptest! {
    #[test]
    fn a_proof_changed_anywhere_is_refused(
        size in 2u64..200, index: u64, from: u64, position: prop::sample::Index,
        bit in 0usize..256, change in 0u8..4,
    ) {
        let tree = grow(size);
        let (index, from) = (index % size, from % (size - 1) + 1);
        let tamper = |mut proof: Vec<Hash>| {
            let at = position.index(proof.len());
            match change {
                0 => {
                    let mut bytes = *proof[at].as_bytes();
                    bytes[bit / 8] ^= 1 << (bit % 8);
                    proof[at] = Hash::from_bytes(bytes);
                }
                1 => drop(proof.remove(at)),
                2 => proof.insert(at, leaf(9999)),
                _ => proof.push(leaf(9999)),
            }
            proof
        };
        let root = |size: u64| &tree.roots[usize::try_from(size).expect("small")];
        let proof = tamper(tree.inclusion(index, size));
        prop_assert!(verify_inclusion(index, size, &leaf(index), root(size), &proof).is_err());
        let proof = tamper(tree.consistency(from, size));
        prop_assert!(verify_consistency(from, size, root(from), root(size), &proof).is_err());
    }
}
