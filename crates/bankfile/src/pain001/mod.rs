//! ISO 20022 `pain.001.001.09`, Customer Credit Transfer Initiation, after the EPC's SEPA credit transfer
//! guidelines (EPC132-08) and the German banks' stricter subset (GBIC 5).
//!
//! | file | what it holds |
//! |---|---|
//! | `model.rs` | what a caller fills in: [`PaymentFile`], [`Group`], [`Transfer`] |
//! | `charset.rs`, `transliteration.rs` | the character set of SEPA and the way into it |
//! | `prepare.rs`, `rules.rs` | checks, and values as they will stand in the file: [`Prepared`] |
//! | `totals.rs` | numbers of transactions and control sums |
//! | `write.rs` | a [`Prepared`] file as bytes |
//! | `pull.rs`, `read.rs` | bytes back into values, strictly |
//! | `verify.rs` | bytes against the [`Prepared`] file they should hold |
//! | `error.rs` | findings, for people |
//!
//! The way of a payment run: fill in a [`PaymentFile`], [`Prepared::new`], [`Prepared::to_bytes`], then
//! [`verify`] the very bytes that are stored.
//!
//! Invariants
//! - Only what [`Prepared::new`] accepted can be written; it accepts nothing that a re-read would not return equal.
//! - Addresses are structured (street, number, post code, town, country): SEPA takes no free address lines alone
//!   from November 2026.
//! - [`read`] refuses a file whose counts or control sums are not those of its transfers.

mod charset;
mod error;
mod model;
mod prepare;
mod pull;
mod read;
mod rules;
mod totals;
mod transliteration;
mod verify;
mod write;

pub use charset::{Unmappable, is_in_character_set, transliterate};
pub use error::{Field, Finding, Place, Problem, Rejected};
pub use model::{
    Address, ChargeBearer, Group, Party, PaymentFile, Remittance, ServiceLevel, Transfer, Uetr,
    UetrError,
};
pub use prepare::Prepared;
pub use read::{ReadError, ReadProblem, read};
pub use totals::Totals;
pub use verify::{Difference, VerifyError, verify};

/// The message's XML namespace.
pub const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
