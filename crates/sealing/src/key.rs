//! Key material and what is derived from it.

use std::fmt;

use aws_lc_rs::{constant_time, hkdf};
use zeroize::{Zeroize, Zeroizing};

use crate::entropy::Entropy;

/// 256 bits of key material: zeroised on drop, compared in constant time, never printed.
///
/// The bytes live on the heap, so that moving a `Key` leaves no copy behind. There is no `Clone`:
/// share one by reference or `Arc`.
pub struct Key(Box<Zeroizing<[u8; Key::LENGTH]>>);

/// The bytes offered as a key do not have a key's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key is {} bytes long, these are {found}; give the file or secret that holds the key itself",
    Key::LENGTH
)]
pub struct KeyLengthError {
    /// How many bytes there were.
    pub found: usize,
}

impl Key {
    /// Bytes in a key.
    pub const LENGTH: usize = 32;

    /// A new random key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Key {
        let mut key = Key::zero();
        entropy.fill(key.0.as_mut_slice());
        key
    }

    /// The key that these 32 bytes are. Wiping the source is the caller's.
    ///
    /// # Errors
    /// [`KeyLengthError`] for any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Key, KeyLengthError> {
        if bytes.len() != Key::LENGTH {
            return Err(KeyLengthError { found: bytes.len() });
        }
        let mut key = Key::zero();
        key.0.copy_from_slice(bytes);
        Ok(key)
    }

    /// The bytes themselves: for writing a root to its file and for handing a key to an engine.
    #[must_use]
    pub fn expose(&self) -> &[u8; Key::LENGTH] {
        &self.0
    }

    fn zero() -> Key {
        Key(Box::new(Zeroizing::new([0; Key::LENGTH])))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        constant_time::verify_slices_are_equal(self.expose(), other.expose()).is_ok()
    }
}

impl Eq for Key {}

/// The version of a key at its level of the hierarchy. Versions count up from 1 at each rotation and
/// are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyVersion(u32);

impl KeyVersion {
    /// The version that a hierarchy starts with.
    pub const FIRST: KeyVersion = KeyVersion(1);

    /// The version with this number, as stored.
    #[must_use]
    pub const fn new(number: u32) -> KeyVersion {
        KeyVersion(number)
    }

    /// The number, for storage and for people.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    pub(crate) const fn to_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A key for one use, derived from `key` by HKDF-SHA256 (RFC 5869) with `label` as info.
///
/// The same key and label give the same result for ever; knowing it tells nothing of `key` or of
/// another label's result.
#[must_use]
pub fn derive(key: &Key, label: &str) -> Key {
    let mut derived = Key::zero();
    derive_into(
        key,
        &[],
        &["countersign/derive/v1", label],
        derived.0.as_mut_slice(),
    );
    derived
}

/// As [`derive`], for the uses inside this crate: their labels cannot meet a caller's.
pub(crate) fn derive_for(key: &Key, salt: &[u8], purpose: &'static str) -> Key {
    let mut derived = Key::zero();
    derive_into(
        key,
        salt,
        &["countersign/sealing/v1", purpose],
        derived.0.as_mut_slice(),
    );
    derived
}

fn derive_into(key: &Key, salt: &[u8], labels: &[&str; 2], out: &mut [u8]) {
    let info = crate::encoding::parts(&[labels[0].as_bytes(), labels[1].as_bytes()]);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(key.expose());
    prk.expand(&[&info], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(out))
        .expect("one block of SHA-256 is 32 bytes, the length of a key");
}

/// Wipes bytes that are about to be given up.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn debug_prints_nothing_of_a_key() {
        let key = Key::from_slice(&[0xAB; 32]).expect("32 bytes");
        assert_eq!(format!("{key:?}"), "Key(..)");
    }

    #[test]
    fn keys_compare_by_every_byte() {
        let key = Key::generate(&SeededEntropy::new(7));
        for position in 0..Key::LENGTH {
            let mut bytes = *key.expose();
            assert_eq!(key, Key::from_slice(&bytes).expect("32 bytes"));
            bytes[position] ^= 1;
            assert_ne!(key, Key::from_slice(&bytes).expect("32 bytes"));
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        for length in [0, 16, 31, 33, 64] {
            assert_eq!(
                Key::from_slice(&vec![1; length]).expect_err("not 32 bytes"),
                KeyLengthError { found: length }
            );
        }
    }

    #[test]
    fn labels_separate_derived_keys() {
        let key = Key::generate(&SeededEntropy::new(7));
        assert_eq!(derive(&key, "a"), derive(&key, "a"));
        assert_ne!(derive(&key, "a"), derive(&key, "b"));
        assert_ne!(derive(&key, "a"), derive_for(&key, &[], "a"));
        assert_ne!(derive_for(&key, b"1", "a"), derive_for(&key, b"2", "a"));
        assert_ne!(derive(&key, "a"), key);
    }
}
