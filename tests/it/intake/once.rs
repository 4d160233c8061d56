//! The same bytes are one bill; what looks the same is a hold; what does not add up is a hold.

use std::sync::Arc;

use countersign::identity::access::Role;
use countersign::payables::bills::actions::{Closing, close};
use countersign::payables::bills::holds::{self, HoldKind};
use countersign::payables::bills::rules::{Processing, Via};
use countersign::payables::intake::actions::{File, IntakeError, Outcome, take_in};
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use super::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;

#[test]
fn the_same_bytes_twice_are_one_bill_whatever_their_name() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let first = desk.send("a.xml", &bytes).await.expect("taken");
        let again = desk.send("b.pdf", &bytes).await.expect("taken");
        assert_eq!(
            (first.outcome, again.outcome),
            (Outcome::New, Outcome::Duplicate)
        );
        assert_eq!(first.bill, again.bill);
        assert_eq!(first.sha256, again.sha256);
        let stored = desk.stored(first.bill).await;
        assert_eq!(stored.bill.processing, Processing::Captured);
        assert_eq!(stored.bill.payable_minor, Some(11_900));
        assert!(
            stored.held(HoldKind::VendorNotActive),
            "a requested vendor is not paid"
        );
        assert!(!stored.held(HoldKind::TotalsDiffer));
    });
}

#[test]
fn of_32_uploads_of_the_same_bytes_one_becomes_the_bill() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let mut tries = Vec::new();
        for _ in 0..32 {
            let (app, who, bytes) = (
                Arc::clone(desk.app()),
                desk.clerk.access().await,
                bytes.clone(),
            );
            tries.push(tokio::spawn(async move {
                let file = File::of(&app, &bytes).await?;
                take_in(&app, &who, "a.xml", file, Via::Api).await
            }));
        }
        let (mut new, mut bills) = (0, Vec::new());
        for attempt in tries {
            let taken = attempt.await.expect("no panic").expect("an answer");
            new += usize::from(taken.outcome == Outcome::New);
            bills.push(taken.bill);
        }
        bills.dedup();
        assert_eq!((new, bills.len()), (1, 1));
    });
}

#[test]
fn the_same_number_or_amount_of_a_vendor_is_a_hold() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let send = async |number: &str, seller: &str, gross: &str, vat_id: &str| {
            let taken = desk
                .send("x.xml", &ubl(number, seller, gross, IBAN, vat_id))
                .await
                .expect("taken");
            desk.stored(taken.bill)
                .await
                .held(HoldKind::DuplicateSuspected)
        };
        assert!(
            !send("RE-2026/007", "Nordwind GmbH", "119.00", VAT_ID).await,
            "the first"
        );
        assert!(
            send("re 2026 7", "Nordwind GmbH", "238.00", VAT_ID).await,
            "the number, typed otherwise"
        );
        assert!(
            send("RE-2026/008", "Nordwind GmbH", "119.00", VAT_ID).await,
            "amount and date"
        );
        assert!(
            !send("RE-2026/007", "Südwind GmbH", "119.00", "DE129274202").await,
            "another vendor"
        );
    });
}

#[test]
fn a_number_stands_once_among_the_invoices_of_all_kinds_and_a_credit_note_bears_another() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        // Amounts differ, so that the number alone is what is found.
        let send = async |kind: &str, number: &str, gross: &str| {
            let bytes = ubl(number, "Nordwind GmbH", gross, IBAN, VAT_ID);
            let text = String::from_utf8(bytes).expect("text");
            let (code, typed) = ("InvoiceTypeCode>380<", format!("InvoiceTypeCode>{kind}<"));
            let bytes = text.replace(code, &typed).into_bytes();
            desk.send("x.xml", &bytes).await.expect("taken").bill
        };
        let first = send("380", "RE-7", "119.00").await;
        let self_billed = send("389", "re 7", "120.00").await;
        let prepayment = send("386", "RE 007", "121.00").await;
        let corrected = send("384", "RE7", "122.00").await;
        let other = send("389", "RE-8", "123.00").await;
        let credit = send("381", "RE-7", "124.00").await;
        let kinds = async |bill| {
            let bill = desk.stored(bill).await.bill;
            desk.app()
                .store
                .read::<_, StoreError, _>(Scope::of(desk.world.organisation), move |read| {
                    Ok(holds::standing(read, &bill)?
                        .into_iter()
                        .map(|hold| hold.kind)
                        .collect::<Vec<_>>())
                })
                .await
                .expect("it reads")
        };
        for bill in [first, self_billed, prepayment, corrected] {
            let kinds = kinds(bill).await;
            assert!(kinds.contains(&HoldKind::DuplicateSuspected), "{kinds:?}");
            assert!(kinds.contains(&HoldKind::NumberReused), "{kinds:?}");
        }
        let of_other = kinds(other).await;
        let of_credit = kinds(credit).await;
        assert!(!of_other.contains(&HoldKind::DuplicateSuspected));
        assert!(!of_other.contains(&HoldKind::NumberReused));
        assert!(!of_credit.contains(&HoldKind::DuplicateSuspected));
        assert!(of_credit.contains(&HoldKind::NumberReused));

        // Without the invoices of its number nothing is found: they were what held it.
        let who = desk.clerk.access().await;
        for bill in [first, self_billed, prepayment, corrected] {
            let version = desk.stored(bill).await.bill.version;
            close(
                desk.app(),
                &who,
                (bill, version),
                Closing::Cancel,
                "Sent twice",
            )
            .await
            .expect("cancelled");
        }
        assert!(!kinds(credit).await.contains(&HoldKind::NumberReused));
    });
}

#[test]
fn the_documents_own_totals_are_kept_and_a_difference_is_a_hold() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let taken = desk
            .send(
                "x.xml",
                &ubl("A-1", "Nordwind GmbH", "119.01", IBAN, VAT_ID),
            )
            .await
            .expect("taken");
        let stored = desk.stored(taken.bill).await;
        assert_eq!(stored.bill.gross_minor, Some(11_901), "never recalculated");
        let hold = stored
            .holds
            .iter()
            .find(|h| h.kind == HoldKind::TotalsDiffer)
            .expect("a hold");
        assert_eq!(hold.detail, "BT-112 119.01 EUR / 119.00 EUR");
        let taken = desk
            .send(
                "y.xml",
                &ubl("A-2", "Nordwind GmbH", "119.005", IBAN, VAT_ID),
            )
            .await
            .expect("taken");
        let stored = desk.stored(taken.bill).await;
        assert_eq!(stored.bill.gross_minor, None, "never rounded");
        assert!(stored.held(HoldKind::MissingFields) && stored.held(HoldKind::DocumentFindings));
        assert_eq!(stored.bill.processing, Processing::Received);
    });
}

#[test]
fn who_may_not_enter_bills_sends_none() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let auditor = desk.world.somebody("Otto", &[Role::Auditor]).await;
        let refused = take_in(
            desk.app(),
            &auditor.access().await,
            "a.xml",
            File::of(desk.app(), b"<a/>").await.expect("it arrives"),
            Via::Upload,
        )
        .await;
        assert!(
            matches!(refused, Err(IntakeError::Denied(_))),
            "{refused:?}"
        );
    });
}
