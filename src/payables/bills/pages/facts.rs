//! The facts of a bill, each with where it came from.

use super::words;
use super::words::money;
use crate::msg;
use crate::payables::bills::actions::Shown;
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::rules::{BillField, FactSource};
use crate::payables::bills::views::FactGroup;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Fact, Source};

/// Where a field's value came from.
fn source(page: &Page, shown: &Shown, field: BillField) -> Option<Source> {
    let row = shown.facts.iter().find(|row| row.field == field)?;
    Some(match row.source {
        FactSource::Document => Source::Term(row.term.clone()),
        FactSource::Typed => Source::Typed(
            row.person_name
                .clone()
                .unwrap_or_else(|| page.t(msg!("bills-typed-unknown"))),
        ),
        FactSource::Terms => Source::Computed(page.t(msg!("bills-from-terms"))),
    })
}

/// The facts in groups: the invoice, the vendor.
pub fn groups(page: &Page, shown: &Shown) -> Vec<FactGroup> {
    let bill = &shown.bill;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| page.date(day));
    let fact = |label, value, field| Fact::new(page.t(label), value, source(page, shown, field));
    let amount = |label, minor: Option<i64>, field| Fact {
        numeric: true,
        ..fact(
            label,
            minor.map(|minor| money(page, Some(minor), bill.currency)),
            field,
        )
    };
    let kind = Some(page.t(words::kind(bill.kind)));
    let mut invoice = vec![
        fact(msg!("bills-kind"), kind, BillField::Kind),
        fact(msg!("bills-number"), text(&bill.number), BillField::Number),
        fact(
            msg!("bills-invoice-date"),
            day(bill.issue_date),
            BillField::IssueDate,
        ),
        fact(msg!("bills-due"), day(bill.due_date), BillField::DueDate),
        fact(
            msg!("bills-purchase-order"),
            text(&bill.purchase_order),
            BillField::PurchaseOrder,
        ),
        fact(
            msg!("bills-currency"),
            bill.currency.map(|currency| currency.code().to_owned()),
            BillField::Currency,
        ),
        amount(msg!("bills-term-net-total"), bill.net_minor, BillField::Net),
        amount(msg!("bills-vat"), bill.tax_minor, BillField::Tax),
        amount(msg!("bills-total"), bill.gross_minor, BillField::Gross),
        amount(
            msg!("bills-term-payable"),
            bill.payable_minor,
            BillField::Payable,
        ),
    ];
    let received = Source::Computed(page.time(bill.received_us.0));
    let file = shown
        .document
        .as_ref()
        .map(|document| document.file_name.clone());
    invoice.push(Fact::new(
        page.t(msg!("bills-received")),
        file,
        Some(received),
    ));
    if !bill.syntax.is_empty() {
        let read_as = format!("{} {}", bill.syntax, bill.profile)
            .trim()
            .to_owned();
        invoice.push(Fact::new(
            page.t(msg!("bills-profile")),
            Some(read_as),
            None,
        ));
    }
    vec![
        FactGroup {
            title: page.t(msg!("bills-section-header")),
            facts: invoice,
        },
        FactGroup {
            title: page.t(msg!("bills-vendor")),
            facts: vendor(page, shown),
        },
    ]
}

/// The vendor, and what the document claims about its account beside what was verified.
fn vendor(page: &Page, shown: &Shown) -> Vec<Fact> {
    let bill = &shown.bill;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut facts = vec![Fact::new(
        page.t(msg!("bills-term-name")),
        text(&bill.vendor_name),
        source(page, shown, BillField::Vendor),
    )];
    if let Some(vendor) = &shown.vendor {
        let by = Source::Computed(page.t(msg!("bills-from-vendor")));
        facts.push(Fact::new(
            page.t(msg!("bills-vendor")),
            Some(vendor.name.clone()),
            Some(by),
        ));
    }
    let differs = shown
        .holds
        .iter()
        .any(|hold| hold.kind == HoldKind::BankAccountDiffers);
    for claim in &shown.claims {
        let mut fact = Fact::new(
            page.t(msg!("bills-account-claimed")),
            Some(claim.masked.clone()),
            source(page, shown, BillField::Account),
        );
        fact.remark = differs.then(|| page.t(msg!("bills-account-differs")));
        facts.push(fact);
    }
    let mut verified = Fact::new(
        page.t(msg!("bills-account-verified")),
        shown.known_account.clone(),
        None,
    );
    if shown.known_account.is_none() {
        verified.remark = Some(page.t(msg!("bills-account-none")));
    }
    facts.push(verified);
    facts.push(Fact::new(
        page.t(msg!("bills-payment-reference")),
        text(&bill.payment_reference),
        source(page, shown, BillField::PaymentReference),
    ));
    facts
}
