//! Typing what no reader found, and correcting what one found.

use countersign_money::Money;
use countersign_sealing::Secret;

use super::{BillError, seen};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals;
use crate::payables::bills::holds::{self, HoldKind};
use crate::payables::bills::rules::typed::{self, Typed, TypedForm};
use crate::payables::bills::rules::{
    BillField, FactSource, Payment, Processing, missing, number_key,
};
use crate::payables::bills::store::claims::{self, Claim};
use crate::payables::bills::store::{self as bills, Bill, BillLine, facts, lines, search, sellers};
use crate::payables::ids::BillId;
use crate::payables::payments;
use crate::payables::vendors::actions::ask_about_number;
use crate::payables::vendors::rules::questions::Asking;
use crate::payables::vendors::{SellerClaim, VendorError, match_or_request};
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::VENDOR_IBAN;
use crate::platform::store::{Committed, Entry, Read, Tx};

/// The line of a bill that was typed without lines: its net total, so that there is something to code.
const TOTAL_LINE: &str = "BT-109";

/// A form with what is secret in it apart.
#[derive(Debug)]
pub struct Correction {
    pub form: TypedForm,
    /// BT-31; empty where it was not typed.
    pub vendor_vat_id: Secret<String>,
    /// BT-84; empty where it was not typed.
    pub account: Secret<String>,
}

/// Writes what a person typed over the bill of the version that she saw; returns the version afterwards. What was approved is
/// void where anything that a decision binds changed, and the bill leaves a payment run that is not released.
///
/// # Errors
/// [`BillError::Typed`] with every field that cannot be used, [`BillError::Paid`] where the bank has its payment.
pub async fn correct(
    app: &App,
    who: &Access,
    (id, version): (BillId, i64),
    correction: Correction,
) -> Result<i64, BillError> {
    let reach = who.reach(Permission::BillsEnter)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let typed = typed::read(&correction.form);
    let account = typed::account(correction.account.expose());
    let (typed, account) = match (typed, account) {
        (Ok(typed), Ok(account)) => (typed, account),
        (typed, account) => {
            let mut faults = typed.err().unwrap_or_default();
            faults.extend(account.err().map(|problem| ("iban", problem)));
            return Err(BillError::Typed(faults));
        }
    };
    let claim = account.map(|iban| Claim {
        index: keys.blind_index(VENDOR_IBAN, iban.expose()),
        masked: iban.masked(),
        source: FactSource::Typed,
    });
    let vat_id = correction.vendor_vat_id;
    let names_number = !vat_id.expose().trim().is_empty();
    let (name, within) = (typed.vendor_name.clone(), reach.clone());
    // The vendor of another name is compared with the number that the document names, which answers as one that is typed does.
    let compares = move |read: &mut Read<'_>| {
        let bill = seen(read, (id, version), &within)?;
        let seller = sellers::of_bill(read, id)?;
        let has_number = seller.is_some_and(|seller| seller.names_number());
        // A bill of nobody's is matched anew, by the name that it has.
        Ok::<_, BillError>(has_number && (bill.vendor_name != name || bill.vendor_id.is_none()))
    };
    let field = if names_number {
        Some("vendor_vat_id")
    } else {
        let compares = app.store.read(who.scope(), compares).await?;
        compares.then_some("vendor_name")
    };
    if let Some(field) = field {
        let asked = ask_about_number(app, who.scope(), who.human(), Asking::Typed).await;
        asked.map_err(|error| match error {
            VendorError::Asked { minutes } => BillError::Asked { field, minutes },
            other => vendor_error(other),
        })?;
    }
    app.store
        .write(who.caller(), move |tx| {
            let vat_id = names_number.then(|| Secret::new(vat_id.expose().trim().to_owned()));
            let bill = seen(tx, (id, version), &reach)?;
            correct_in(tx, &keys, bill, &typed, vat_id, claim.as_ref())
        })
        .await
}

fn correct_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    mut before: Bill,
    typed: &Typed,
    vat_id: Option<Secret<String>>,
    claim: Option<&Claim>,
) -> Result<Committed<i64>, BillError> {
    let id = before.id;
    if before.processing.is_closed() {
        return Err(BillError::Closed(before.processing));
    }
    if payments::remove_from_open_runs(tx, id, "bill.corrected")? {
        before = bills::find(tx, id)?;
    }
    // What is scheduled still stands in a released run: the bank pays what the bill said then.
    if before.payment != Payment::Unpaid {
        return Err(BillError::Paid);
    }
    let mut after = applied(&before, typed);
    if after.vendor_name != before.vendor_name || before.vendor_id.is_none() || vat_id.is_some() {
        let seller = SellerClaim {
            name: after.vendor_name.clone(),
            vat_id,
            ..SellerClaim::default()
        };
        after.vendor_id = match_or_request(tx, keys, &seller)
            .map_err(vendor_error)?
            .vendor;
    }
    if after.processing == Processing::Received && missing(&after).is_empty() {
        after.processing = Processing::Captured;
    }
    let changes = changes(&before, &after);
    for (field, _, _) in &changes {
        facts::note(tx, id, *field, FactSource::Typed)?;
    }
    if let Some(claim) = claim {
        claims::insert(tx, id, claim)?;
        facts::note(tx, id, BillField::Account, FactSource::Typed)?;
    }
    bills::update(tx, &after).map_err(BillError::conflict)?;
    total_line(tx, &after)?;
    search::index(tx, &after)?;
    put_right(tx, &after)?;
    let rechecked = holds::recheck(tx, &after)?;
    let mut entry = Entry::new("bill.corrected", "bill", id)
        .version(before.version + 1)
        .change(
            "processing",
            Some(before.processing),
            Some(after.processing),
        );
    for (field, was, is) in &changes {
        entry = entry.change(field.as_str(), was.as_ref(), is.as_ref());
    }
    if let Some(claim) = claim {
        entry = entry.fact("account", &claim.masked);
    }
    if !rechecked.placed.is_empty() {
        let kinds: Vec<_> = rechecked.placed.iter().map(|kind| kind.as_str()).collect();
        entry = entry.fact("held", kinds.join(" "));
    }
    tx.journal(entry)?;
    approvals::void(tx, id, "bill.corrected")?;
    let version = bills::find(tx, id)?.version;
    Ok(tx.done(version)?)
}

fn vendor_error(error: VendorError) -> BillError {
    match error {
        VendorError::Store(error) => BillError::Store(error),
        VendorError::Key(error) => BillError::Keys(error),
        other => BillError::Vendor(other.to_string()),
    }
}

/// The bill with what was typed. Prepaid and rounded amounts are the document's alone; an amount to pay that was left empty
/// follows from the total and from them.
fn applied(before: &Bill, typed: &Typed) -> Bill {
    let mut after = Bill {
        kind: typed.kind,
        vendor_name: typed.vendor_name.clone(),
        number: typed.number.clone(),
        number_key: number_key(&typed.number),
        purchase_order: typed.purchase_order.clone(),
        payment_reference: typed.payment_reference.clone(),
        issue_date: typed.issue_date,
        due_date: typed.due_date,
        currency: typed.currency,
        net_minor: typed.net_minor,
        tax_minor: typed.tax_minor,
        gross_minor: typed.gross_minor,
        payable_minor: typed.payable_minor,
        ..before.clone()
    };
    after.payable_minor = after.payable_minor.or(after.due_minor());
    after
}

type Change = (BillField, Option<String>, Option<String>);

/// Field by field what is another value now.
fn changes(before: &Bill, after: &Bill) -> Vec<Change> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let money = |bill: &Bill, minor: Option<i64>| {
        let (minor, currency) = (minor?, bill.currency?);
        Some(Money::from_minor(minor, currency).to_string())
    };
    let of = |bill: &Bill| {
        [
            (BillField::Kind, Some(bill.kind.as_str().to_owned())),
            (BillField::Vendor, text(&bill.vendor_name)),
            (BillField::Number, text(&bill.number)),
            (BillField::PurchaseOrder, text(&bill.purchase_order)),
            (BillField::PaymentReference, text(&bill.payment_reference)),
            (BillField::IssueDate, date(bill.issue_date)),
            (BillField::DueDate, date(bill.due_date)),
            (
                BillField::Currency,
                bill.currency.map(|c| c.code().to_owned()),
            ),
            (BillField::Net, money(bill, bill.net_minor)),
            (BillField::Tax, money(bill, bill.tax_minor)),
            (BillField::Gross, money(bill, bill.gross_minor)),
            (BillField::Payable, money(bill, bill.payable_minor)),
        ]
    };
    of(before)
        .into_iter()
        .zip(of(after))
        .filter(|((_, was), (_, is))| was != is)
        .map(|((field, was), (_, is))| (field, was, is))
        .collect()
}

/// A bill without lines of a document gets one of its net total; where the total changed, another one in its place.
fn total_line(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), BillError> {
    let lines = lines::of_bill(tx, bill.id)?;
    if lines.iter().any(|line| line.label != TOTAL_LINE) || bill.net_minor.is_none() {
        return Ok(());
    }
    if lines
        .first()
        .is_some_and(|line| line.net_minor == bill.net_minor)
    {
        return Ok(());
    }
    lines::remove_all(tx, bill.id)?;
    let line = BillLine {
        id: tx.id(),
        position: 1,
        label: TOTAL_LINE.to_owned(),
        description: String::new(),
        quantity: String::new(),
        unit: String::new(),
        unit_price: String::new(),
        net_minor: bill.net_minor,
        vat_category: String::new(),
        vat_rate: String::new(),
        version: 1,
    };
    lines::insert(tx, bill.id, &line)?;
    facts::note(tx, bill.id, BillField::Lines, FactSource::Typed)?;
    Ok(())
}

/// What waited for typing and has been typed waits no longer.
fn put_right(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), BillError> {
    if !missing(bill).is_empty() {
        return Ok(());
    }
    for hold in holds::open_of(tx, bill.id)? {
        if hold.kind == HoldKind::Unreadable {
            holds::end(tx, hold.id)?;
        }
    }
    Ok(())
}
