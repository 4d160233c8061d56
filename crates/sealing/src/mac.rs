//! Records that nobody can write without the key: a bank account's verification, for one.

use aws_lc_rs::{constant_time, hmac};

use crate::encoding::parts;
use crate::key::{Key, derive_for};

/// The record and its authentication code do not belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the record's authentication code does not fit its content: it was changed outside of Countersign, \
     or belongs to another record. Do not act on it; have it verified anew"
)]
pub struct MacRefused;

/// Makes and checks the codes of records, derived once from the key above it.
///
/// It has material of its own, so that it can be kept when the key that it came from is destroyed: the codes that were made by it
/// go on being what they are.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordKey(Key);

impl RecordKey {
    /// What [`mac`] derives from `key`.
    #[must_use]
    pub fn of(key: &Key) -> RecordKey {
        RecordKey(derive_for(key, &[], "record"))
    }

    /// The record key whose material was kept.
    #[must_use]
    pub fn from_material(material: Key) -> RecordKey {
        RecordKey(material)
    }

    /// What is wrapped to keep it. It tells nothing of the key that it was derived from.
    #[must_use]
    pub fn material(&self) -> &Key {
        &self.0
    }

    /// As [`mac`].
    #[must_use]
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut all = Vec::with_capacity(parts.len() + 1);
        all.push(domain.as_bytes());
        all.extend_from_slice(parts);
        hmac_parts(&self.0, &all)
    }

    /// As [`verify_mac`].
    ///
    /// # Errors
    /// [`MacRefused`] unless `tag` is the code of exactly this record.
    pub fn verify(&self, domain: &str, parts: &[&[u8]], tag: &[u8]) -> Result<(), MacRefused> {
        constant_time::verify_slices_are_equal(&self.mac(domain, parts), tag)
            .map_err(|_| MacRefused)
    }
}

/// The authentication code (HMAC-SHA256, RFC 2104) of a record.
///
/// `domain` names the kind of record and its version ("bank account verification/v1"); `parts` are its
/// fields in their fixed order. Each is length-prefixed, so that nothing moves between fields. The
/// key is derived from `key` for this use alone.
#[must_use]
pub fn mac(key: &Key, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    RecordKey::of(key).mac(domain, parts)
}

/// Checks a record's authentication code in constant time.
///
/// # Errors
/// [`MacRefused`] unless `tag` is [`mac`] of exactly this key, domain and parts.
pub fn verify_mac(key: &Key, domain: &str, parts: &[&[u8]], tag: &[u8]) -> Result<(), MacRefused> {
    RecordKey::of(key).verify(domain, parts, tag)
}

/// HMAC-SHA256 over the canonical encoding of `list`, under `key` as it is.
pub(crate) fn hmac_parts(key: &Key, list: &[&[u8]]) -> [u8; 32] {
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, key.expose()),
        &parts(list),
    );
    tag.as_ref().try_into().expect("HMAC-SHA256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn nothing_but_the_same_record_verifies() {
        let key = Key::generate(&SeededEntropy::new(1));
        let tag = mac(&key, "account/v1", &[b"vendor", b"digest"]);
        verify_mac(&key, "account/v1", &[b"vendor", b"digest"], &tag).expect("the record itself");
        let other = Key::generate(&SeededEntropy::new(2));
        let attacks: [(&Key, &str, &[&[u8]]); 6] = [
            (&other, "account/v1", &[b"vendor", b"digest"]),
            (&key, "account/v2", &[b"vendor", b"digest"]),
            (&key, "account/v1", &[b"vendord", b"igest"]),
            (&key, "account/v1", &[b"digest", b"vendor"]),
            (&key, "account/v1", &[b"vendor", b"digest", b""]),
            (&key, "account/v1v", &[b"endor", b"digest"]),
        ];
        for (key, domain, parts) in attacks {
            assert_eq!(verify_mac(key, domain, parts, &tag), Err(MacRefused));
        }
    }

    #[test]
    fn a_kept_record_key_makes_the_same_codes() {
        let key = Key::generate(&SeededEntropy::new(1));
        let tag = mac(&key, "account/v1", &[b"vendor"]);
        let material = Key::from_slice(RecordKey::of(&key).material().expose());
        let kept = RecordKey::from_material(material.expect("a key's length"));
        kept.verify("account/v1", &[b"vendor"], &tag)
            .expect("its own code");
        assert_ne!(kept.material(), &key);
    }

    #[test]
    fn a_tag_with_one_bit_flipped_or_cut_short_is_refused() {
        let key = Key::generate(&SeededEntropy::new(1));
        let tag = mac(&key, "account/v1", &[b"vendor"]);
        for bit in 0..256 {
            let mut bad = tag;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                verify_mac(&key, "account/v1", &[b"vendor"], &bad),
                Err(MacRefused)
            );
        }
        for length in 0..32 {
            assert!(verify_mac(&key, "account/v1", &[b"vendor"], &tag[..length]).is_err());
        }
    }
}
