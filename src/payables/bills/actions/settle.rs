//! Settling a bill of which nothing is owed.

use super::{BillError, reason, seen};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals::{Standing, standing};
use crate::payables::bills::holds;
use crate::payables::bills::rules::{Payment, Reason};
use crate::payables::bills::store as bills;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::store::{Entry, Reads as _};

/// Notes that a bill is settled though no money leaves for it: it was paid in advance, or nets to nothing. Without this it
/// would wait for a payment for ever. It takes one who may release payments, and an approved bill that nothing else keeps
/// from being paid.
///
/// # Errors
/// [`BillError::NotSettled`] where anything is owed, or something else than that stands in the way.
pub async fn settle_without_payment(
    app: &App,
    who: &Access,
    (id, version): (BillId, i64),
    why: &str,
) -> Result<(), BillError> {
    let reach = who.reach(Permission::RunsRelease)?;
    let why = reason(why)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .write(who.caller(), move |tx| {
            let bill = seen(tx, (id, version), &reach)?;
            tx.authentic("bills", id)?;
            let mut reasons = holds::not_payable(tx, id)?;
            reasons.retain(|reason| !matches!(reason, Reason::NothingOwed | Reason::CreditNote));
            let is_approved = matches!(standing(tx, &keys, id)?, Standing::Approved { .. });
            if bill.payable_minor != Some(0) || !reasons.is_empty() || !is_approved {
                return Err(BillError::NotSettled);
            }
            bills::set_payment(tx, id, Payment::Unpaid, Payment::Paid)
                .map_err(BillError::conflict)?;
            let entry = Entry::new("bill.settled-without-payment", "bill", id)
                .version(version + 1)
                .change("payment", Some(Payment::Unpaid), Some(Payment::Paid))
                .fact("reason", &why);
            Ok(tx.commit(entry, ())?)
        })
        .await
}
