//! Rows for people lead back to the document and leave nothing out.

use crate::data::documents;
use crate::sample;
use countersign_einvoice::facts::TermPath;
use countersign_einvoice::plain::{SectionKind, Value, sections};
use countersign_einvoice::read::read;
use countersign_einvoice::terms::Term;
use std::collections::HashSet;

#[test]
fn every_row_leads_to_a_fact_and_every_fact_is_in_a_row() {
    // Parts that are shown with their whole, and what says how the document is made rather than what it says.
    let shown_elsewhere = |term: Term| {
        matches!(
            term,
            Term::Bt23 | Term::Bt24 | Term::Bt130 | Term::Bt150 | Term::Bt125 | Term::Bt158_2
        ) || (term.id().matches('-').count() > 1
            && !matches!(term, Term::Bt158_1 | Term::Bt125_1 | Term::Bt125_2))
    };
    let samples = [("ubl", sample::ubl()), ("cii", sample::cii())];
    let samples = samples.map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let material = documents()
        .into_iter()
        .map(|document| (document.name, document.bytes));
    for (name, bytes) in samples.into_iter().chain(material) {
        let reading = read(&bytes[..]).unwrap();
        let rows: Vec<_> = sections(&reading.invoice)
            .into_iter()
            .flat_map(|section| section.rows)
            .collect();
        let facts: HashSet<TermPath> = reading.facts.iter().map(|fact| fact.path).collect();
        for row in &rows {
            // In UBL the subject code is part of the note's text.
            let found = row.fact(&reading.facts).is_some() || row.path.term == Term::Bt21;
            assert!(found, "{name}: {} has no fact", row.path);
        }
        let rows: HashSet<TermPath> = rows.into_iter().map(|row| row.path).collect();
        for path in facts.into_iter().filter(|path| !shown_elsewhere(path.term)) {
            // A term that UBL repeats with every means of payment is shown once where it is the same.
            assert!(
                rows.contains(&path) || matches!(path.term, Term::Bt83 | Term::Bt89),
                "{name}: {path} has no row"
            );
        }
    }
}

#[test]
fn sections_come_in_order_with_amounts_in_their_currency() {
    let reading = read(sample::ubl().as_bytes()).unwrap();
    let sections = sections(&reading.invoice);
    let kinds: Vec<SectionKind> = sections.iter().map(|section| section.kind).collect();
    use SectionKind::*;
    assert_eq!(
        kinds,
        [
            Header,
            Seller,
            Buyer,
            Payment,
            Line,
            Line,
            AllowanceOrCharge,
            AllowanceOrCharge,
            Vat,
            Totals
        ]
    );
    let due = sections[9]
        .rows
        .iter()
        .find(|row| row.label() == "BT-115")
        .unwrap();
    assert!(matches!(due.value, Value::Amount { currency: Some(c), .. } if c.as_str() == "EUR"));
    assert_eq!(&*due.fact(&reading.facts).unwrap().raw, "119.00");
    assert!(!format!("{sections:?}").contains("DE75512108001245126199"));
}
