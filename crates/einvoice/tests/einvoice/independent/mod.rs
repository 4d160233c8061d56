//! What the reader finds is what an independent reading of the same document finds.
//!
//! The paths here are written by hand from the standard's syntax bindings and walked over a tree of another parser;
//! nothing of the reader's tables is used.

mod cii;
mod tree;
mod ubl;

use crate::data::documents;
use countersign_einvoice::model::{
    Amount, Identifier, Invoice, Line, Party, Sensitive, VatBreakdown,
};
use countersign_einvoice::read::{Syntax, read};
use countersign_einvoice::terms::Term;
use roxmltree::Document;
use rust_decimal::Decimal;

/// Category, rate, taxable amount, tax, code of the reason for exemption.
type Vat = (
    Option<String>,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    Option<String>,
);
/// Identifier, name, then quantity, net amount, price, rate of VAT and first allowance.
type LineFacts = (Option<String>, Option<String>, Vec<Option<Decimal>>);

/// The facts that are compared, in one order for both readings.
#[derive(Debug, PartialEq, Default)]
struct Facts {
    header: Vec<Option<String>>,
    parties: Vec<Option<String>>,
    accounts: Vec<String>,
    totals: Vec<Option<Decimal>>,
    vat: Vec<Vat>,
    lines: Vec<LineFacts>,
    allowances: Vec<(bool, Option<Decimal>)>,
}

fn from_model(i: &Invoice) -> Facts {
    let digits =
        |date: Option<jiff::civil::Date>| date.map(|date| date.strftime("%Y%m%d").to_string());
    let amount = |amount: Option<Amount>| amount.map(|amount| amount.value);
    let exposed = |text: &Option<Sensitive>| text.as_ref().map(|text| text.expose().to_owned());
    let identifier = |id: &Option<Identifier>| id.as_ref().map(|id| id.value.clone());
    let party = |p: &Party| {
        let address = p.address.clone().unwrap_or_default();
        let contact = p.contact.clone().unwrap_or_default();
        [
            p.name.clone(),
            exposed(&p.vat_id),
            identifier(&p.legal_registration),
            identifier(&p.electronic_address),
            address.line1,
            address.city,
            address.post_code,
            address.country,
            contact.email,
        ]
    };
    let vat = |v: &VatBreakdown| {
        (
            v.category.clone(),
            v.rate,
            amount(v.taxable),
            amount(v.tax),
            v.exemption_reason_code.clone(),
        )
    };
    let line = |l: &Line| {
        let numbers = [
            l.quantity.as_ref().map(|q| q.value),
            amount(l.net_amount),
            amount(l.price.net),
            l.vat_rate,
            amount(l.allowances.first().and_then(|a| a.amount)),
        ];
        (
            l.id.as_deref().map(str::to_owned),
            l.item.name.as_deref().map(str::to_owned),
            numbers.to_vec(),
        )
    };
    let t = &i.totals;
    let totals = [
        t.line_net,
        t.allowances,
        t.charges,
        t.without_vat,
        t.vat,
        t.vat_in_tax_currency,
        t.with_vat,
        t.paid,
        t.rounding,
        t.due,
    ];
    Facts {
        header: vec![
            i.number.clone(),
            digits(i.issue_date),
            i.type_code.clone(),
            i.currency.map(String::from),
            i.specification.clone(),
            digits(i.due_date),
            i.references.buyer.clone(),
            i.references.purchase_order.clone(),
            i.references.contract.clone(),
            i.preceding_invoices.first().and_then(|p| p.number.clone()),
            digits(i.delivery.as_ref().and_then(|d| d.date)),
            digits(i.period.and_then(|p| p.start)),
            digits(i.period.and_then(|p| p.end)),
            i.payment.remittance_information.clone(),
        ],
        parties: [party(&i.seller), party(&i.buyer)].concat(),
        accounts: i
            .payment
            .account_claims()
            .filter_map(|claim| exposed(&claim.account))
            .collect(),
        totals: totals.map(amount).to_vec(),
        vat: i.vat_breakdown.iter().map(vat).collect(),
        lines: i.lines.iter().map(line).collect(),
        allowances: i
            .allowances
            .iter()
            .map(|a| (false, amount(a.amount)))
            .chain(i.charges.iter().map(|c| (true, amount(c.amount))))
            .collect(),
    }
}

#[test]
fn every_document_says_the_same_to_another_reader() {
    for document in documents() {
        let name = &document.name;
        let reading = read(&document.bytes[..]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = String::from_utf8(document.bytes).expect("the material is UTF-8");
        let tree = Document::parse(&text).expect("the material is well-formed");
        let theirs = match reading.syntax {
            Syntax::UblInvoice | Syntax::UblCreditNote => ubl::from_ubl(tree.root_element()),
            Syntax::Cii | Syntax::Zugferd1 => cii::from_cii(tree.root_element()),
        };
        assert_eq!(from_model(&reading.invoice), theirs, "{name}");
    }
}

#[test]
fn every_fact_stands_where_it_says() {
    // The facts that stand in an attribute point at their element.
    let in_attribute = |term: Term| {
        matches!(term, Term::Bt82 | Term::Bt130 | Term::Bt150) || term.id().matches('-').count() > 1
    };
    for document in documents() {
        let reading = read(&document.bytes[..]).expect("read above");
        assert!(reading.facts.len() > 10, "{}", document.name);
        let mut facts: Vec<_> = reading
            .facts
            .iter()
            .filter(|fact| !in_attribute(fact.term()))
            .collect();
        facts.sort_by_key(|fact| fact.at.offset);
        let (mut line, mut start, mut seen) = (1, 0, 0);
        for fact in facts.into_iter().filter(|fact| fact.term() != Term::Bt125) {
            let offset = usize::try_from(fact.at.offset).expect("small");
            let stops = ['&', '<', '>', '\n', '"', '\''];
            let plain = fact.raw.split(stops).next().unwrap_or_default();
            assert!(
                document.bytes[offset..].starts_with(plain.as_bytes()),
                "{} {fact:?}",
                document.name
            );
            for at in (seen..offset).filter(|at| document.bytes[*at] == b'\n') {
                (line, start) = (line + 1, at + 1);
            }
            seen = offset;
            let before =
                std::str::from_utf8(&document.bytes[start..offset]).expect("whole characters");
            let column = before.trim_start_matches('\u{FEFF}').chars().count() + 1;
            assert_eq!(
                (fact.at.line as usize, fact.at.column as usize),
                (line, column),
                "{} {fact:?}",
                document.name
            );
        }
    }
}
