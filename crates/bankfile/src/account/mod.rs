//! What identifies a bank account and a bank.
//!
//! | file | what it holds |
//! |---|---|
//! | `iban.rs`, `iban_registry.rs` | [`Iban`] (ISO 13616) and each country's structure |
//! | `other.rs` | [`OtherAccount`]: account numbers of countries without IBAN |
//! | `bic.rs` | [`Bic`] (ISO 9362) |
//! | `country.rs` | [`Country`] (ISO 3166-1) |
//! | `creditor_reference.rs` | [`CreditorReference`] (ISO 11649, “RF”) |
//! | `mod97.rs` | the check digits that IBAN and RF share (ISO 7064, MOD 97-10) |
//!
//! Invariant: an account number is shown by `expose` and by nothing else. It has no `Display`, its `Debug`
//! gives the last four characters, its errors repeat none of it, and its memory is wiped when it goes.

mod bic;
mod country;
mod creditor_reference;
mod iban;
mod iban_registry;
mod mod97;
mod other;

pub use bic::{Bic, BicError};
pub use country::{Country, NotACountry};
pub use creditor_reference::{CreditorReference, CreditorReferenceError};
pub use iban::{Iban, IbanError};
pub use other::{OtherAccount, OtherAccountError};

/// The account of a debtor or creditor (`AccountIdentification4Choice`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// An IBAN, wherever the country has them.
    Iban(Iban),
    /// The bank's own number, elsewhere.
    Other(OtherAccount),
}

impl Account {
    /// For lists and logs: `DE•• •••• 3000`, or `•••• 3000` without IBAN.
    pub fn masked(&self) -> String {
        match self {
            Self::Iban(iban) => iban.masked(),
            Self::Other(other) => other.masked(),
        }
    }
}

impl From<Iban> for Account {
    fn from(iban: Iban) -> Self {
        Self::Iban(iban)
    }
}

impl From<OtherAccount> for Account {
    fn from(other: OtherAccount) -> Self {
        Self::Other(other)
    }
}
