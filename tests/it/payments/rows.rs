//! What no decision, verification or tag binds is believed on its row's code alone: each attack here meets that code and
//! nothing else, so that it is paid, freed or given out where the code is not asked for.

use countersign::identity::access::Role;
use countersign::params;
use countersign::payables::bills::actions::{BillError, Closing, close, place_hold};
use countersign::payables::bills::rules::{FactSource, Payment};
use countersign::payables::bills::store::claims::{self, Claim};
use countersign::payables::ids::{BillId, RunId};
use countersign::payables::payments::actions::{
    PaymentError, download_file, remove_payment, settle_run, void_run,
};
use countersign::payables::payments::rules::RunStatus;
use countersign::payables::vendors::VendorError;
use countersign::payables::vendors::actions::{
    IdChanges, edit_vendor, find_vendor, reject_account,
};
use countersign::payables::vendors::rules::VendorStatus;
use countersign::payables::vendors::rules::accounts::AccountStatus;
use countersign::payables::vendors::store::accounts;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::house::House;
use crate::support::stores::on_both;
use crate::vendors::IBAN;

/// Refused because of rows alone.
fn rows_alone<T: std::fmt::Debug>(outcome: Result<T, PaymentError>, attack: &str) {
    let Err(PaymentError::NotPayable(offending)) = outcome else {
        panic!("{attack}: {outcome:?}");
    };
    assert_eq!(offending[0].why, ["not what was proposed"], "{attack}");
}

fn forged<T: std::fmt::Debug>(outcome: Result<T, PaymentError>, attack: &str) {
    assert!(
        matches!(outcome, Err(PaymentError::Store(StoreError::Forged { .. }))),
        "{attack}: {outcome:?}"
    );
}

const PAID_ONCE: Sql = Sql::change(
    "payments",
    "UPDATE payments SET removed_us = 1 WHERE org_id = $1 AND bill_id = $2 RETURNING id",
);

async fn write(house: &House, sql: Sql, bill: BillId) {
    house
        .world()
        .app
        .store
        .write::<_, StoreError, _>(house.world().caller(), move |tx| {
            tx.change_one(&sql, params![bill])?;
            tx.commit(Entry::new("test.rewrote", "bill", bill), ())
        })
        .await
        .expect("the store writes it");
}

#[test]
fn a_hold_a_vendor_and_a_payment_are_not_undone_behind_the_back() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;

        let held = house.bill(vendor, 100).await;
        let clerk = world.somebody("Tina", &[Role::Clerk]).await;
        place_hold(&world.app, &clerk.access().await, held, "not delivered")
            .await
            .expect("held");
        let attack = format!(
            "UPDATE holds SET released_us = 1, released_by_id = '{}', release_reason = 'fine' WHERE bill_id = '{held}'",
            clerk.person
        );
        world.tamper("holds", &attack).await;
        rows_alone(house.propose(&[held]).await, &attack);

        let asked = house.bill(vendor, 200).await;
        let attack =
            format!("UPDATE approval_requests SET closed_us = 1 WHERE bill_id = '{asked}'");
        world.tamper("approval_requests", &attack).await;
        rows_alone(house.propose(&[asked]).await, &attack);

        let paid = house.bill(vendor, 300).await;
        let run = house.countersigned(&[paid]).await;
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        let payer = house.releases.access().await;
        settle_run(&world.app, &payer, house.seen(run).await)
            .await
            .expect("settled");
        write(&house, PAID_ONCE, paid).await;
        let attack = format!("UPDATE bills SET payment = 'unpaid' WHERE id = '{paid}'");
        world.tamper("bills", &attack).await;
        rows_alone(house.propose(&[paid]).await, &attack);

        let bill = house.bill(vendor, 400).await;
        house
            .office
            .set_status(vendor, VendorStatus::Suspended)
            .await;
        let attack = format!("UPDATE vendors SET status = 'active' WHERE id = '{vendor}'");
        world.tamper("vendors", &attack).await;
        rows_alone(house.propose(&[bill]).await, &attack);
    });
}

/// A step that fits its tag: the holder of the field root wrote it, and the row's code is what is left.
#[test]
fn a_rejected_account_is_not_verified_again_behind_the_back() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, account) = house.office.payable_vendor("Nordwind", IBAN).await;
        let who = house.office.verifies.access().await;
        reject_account(&world.app, &who, (vendor, account), "closed")
            .await
            .expect("rejected");
        let scope = Scope::of(world.organisation);
        let mut step = world
            .app
            .store
            .read::<_, StoreError, _>(scope, move |read| accounts::find(read, account))
            .await
            .expect("there")
            .steps
            .pop()
            .expect("the rejection");
        step.status = AccountStatus::Verified;
        let attack = format!(
            "UPDATE vendor_bank_account_steps SET status = 'verified', tag = {} WHERE id = '{}'",
            world.bytes(&step.authenticate(&*world.keys().await)),
            step.id
        );
        world.tamper("vendor_bank_account_steps", &attack).await;
        let bill = house.bill(vendor, 100).await;
        rows_alone(house.propose(&[bill]).await, &attack);
    });
}

#[test]
fn an_account_that_a_document_claims_is_not_made_the_verified_one() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let claimed = async |bill| {
            let claim = Claim {
                index: [7; 32],
                masked: "DE•• 4711".into(),
                source: FactSource::Document,
            };
            world
                .app
                .store
                .write::<_, StoreError, _>(world.caller(), move |tx| {
                    claims::insert(tx, bill, &claim)?;
                    tx.commit(Entry::new("test.claimed", "bill", bill), ())
                })
                .await
                .expect("noted");
        };
        for (name, table, attack) in [
            (
                "One",
                "bill_account_claims",
                "UPDATE bill_account_claims SET account_index = \
                 (SELECT a.iban_index FROM vendor_bank_accounts a WHERE a.id = '{account}') WHERE bill_id = '{bill}'",
            ),
            (
                "Two",
                "vendor_bank_accounts",
                "UPDATE vendor_bank_accounts SET iban_index = {index} WHERE id = '{account}'",
            ),
        ] {
            let (vendor, account) = house.office.payable_vendor(name, IBAN).await;
            let bill = house.bill(vendor, 100).await;
            claimed(bill).await;
            let Err(PaymentError::NotPayable(offending)) = house.propose(&[bill]).await else {
                panic!("the account differs");
            };
            assert_eq!(offending[0].why, ["bank-account-differs"]);
            let attack = attack
                .replace("{account}", &account.to_string())
                .replace("{bill}", &bill.to_string())
                .replace("{index}", &world.bytes(&[7; 32]));
            world.tamper(table, &attack).await;
            rows_alone(house.propose(&[bill]).await, &attack);
        }
    });
}

#[test]
fn a_run_and_its_payments_are_believed_as_they_were_written() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        for (table, attack) in [
            (
                "payment_runs",
                "UPDATE payment_runs SET total_minor = 5 WHERE id = '{run}'",
            ),
            (
                "payments",
                "UPDATE payments SET status = 'settled' WHERE run_id = '{run}'",
            ),
        ] {
            let run = house
                .propose(&[house.bill(vendor, 100).await])
                .await
                .expect("proposed");
            let attack = attack.replace("{run}", &run.to_string());
            house.world().tamper(table, &attack).await;
            rows_alone(house.countersign(&house.releases, run).await, &attack);
        }
    });
}

#[test]
fn who_pays_is_not_changed_behind_the_back() {
    on_both(|t| async move {
        for (table, attack) in [
            ("legal_entities", "UPDATE legal_entities SET name = 'Thief'"),
            (
                "entity_bank_accounts",
                "UPDATE entity_bank_accounts SET bic = 'DEUTDEFF'",
            ),
        ] {
            let house = House::new(&t).await;
            let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
            let run = house.countersigned(&[house.bill(vendor, 100).await]).await;
            let attack = format!("{attack} WHERE org_id = '{}'", house.world().organisation);
            house.world().tamper(table, &attack).await;
            forged(house.generate(run).await, &attack);
        }
    });
}

/// Sets a run's state as its table's owner can.
async fn state(house: &House, run: RunId, to: RunStatus) -> String {
    let attack = format!(
        "UPDATE payment_runs SET status = '{to}', released_us = 1, released_by_id = '{}' WHERE id = '{run}'",
        house.releases.person
    );
    house.world().tamper("payment_runs", &attack).await;
    attack
}

#[test]
fn no_run_is_settled_voided_or_given_out_by_a_state_that_somebody_wrote() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let payer = house.releases.access().await;

        let early = house.bill(vendor, 100).await;
        let run = house.countersigned(&[early]).await;
        house.generate(run).await.expect("a file");
        let attack = state(&house, run, RunStatus::Released).await;
        forged(download_file(app, &payer, run).await, &attack);
        forged(
            settle_run(app, &payer, house.seen(run).await).await,
            &attack,
        );
        assert_eq!(house.find(early).await.payment, Payment::Scheduled);

        let gone = house.bill(vendor, 200).await;
        let run = house.countersigned(&[gone]).await;
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        let attack = state(&house, run, RunStatus::Proposed).await;
        let seen = house.seen(run).await;
        forged(void_run(app, &payer, seen, "again").await, &attack);
        let payment = house.view(run).await.rows[0].id;
        let removed = remove_payment(app, &payer, seen, payment, "again").await;
        forged(removed, &attack);
        assert_eq!(house.find(gone).await.payment, Payment::Scheduled);
    });
}

/// A change renews its row's code, so that an honest edit would make the forged state the application's own.
#[test]
fn nobody_writes_over_a_row_that_was_altered() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let clerk = world.somebody("Tina", &[Role::Clerk]).await.access().await;
        let attack = format!("UPDATE bills SET processing_reason = 'x' WHERE id = '{bill}'");
        world.tamper("bills", &attack).await;
        let version = house.find(bill).await.version;
        let closed = close(
            &world.app,
            &clerk,
            (bill, version),
            Closing::Dispute,
            "late",
        )
        .await;
        assert!(
            matches!(
                closed,
                Err(BillError::Store(StoreError::Forged { table: "bills", .. }))
            ),
            "{closed:?}"
        );

        house
            .office
            .set_status(vendor, VendorStatus::Suspended)
            .await;
        let attack = format!("UPDATE vendors SET status = 'active' WHERE id = '{vendor}'");
        world.tamper("vendors", &attack).await;
        let row = find_vendor(&world.app, &clerk, vendor)
            .await
            .expect("there");
        let mut facts = row.facts();
        facts.terms_days = 14;
        let ids = IdChanges::default();
        let edited = edit_vendor(&world.app, &clerk, vendor, row.version, facts, ids).await;
        assert!(
            matches!(
                edited,
                Err(VendorError::Store(StoreError::Forged {
                    table: "vendors",
                    ..
                }))
            ),
            "{edited:?}"
        );
    });
}
