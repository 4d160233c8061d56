//! Disputing, rejecting and cancelling a bill, each with a reason.

use super::{BillError, reason, seen};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals;
use crate::payables::bills::rules::{Payment, Processing};
use crate::payables::bills::store as bills;
use crate::payables::ids::BillId;
use crate::payables::payments;
use crate::platform::app::App;
use crate::platform::store::Entry;

/// What is to become of a bill that is not simply paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    Dispute,
    Reject,
    Cancel,
}

impl Closing {
    const fn processing(self) -> Processing {
        match self {
            Self::Dispute => Processing::Disputed,
            Self::Reject => Processing::Rejected,
            Self::Cancel => Processing::Cancelled,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Dispute => "bill.disputed",
            Self::Reject => "bill.rejected",
            Self::Cancel => "bill.cancelled",
        }
    }
}

/// Takes a bill off its way, in the version that the person saw. What was approved is void, and the bill leaves a payment run
/// that is not released; the file of a released one may be on its way.
///
/// # Errors
/// [`BillError::NoWay`] where processing may not go there, [`BillError::Paid`] where it is in a released run or paid.
pub async fn close(
    app: &App,
    who: &Access,
    (id, version): (BillId, i64),
    closing: Closing,
    why: &str,
) -> Result<i64, BillError> {
    let reach = who.reach(Permission::BillsEnter)?;
    let (why, to) = (reason(why)?, closing.processing());
    app.store
        .write(who.caller(), move |tx| {
            let mut bill = seen(tx, (id, version), &reach)?;
            if !bill.processing.may_become(to) {
                return Err(BillError::NoWay {
                    from: bill.processing,
                    to,
                });
            }
            if payments::remove_from_open_runs(tx, id, closing.action())? {
                bill = bills::find(tx, id)?;
            }
            if bill.payment != Payment::Unpaid {
                return Err(BillError::Paid);
            }
            bills::move_to(tx, &bill, to, &why).map_err(BillError::conflict)?;
            let entry = Entry::new(closing.action(), "bill", id)
                .version(bill.version + 1)
                .change("processing", Some(bill.processing), Some(to))
                .fact("reason", &why);
            tx.journal(entry)?;
            approvals::void(tx, id, closing.action())?;
            Ok(tx.done(bill.version + 1)?)
        })
        .await
}
