//! What can go wrong with a payment run, for the person who tried.

use countersign_bankfile::pain001::{Rejected, VerifyError};

use crate::identity::access::Denied;
use crate::identity::settings::Refusal;
use crate::msg;
use crate::payables::payments::rules::RunStatus;
use crate::payables::payments::rules::duties::Duty;
use crate::payables::payments::store::check::{Trouble, Why};
use crate::payables::payments::store::file::FileError;
use crate::platform::documents::DocumentsError;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

/// A bill by its number, and why it cannot be paid, in words for the API and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offending {
    pub number: String,
    pub why: Vec<String>,
}

impl std::fmt::Display for Offending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.number, self.why.join(", "))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such run, account or payment")]
    Missing,
    #[error("somebody else changed the run meanwhile: load it again")]
    Conflict,
    #[error("{0} is missing or cannot be used")]
    Field(&'static str),
    #[error("no bill was chosen that can be paid")]
    Nothing,
    #[error("a run takes {most} payments at most; propose several")]
    TooMany { most: usize },
    #[error("these cannot be paid: {}", listed(.0))]
    NotPayable(Vec<Offending>),
    #[error("a bill is in another run already")]
    AlreadyInRun,
    #[error("a run that is {0} does not take this step")]
    NotNow(RunStatus),
    #[error("the run's execution date is past: void it and propose it anew")]
    DayPast,
    #[error("whoever proposed a run cannot countersign it: another human has to")]
    SameHuman,
    #[error("you had another duty in these: {}", listed(.0))]
    Duties(Vec<Offending>),
    #[error("the run was altered outside of the program: leave it and tell the security officer")]
    Altered,
    #[error("no payment file can be made: {0}")]
    File(FileError),
    #[error("the payment file does not hold what was countersigned")]
    Verify(#[from] VerifyError),
    #[error(transparent)]
    Documents(#[from] DocumentsError),
}

fn listed(offending: &[Offending]) -> String {
    let texts: Vec<String> = offending.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

/// A pair of duties, in words.
#[must_use]
pub fn pair((one, other): (Duty, Duty)) -> String {
    format!("{one} and {other}")
}

/// A reason in one word or two, as APIs and logs have it.
#[must_use]
pub fn word(why: &Why) -> String {
    match why {
        Why::Bill(reason) => reason.code().to_owned(),
        Why::Approval(not) => not.to_string(),
        Why::Account(why) => why.to_string(),
        Why::Currency => "other-currency".to_owned(),
        Why::AccountCurrency => "account-in-other-currency".to_owned(),
        Why::Entity => "other-entity".to_owned(),
        Why::NotCovered => "not-covered-by-bills".to_owned(),
        Why::Crowded => "too-many-documents-for-one-transfer".to_owned(),
        Why::Unwritable(what) => format!("the bank would refuse it: {what}"),
        Why::Duties(pairs) => {
            let pairs: Vec<String> = pairs.iter().copied().map(pair).collect();
            format!("one human: {}", pairs.join(", "))
        }
        Why::Differs(what) => format!("{what} differs from the bill"),
        Why::Altered => "not what was proposed".to_owned(),
    }
}

impl PaymentError {
    pub(super) fn troubles(troubles: &[Trouble]) -> Self {
        Self::NotPayable(
            troubles
                .iter()
                .map(|trouble| Offending {
                    number: trouble.number.clone(),
                    why: trouble.why.iter().map(word).collect(),
                })
                .collect(),
        )
    }

    /// A statement that touched no row because another version is the newest one.
    pub(super) fn conflict(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::Conflict,
            other => Self::Store(other),
        }
    }

    /// A row that is not there, or not this organisation's, is one answer.
    pub(super) fn missing(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::Missing,
            other => Self::Store(other),
        }
    }

    /// The unique index decides who was first.
    pub(super) fn in_run(error: StoreError) -> Self {
        if error.is_unique("payments_bill_once") || matches!(error, StoreError::Missing) {
            Self::AlreadyInRun
        } else {
            Self::Store(error)
        }
    }
}

impl From<KeyError> for PaymentError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            other => Self::Key(other),
        }
    }
}

impl From<FileError> for PaymentError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Store(error) => Self::Store(error),
            other => Self::File(other),
        }
    }
}

impl BodyError for PaymentError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        use PaymentError as E;
        match error {
            E::Store(error) => error.into(),
            E::Denied(denied) => denied.into(),
            E::Missing => Self::not_found(),
            E::Conflict => Self::conflict(msg!("payments-error-conflict")),
            E::Field(field) => Self::invalid(msg!("payments-error-field")).field(field),
            E::Nothing => Self::invalid(msg!("payments-error-nothing")).field("bill"),
            E::TooMany { most } => Self::invalid(msg!("payments-error-too-many")).arg("most", most),
            E::NotPayable(list) => {
                Self::conflict(msg!("payments-error-not-payable")).arg("bills", listed(&list))
            }
            E::AlreadyInRun => Self::conflict(msg!("payments-error-in-run")),
            E::NotNow(status) => {
                Self::conflict(msg!("payments-error-not-now")).arg("state", status)
            }
            E::DayPast => Self::conflict(msg!("payments-error-day-past")),
            E::SameHuman => Self::conflict(msg!("payments-error-same-human")),
            E::Duties(list) => {
                Self::conflict(msg!("payments-error-duties")).arg("bills", listed(&list))
            }
            E::Altered => Self::conflict(msg!("payments-error-altered")),
            E::File(FileError::Rejected(rejected)) => {
                Self::conflict(msg!("payments-error-file")).arg("why", findings(&rejected))
            }
            E::File(FileError::OwnAccountRefused(refusal)) => Self::conflict(refused(refusal)),
            E::File(FileError::OwnAccount) => {
                Self::conflict(msg!("payments-error-account-unusable"))
            }
            E::File(FileError::NothingLeft) => Self::conflict(msg!("payments-error-nothing-left")),
            E::File(FileError::Store(error) | FileError::Key(KeyError::Store(error))) => {
                error.into()
            }
            error @ E::Verify(_) => {
                let mut problem = Self::conflict(msg!("payments-error-altered"));
                problem.source = Some(std::sync::Arc::new(error));
                problem
            }
            error @ (E::Key(_) | E::File(FileError::Key(_)) | E::Documents(_)) => {
                Self::internal(error)
            }
        }
    }
}

/// Why no payment may leave from the account: the run is there already, or is being proposed, so that each text serves both.
fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotVerified => msg!("payments-error-account-not-verified"),
        Refusal::Closed => msg!("payments-error-account-closed"),
        Refusal::Altered => msg!("payments-error-account-altered"),
    }
}

fn findings(rejected: &Rejected) -> String {
    let texts: Vec<String> = rejected.findings().map(ToString::to_string).collect();
    texts.join("; ")
}
