//! What is typed: kept with who typed it, compared with the version that was seen, never silently recalculated.

use countersign::identity::access::{HumanId, Role};
use countersign::payables::bills::actions::{self, BillError, Closing, Correction, TypedProblem};
use countersign::payables::bills::holds::HoldKind;
use countersign::payables::bills::rules::{BillField, FactSource, Processing};
use countersign::payables::bills::store::facts;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign_sealing::Secret;

use super::{digest, form};
use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;

fn correction(change: impl FnOnce(&mut Correction)) -> Correction {
    let mut correction = Correction {
        form: form(),
        vendor_vat_id: Secret::new(String::new()),
        account: Secret::new(String::new()),
    };
    change(&mut correction);
    correction
}

#[test]
fn the_amount_to_pay_follows_a_corrected_total_unless_it_was_typed() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let text = String::from_utf8(bytes).expect("text");
        // 19.00 were paid in advance: 100.00 are left.
        let prepaid = "<cbc:PrepaidAmount currencyID=\"EUR\">19.00</cbc:PrepaidAmount><cbc:PayableAmount currencyID=\"EUR\">100.00<";
        let payable = "<cbc:PayableAmount currencyID=\"EUR\">119.00<";
        let bytes = text.replace(payable, prepaid).into_bytes();
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let who = desk.clerk.access().await;
        assert_eq!(desk.stored(bill).await.bill.payable_minor, Some(10_000));
        let mut version = 1;
        for (total, payable, kept, differs) in [
            ("238.00", "", 21_900, false),
            ("119.00", "", 10_000, false),
            // Somebody says that it is another amount: it is kept as she says, and told.
            ("238.00", "100.00", 10_000, true),
            ("119.00", "", 10_000, false),
        ] {
            let typed = correction(|c| {
                c.form.vat = if total == "238.00" { "138.00" } else { "19.00" }.into();
                c.form.total = total.into();
                c.form.payable = payable.into();
            });
            version = actions::correct(desk.app(), &who, (bill, version), typed)
                .await
                .expect("typed");
            let stored = desk.stored(bill).await;
            assert_eq!(stored.bill.payable_minor, Some(kept), "{total} {payable}");
            let told = stored.holds.iter().any(|hold| {
                hold.is_open()
                    && hold.kind == HoldKind::TotalsDiffer
                    && hold.detail.contains("BT-115")
            });
            assert_eq!(told, differs, "{total} {payable}");
        }
    });
}

#[test]
fn what_no_reader_understands_is_typed_and_says_who_typed_it() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = desk
            .send("letter.pdf", b"Dear Sirs")
            .await
            .expect("kept")
            .bill;
        let typist = desk.world.somebody("Tina", &[Role::Clerk]).await;
        let typed = correction(|c| c.account = Secret::new("DE89 3704 0044 0532 0130 00".into()));
        actions::correct(desk.app(), &typist.access().await, (bill, 1), typed)
            .await
            .expect("typed");
        let stored = desk.stored(bill).await;
        assert_eq!(stored.bill.processing, Processing::Captured);
        assert_eq!(stored.bill.payable_minor, Some(11_900));
        assert_eq!(
            stored.lines.iter().map(|l| l.net_minor).collect::<Vec<_>>(),
            [Some(10_000)],
            "something to code"
        );
        assert!(!stored.held(HoldKind::Unreadable) && !stored.held(HoldKind::MissingFields));
        assert!(
            stored.held(HoldKind::VendorNotActive),
            "typing makes no vendor payable"
        );
        let shown = actions::show(desk.app(), &typist.access().await, bill)
            .await
            .expect("shown");
        let number = shown
            .facts
            .iter()
            .find(|f| f.field == BillField::Number)
            .expect("a source");
        assert_eq!(
            (number.source, number.person_name.as_deref()),
            (FactSource::Typed, Some("Tina"))
        );
        assert_eq!(
            shown.claims[0].masked,
            shown.claims[0].masked.replace(IBAN, "")
        );
        let humans: Vec<HumanId> = desk
            .app()
            .store
            .read::<_, StoreError, _>(Scope::of(desk.world.organisation), move |read| {
                facts::entrants(read, bill)
            })
            .await
            .expect("read");
        assert_eq!(humans.len(), 2, "who sent it and who typed it");
        assert!(humans.contains(&typist.human) && humans.contains(&desk.clerk.human));
    });
}

#[test]
fn typed_totals_that_do_not_add_up_are_kept_and_held() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = desk
            .send("letter.pdf", b"Dear Sirs")
            .await
            .expect("kept")
            .bill;
        let who = desk.clerk.access().await;
        let typed = correction(|c| c.form.total = "120.00".into());
        let version = actions::correct(desk.app(), &who, (bill, 1), typed)
            .await
            .expect("typed");
        let stored = desk.stored(bill).await;
        assert_eq!(stored.bill.gross_minor, Some(12_000));
        assert!(stored.held(HoldKind::TotalsDiffer));
        actions::correct(desk.app(), &who, (bill, version), correction(|_| {}))
            .await
            .expect("typed");
        assert!(
            !desk.stored(bill).await.held(HoldKind::TotalsDiffer),
            "put right, it ends by itself"
        );
    });
}

#[test]
fn a_correction_of_another_version_or_with_faults_changes_nothing() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let who = desk.clerk.access().await;
        let before = digest(&desk, bill).await;
        let stale = actions::correct(desk.app(), &who, (bill, 7), correction(|_| {})).await;
        assert!(matches!(stale, Err(BillError::Conflict)), "{stale:?}");
        let faulty = correction(|c| {
            c.form.net = "12,50".into();
            c.account = Secret::new("DE00".into());
        });
        let refused = actions::correct(desk.app(), &who, (bill, 1), faulty).await;
        let Err(BillError::Typed(faults)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(
            faults,
            [
                ("net", TypedProblem::Amount),
                ("iban", TypedProblem::Account)
            ]
        );
        let auditor = desk
            .world
            .somebody("Otto", &[Role::Auditor])
            .await
            .access()
            .await;
        let denied = actions::correct(desk.app(), &auditor, (bill, 1), correction(|_| {})).await;
        assert!(matches!(denied, Err(BillError::Denied(_))));
        assert_eq!(digest(&desk, bill).await, before);
        assert_eq!(desk.stored(bill).await.bill.version, 1);
    });
}

#[test]
fn the_digest_changes_with_whatever_a_decision_binds() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let mut seen = vec![digest(&desk, bill).await];
        assert_eq!(
            seen[0],
            digest(&desk, bill).await,
            "the same rows, the same digest"
        );
        for change in [
            "UPDATE bills SET payable_minor = 11901",
            "UPDATE bills SET due_date = '2026-02-02'",
            "UPDATE bills SET number = 'A-2'",
            "UPDATE bills SET currency = 'USD'",
            "UPDATE bill_lines SET net_minor = 9999",
            "UPDATE bill_vat SET tax_minor = 1899",
            "UPDATE bill_lines SET description = 'Gold'",
        ] {
            t.behind_the_back(change).await;
            let now = digest(&desk, bill).await;
            assert!(!seen.contains(&now), "{change}");
            seen.push(now);
        }
    });
}

#[test]
fn a_bill_is_closed_with_a_reason_and_stays_closed() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = desk
            .send("letter.pdf", b"Dear Sirs")
            .await
            .expect("kept")
            .bill;
        let who = desk.clerk.access().await;
        let close = async |version, closing, why| {
            actions::close(desk.app(), &who, (bill, version), closing, why).await
        };
        assert!(matches!(
            close(1, Closing::Cancel, "  ").await,
            Err(BillError::NoReason)
        ));
        let version = close(1, Closing::Dispute, "Wrong price")
            .await
            .expect("disputed");
        let version = close(version, Closing::Cancel, "Not ours")
            .await
            .expect("cancelled");
        let again = close(version, Closing::Reject, "Again").await;
        assert!(matches!(again, Err(BillError::NoWay { .. })), "{again:?}");
        let corrected =
            actions::correct(desk.app(), &who, (bill, version), correction(|_| {})).await;
        assert!(matches!(
            corrected,
            Err(BillError::Closed(Processing::Cancelled))
        ));
        assert_eq!(desk.stored(bill).await.bill.processing_reason, "Not ours");
    });
}

#[test]
fn bills_are_found_by_the_beginnings_of_their_words_and_listed_in_parts() {
    use countersign::payables::bills::store::list::{Filter, View};
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        for n in 1..=5 {
            let bytes = ubl(
                &format!("RE-{n}"),
                "Müller & Söhne".replace('&', "&amp;").as_str(),
                "119.00",
                IBAN,
                VAT_ID,
            );
            desk.send("a.xml", &bytes).await.expect("taken");
        }
        desk.send("letter.pdf", b"Dear Sirs").await.expect("kept");
        let who = desk.clerk.access().await;
        let list = async |view, text: &str, after, limit| {
            let filter = Filter {
                view,
                text: text.into(),
                vendor: None,
                due_until: None,
                decided_for: None,
                after,
                limit,
            };
            actions::list(desk.app(), &who, filter)
                .await
                .expect("a list")
        };
        assert_eq!(list(View::All, "", None, 50).await.len(), 6);
        assert_eq!(list(View::Typing, "", None, 50).await.len(), 1);
        assert_eq!(list(View::All, "MÜLL söh", None, 50).await.len(), 5);
        assert_eq!(list(View::All, "müll re 3", None, 50).await.len(), 1);
        assert_eq!(
            list(View::All, "öhne", None, 50).await.len(),
            0,
            "beginnings, not middles"
        );
        assert_eq!(list(View::Held, "", None, 50).await.len(), 6);
        let first = list(View::All, "", None, 4).await;
        let rest = list(View::All, "", Some(first[3].id), 4).await;
        assert_eq!((first.len(), rest.len()), (4, 2));
        assert!(first[3].id > rest[0].id);
    });
}
