//! Payments that the bank sent back.

use super::step::checked_reason;
use super::{PaymentError, Seen, seen_run};
use crate::identity::access::{Access, Permission};
use crate::payables::bills::rules::Payment as PaymentAxis;
use crate::payables::ids::PaymentId;
use crate::payables::payments::rules::RunStatus;
use crate::payables::payments::rules::netting::{Row, transfers};
use crate::payables::payments::rules::remittance;
use crate::payables::payments::store::check::move_bill;
use crate::payables::payments::store::{self, Payment, untouched};
use crate::platform::app::App;
use crate::platform::store::Entry;

/// Notes that the bank returned a payment of a released or settled run: its bill is unpaid again and can stand in another
/// run. What was netted into one transfer came back as one, so that all of it is returned together.
pub async fn return_payment(
    app: &App,
    who: &Access,
    seen: Seen,
    payment: PaymentId,
    reason: &str,
) -> Result<(), PaymentError> {
    let reach = who.reach(Permission::RunsRelease)?;
    let reason = checked_reason(reason)?;
    app.store
        .write(who.caller(), move |tx| {
            let run = seen_run(tx, seen, &reach)?;
            let (from, to) = match run.status {
                RunStatus::Released => (PaymentAxis::Scheduled, RunStatus::Released),
                RunStatus::Settled | RunStatus::PartlyReturned => {
                    (PaymentAxis::Paid, RunStatus::PartlyReturned)
                }
                other => return Err(PaymentError::NotNow(other)),
            };
            untouched::ours(tx, run.id)?;
            let in_file = store::in_file(tx, run.id)?;
            let (returned, amount_minor) =
                same_transfer(&in_file, payment).ok_or(PaymentError::Missing)?;
            for payment in &returned {
                store::set_returned(tx, payment.id, &reason).map_err(PaymentError::missing)?;
                move_bill(tx, payment.bill, from, PaymentAxis::Unpaid)
                    .map_err(PaymentError::conflict)?;
            }
            store::set_run_status(tx, &run, to).map_err(PaymentError::conflict)?;
            let of = |id: fn(&Payment) -> String| {
                let ids: Vec<String> = returned.iter().map(|payment| id(payment)).collect();
                ids.join(" ")
            };
            let entry = Entry::new("payment-run.payment-returned", "payment-run", run.id)
                .version(run.version + 1)
                .fact("bills", of(|payment| payment.bill.to_string()))
                .fact("payments", of(|payment| payment.id.to_string()))
                .fact("amount-minor", amount_minor)
                .fact("reason", &reason)
                .change("status", Some(run.status), Some(to));
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// The payments that stood in one transfer with this one, and its amount: what the file was written from says so, whatever was returned
/// since.
fn same_transfer(in_file: &[Payment], payment: PaymentId) -> Option<(Vec<&Payment>, i64)> {
    let rows: Vec<Row> = in_file
        .iter()
        .map(|payment| Row {
            vendor: payment.vendor,
            minor: payment.amount_minor,
            chars: remittance::chars(&payment.remittance),
        })
        .collect();
    let (indexes, minor) = transfers(&rows, remittance::MAX_CHARS)?
        .into_iter()
        .find(|(indexes, _)| indexes.iter().any(|at| in_file[*at].id == payment))?;
    let members = indexes.into_iter().map(|at| &in_file[at]).collect();
    Some((members, minor))
}
