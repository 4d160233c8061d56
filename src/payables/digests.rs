//! SHA-256 digests as pages and programs carry them: 64 hexadecimal digits.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

#[must_use]
pub fn to_hex(digest: &[u8; 32]) -> String {
    HEXLOWER.encode(digest)
}

/// Reads [`to_hex`] back, in capitals as well; none for anything else, which is no page of ours.
#[must_use]
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_digest_is_64_hexadecimal_digits() {
        assert_eq!(from_hex(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(from_hex(&"0F".repeat(32)), Some([15; 32]));
        for wrong in [
            "",
            "0",
            &"zz".repeat(32),
            &"+f".repeat(32),
            &"é".repeat(32),
            &"0f".repeat(33),
        ] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn hex_reads_back_and_nothing_else_does(digest: [u8; 32], other in ".{0,70}") {
            prop_assert_eq!(from_hex(&to_hex(&digest)), Some(digest));
            if let Some(read) = from_hex(&other) {
                prop_assert_eq!(to_hex(&read), other.to_lowercase());
            }
        }
    }
}
