//! A SHA-256 hash as the log uses it.

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A SHA-256 hash. Printed as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Hash::LENGTH]);

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

    /// SHA-256 of all `parts` one after the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Hash {
        let digest = if let [whole] = parts {
            digest::digest(&digest::SHA256, whole)
        } else {
            let mut context = digest::Context::new(&digest::SHA256);
            for part in parts {
                context.update(part);
            }
            context.finish()
        };
        Hash::from_slice(digest.as_ref()).expect("SHA-256 gives 32 bytes")
    }

    /// Reads what Display prints, and nothing else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Hash> {
        let mut bytes = [0; Hash::LENGTH];
        if text.len() != 2 * Hash::LENGTH {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = hex_byte(pair[0], pair[1])?;
        }
        Some(Hash(bytes))
    }

    /// The hash in base64, as checkpoints and proofs write it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads base64 with its padding; none for anything but 32 bytes in their one form.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Hash> {
        Hash::from_slice(&STANDARD.decode(text).ok()?)
    }
}

/// The values of lower-case hexadecimal digits; [`NO_DIGIT`] for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};
const NO_DIGIT: u8 = 0xff;

/// The byte that two lower-case hexadecimal digits write.
pub(crate) fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (DIGITS[usize::from(high)], DIGITS[usize::from(low)]);
    // Both are below 16, or one of them has its high bits set.
    if (high | low) & 0xf0 == 0 {
        Some(high << 4 | low)
    } else {
        None
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// A decimal number in its one form: no sign, no leading zeros.
pub(crate) fn parse_number(text: &str) -> Option<u64> {
    let canonical =
        text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_hash_have_one_form() {
        let hash = Hash::of(&[b"a", b"bc"]);
        assert_eq!(
            hash.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(Hash::from_hex(&hash.to_string().to_uppercase()), None);
        assert_eq!(Hash::from_hex(&hash.to_string()[1..]), None);
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        assert_eq!(
            Hash::from_base64(hash.to_base64().trim_end_matches('=')),
            None
        );
        // The last digit before the padding carries 2 unused bits: any but zero is another form.
        let loose = hash.to_base64().replace("0=", "1=");
        assert_ne!(loose, hash.to_base64());
        assert_eq!(Hash::from_base64(&loose), None);
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(parse_number("0"), Some(0));
        assert_eq!(parse_number("18446744073709551615"), Some(u64::MAX));
        for bad in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1_0",
            "١",
            "18446744073709551616",
        ] {
            assert_eq!(parse_number(bad), None, "{bad:?}");
        }
    }
}
