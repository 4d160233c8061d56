//! Values of an organisation that belong to no subject, sealed under its own key.

use countersign_sealing::{
    Entropy, KeyVersion, OrganisationId, Place, RowId, Sealed, SealedValue, Secret, ValueKey,
    open_value, seal_value,
};

use super::fields::SealedField;
use super::ring::{KeyError, OrgKeys};

impl OrgKeys {
    fn place(&self, field: SealedField, row: [u8; 16]) -> Place {
        Place {
            field: field.number,
            organisation: OrganisationId::from_bytes(*self.organisation().as_bytes()),
            row: RowId::from_bytes(row),
        }
    }

    /// Seals a value into its place; `row` names the row for ever.
    pub fn seal<T: SealedValue>(
        &self,
        field: SealedField,
        row: [u8; 16],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Sealed<T> {
        let key = ValueKey::new(self.values(), KeyVersion::FIRST);
        seal_value(&key, &self.place(field, row), value, entropy)
    }

    /// Opens what [`OrgKeys::seal`] sealed into this place.
    pub fn open<T: SealedValue>(
        &self,
        field: SealedField,
        row: [u8; 16],
        sealed: &Sealed<T>,
    ) -> Result<Secret<T>, KeyError> {
        let key = ValueKey::new(self.values(), KeyVersion::FIRST);
        Ok(open_value(&key, &self.place(field, row), sealed)?)
    }
}
