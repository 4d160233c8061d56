//! Why a bill cannot be paid (invariant 8): computed from its rows each time, never stored.

use super::axes::{BillKind, Payment, Processing};
use crate::payables::bills::holds::{Hold, HoldKind};
use crate::payables::bills::store::Bill;

/// One reason. A bill without any is payable, as far as the bill itself is concerned: the vendor's account and the
/// approvers' decisions are verified beside it by those who keep them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// An open hold; `detail` holds its figures.
    Hold { kind: HoldKind, detail: String },
    /// It has not been approved, or what was approved was changed.
    NotApproved(Processing),
    /// It is in a payment run, or paid.
    Payment(Payment),
    /// A credit note is settled against bills, not paid.
    CreditNote,
    /// Nothing is owed: the amount to pay is zero or less, or not known.
    NothingOwed,
}

impl Reason {
    /// A word for lists and APIs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hold { kind, .. } => kind.as_str(),
            Self::NotApproved(_) => "not-approved",
            Self::Payment(Payment::Scheduled) => "scheduled",
            Self::Payment(_) => "paid",
            Self::CreditNote => "credit-note",
            Self::NothingOwed => "nothing-owed",
        }
    }
}

/// Every reason not to pay, holds first. `holds` are those that stand now.
#[must_use]
pub fn payable(bill: &Bill, holds: &[Hold]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = holds
        .iter()
        .filter(|hold| hold.is_open())
        .map(|hold| Reason::Hold {
            kind: hold.kind,
            detail: hold.detail.clone(),
        })
        .collect();
    if bill.processing != Processing::Approved {
        reasons.push(Reason::NotApproved(bill.processing));
    }
    if bill.payment != Payment::Unpaid {
        reasons.push(Reason::Payment(bill.payment));
    }
    if bill.kind == BillKind::CreditNote {
        reasons.push(Reason::CreditNote);
    }
    if bill.payable_minor.is_none_or(|minor| minor <= 0) {
        reasons.push(Reason::NothingOwed);
    }
    reasons
}
