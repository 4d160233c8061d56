//! Values that the journal vouches for without saying them.

use std::fmt;

use super::word::Word;
use crate::verifier::tree::Hash;

/// Bytes of salt in a commitment.
pub const SALT_LENGTH: usize = 16;

/// Random bytes, fresh for every commitment and stored beside the value. With value and salt erased,
/// the commitment tells nothing, and the tree stays as it is.
pub type Salt = [u8; SALT_LENGTH];

/// SHA-256(salt || length of name (8 bytes, big-endian) || name || value).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(Hash);

impl Commitment {
    /// Commits to a value under its name.
    #[must_use]
    pub fn new(salt: &Salt, name: &Word, value: &[u8]) -> Commitment {
        Commitment::over(salt, name.as_str(), value)
    }

    /// Commits to a row's canonical bytes, under the name `<table>/<row id>`. No [`Word`] has a slash, so that no
    /// value's commitment passes for a row's.
    #[must_use]
    pub fn of_row(salt: &Salt, table: &Word, row: &Word, content: &[u8]) -> Commitment {
        Commitment::over(salt, &format!("{table}/{row}"), content)
    }

    /// Whether this is the commitment to that value under that name and salt.
    #[must_use]
    pub fn opens_to(&self, salt: &Salt, name: &Word, value: &[u8]) -> bool {
        *self == Commitment::new(salt, name, value)
    }

    /// The commitment with this hash, as stored.
    #[must_use]
    pub const fn from_hash(hash: Hash) -> Commitment {
        Commitment(hash)
    }

    /// The hash.
    #[must_use]
    pub const fn hash(&self) -> &Hash {
        &self.0
    }

    fn over(salt: &Salt, name: &str, value: &[u8]) -> Commitment {
        let length = (name.len() as u64).to_be_bytes();
        Commitment(Hash::of(
            &[salt, &length[..], name.as_bytes(), value].concat(),
        ))
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
