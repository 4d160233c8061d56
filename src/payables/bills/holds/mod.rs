//! Reasons not to pay a bill, as a set (invariant 8): each has a kind, who placed it, who released it and why.
//!
//! Some kinds are computed: what they say follows from the rows, and [`recheck`] places and ends them. Whoever decides about
//! money asks [`standing`], which computes them anew, so that nothing rests on somebody having called `recheck`.

mod rules;
pub(super) mod store;

pub use super::rules::seller::UNLIKE;
pub use rules::{HoldKind, Wanted, duplicate_of};
pub use store::{Hold, Named, find, of_bill, open_of, place, release};
pub(in crate::payables) use store::{end, place_computed};

use countersign_money::{Currency, Money};

use super::rules::axes::BillKind;
use super::rules::missing::{missing, named};
use super::rules::payable::{Reason, payable};
use super::rules::seller::{other_id, other_name};
use super::rules::totals::{Amounts, differences};
use super::store::{Bill, claims, lines, sellers};
use crate::payables::ids::{BillId, VendorId};
use crate::platform::store::{Reads, StoreError, Tx};

/// The status of a vendor that may be paid.
const ACTIVE: &str = "active";

/// What a recheck changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rechecked {
    pub placed: Vec<HoldKind>,
    pub ended: Vec<HoldKind>,
}

impl Rechecked {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty() && self.ended.is_empty()
    }
}

/// The computed holds that the rows ask for now.
pub fn wanted(reads: &mut impl Reads, bill: &Bill) -> Result<Vec<Wanted>, StoreError> {
    let mut found = Vec::new();
    let lines = lines::of_bill(reads, bill.id)?;
    let vat = lines::vat_of_bill(reads, bill.id)?;
    let lacking = missing(bill);
    if !lacking.is_empty() {
        found.push(Wanted::new(HoldKind::MissingFields, named(&lacking)));
    }
    let inexact = lines.iter().any(|line| line.net_minor.is_none())
        || vat
            .iter()
            .any(|v| v.basis_minor.is_none() || v.tax_minor.is_none());
    if let Some(currency) = bill.currency {
        found.extend(difference(bill, currency, &lines, &vat));
        if !currency.is_active() {
            found.push(Wanted::new(HoldKind::CurrencyUnsupported, currency.code()));
        }
        if bill.kind == BillKind::CreditNote && bill.payable_minor.is_some_and(|minor| minor < 0) {
            let amount = bill.payable_minor.unwrap_or_default();
            let amount = Money::from_minor(amount, currency).to_string();
            found.push(Wanted::new(HoldKind::CreditNoteNegative, amount));
        }
        if inexact {
            found.push(Wanted::new(HoldKind::AmountNotExact, currency.code()));
        }
    }
    match bill.vendor_id {
        None => found.push(Wanted::new(HoldKind::VendorUnknown, &bill.vendor_name)),
        Some(vendor) => found.extend(of_vendor(reads, bill, vendor)?),
    }
    Ok(found)
}

fn difference(
    bill: &Bill,
    currency: Currency,
    lines: &[lines::BillLine],
    vat: &[lines::VatRow],
) -> Option<Wanted> {
    let amounts = Amounts {
        net: bill.net_minor,
        tax: bill.tax_minor,
        gross: bill.gross_minor,
        prepaid: bill.prepaid_minor,
        rounding: bill.rounding_minor,
        payable: bill.payable_minor,
        lines: lines.iter().map(|line| line.net_minor).collect(),
        vat: vat.iter().map(|entry| entry.tax_minor).collect(),
    };
    let differences = differences(&amounts, currency);
    let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
    (!told.is_empty()).then(|| Wanted::new(HoldKind::TotalsDiffer, told.join("; ")))
}

fn of_vendor(
    reads: &mut impl Reads,
    bill: &Bill,
    vendor: VendorId,
) -> Result<Vec<Wanted>, StoreError> {
    let mut found = Vec::new();
    let brief = super::store::vendor_brief(reads, vendor)?.ok_or(StoreError::Missing)?;
    if brief.status != ACTIVE {
        found.push(Wanted::new(HoldKind::VendorNotActive, &brief.status));
    }
    let seller = sellers::of_bill(reads, bill.id)?;
    if let Some(detail) = other_name(seller.as_ref(), &bill.vendor_name, &brief) {
        found.push(Wanted::new(HoldKind::VendorNameDiffers, detail));
    }
    if let Some(detail) = seller.and_then(|seller| other_id(&seller, &brief)) {
        found.push(Wanted::new(HoldKind::VendorIdDiffers, detail));
    }
    if let Some((other, number)) = super::store::duplicate_of(reads, bill)? {
        let detail = rules::duplicate_detail(&number, other);
        found.push(Wanted::new(HoldKind::DuplicateSuspected, detail));
    }
    let other_space = bill.kind.number_space().other();
    if let Some((other, number)) = super::store::same_number(reads, bill, other_space)? {
        let detail = rules::duplicate_detail(&number, other);
        found.push(Wanted::new(HoldKind::NumberReused, detail));
    }
    let claims = claims::of_bill(reads, bill.id)?;
    if let Some(known) = claims::known_account(reads, vendor)?
        && !claims.is_empty()
        && !claims.iter().any(|claim| claim.index == known.index)
    {
        let named: Vec<_> = claims.iter().map(|claim| claim.masked.as_str()).collect();
        let detail = format!("{} / {}", named.join(", "), known.masked);
        found.push(Wanted::new(HoldKind::BankAccountDiffers, detail));
    }
    Ok(found)
}

/// Places the computed holds that are wanted and ends those that are not. A hold that a person released stays released
/// until its figures change: what she looked at is not asked of her again.
pub fn recheck(tx: &mut Tx<'_>, bill: &Bill) -> Result<Rechecked, StoreError> {
    let wanted = wanted(tx, bill)?;
    let all = of_bill(tx, bill.id)?;
    let mut changed = Rechecked::default();
    for hold in rules::to_end(&all, &wanted) {
        end(tx, hold.id)?;
        changed.ended.push(hold.kind);
    }
    for want in rules::to_place(&all, &wanted) {
        if place_computed(tx, bill.id, want.kind, &want.detail)? {
            changed.placed.push(want.kind);
        }
    }
    Ok(changed)
}

/// Rechecks every unpaid bill of a vendor, after its status or its verified account changed.
pub fn recheck_vendor(tx: &mut Tx<'_>, vendor: VendorId) -> Result<usize, StoreError> {
    let mut changed = 0;
    for id in super::store::open_of_vendor(tx, vendor)? {
        let bill = super::store::find(tx, id)?;
        changed += usize::from(!recheck(tx, &bill)?.is_empty());
    }
    Ok(changed)
}

/// The holds that stand now: those placed by people, and the computed ones as the rows ask for them at this moment.
pub fn standing(reads: &mut impl Reads, bill: &Bill) -> Result<Vec<Hold>, StoreError> {
    let wanted = wanted(reads, bill)?;
    let all = of_bill(reads, bill.id)?;
    Ok(rules::standing(bill.id, &all, &wanted))
}

/// The hold of a kind that stands now, with a row: what stood without one is placed, and an open row that says what is not so
/// any more is ended first. None where none of the kind stands.
pub(super) fn placed(
    tx: &mut Tx<'_>,
    bill: &Bill,
    kind: HoldKind,
) -> Result<Option<Hold>, StoreError> {
    let of_kind = |holds: Vec<Hold>| holds.into_iter().find(|hold| hold.kind == kind);
    let Some(found) = of_kind(standing(tx, bill)?) else {
        return Ok(None);
    };
    if found.is_placed() {
        return Ok(Some(found));
    }
    if let Some(stale) = of_kind(open_of(tx, bill.id)?) {
        end(tx, stale.id)?;
    }
    place_computed(tx, bill.id, kind, &found.detail)?;
    Ok(of_kind(open_of(tx, bill.id)?))
}

/// Every reason not to pay the bill, computed from its rows now. The vendor's account and the approvers' decisions are
/// verified beside it by those who keep them.
pub fn not_payable(reads: &mut impl Reads, bill: BillId) -> Result<Vec<Reason>, StoreError> {
    let bill = super::store::find(reads, bill)?;
    let holds = standing(reads, &bill)?;
    Ok(payable(&bill, &holds))
}
