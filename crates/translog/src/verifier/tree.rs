//! The Merkle tree of RFC 6962, section 2.1, over SHA-256, as far as it takes to know its root.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};
use data_encoding::HEXLOWER;

/// A SHA-256 hash. Printed as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub(crate) [u8; 32]);

impl Hash {
    pub fn of(bytes: &[u8]) -> Hash {
        let bytes = digest(&SHA256, bytes).as_ref().try_into();
        Hash(bytes.expect("SHA-256 gives 32 bytes"))
    }

    pub fn from_hex(text: &str) -> Option<Hash> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Hash(bytes.try_into().ok()?))
    }

    pub fn from_base64(text: &str) -> Option<Hash> {
        Some(Hash(BASE64.decode(text).ok()?.try_into().ok()?))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut node = [1; 65];
    node[1..33].copy_from_slice(&left.0);
    node[33..].copy_from_slice(&right.0);
    Hash::of(&node)
}

/// A tree by its size and its complete subtrees from the largest to the smallest, one per set bit of the size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    pub(crate) size: u64,
    pub(crate) edge: Vec<Hash>,
}

impl Frontier {
    /// Appends the leaves up to `size` by the largest complete subtrees that they make; false where there are more or fewer.
    pub fn append_subtrees(&mut self, size: u64, subtrees: &[Hash]) -> bool {
        for subtree in subtrees {
            let left = size.checked_sub(self.size);
            let Some(left @ 1..) = left else { return false };
            self.append(self.size.trailing_zeros().min(left.ilog2()), *subtree);
        }
        self.size == size
    }

    /// Appends a complete subtree of 2^`level` leaves, of which the size is a multiple.
    pub(crate) fn append(&mut self, level: u32, mut hash: Hash) {
        let mut index = self.size >> level;
        // A right sibling completes its parent, and so on upwards.
        while index % 2 == 1 {
            let left = self.edge.pop().expect("a subtree per set bit");
            (index, hash) = (index / 2, node_hash(&left, &hash));
        }
        self.edge.push(hash);
        self.size += 1 << level;
    }

    /// The tree's root; that of no leaves is the hash of nothing.
    pub fn root(&self) -> Hash {
        let edge = self.edge.iter().rev().copied();
        let root = edge.reduce(|right, left| node_hash(&left, &right));
        root.unwrap_or_else(|| Hash::of(b""))
    }
}
