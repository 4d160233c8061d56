//! Payment runs on both engines: the way of a run, who may have a hand in it, races, and what an UPDATE behind the
//! application's back brings about (nothing).

mod api;
mod attacks;
mod changed;
pub mod house;
mod namesake;
mod pages;
mod returned;
mod rows;
mod settled;
mod three;
mod unplaced;
mod writable;

use std::path::PathBuf;
use std::process::Command;

use countersign::payables::bills::rules::{BillKind, Payment, Processing};
use countersign::payables::payments::actions::{
    PaymentError, download_file, remove_payment, settle_run, view_proposal, void_run,
};
use countersign::payables::payments::rules::RunStatus;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, verify};
use countersign_bankfile::pain001::{Remittance, read};

use self::house::{DAY, House};
use crate::support::material;
use crate::support::stores::on_both;
use crate::vendors::{IBAN, OTHER_IBAN};

#[test]
fn a_run_goes_from_what_is_due_to_paid_bills() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (nordwind, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (port, _) = house.office.payable_vendor("Port", OTHER_IBAN).await;
        let first = house.bill(nordwind, 12_345).await;
        let credit = house.bill_of(nordwind, 345, BillKind::CreditNote, "").await;
        let second = house
            .bill_of(port, 50_000, BillKind::Standard, "RF18 5390 0754 7034")
            .await;
        let waiting = house.captured(port, 700, BillKind::Standard, "").await;
        let who = house.proposes.access().await;
        let app = &house.world().app;
        let sight = view_proposal(app, &who, house.account, DAY)
            .await
            .expect("a proposal");
        assert_eq!(sight.included.len(), 3);
        assert_eq!(sight.left_out.len(), 1);
        assert_eq!(sight.left_out[0].bill.id, waiting);

        let run = house
            .propose(&[first, credit, second])
            .await
            .expect("proposed");
        assert_eq!(house.find(first).await.payment, Payment::Scheduled);
        house
            .countersign(&house.releases, run)
            .await
            .expect("countersigned");
        house.generate(run).await.expect("a file");
        let who = house.releases.access().await;
        let early = download_file(app, &who, run).await;
        assert!(
            matches!(early, Err(PaymentError::NotNow(RunStatus::FileGenerated))),
            "whoever has the file can have it paid: {early:?}"
        );
        house.release(run).await.expect("released");
        let file = download_file(app, &who, run).await.expect("the file");
        let content = read(&file.bytes).expect("it reads back");
        let transfers = &content.groups[0].transfers;
        assert_eq!(transfers.len(), 2);
        let mut amounts: Vec<i64> = transfers.iter().map(|t| t.amount.minor()).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [12_000, 50_000], "the credit note is netted");
        assert!(transfers.iter().any(|transfer| matches!(
            &transfer.remittance,
            Some(Remittance::CreditorReference(reference)) if reference.as_str() == "RF18539007547034"
        )));
        assert_valid(&file.bytes);
        let seen = house.seen(run).await;
        let error = void_run(app, &who, seen, "too late").await;
        assert!(matches!(
            error,
            Err(PaymentError::NotNow(RunStatus::Released))
        ));
        settle_run(app, &who, seen).await.expect("settled");
        for bill in [first, credit, second] {
            assert_eq!(house.find(bill).await.payment, Payment::Paid);
        }
        let now = app.now();
        sequence_pending(&app.store, "node", now)
            .await
            .expect("sequenced");
        let verified = verify(&app.store, Scope::of(house.world().organisation), now)
            .await
            .expect("it reads");
        assert_eq!(verified.bad, None);
    });
}

/// Against the ISO original and the German banks' stricter subset.
fn assert_valid(bytes: &[u8]) {
    for schema in ["pain.001.001.09.xsd", "pain.001.001.09_GBIC_5.xsd"] {
        let Some(schema) = material(&format!("iso20022/xsd/sepa-crate/{schema}")) else {
            return;
        };
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("run.xml");
        std::fs::write(&path, bytes).expect("the target directory can be written");
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema"]);
        let Ok(output) = command.arg(&schema).arg(path).output() else {
            eprintln!("SKIPPED: xmllint is not installed (Debian: libxml2-utils)");
            return;
        };
        assert!(
            output.status.success(),
            "{}: {}",
            schema.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn whoever_proposed_entered_approved_or_verified_does_not_countersign() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let run = house.propose(&[bill]).await.expect("proposed");
        let world = house.world();
        let payer = [countersign::identity::access::Role::Payer];
        let error = house.countersign(&house.proposes, run).await;
        assert!(matches!(error, Err(PaymentError::SameHuman)), "{error:?}");
        for (human, duty) in [
            (house.office.enters.human, "entering and releasing"),
            (house.approves.human, "approving and releasing"),
            (house.office.verifies.human, "verifying and releasing"),
        ] {
            let second = world.somebody_as("second account", &payer, human).await;
            let error = house.countersign(&second, run).await;
            let Err(PaymentError::Duties(offending)) = error else {
                panic!("{duty}: {error:?}");
            };
            assert_eq!(offending[0].why, [duty]);
            assert_eq!(offending[0].number, "NW-0001");
        }
        house
            .countersign(&house.releases, run)
            .await
            .expect("somebody else");
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        // The file is as good as the release: the approver's second account does not get it, another payer's does.
        let approver = world
            .somebody_as("second account", &payer, house.approves.human)
            .await;
        let who = approver.access().await;
        let error = download_file(&world.app, &who, run).await;
        assert!(matches!(error, Err(PaymentError::Duties(_))), "{error:?}");
        let who = house.proposes.access().await;
        download_file(&world.app, &who, run)
            .await
            .expect("she had no other duty");
    });
}

#[test]
fn a_bill_whose_approver_verified_the_account_is_left_out() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.captured(vendor, 100, BillKind::Standard, "").await;
        house.approve(bill, &house.office.verifies).await;
        let error = house.propose(&[bill]).await;
        let Err(PaymentError::NotPayable(offending)) = error else {
            panic!("{error:?}");
        };
        assert_eq!(offending[0].why, ["one human: approving and verifying"]);
    });
}

#[test]
fn what_cannot_be_paid_is_left_out_with_its_reasons() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let bare = house.office.active_vendor("No account").await;
        let unpaid = house.bill(bare, 100).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let credit = house.bill_of(vendor, 500, BillKind::CreditNote, "").await;
        let small = house.bill(vendor, 500).await;
        let app = &house.world().app;
        let who = house.proposes.access().await;
        let sight = view_proposal(app, &who, house.account, DAY)
            .await
            .expect("a proposal");
        let included: Vec<_> = sight.included.iter().map(|p| p.bill.id).collect();
        assert_eq!(included, [small], "nothing would be left to pay");
        let left: Vec<_> = sight.left_out.iter().map(|l| l.bill.id).collect();
        assert!(left.contains(&unpaid) && left.contains(&credit));
        for bill in [unpaid, credit] {
            let error = house.propose(&[bill]).await;
            assert!(
                matches!(error, Err(PaymentError::NotPayable(_))),
                "{error:?}"
            );
        }
        assert!(matches!(
            house.propose(&[]).await,
            Err(PaymentError::Nothing)
        ));
    });
}

#[test]
fn what_is_taken_out_or_voided_can_be_proposed_again_and_undoes_the_countersignature() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (one, two) = (house.bill(vendor, 100).await, house.bill(vendor, 200).await);
        let run = house.countersigned(&[one, two]).await;
        let app = &house.world().app;
        let who = house.releases.access().await;
        let view = house.view(run).await;
        let payment = view.rows.iter().find(|row| row.bill == one).expect("there");
        remove_payment(app, &who, house.seen(run).await, payment.id, "not yet")
            .await
            .expect("taken out");
        let view = house.view(run).await;
        assert_eq!(view.run.status, RunStatus::Proposed);
        assert_eq!(view.run.total_minor, 200);
        assert_eq!(view.removed[0].reason, "not yet");
        assert_eq!(house.find(one).await.payment, Payment::Unpaid);
        let error = house.generate(run).await;
        assert!(matches!(
            error,
            Err(PaymentError::NotNow(RunStatus::Proposed))
        ));
        let other = house.propose(&[one]).await.expect("free again");
        house
            .countersign(&house.releases, run)
            .await
            .expect("again");
        house.generate(run).await.expect("a file of the rest");
        void_run(app, &who, house.seen(run).await, "wrong day")
            .await
            .expect("voided");
        assert_eq!(house.find(two).await.payment, Payment::Unpaid);
        void_run(app, &who, house.seen(other).await, "wrong day")
            .await
            .expect("voided");
        house.propose(&[one, two]).await.expect("both are free");
    });
}

#[test]
fn of_32_proposals_of_one_bill_exactly_one_wins() {
    on_both(|t| async move {
        let house = std::sync::Arc::new(House::new(&t).await);
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let tries: Vec<_> = (0..32)
            .map(|_| {
                let house = std::sync::Arc::clone(&house);
                tokio::spawn(async move { house.propose(&[bill]).await })
            })
            .collect();
        let mut winners = 0;
        for attempt in tries {
            winners += usize::from(attempt.await.expect("no panic").is_ok());
        }
        assert_eq!(winners, 1);
        assert_eq!(house.find(bill).await.payment, Payment::Scheduled);
        assert_eq!(house.find(bill).await.processing, Processing::Approved);
    });
}
