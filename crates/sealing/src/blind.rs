//! Looking up sealed values by equality without opening them.

use crate::key::{Key, derive_for};
use crate::mac::hmac_parts;
use crate::place::{FieldNumber, OrganisationId};

/// Makes blind indexes, derived once from the key above it. It has material of its own, as [`RecordKey`](crate::RecordKey) has.
#[derive(Debug, PartialEq, Eq)]
pub struct IndexKey(Key);

impl IndexKey {
    /// What [`blind_index`] derives from `key`.
    #[must_use]
    pub fn of(key: &Key) -> IndexKey {
        IndexKey(derive_for(key, &[], "blind index"))
    }

    /// The index key whose material was kept.
    #[must_use]
    pub fn from_material(material: Key) -> IndexKey {
        IndexKey(material)
    }

    /// What is wrapped to keep it. It tells nothing of the key that it was derived from.
    #[must_use]
    pub fn material(&self) -> &Key {
        &self.0
    }

    /// As [`blind_index`].
    #[must_use]
    pub fn index(
        &self,
        field: FieldNumber,
        organisation: OrganisationId,
        normalised: &[u8],
    ) -> [u8; 32] {
        hmac_parts(
            &self.0,
            &[
                &field.number().to_be_bytes(),
                organisation.as_bytes(),
                normalised,
            ],
        )
    }
}

/// The blind index of a value: HMAC-SHA256 over field, organisation and the normalised value, under a
/// key derived from `key` for this use alone.
///
/// Equal values of one field and organisation have equal indexes; across fields or organisations
/// nothing can be compared. `normalised` is the caller's one canonical form (an IBAN in capitals
/// without spaces). Whoever holds the key can try out values, so that a field with few possible
/// values (a tax number) needs a rate limit in front of its look-up.
#[must_use]
pub fn blind_index(
    key: &Key,
    field: FieldNumber,
    organisation: OrganisationId,
    normalised: &[u8],
) -> [u8; 32] {
    IndexKey::of(key).index(field, organisation, normalised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn only_the_same_value_of_the_same_field_and_organisation_is_found() {
        let key = Key::generate(&SeededEntropy::new(1));
        let other_key = Key::generate(&SeededEntropy::new(2));
        let (field, organisation) = (FieldNumber::new(3), OrganisationId::from_bytes([4; 16]));
        let index = blind_index(&key, field, organisation, b"GB33BUKB20201555555555");
        assert_eq!(
            index,
            blind_index(&key, field, organisation, b"GB33BUKB20201555555555")
        );
        let others = [
            blind_index(&other_key, field, organisation, b"GB33BUKB20201555555555"),
            blind_index(
                &key,
                FieldNumber::new(4),
                organisation,
                b"GB33BUKB20201555555555",
            ),
            blind_index(
                &key,
                field,
                OrganisationId::from_bytes([5; 16]),
                b"GB33BUKB20201555555555",
            ),
            blind_index(&key, field, organisation, b"GB33BUKB20201555555556"),
        ];
        assert!(!others.contains(&index));
        let material = Key::from_slice(IndexKey::of(&key).material().expose());
        let kept = IndexKey::from_material(material.expect("a key's length"));
        assert_eq!(
            kept.index(field, organisation, b"GB33BUKB20201555555555"),
            index
        );
    }
}
