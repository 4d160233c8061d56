//! What can be paid and what cannot, computed anew each time it is asked: at proposal, countersigning, file and release.

use std::collections::BTreeMap;

use countersign_money::Currency;

use super::seal::{self, Basis};
use super::separation::{self, who_did_what};
use super::untouched::{rests_on_untouched, untouched};
use super::{Payment, Run};
use crate::identity::access::HumanId;
use crate::payables::approvals::{NotApproved, Standing, standing};
use crate::payables::bills::rules::axes::{BillKind, Payment as PaymentAxis};
use crate::payables::bills::rules::payable::Reason;
use crate::payables::bills::store::{Bill, find as find_bill};
use crate::payables::bills::{holds, store as bills};
use crate::payables::ids::{BillId, PaymentId, VendorId};
use crate::payables::payments::rules::duties::{Duties, Duty, Separation};
use crate::payables::payments::rules::netting::{Item, Row, transfers, uncovered};
use crate::payables::payments::rules::remittance;
use crate::payables::vendors::{VerifiedAccount, WhyNotPayable, payable_account};
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, StoreError};

/// Pairs of duties that one human holds.
pub type Pairs = Vec<(Duty, Duty)>;

/// Why a bill cannot be paid.
#[derive(Debug)]
pub enum Why {
    /// The bill itself: a hold, its processing, its payment.
    Bill(Reason),
    Approval(NotApproved),
    Account(WhyNotPayable),
    /// The run is in another currency.
    Currency,
    /// The vendor keeps its verified account in another currency.
    AccountCurrency,
    /// It is another legal entity's.
    Entity,
    /// What is to be paid of the same vendor's bills does not cover the credit note.
    NotCovered,
    /// One transfer cannot name the credit note beside the bills that cover it.
    Crowded,
    /// The bank would not take what is written: what is wrong with which field.
    Unwritable(String),
    /// Somebody had two duties that must be apart.
    Duties(Pairs),
    /// The payment is not what the bill says any more.
    Differs(&'static str),
    /// The payment or its run is not what was proposed: somebody has been at the database, or the bill was approved anew.
    Altered,
}

/// A bill that can be paid now.
#[derive(Debug)]
pub struct Payable {
    pub bill: Bill,
    pub vendor: VendorId,
    /// Above zero; what a credit note gives back.
    pub owed_minor: i64,
    pub account: VerifiedAccount,
    /// The digest that the approvers' decisions bind.
    pub approved_digest: [u8; 32],
    pub duties: Duties,
}

impl Payable {
    #[must_use]
    pub fn is_credit(&self) -> bool {
        self.bill.kind == BillKind::CreditNote
    }

    /// What a payment of it is proposed on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis {
            account_digest: self.account.digest,
            approved_digest: self.approved_digest,
        }
    }

    /// What it adds to a run: below zero for a credit note.
    #[must_use]
    pub fn amount_minor(&self) -> i64 {
        if self.is_credit() {
            -self.owed_minor
        } else {
            self.owed_minor
        }
    }
}

/// A bill that cannot be paid now, with every reason.
#[derive(Debug)]
pub struct LeftOut {
    pub bill: Bill,
    pub why: Vec<Why>,
}

/// What a check needs to know beside the rows.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub keys: &'a OrgKeys,
    pub now: Micros,
    pub currency: Currency,
    pub entity: crate::identity::organisations::EntityId,
    /// Where the bills' payment has to stand: unpaid before a run, scheduled within one.
    pub payment: PaymentAxis,
    pub separation: Separation,
}

/// Checks one bill for itself; credit notes are netted by [`select`].
pub fn one(
    reads: &mut impl Reads,
    asked: Asked<'_>,
    id: BillId,
) -> Result<Result<Payable, LeftOut>, StoreError> {
    let bill = find_bill(reads, id)?;
    let mut why = Vec::new();
    let mut reasons = holds::not_payable(reads, id)?;
    reasons.retain(|reason| match reason {
        Reason::CreditNote => false,
        Reason::Payment(at) => *at != asked.payment,
        _ => true,
    });
    // In a run a bill is scheduled; one that is still unpaid there was put back behind its run.
    if bill.payment != asked.payment && !reasons.iter().any(|r| matches!(r, Reason::Payment(_))) {
        why.push(Why::Differs("payment"));
    }
    why.extend(reasons.into_iter().map(Why::Bill));
    if bill.currency != Some(asked.currency) {
        why.push(Why::Currency);
    }
    if bill.entity_id != asked.entity {
        why.push(Why::Entity);
    }
    let approved = match standing(reads, asked.keys, id)? {
        Standing::Approved { by, digest, .. } => Some((by, digest)),
        Standing::Not(not) => {
            why.push(Why::Approval(not));
            None
        }
    };
    let account = match bill.vendor_id {
        None => None,
        Some(vendor) => {
            let found = payable_account(reads, asked.keys, vendor, asked.now);
            match WhyNotPayable::split(found)? {
                Ok(account) => Some((vendor, account)),
                Err(refused) => {
                    why.push(Why::Account(refused));
                    None
                }
            }
        }
    };
    if account
        .as_ref()
        .is_some_and(|(_, account)| account.currency != asked.currency.code())
    {
        why.push(Why::AccountCurrency);
    }
    if !rests_on_untouched(reads, &bill, account.as_ref().map(|(_, account)| account))? {
        why.push(Why::Altered);
    }
    let (Some((by, approved_digest)), Some((vendor, account)), Some(owed_minor)) =
        (approved, account, bill.payable_minor)
    else {
        return Ok(Err(LeftOut { bill, why }));
    };
    let duties = who_did_what(reads, asked.separation, (id, by), &account)?;
    let conflicts = duties.conflicts();
    if !conflicts.is_empty() {
        why.push(Why::Duties(conflicts));
    }
    if !why.is_empty() {
        return Ok(Err(LeftOut { bill, why }));
    }
    Ok(Ok(Payable {
        bill,
        vendor,
        owed_minor,
        account,
        approved_digest,
        duties,
    }))
}

/// What of some bills can be paid together, and what is left out: credit notes are netted.
pub fn select(
    reads: &mut impl Reads,
    asked: Asked<'_>,
    ids: &[BillId],
) -> Result<(Vec<Payable>, Vec<LeftOut>), StoreError> {
    let (mut included, mut left_out) = (Vec::new(), Vec::new());
    for id in ids {
        match one(reads, asked, *id)? {
            Ok(payable) => included.push(payable),
            Err(left) => left_out.push(left),
        }
    }
    let items: Vec<Item> = included
        .iter()
        .map(|payable| Item {
            bill: payable.bill.id,
            vendor: payable.vendor,
            owed_minor: payable.owed_minor,
            is_credit: payable.is_credit(),
        })
        .collect();
    let out = uncovered(&items);
    let (uncovered, included): (Vec<_>, Vec<_>) = included
        .into_iter()
        .partition(|payable| out.contains(&payable.bill.id));
    left_out.extend(uncovered.into_iter().map(|payable| LeftOut {
        bill: payable.bill,
        why: vec![Why::NotCovered],
    }));
    Ok((included, left_out))
}

/// Something wrong with a payment of a run.
#[derive(Debug)]
pub struct Trouble {
    pub payment: PaymentId,
    pub bill: BillId,
    pub number: String,
    pub why: Vec<Why>,
}

/// A run whose payments were checked anew, each in the order of [`super::payments`].
#[derive(Debug)]
pub struct Checked {
    pub payments: Vec<(Payment, Payable)>,
    pub troubles: Vec<Trouble>,
}

impl Checked {
    /// Duties that one human had in a payment because there are not enough others, by the bill's number.
    #[must_use]
    pub fn conceded(&self) -> Vec<(String, Pairs)> {
        self.by_number(|payable| payable.duties.conceded())
    }

    /// What somebody would hold who now acts as releasing, by the bill's number.
    #[must_use]
    pub fn conflicts_of(&self, human: HumanId) -> Vec<(String, Pairs)> {
        self.by_number(|payable| payable.duties.with(Duty::Releasing, human).conflicts())
    }

    fn by_number(&self, pairs: impl Fn(&Payable) -> Pairs) -> Vec<(String, Pairs)> {
        self.payments
            .iter()
            .map(|(_, payable)| (payable.bill.number.clone(), pairs(payable)))
            .filter(|(_, pairs)| !pairs.is_empty())
            .collect()
    }
}

/// Checks every payment of a run as if it were proposed now, and that it is still what the bill says.
pub fn run(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    run: &Run,
    now: Micros,
) -> Result<Checked, StoreError> {
    let Ok(currency) = run.currency.parse::<Currency>() else {
        return Err(StoreError::Misuse("a run's currency is not one"));
    };
    let asked = Asked {
        keys,
        now,
        currency,
        entity: run.entity,
        payment: PaymentAxis::Scheduled,
        separation: separation::now(reads)?,
    };
    let mut checked = Checked {
        payments: Vec::new(),
        troubles: Vec::new(),
    };
    let is_ours = untouched(reads, "payment_runs", [run.id])?;
    for payment in super::payments(reads, run.id)? {
        let (number, why, payable) = match one(reads, asked, payment.bill)? {
            Ok(payable) => {
                let mut why = differences(keys, &payment, &payable, run);
                if !is_ours || !untouched(reads, "payments", [payment.id])? {
                    why.push(Why::Altered);
                }
                (payable.bill.number.clone(), why, Some(payable))
            }
            Err(left) => (left.bill.number.clone(), left.why, None),
        };
        if why.is_empty()
            && let Some(payable) = payable
        {
            checked.payments.push((payment, payable));
        } else {
            checked.troubles.push(Trouble {
                payment: payment.id,
                bill: payment.bill,
                number,
                why,
            });
        }
    }
    if checked.troubles.is_empty() {
        not_covered(&mut checked);
    }
    Ok(checked)
}

fn differences(keys: &OrgKeys, payment: &Payment, payable: &Payable, run: &Run) -> Vec<Why> {
    let mut why: Vec<Why> = [
        ("amount", payment.amount_minor != payable.amount_minor()),
        ("currency", payment.currency != run.currency),
        ("vendor", payment.vendor != payable.vendor),
        ("account", payment.account != payable.account.account_id),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(what, _)| Why::Differs(what))
    .collect();
    if why.is_empty() && !seal::is_payment(keys, run, payment, payable.basis()) {
        why.push(Why::Altered);
    }
    why
}

/// A vendor whose credit notes outweigh its bills, after one of them was taken out.
fn not_covered(checked: &mut Checked) {
    let mut by_vendor: BTreeMap<VendorId, Vec<Row>> = BTreeMap::new();
    for (payment, _) in &checked.payments {
        let rows = by_vendor.entry(payment.vendor).or_default();
        rows.push(Row {
            vendor: payment.vendor,
            minor: payment.amount_minor,
            chars: remittance::chars(&payment.remittance),
        });
    }
    by_vendor.retain(|_, rows| transfers(rows, remittance::MAX_CHARS).is_none());
    let found = checked
        .payments
        .iter()
        .filter(|(payment, _)| by_vendor.contains_key(&payment.vendor));
    checked
        .troubles
        .extend(found.map(|(payment, payable)| Trouble {
            payment: payment.id,
            bill: payment.bill,
            number: payable.bill.number.clone(),
            why: vec![Why::NotCovered],
        }));
}

/// Moves a bill's payment on; `Missing` where somebody else was first.
pub(in crate::payables::payments) fn move_bill(
    tx: &mut crate::platform::store::Tx<'_>,
    bill: BillId,
    from: PaymentAxis,
    to: PaymentAxis,
) -> Result<(), StoreError> {
    bills::set_payment(tx, bill, from, to)
}
