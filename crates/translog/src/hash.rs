//! Hashes as a server keeps and sends them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::verifier::tree::Hash;

impl Hash {
    /// Bytes in a hash.
    pub const LENGTH: usize = 32;

    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Hash::LENGTH]) -> Hash {
        Hash(bytes)
    }

    /// The hash with these bytes; none for another length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Hash::LENGTH] {
        &self.0
    }

    /// The hash in base64, as checkpoints and proofs write it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }
}

/// The hash of a leaf: SHA-256 of a zero and the entry (RFC 6962, section 2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::of(&[&[0], entry].concat())
}
