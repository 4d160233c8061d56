//! What happens to a bill that somebody changes while a run holds it, before and after the bank has the file.

use countersign::identity::access::Role;
use countersign::params;
use countersign::payables::approvals::actions::{ApprovalError, submit};
use countersign::payables::bills::actions::{BillError, Correction, correct};
use countersign::payables::bills::rules::{Payment, Processing};
use countersign::payables::bills::store::claims;
use countersign::payables::coding::actions::{CodingError, LineParts, code};
use countersign::payables::coding::rules::TypedPart;
use countersign::payables::ids::BillId;
use countersign::payables::payments::actions::{PaymentError, remove_payment, settle_run};
use countersign::payables::payments::rules::RunStatus;
use countersign::payables::vendors::actions::{
    IdChanges, edit_vendor, enter_account, find_vendor, reject_account,
};
use countersign::payables::vendors::rules::Facts;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign_bankfile::pain001::read;
use countersign_money::Currency;
use countersign_sealing::Secret;

use super::house::House;
use crate::bills::form;
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::{IBAN, OTHER_IBAN, account};

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

/// An approval binds the account. Whoever approves first and verifies afterwards, as people do, is told so, and sends the
/// bill to approval again in one step.
#[test]
fn another_account_voids_approvals_and_the_bill_can_be_sent_again() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let tina = house.world().somebody("Tina", &[Role::Clerk]).await;
        let router = countersign::payables::routes().with_state(std::sync::Arc::clone(app));
        let mut browser = Browser::new(router).with_cookie(tina.cookie());
        let vendor = house.office.active_vendor("Nordwind").await;
        let bill = house.bill(vendor, 100).await;
        assert_eq!(house.find(bill).await.processing, Processing::Approved);

        let account = house.office.enter(vendor, IBAN).await;
        house.office.verify(vendor, account, IBAN).await;
        let page = browser.get(&format!("/bills/{bill}")).await;
        assert!(
            page.body.contains("another bank account") && page.body.contains("/send"),
            "{}",
            page.body
        );
        let found = house.find(bill).await;
        assert_eq!(found.processing, Processing::Coding);
        let access = tina.access().await;
        submit(app, &access, (bill, found.version))
            .await
            .expect("sent again as it is");
        house.approve_sent(bill, &house.approves).await;
        let run = house.propose(&[bill]).await.expect("payable");

        // An account that nothing would be paid to changes nothing.
        let verifier = house.office.verifies.access().await;
        let second = house.office.enter(vendor, OTHER_IBAN).await;
        reject_account(app, &verifier, (vendor, second), "misheard")
            .await
            .expect("rejected");
        assert_eq!(house.find(bill).await.payment, Payment::Scheduled);
        assert_eq!(house.view(run).await.run.status, RunStatus::Proposed);
        reject_account(app, &verifier, (vendor, account), "closed")
            .await
            .expect("rejected");
        let found = house.find(bill).await;
        assert_eq!(
            (found.payment, found.processing),
            (Payment::Unpaid, Processing::Coding)
        );
        let page = browser.get(&format!("/bills/{bill}")).await;
        assert!(page.body.contains("was rejected"), "{}", page.body);
        assert!(
            page.body.contains("no verified bank account"),
            "whoever sends it now is warned: {}",
            page.body
        );
        let known = app
            .store
            .read::<_, StoreError, _>(Scope::of(house.world().organisation), move |read| {
                claims::known_account(read, vendor)
            })
            .await
            .expect("it reads");
        assert!(known.is_none(), "what was rejected is known no more");
    });
}

#[test]
fn another_address_takes_the_vendor_out_of_runs_before_it_is_an_alarm() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let run = house.countersigned(&[house.bill(vendor, 100).await]).await;
        house.generate(run).await.expect("a file");
        let who = house.office.enters.access().await;
        let edit = async |change: fn(&mut Facts)| {
            let row = find_vendor(app, &who, vendor).await.expect("there");
            let mut facts = row.facts();
            change(&mut facts);
            let ids = IdChanges::default();
            edit_vendor(app, &who, vendor, row.version, facts, ids)
                .await
                .expect("changed");
        };
        edit(|facts| facts.terms_days = 14).await;
        assert_eq!(house.view(run).await.run.status, RunStatus::FileGenerated);
        edit(|facts| facts.street = "Kaiserkai".into()).await;
        let view = house.view(run).await;
        assert_eq!(view.run.status, RunStatus::Voided);
        assert_eq!(view.removed[0].reason, "the vendor's address changed");
    });
}

#[test]
fn a_second_file_of_a_run_has_ids_of_its_own() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (app, keys) = (&house.world().app, house.world().keys().await);
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (one, two) = (house.bill(vendor, 100).await, house.bill(vendor, 200).await);
        let run = house.countersigned(&[one, two]).await;
        let mut ids = Vec::new();
        for _ in 0..2 {
            house.generate(run).await.expect("a file");
            let view = house.view(run).await;
            let sha256 = view.run.file_sha256.expect("a file");
            let bytes = app.documents.get(&keys, sha256).await.expect("its bytes");
            let file = read(&bytes).expect("it reads back");
            ids.push(file.message_id);
            ids.push(file.groups[0].payment_information_id.clone());
            let Some(row) = view.rows.iter().find(|row| row.bill == one) else {
                continue;
            };
            let who = house.releases.access().await;
            remove_payment(app, &who, house.seen(run).await, row.id, "not yet")
                .await
                .expect("taken out");
            house.countersign(&house.releases, run).await.expect("anew");
        }
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{ids:?}");
        assert!(ids.iter().all(|id| id.len() <= 35), "{ids:?}");
    });
}

const ZONE: Sql = Sql::change(
    "organisations",
    "UPDATE organisations SET time_zone = $2, version = version + 1 WHERE org_id = $1 AND id = $1 RETURNING id",
);

/// The day is the organisation's: what is today there may be yesterday in UTC.
#[test]
fn no_step_is_taken_for_a_day_that_is_past() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let world = house.world();
        let zone = async |zone: &'static str| {
            let done = world.app.store.write(world.caller(), move |tx| {
                tx.change_one(&ZONE, params![zone])?;
                let organisation = tx.scope().organisation();
                tx.commit(Entry::new("test.moved", "organisation", organisation), ())
            });
            done.await.expect("the store writes it");
        };
        let yesterday = house
            .world()
            .app
            .now()
            .utc_date()
            .yesterday()
            .expect("a day");
        let early = house
            .propose_on(yesterday, &[house.bill(vendor, 1).await])
            .await;
        assert!(
            matches!(early, Err(PaymentError::Field("execution_date"))),
            "{early:?}"
        );
        for step in 0..3 {
            // Twelve hours behind, so that it is still yesterday there.
            zone("Etc/GMT+12").await;
            let run = house
                .propose_on(yesterday, &[house.bill(vendor, 100).await])
                .await
                .expect("today, there");
            if step > 0 {
                house
                    .countersign(&house.releases, run)
                    .await
                    .expect("signed");
            }
            if step > 1 {
                house.generate(run).await.expect("a file");
            }
            zone("UTC").await;
            let late = match step {
                0 => house.countersign(&house.releases, run).await,
                1 => house.generate(run).await,
                _ => house.release(run).await,
            };
            assert!(matches!(late, Err(PaymentError::DayPast)), "{late:?}");
            assert!(house.view(run).await.is_day_past);
        }
    });
}

#[test]
fn an_account_in_another_currency_is_a_reason() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let vendor = house.office.active_vendor("Nordwind").await;
        let mut new = account(IBAN);
        new.currency = Currency::USD;
        let who = house.office.enters.access().await;
        let id = enter_account(app, &who, vendor, new)
            .await
            .expect("entered")
            .account;
        house.office.verify(vendor, id, IBAN).await;
        let error = house.propose(&[house.bill(vendor, 100).await]).await;
        let Err(PaymentError::NotPayable(offending)) = error else {
            panic!("{error:?}");
        };
        assert_eq!(offending[0].why, ["account-in-other-currency"]);
    });
}
