//! Countersigning a run, taking payments out of it, and voiding it.

use data_encoding::HEXLOWER;

use super::{PaymentError, Seen, acting, checked, in_time, may_release, seen_run};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::payables::bills::rules::Payment as PaymentAxis;
use crate::payables::ids::{BillId, PaymentId, VendorId};
use crate::payables::payments::rules::{MAX_REASON_CHARS, RunStatus};
use crate::payables::payments::store::check::move_bill;
use crate::payables::payments::store::{self, Payment, Run, seal, untouched};
use crate::platform::app::App;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// Countersigns a run as it was seen: another human than the one who proposed it, without another duty in its payments.
pub async fn countersign_run(app: &App, who: &Access, seen: Seen) -> Result<(), PaymentError> {
    let reach = who.reach(Permission::RunsCountersign)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (person, human) = acting(who);
    app.store
        .write(who.caller(), move |tx| {
            let mut run = seen_run(tx, seen, &reach)?;
            if run.status != RunStatus::Proposed {
                return Err(PaymentError::NotNow(run.status));
            }
            // Each payment's tag covers the run's proposer: checked first, so that nobody disowns her proposal.
            let now = tx.now();
            in_time(tx, &run, now)?;
            let checked = checked(tx, &keys, &run, now)?;
            if humans::load(tx)?.are_one(run.proposed_human, human) {
                return Err(PaymentError::SameHuman);
            }
            may_release(&checked, human)?;
            let digest = seal::digest(run.id, checked.payments.iter().map(|(payment, _)| payment));
            if digest != seen.digest {
                return Err(PaymentError::Conflict);
            }
            run.digest = Some(digest);
            run.countersigned_by = Some(person);
            run.countersigned_human = Some(human);
            run.countersigned = Some(tx.now());
            let conceded = checked.conceded();
            let tag = seal::countersign_tag(&keys, &run)
                .expect("digest, person, human and moment were set just above");
            store::countersign(tx, &run, tag).map_err(PaymentError::conflict)?;
            let mut entry = Entry::new("payment-run.countersigned", "payment-run", run.id)
                .version(run.version + 1)
                .change("status", Some(run.status), Some(RunStatus::Countersigned))
                .fact("digest", HEXLOWER.encode(&digest));
            if !conceded.is_empty() {
                // For the auditor: in how many payments one human approved the bill and verified the account.
                entry = entry.fact("approved-and-verified-by-one", conceded.len());
            }
            Ok(tx.commit(entry, ())?)
        })
        .await
}

pub(super) fn checked_reason(reason: &str) -> Result<String, PaymentError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(PaymentError::Field("reason"));
    }
    Ok(reason.to_owned())
}

/// Takes one payment out of a run that was not released. The run waits for its second human again.
pub async fn remove_payment(
    app: &App,
    who: &Access,
    seen: Seen,
    payment: PaymentId,
    reason: &str,
) -> Result<(), PaymentError> {
    let reach = who.reach(Permission::RunsCountersign)?;
    let reason = checked_reason(reason)?;
    app.store
        .write(who.caller(), move |tx| {
            let run = seen_run(tx, seen, &reach)?;
            if !run.status.is_unreleased() {
                return Err(PaymentError::NotNow(run.status));
            }
            let found = store::payments(tx, run.id)?
                .into_iter()
                .find(|found| found.id == payment)
                .ok_or(PaymentError::Missing)?;
            take_out(tx, &run, &found, &reason).map_err(PaymentError::conflict)?;
            Ok(tx.done(())?)
        })
        .await
}

/// Takes a bill out of the run that it stands in, unless that was released: its facts, account or approval changed.
/// Journals by itself; returns whether it stood in one. To be called by whatever changes a bill, in its transaction.
pub fn remove_from_open_runs(
    tx: &mut Tx<'_>,
    bill: BillId,
    reason: &str,
) -> Result<bool, StoreError> {
    let Some(payment) = store::of_bill(tx, bill)? else {
        return Ok(false);
    };
    let run = store::find(tx, payment.run)?;
    if !run.status.is_unreleased() {
        return Ok(false);
    }
    take_out(tx, &run, &payment, reason)?;
    Ok(true)
}

/// Whether the bank has a bill's payment, or may have it: nothing that it was paid on is changed any more.
pub fn is_at_bank(reads: &mut impl Reads, bill: BillId) -> Result<bool, StoreError> {
    let Some(payment) = store::of_bill(reads, bill)? else {
        return Ok(false);
    };
    Ok(!store::find(reads, payment.run)?.status.is_unreleased())
}

/// Takes all bills of a vendor out of unreleased runs, after its account or its status changed. Journals by itself.
pub fn remove_vendor_from_open_runs(
    tx: &mut Tx<'_>,
    vendor: VendorId,
    reason: &str,
) -> Result<usize, StoreError> {
    let bills = store::open_of_vendor(tx, vendor)?;
    let mut removed = 0;
    for bill in bills {
        removed += usize::from(remove_from_open_runs(tx, bill, reason)?);
    }
    Ok(removed)
}

fn take_out(tx: &mut Tx<'_>, run: &Run, payment: &Payment, reason: &str) -> Result<(), StoreError> {
    // A released run that says proposed behind the application's back would free bills that the bank has.
    untouched::ours(tx, run.id)?;
    store::remove(tx, payment.id, reason)?;
    free(tx, payment.bill)?;
    let left = store::payments(tx, run.id)?;
    let total = left.iter().fold(0_i64, |sum, payment| {
        sum.saturating_add(payment.amount_minor)
    });
    let count = i64::try_from(left.len()).unwrap_or(i64::MAX);
    let status = if left.is_empty() {
        store::void(tx, run)?;
        RunStatus::Voided
    } else {
        store::set_content(tx, run, (total, count))?;
        RunStatus::Proposed
    };
    tx.journal(
        Entry::new("payment-run.payment-removed", "payment-run", run.id)
            .version(run.version + 1)
            .fact("bill", payment.bill)
            .fact("payment", payment.id)
            .fact("amount-minor", payment.amount_minor)
            .fact("reason", reason)
            .change("status", Some(run.status), Some(status))
            .change("total-minor", Some(run.total_minor), Some(total)),
    )
}

/// A bill that was taken out can be proposed again. One whose payment is not scheduled was changed by somebody else;
/// there is nothing to put back then.
fn free(tx: &mut Tx<'_>, bill: BillId) -> Result<(), StoreError> {
    match move_bill(tx, bill, PaymentAxis::Scheduled, PaymentAxis::Unpaid) {
        Err(StoreError::Missing) => Ok(()),
        other => other,
    }
}

/// Voids a run that was not released, and puts its bills back.
pub async fn void_run(
    app: &App,
    who: &Access,
    seen: Seen,
    reason: &str,
) -> Result<(), PaymentError> {
    let reach = who.reach_of_any(&[Permission::RunsPropose, Permission::RunsCountersign])?;
    let reason = checked_reason(reason)?;
    app.store
        .write(who.caller(), move |tx| {
            let run = seen_run(tx, seen, &reach)?;
            if !run.status.is_unreleased() {
                return Err(PaymentError::NotNow(run.status));
            }
            untouched::ours(tx, run.id)?;
            for payment in store::payments(tx, run.id)? {
                store::remove(tx, payment.id, &reason)?;
                free(tx, payment.bill)?;
            }
            store::void(tx, &run).map_err(PaymentError::conflict)?;
            let entry = Entry::new("payment-run.voided", "payment-run", run.id)
                .version(run.version + 1)
                .change("status", Some(run.status), Some(RunStatus::Voided))
                .fact("reason", &reason);
            Ok(tx.commit(entry, ())?)
        })
        .await
}
