//! What can go wrong with a bill, for the person who tried.

use axum::http::StatusCode;

use crate::identity::access::Denied;
use crate::msg;
use crate::payables::bills::rules::axes::Processing;
use crate::payables::vendors::VendorError;
use crate::platform::documents::DocumentsError;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum BillError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("somebody else changed the bill: load it again")]
    Conflict,
    #[error("a bill that is {from} cannot become {to}")]
    NoWay { from: Processing, to: Processing },
    #[error("a bill that is {0} cannot be changed")]
    Closed(Processing),
    #[error("money has left for this bill: it cannot be changed any more")]
    Paid,
    #[error("something is owed on this bill, or it is not approved, or something else holds it")]
    NotSettled,
    #[error("a reason is needed")]
    NoReason,
    #[error("this hold ends when what it says is put right, not by release")]
    NotReleasable,
    #[error("this hold is not open any more")]
    NotOpen,
    #[error("this hold says something else by now")]
    SaysElse,
    #[error("a hold by hand is on the bill already")]
    AlreadyHeld,
    /// Typed values that cannot be used: the form's fields and why.
    #[error("some fields cannot be used: {0:?}")]
    Typed(Vec<(&'static str, TypedProblem)>),
    #[error("the vendor could not be found or requested: {0}")]
    Vendor(String),
    #[error("too many tax numbers were asked about: there is room again in {minutes} minutes")]
    Asked {
        /// What asked it: a field of the form.
        field: &'static str,
        minutes: i64,
    },
    #[error("the document has no such page that could be drawn")]
    NoPage,
    #[error("a stored document cannot be read")]
    Documents(#[from] DocumentsError),
    #[error("a key or a sealed value does not open")]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a typed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypedProblem {
    #[error("not a date such as 2026-11-05")]
    Date,
    #[error("not an ISO 4217 currency such as EUR")]
    Currency,
    #[error("not an amount such as 1234.56")]
    Amount,
    #[error("more decimals than the currency has")]
    Decimals,
    #[error("not an IBAN")]
    Account,
    #[error("the due date is before the bill's date")]
    DueBeforeIssue,
    #[error("longer than is kept")]
    TooLong,
    #[error("must be given")]
    Required,
    #[error("not one of the choices")]
    Choice,
}

impl TypedProblem {
    /// The id of the message that tells the person what to type instead.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Date => msg!("bills-wrong-date"),
            Self::Currency => msg!("bills-wrong-currency"),
            Self::Amount => msg!("bills-wrong-amount"),
            Self::Decimals => msg!("bills-wrong-decimals"),
            Self::Account => msg!("bills-wrong-account"),
            Self::DueBeforeIssue => msg!("bills-wrong-due"),
            Self::TooLong => msg!("bills-wrong-long"),
            Self::Required => msg!("bills-wrong-missing"),
            Self::Choice => msg!("bills-wrong-choice"),
        }
    }
}

impl BodyError for BillError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Keys(error) => error.store_error(),
            _ => None,
        }
    }
}

impl BillError {
    /// A statement that touched no row because another version is the newest one.
    #[must_use]
    pub fn conflict(error: StoreError) -> Self {
        match error {
            StoreError::Missing | StoreError::Stale => Self::Conflict,
            other => Self::Store(other),
        }
    }
}

impl From<BillError> for Problem {
    fn from(error: BillError) -> Self {
        match error {
            BillError::Denied(denied) => denied.into(),
            BillError::Store(error) | BillError::Keys(KeyError::Store(error)) => error.into(),
            BillError::Conflict => Self::conflict(msg!("bills-conflict")),
            BillError::NoWay { .. } => Self::conflict(msg!("bills-no-way")),
            BillError::Closed(_) => Self::conflict(msg!("bills-is-closed")),
            BillError::Paid => Self::conflict(msg!("bills-is-paid")),
            BillError::NotSettled => Self::conflict(msg!("bills-not-settled")),
            BillError::NotReleasable => Self::conflict(msg!("bills-hold-not-releasable")),
            BillError::NotOpen => Self::conflict(msg!("bills-hold-not-open")),
            BillError::SaysElse => Self::conflict(msg!("bills-hold-says-else")).field("detail"),
            BillError::AlreadyHeld => Self::conflict(msg!("bills-hold-already")),
            BillError::NoReason => Self::invalid(msg!("bills-no-reason")).field("reason"),
            BillError::Typed(wrong) => match wrong.first() {
                Some((field, problem)) => Self::invalid(problem.message()).field(field),
                None => Self::invalid(msg!("error-form-unreadable")),
            },
            BillError::Vendor(_) => {
                Self::invalid(msg!("bills-vendor-unusable")).field("vendor_name")
            }
            BillError::Asked { field, minutes } => Self {
                field: Some(field),
                ..VendorError::Asked { minutes }.into()
            },
            BillError::NoPage => Self {
                status: StatusCode::NOT_FOUND,
                ..Self::invalid(msg!("bills-no-page"))
            },
            other => Self::internal(other),
        }
    }
}
