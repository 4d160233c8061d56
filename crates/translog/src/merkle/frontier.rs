//! The right edge of a tree as a server keeps it and grows it.

use super::{Node, node_hash};
use crate::verifier::tree::{Frontier, Hash};

/// The bytes are no frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "these are not the stored edge of a journal's tree: {found} bytes do not fit the size they name. Rebuild the edge \
     from the journal's leaves"
)]
pub struct FrontierError {
    /// How many bytes there were.
    pub found: usize,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.append(0, leaf);
    }

    /// Appends a leaf by its hash and hands over each subtree that it completes, the leaf first: what
    /// a store keeps to give proofs from.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(Node, Hash)) {
        let mut node = Node {
            level: 0,
            index: self.size,
        };
        let mut hash = leaf;
        completed(node, hash);
        // A right sibling completes its parent, and so on upwards.
        while node.index % 2 == 1 {
            let left = self
                .edge
                .pop()
                .expect("each set bit of the size has its subtree");
            hash = node_hash(&left, &hash);
            node = Node {
                level: node.level + 1,
                index: node.index / 2,
            };
            completed(node, hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The complete subtrees from the largest to the smallest.
    #[must_use]
    pub fn edge(&self) -> &[Hash] {
        &self.edge
    }

    /// For storage: size (8 bytes, big-endian) and the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for hash in &self.edge {
            bytes.extend_from_slice(hash.as_bytes());
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote. That the hashes are the right ones shows only against a
    /// signed root.
    ///
    /// # Errors
    /// [`FrontierError`] where size and length do not fit, or the size is beyond 2^63 - 1.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, FrontierError> {
        let refused = FrontierError { found: bytes.len() };
        let (size, hashes) = bytes.split_first_chunk().ok_or(refused)?;
        let size = u64::from_be_bytes(*size);
        let (edge, rest) = hashes.as_chunks::<{ Hash::LENGTH }>();
        let fits = rest.is_empty() && edge.len() == size.count_ones() as usize;
        if !fits || i64::try_from(size).is_err() {
            return Err(refused);
        }
        Ok(Frontier {
            size,
            edge: edge.iter().copied().map(Hash::from_bytes).collect(),
        })
    }
}
