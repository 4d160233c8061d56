//! Where a sealed value belongs. All of it is authenticated with the value.

use crate::encoding::parts;
use crate::key::KeyVersion;

/// The permanent number of a sealed field. It outlives renamed columns and tables and is never given
/// to another field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldNumber(u16);

impl FieldNumber {
    /// The field with this number. Numbers are kept in one list by the application.
    #[must_use]
    pub const fn new(number: u16) -> FieldNumber {
        FieldNumber(number)
    }

    /// The number itself.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The id with these bytes (a UUID's, in network order).
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> $name {
                $name(bytes)
            }

            /// The bytes, in network order.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }
    };
}

id! {
    /// The organisation (tenant) that owns what is sealed.
    OrganisationId
}
id! {
    /// The row that a sealed value is stored in.
    RowId
}
id! {
    /// Whose key it is: a vendor or a person.
    SubjectId
}

/// The place of one sealed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which field it is.
    pub field: FieldNumber,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Which row it is in.
    pub row: RowId,
}

impl Place {
    pub(crate) fn associated_data(&self, version: KeyVersion) -> Vec<u8> {
        parts(&[
            b"countersign/value/v1",
            &self.field.number().to_be_bytes(),
            self.organisation.as_bytes(),
            self.row.as_bytes(),
            &version.to_bytes(),
        ])
    }
}
