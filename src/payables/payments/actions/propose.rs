//! Proposing a run.

use std::collections::BTreeSet;

use countersign_money::Currency;
use jiff::civil::Date;

use super::{Offending, PaymentError, acting, today, word};
use crate::identity::access::{Access, Permission, Reach};
use crate::identity::organisations::{EntityAccountId, EntityId, paying_account};
use crate::payables::bills::rules::Payment as PaymentAxis;
use crate::payables::bills::store as bills;
use crate::payables::ids::{BillId, PaymentId, RunId};
use crate::payables::payments::rules::{MAX_PAYMENTS, PaymentStatus, RunStatus, remittance};
use crate::payables::payments::store::check::{self, Asked, Payable};
use crate::payables::payments::store::file::Payer;
use crate::payables::payments::store::{self, Payment, Run, seal, separation, writable};
use crate::platform::app::App;
use crate::platform::ids::Id as _;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Tx};

/// A run as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The account to pay from.
    pub account: EntityAccountId,
    /// Not before today, where the organisation is.
    pub execution_date: Date,
    /// The bills and credit notes to pay; each must be payable.
    pub bills: Vec<BillId>,
}

/// Proposes a run of bills that can all be paid. Of several runs that want one bill, one gets it.
pub async fn propose_run(app: &App, who: &Access, new: NewRun) -> Result<RunId, PaymentError> {
    let reach = who.reach(Permission::RunsPropose)?;
    let mut new = new;
    let mut known = BTreeSet::new();
    new.bills.retain(|bill| known.insert(*bill));
    if new.bills.is_empty() {
        return Err(PaymentError::Nothing);
    }
    if new.bills.len() > MAX_PAYMENTS {
        return Err(PaymentError::TooMany { most: MAX_PAYMENTS });
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = acting(who);
    app.store
        .write(who.caller(), move |tx| {
            let now = tx.now();
            if new.execution_date < today(tx, now)? {
                return Err(PaymentError::Field("execution_date"));
            }
            let mut run = empty_run(tx, &new, by)?;
            within_reach(tx, run.entity, &new.bills, &reach)?;
            let payables = all_payable(tx, &keys, &run, &new.bills)?;
            let payments = payments(tx, &keys, &run, &payables);
            run.total_minor = payments
                .iter()
                .try_fold(0_i64, |sum, p| sum.checked_add(p.amount_minor))
                .ok_or(PaymentError::TooMany { most: MAX_PAYMENTS })?;
            run.payment_count = payments.len() as i64;
            store::insert(tx, &run)?;
            for payment in &payments {
                store::insert_payment(tx, payment).map_err(PaymentError::in_run)?;
                check::move_bill(
                    tx,
                    payment.bill,
                    PaymentAxis::Unpaid,
                    PaymentAxis::Scheduled,
                )
                .map_err(PaymentError::in_run)?;
            }
            let entry = Entry::new("payment-run.proposed", "payment-run", run.id)
                .fact("reference", &run.reference)
                .fact("execution-date", run.execution_date)
                .fact("currency", &run.currency)
                .fact("total-minor", run.total_minor)
                .fact("payments", run.payment_count)
                .fact("bills", listed(payments.iter().map(|p| p.bill)))
                .fact("accounts", listed(payments.iter().map(|p| p.account)));
            Ok(tx.commit(entry, run.id)?)
        })
        .await
}

/// Who pays, and every bill: what is not hers to pay is not there.
fn within_reach(
    tx: &mut Tx<'_>,
    entity: EntityId,
    chosen: &[BillId],
    reach: &Reach,
) -> Result<(), PaymentError> {
    reach.check(entity).map_err(PaymentError::missing)?;
    if *reach != Reach::Everything {
        for bill in chosen {
            bills::within(tx, *bill, reach).map_err(PaymentError::missing)?;
        }
    }
    Ok(())
}

fn empty_run(
    tx: &mut Tx<'_>,
    new: &NewRun,
    (proposed_by, proposed_human): (
        crate::platform::ids::PersonId,
        crate::identity::access::HumanId,
    ),
) -> Result<Run, PaymentError> {
    let account = paying_account(tx, new.account).map_err(PaymentError::missing)?;
    let id: RunId = tx.id();
    let random = id.uuid().simple().to_string();
    Ok(Run {
        id,
        entity: account.entity,
        account: account.id,
        reference: format!(
            "{}-{}",
            new.execution_date.strftime("%Y%m%d"),
            &random[random.len() - 8..]
        ),
        status: RunStatus::Proposed,
        execution_date: new.execution_date,
        currency: account.currency,
        total_minor: 0,
        payment_count: 0,
        proposed_by,
        proposed_human,
        proposed: tx.now(),
        countersigned_by: None,
        countersigned_human: None,
        countersigned: None,
        digest: None,
        countersign_tag: None,
        file_document: None,
        file_sha256: None,
        file_tag: None,
        released_by: None,
        released: None,
        settled: None,
        voided: None,
        version: 1,
    })
}

fn all_payable(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    run: &Run,
    bills: &[BillId],
) -> Result<Vec<Payable>, PaymentError> {
    let currency: Currency = run
        .currency
        .parse()
        .map_err(|_| PaymentError::Field("account"))?;
    let asked = Asked {
        keys,
        now: tx.now(),
        currency,
        entity: run.entity,
        payment: PaymentAxis::Unpaid,
        separation: separation::now(tx)?,
    };
    let (payable, mut left_out) = check::select(tx, asked, bills).map_err(PaymentError::missing)?;
    let place = (run.entity, run.account);
    let payer = Payer::of(tx, keys, place, (currency, run.execution_date))?;
    let payable = writable::sift(tx, &payer, payable, &mut left_out)?;
    if left_out.is_empty() {
        return Ok(payable);
    }
    let offending = left_out
        .into_iter()
        .map(|left| Offending {
            number: left.bill.number,
            why: left.why.iter().map(word).collect(),
        })
        .collect();
    Err(PaymentError::NotPayable(offending))
}

fn payments(tx: &mut Tx<'_>, keys: &OrgKeys, run: &Run, payables: &[Payable]) -> Vec<Payment> {
    payables
        .iter()
        .map(|payable| {
            let id: PaymentId = tx.id();
            let bill = &payable.bill;
            let mut payment = Payment {
                id,
                run: run.id,
                bill: bill.id,
                vendor: payable.vendor,
                account: payable.account.account_id,
                amount_minor: payable.amount_minor(),
                currency: run.currency.clone(),
                // 32 characters of the identifier set; EndToEndId has 35.
                end_to_end_id: id.uuid().simple().to_string(),
                remittance: remittance::of_bill(&bill.payment_reference, &bill.number),
                status: PaymentStatus::Scheduled,
                tag: Vec::new(),
                version: 1,
            };
            payment.tag = seal::payment_tag(keys, run, &payment, payable.basis());
            payment
        })
        .collect()
}

/// Ids in one value, a space between two: what `countersign-verify --payment-run` follows.
fn listed(ids: impl Iterator<Item = impl ToString>) -> String {
    let ids: BTreeSet<String> = ids.map(|id| id.to_string()).collect();
    ids.into_iter().collect::<Vec<_>>().join(" ")
}
