//! Values of an organisation that belong to no subject, sealed under its own key.

use countersign_sealing::{
    Entropy, Hierarchy, KeyVersion, OrganisationId, Place, RowId, Sealed, SealedValue, Secret,
    ValueKey, open_value, seal_value,
};

use super::fields::SealedField;
use super::ring::{KeyError, OrgKeys};
use super::versions::{VALUES, current};
use crate::platform::ids::OrgId;
use crate::platform::store::Reads;

/// The organisation's own key, in the version that a transaction found to be in use.
#[derive(Debug)]
pub struct OwnKey {
    organisation: OrgId,
    key: ValueKey,
}

impl OwnKey {
    /// The version that new values are sealed under.
    #[must_use]
    pub fn version(&self) -> KeyVersion {
        self.key.version()
    }

    /// Seals a value into its place; `row` names the row for ever.
    pub fn seal<T: SealedValue>(
        &self,
        field: SealedField,
        row: [u8; 16],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Sealed<T> {
        let place = place(self.organisation, field, row);
        seal_value(&self.key, &place, value, entropy)
    }
}

fn place(organisation: OrgId, field: SealedField, row: [u8; 16]) -> Place {
    Place {
        field: field.number,
        organisation: OrganisationId::from_bytes(*organisation.as_bytes()),
        row: RowId::from_bytes(row),
    }
}

impl OrgKeys {
    /// The key that new values are sealed under. It is asked for within the transaction that keeps them: what it read there is why
    /// no value is kept under a version that is destroyed at the same time.
    ///
    /// # Errors
    /// [`KeyError::Unread`] where another node has made a version that this one has not opened yet.
    pub fn own(&self, reads: &mut impl Reads) -> Result<OwnKey, KeyError> {
        let version = current(reads, Hierarchy::Field, VALUES)?;
        Ok(OwnKey {
            organisation: self.organisation(),
            key: ValueKey::new(self.values(version)?, version),
        })
    }

    /// Opens what [`OwnKey::seal`] sealed into this place.
    pub fn open<T: SealedValue>(
        &self,
        field: SealedField,
        row: [u8; 16],
        sealed: &Sealed<T>,
    ) -> Result<Secret<T>, KeyError> {
        let version = sealed.key_version();
        let key = ValueKey::new(self.values(version)?, version);
        let place = place(self.organisation(), field, row);
        Ok(open_value(&key, &place, sealed)?)
    }
}
