//! Documents that mean harm or are broken: each is kept, each becomes a bill that says what to do, and the next one works.

use countersign::payables::bills::holds::HoldKind;
use countersign::payables::intake::actions::Outcome;

use super::{Desk, IBAN, VAT_ID, ubl};
use crate::support;
use crate::support::stores::on_both;

#[test]
fn whatever_is_no_invoice_is_kept_and_waits_for_typing() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let whole = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let dtd = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><Invoice>&b;</Invoice>";
        let mut bomb = b"PK\x03\x04".to_vec();
        bomb.resize(100_000, 0);
        for (name, bytes, rule) in [
            ("cut.xml", &whole[..whole.len() / 2], "CS-READ-BROKEN"),
            ("dtd.xml", &dtd[..], "CS-READ-DTD"),
            (
                "letter.pdf",
                b"Dear Sirs, please find attached",
                "CS-INTAKE-KIND",
            ),
            ("bomb.zip", &bomb[..], "CS-INTAKE-KIND"),
            ("empty.xml", b"", "CS-READ-EMPTY"),
            (
                "cut.pdf",
                b"%PDF-1.7\n1 0 obj << /Type /Catalog",
                "CS-INTAKE-PDF",
            ),
            ("page.html", b"<!doctype html><p>Pay me", "CS-INTAKE-KIND"),
        ] {
            let taken = desk.send(name, bytes).await.expect(name);
            assert_eq!(taken.outcome, Outcome::KeptForTyping, "{name}");
            let rules: Vec<_> = taken.findings.iter().map(|f| f.rule.as_str()).collect();
            assert_eq!(rules, [rule], "{name}");
            let stored = desk.stored(taken.bill).await;
            assert!(
                stored.held(HoldKind::Unreadable) && stored.held(HoldKind::MissingFields),
                "{name}"
            );
            let keys = desk.world.keys().await;
            let kept = desk
                .app()
                .documents
                .get(&keys, taken.sha256)
                .await
                .expect("the bytes are kept");
            assert_eq!(kept, bytes, "{name}");
        }
    });
}

#[test]
fn naughty_strings_are_names_and_numbers_like_others() {
    let Some(folder) = support::material("blns") else {
        return;
    };
    let list = std::fs::read_to_string(folder.join("blns.json")).expect("the list reads");
    let strings: Vec<String> = serde_json::from_str(&list).expect("JSON");
    on_both(|t| {
        let strings = strings.clone();
        async move {
            let desk = Desk::new(&t).await;
            for (n, text) in strings.iter().enumerate().step_by(6) {
                let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
                let bytes = ubl(
                    &format!("{n} {escaped}"),
                    &format!("{n} {escaped}"),
                    "119.00",
                    IBAN,
                    "",
                );
                let taken = desk.send(text, &bytes).await.expect(text);
                assert!(
                    matches!(taken.outcome, Outcome::New | Outcome::KeptForTyping),
                    "{text:?}"
                );
                let stored = desk.stored(taken.bill).await;
                assert!(
                    taken.outcome == Outcome::KeptForTyping
                        || stored.bill.number.starts_with(&n.to_string()),
                    "{text:?}"
                );
            }
        }
    });
}

#[test]
fn texts_without_end_are_cut_and_the_bill_is_made() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let long = "9".repeat(300_000);
        let taken = desk
            .send(&long, &ubl(&long, &long, "119.00", IBAN, VAT_ID))
            .await
            .expect("taken");
        let stored = desk.stored(taken.bill).await;
        assert_eq!(
            (taken.outcome, stored.bill.number.len()),
            (Outcome::New, 200)
        );
    });
}
