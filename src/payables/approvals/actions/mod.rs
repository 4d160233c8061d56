//! Sending a bill to its approvers, deciding, voiding, and the policy behind it.

mod decide;
mod look;
mod policy;
mod submit;
mod void;

pub use decide::{Decided, NewDecision, decide, decide_in};
pub use look::{Blocked, Case, InboxRow, decided, inbox, look};
pub use policy::{Policies, policies, seed, set_policy, set_policy_in};
pub use submit::{submit, submit_in};
pub use void::void;

use super::rules::{BANDS_MAX, Duty, PolicyError};
use super::store::PolicyTrouble;
use crate::identity::access::{Access, Denied, HumanId};
use crate::msg;
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::rules::{BillField, Processing};
use crate::platform::ids::PersonId;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

/// The account that acts, and the human behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    pub person: PersonId,
    pub human: HumanId,
}

impl From<&Access> for Who {
    fn from(access: &Access) -> Self {
        Self {
            person: access.person(),
            human: access.human(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("somebody else changed the bill in the meantime: load it again")]
    Conflict,
    #[error("a bill that is {0} cannot be sent to approval")]
    NotNow(Processing),
    #[error("facts are missing: {0:?}")]
    Incomplete(Vec<BillField>),
    /// The position of the first line without coding; none where the bill has no lines.
    #[error("not all lines are coded")]
    Uncoded(Option<i64>),
    #[error("holds have to be settled first: {0:?}")]
    Held(Vec<HoldKind>),
    #[error("there is no approval policy: an administrator has to set one")]
    NoPolicy,
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("somebody else set another policy in the meantime: load it again")]
    PolicyChanged,
    #[error("the bill does not wait for a decision")]
    NotOpen,
    #[error("the bill changed since you opened it: look again")]
    Stale,
    #[error(transparent)]
    Duty(#[from] Duty),
    #[error("say why, so that the next person knows what to do")]
    ReasonMissing,
    #[error("a reason has at most 2,000 characters of plain text")]
    ReasonUnusable,
    /// A stored record was not written by this program.
    #[error("a record of the approval was altered outside of the program")]
    Tampered,
}

impl From<StoreError> for ApprovalError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PolicyTrouble> for ApprovalError {
    fn from(trouble: PolicyTrouble) -> Self {
        match trouble {
            PolicyTrouble::Missing => Self::NoPolicy,
            PolicyTrouble::Forged => Self::Tampered,
            PolicyTrouble::Policy(error) => Self::Policy(error),
            PolicyTrouble::Store(error) => Self::Store(error),
        }
    }
}

impl BodyError for ApprovalError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Keys(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<ApprovalError> for Problem {
    fn from(error: ApprovalError) -> Self {
        use ApprovalError as E;
        match error {
            E::Denied(denied) => denied.into(),
            E::Store(error) | E::Keys(KeyError::Store(error)) => error.into(),
            E::Conflict => Self::conflict(msg!("approvals-conflict")),
            E::NotNow(_) => Self::conflict(msg!("approvals-not-now")),
            E::Incomplete(fields) => {
                let names = fields.into_iter().map(BillField::label).collect();
                Self::conflict(msg!("approvals-incomplete")).list("fields", names)
            }
            E::Uncoded(None) => Self::conflict(msg!("approvals-no-lines")),
            E::Uncoded(Some(line)) => Self::conflict(msg!("approvals-uncoded")).arg("line", line),
            E::Held(kinds) => {
                let names = kinds.into_iter().map(HoldKind::label).collect();
                Self::conflict(msg!("approvals-held")).list("holds", names)
            }
            E::NoPolicy => Self::conflict(msg!("approvals-no-policy")),
            E::Policy(error) => policy_problem(error),
            E::PolicyChanged => Self::conflict(msg!("approvals-policy-changed")),
            E::NotOpen => Self::conflict(msg!("approvals-not-open")),
            E::Stale => Self::conflict(msg!("approvals-stale")),
            E::Duty(duty) => Self::conflict(duty_message(duty)),
            E::ReasonMissing => Self::invalid(msg!("approvals-reason-missing")).field("comment"),
            E::ReasonUnusable => Self::invalid(msg!("approvals-reason-unusable")).field("comment"),
            E::Tampered => Self::conflict(msg!("approvals-tampered")),
            error @ E::Keys(_) => Self::internal(error),
        }
    }
}

fn policy_problem(error: PolicyError) -> Problem {
    let (code, band) = policy_message(error);
    Problem::invalid(code).arg("band", band).field("bands")
}

/// What is wrong with a policy, and with which of its bands.
#[must_use]
pub const fn policy_message(error: PolicyError) -> (&'static str, usize) {
    match error {
        PolicyError::Count => (msg!("approvals-policy-count"), BANDS_MAX),
        PolicyError::Unreadable => (msg!("approvals-policy-unreadable"), 0),
        PolicyError::Unlimited(band) => (msg!("approvals-policy-unlimited"), band),
        PolicyError::Limited(band) => (msg!("approvals-policy-limited"), band),
        PolicyError::Limit(band) => (msg!("approvals-policy-limit"), band),
        PolicyError::Approvals(band) => (msg!("approvals-policy-approvals"), band),
        PolicyError::Fewer(band) => (msg!("approvals-policy-fewer"), band),
    }
}

/// The message that tells somebody why she may not decide.
#[must_use]
pub const fn duty_message(duty: Duty) -> &'static str {
    match duty {
        Duty::Entered => msg!("approvals-duty-entered"),
        Duty::Requested => msg!("approvals-duty-requested"),
        Duty::Decided => msg!("approvals-duty-decided"),
    }
}

/// What keeps a bill from its approvers. The other holds keep it from being paid, and the approver sees them.
const fn blocks_approval(kind: HoldKind) -> bool {
    !matches!(
        kind,
        HoldKind::VendorNotActive | HoldKind::BankAccountDiffers | HoldKind::CurrencyUnsupported
    )
}
