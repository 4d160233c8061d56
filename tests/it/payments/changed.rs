//! What happens to a bill that somebody changes while a run holds it, before and after the bank has the file.

use countersign::identity::access::Role;
use countersign::payables::approvals::actions::{ApprovalError, submit};
use countersign::payables::bills::actions::{BillError, Correction, correct};
use countersign::payables::bills::rules::{Payment, Processing};
use countersign::payables::coding::actions::{CodingError, LineParts, code};
use countersign::payables::coding::rules::TypedPart;
use countersign::payables::ids::BillId;
use countersign::payables::payments::actions::settle_run;
use countersign::payables::payments::rules::RunStatus;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign_sealing::Secret;

use super::house::House;
use crate::bills::form;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::IBAN;

/// Types other amounts over the bill as it is now.
async fn corrected(house: &House, who: &Somebody, bill: BillId) -> Result<i64, BillError> {
    let version = house.find(bill).await.version;
    let correction = Correction {
        form: form(),
        vendor_vat_id: Secret::new(String::new()),
        account: Secret::new(String::new()),
    };
    let (app, access) = (&house.world().app, who.access().await);
    correct(app, &access, (bill, version), correction).await
}

/// Codes the bill's one line to another account.
async fn coded(house: &House, who: &Somebody, bill: BillId) -> Result<i64, CodingError> {
    let version = house.find(bill).await.version;
    let (app, access) = (&house.world().app, who.access().await);
    let scope = Scope::of(house.world().organisation);
    let lines = app
        .store
        .read::<_, StoreError, _>(scope, move |read| {
            countersign::payables::bills::store::lines::of_bill(read, bill)
        })
        .await
        .expect("its lines");
    let parts = vec![TypedPart {
        gl_account: "6200".into(),
        cost_centre: "100".into(),
        amount: String::new(),
    }];
    let lines = lines.into_iter().map(|line| LineParts {
        line: line.id,
        parts: parts.clone(),
    });
    code(app, &access, (bill, version), lines.collect()).await
}

#[test]
fn nobody_changes_a_bill_whose_file_the_bank_has() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let tina = house.world().somebody("Tina", &[Role::Clerk]).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let run = house.countersigned(&[bill]).await;
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        let before = house.find(bill).await;

        let refused = corrected(&house, &tina, bill).await;
        assert!(matches!(refused, Err(BillError::Paid)), "{refused:?}");
        let refused = coded(&house, &tina, bill).await;
        assert!(
            matches!(refused, Err(CodingError::NotNow("scheduled"))),
            "{refused:?}"
        );
        let access = tina.access().await;
        let app = &house.world().app;
        let refused = submit(app, &access, (bill, before.version)).await;
        assert!(
            matches!(refused, Err(ApprovalError::NotNow(_))),
            "{refused:?}"
        );
        let after = house.find(bill).await;
        assert_eq!(
            (after.version, after.payable_minor, after.processing),
            (before.version, Some(100), Processing::Approved)
        );

        let payer = house.releases.access().await;
        settle_run(app, &payer, house.seen(run).await)
            .await
            .expect("settled");
        assert_eq!(house.find(bill).await.payment, Payment::Paid);
    });
}

#[test]
fn a_bill_that_is_changed_before_the_release_leaves_its_run() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let tina = house.world().somebody("Tina", &[Role::Clerk]).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (one, two) = (house.bill(vendor, 100).await, house.bill(vendor, 200).await);
        let run = house.countersigned(&[one, two]).await;
        house.generate(run).await.expect("a file");
        coded(&house, &tina, two).await.expect("coded");
        let view = house.view(run).await;
        assert_eq!(
            (view.run.status, view.run.payment_count),
            (RunStatus::Proposed, 1)
        );
        corrected(&house, &tina, one).await.expect("typed");
        assert_eq!(house.view(run).await.run.status, RunStatus::Voided);
        for bill in [one, two] {
            let bill = house.find(bill).await;
            assert_eq!(
                (bill.payment, bill.processing),
                (Payment::Unpaid, Processing::Coding)
            );
        }
    });
}
