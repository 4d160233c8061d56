//! Vendors, how documents find them, and the bank accounts that one human entered and another verified.
//!
//! Invariants
//! - A vendor that a document asked for is `requested` and is never paid; only a person makes it active.
//! - What was entered of a bank account never changes; where it stands is its newest step, and each step is authenticated.
//! - Nothing is paid but what [`payable_account`] gives: it believes no column that a tag under the field root does not
//!   cover, so that an UPDATE in the database makes nothing payable (invariant 4).
//! - VAT ids, legal ids and IBANs are sealed under their vendor's key; lists show masked forms, matching uses blind indexes.
//! - Whoever asks whether a tax number is known is counted first ([`rules::questions`]): there are few of them, and an index answers.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

use axum::http::StatusCode;
use countersign_bankfile::account::{BicError, IbanError};

pub use store::matching::{SellerClaim, VendorMatch, match_or_request};
pub use store::payable::{VerifiedAccount, WhyNotPayable, chosen_account_digest, payable_account};

use self::rules::accounts::{AccountStatus, Altered};
use self::rules::{Fault, FaultKind, VendorStatus};
use crate::identity::access::Denied;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;
use crate::{ids, msg};

ids! {
    /// One step of a vendor's bank account.
    StepId,
    /// The record of a bank account's verification.
    VerificationId,
}

#[derive(Debug, thiserror::Error)]
pub enum VendorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such vendor or account")]
    Missing,
    #[error("somebody else changed it meanwhile: load it again")]
    Conflict,
    #[error("the data cannot be kept as they are: {0:?}")]
    Faulty(Vec<Fault>),
    #[error("{0} is missing or too long")]
    Field(&'static str),
    #[error("a vendor that is {from} cannot become {to}")]
    Step {
        from: VendorStatus,
        to: VendorStatus,
    },
    #[error("before it becomes active the vendor needs: {}", .0.join(", "))]
    Incomplete(Vec<&'static str>),
    #[error(transparent)]
    Iban(#[from] IbanError),
    #[error(transparent)]
    Bic(#[from] BicError),
    #[error("a vendor that is {0} takes no bank account")]
    TakesNoAccount(VendorStatus),
    #[error("the account is {0} and does not wait for a verification")]
    NotAwaiting(AccountStatus),
    #[error("whoever entered the account cannot verify it: another human has to")]
    SameHuman,
    #[error("the last four characters are not those of the account")]
    LastFour,
    #[error("too many tax numbers were asked about: there is room again in {minutes} minutes")]
    Asked { minutes: i64 },
    #[error("{0}")]
    Altered(Altered),
}

impl From<KeyError> for VendorError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            other => Self::Key(other),
        }
    }
}

impl BodyError for VendorError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<VendorError> for Problem {
    fn from(error: VendorError) -> Self {
        match error {
            VendorError::Store(error) => error.into(),
            VendorError::Key(KeyError::Destroyed { .. }) => {
                Self::conflict(msg!("error-key-destroyed"))
            }
            VendorError::Key(error) => Self::internal(error),
            VendorError::Denied(denied) => denied.into(),
            VendorError::Missing => Self::not_found(),
            VendorError::Conflict => Self::conflict("error-contended"),
            VendorError::Faulty(faults) => faulty(&faults),
            VendorError::Field(field) => Self::invalid(msg!("vendors-error-field")).field(field),
            VendorError::Step { from, to } => Self::conflict(msg!("vendors-error-step"))
                .arg("from", from)
                .arg("to", to),
            VendorError::Incomplete(missing) => {
                let first = missing.first().copied().unwrap_or("name");
                Self::invalid(msg!("vendors-error-incomplete"))
                    .field(first)
                    .arg("missing", missing.join(", "))
            }
            VendorError::Iban(error) => Self::invalid(msg!("vendors-error-iban"))
                .field("iban")
                .arg("why", error),
            VendorError::Bic(error) => Self::invalid(msg!("vendors-error-bic"))
                .field("bic")
                .arg("why", error),
            VendorError::TakesNoAccount(status) => {
                Self::conflict(msg!("vendors-error-takes-no-account")).arg("state", status)
            }
            VendorError::NotAwaiting(status) => {
                Self::conflict(msg!("vendors-error-not-awaiting")).arg("state", status)
            }
            VendorError::SameHuman => Self::conflict(msg!("vendors-error-same-human")),
            VendorError::LastFour => {
                Self::invalid(msg!("vendors-error-last-four")).field("last_four")
            }
            VendorError::Asked { minutes } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, msg!("vendors-error-asked"))
                    .field("vat_id")
                    .arg("minutes", minutes)
            }
            VendorError::Altered(altered) => {
                let mut problem = Self::conflict(msg!("vendors-error-altered"));
                problem.source = Some(std::sync::Arc::new(altered));
                problem
            }
        }
    }
}

fn faulty(faults: &[Fault]) -> Problem {
    let first = faults.first().copied();
    first.map_or_else(|| Problem::invalid(msg!("vendors-error-field")), fault)
}

/// What is wrong with one field. A program is told of the first, a form of all.
fn fault(fault: Fault) -> Problem {
    let problem = match fault.kind {
        FaultKind::Empty => Problem::invalid(msg!("vendors-error-empty")),
        FaultKind::TooLong { most } => {
            Problem::invalid(msg!("vendors-error-too-long")).arg("most", most)
        }
        FaultKind::NotACountry => Problem::invalid(msg!("vendors-error-country")),
        FaultKind::NotATerm => Problem::invalid(msg!("vendors-error-terms")),
        FaultKind::NotAnId => Problem::invalid(msg!("vendors-error-field")),
        FaultKind::NotAVatId { example } => {
            Problem::invalid(msg!("vendors-error-vat-id")).arg("example", example)
        }
        FaultKind::TooManyNames => Problem::invalid(msg!("vendors-error-other-names")),
    };
    problem.field(fault.field)
}
