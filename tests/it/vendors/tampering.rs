//! Somebody with the database, but not the keys, tries to be paid. Each attack is stopped; and where a tag alone stops it,
//! the same attack with a forged tag succeeds, so that the test is known to see the guard.

use countersign::payables::ids::{AccountId, VendorId};
use countersign::payables::vendors::WhyNotPayable;
use countersign::payables::vendors::actions::reject_account;
use countersign::payables::vendors::rules::accounts::{
    Altered, COOLING_OFF_CHANGE_US, Dossier, Refusal, digest,
};
use countersign::payables::vendors::store::accounts;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use super::{IBAN, OTHER_IBAN, Office};
use crate::support::stores::on_both;
use crate::support::world::fresh;

const ACCOUNTS: &str = "vendor_bank_accounts";
const STEPS: &str = "vendor_bank_account_steps";
const RECORDS: &str = "bank_account_verifications";

async fn refused(office: &Office, vendor: VendorId) -> Refusal {
    match office.payable(vendor).await {
        Err(WhyNotPayable::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

async fn dossier(office: &Office, account: AccountId) -> Dossier {
    office
        .world
        .app
        .store
        .read::<_, StoreError, _>(Scope::of(office.world.organisation), move |read| {
            accounts::find(read, account)
        })
        .await
        .expect("the account is there")
}

/// What a thief of the field root could do: makes the record of the verification fit the rows as they are now.
async fn forge_record(office: &Office, vendor: VendorId, account: AccountId) {
    let keys = office.world.keys().await;
    let dossier = dossier(office, account).await;
    let mut record = dossier.verification.clone().expect("verified before");
    let iban = countersign_bankfile::account::Iban::parse(IBAN).expect("an IBAN");
    record.account_digest = digest(&keys, &dossier.account, vendor, &iban);
    let bytes = |bytes: &[u8]| office.world.bytes(bytes);
    let change = format!(
        "UPDATE {RECORDS} SET account_digest = {}, tag = {} WHERE account_id = '{account}'",
        bytes(&record.account_digest),
        bytes(&record.authenticate(&keys)),
    );
    office.world.tamper(RECORDS, &change).await;
}

#[test]
fn no_altered_column_of_an_account_is_paid() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        for (name, column, value) in [
            ("holder", "holder", "'Thief Ltd'"),
            ("bic", "bic", "'DEUTDEFF'"),
            ("currency", "currency", "'USD'"),
        ] {
            let (vendor, account) = office.payable_vendor(name, IBAN).await;
            office.payable(vendor).await.expect("payable before");
            let change = format!("UPDATE {ACCOUNTS} SET {column} = {value} WHERE id = '{account}'");
            office.world.tamper(ACCOUNTS, &change).await;
            assert_eq!(
                refused(&office, vendor).await,
                Refusal::Altered(Altered::Account),
                "{name}"
            );
            forge_record(&office, vendor, account).await;
            office
                .payable(vendor)
                .await
                .expect("only the record's tag stopped it");
        }
    });
}

#[test]
fn no_altered_human_is_believed() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let somebody = fresh::<countersign::identity::access::HumanId>(&office.world);
        for (table, column, expected) in [
            (ACCOUNTS, "entered_human_id", Altered::Steps),
            (RECORDS, "entered_human_id", Altered::Verification),
            (RECORDS, "verified_human_id", Altered::Verification),
        ] {
            let (vendor, account) = office.payable_vendor("Nordwind", IBAN).await;
            let key = if table == ACCOUNTS {
                "id"
            } else {
                "account_id"
            };
            let change =
                format!("UPDATE {table} SET {column} = '{somebody}' WHERE {key} = '{account}'");
            office.world.tamper(table, &change).await;
            assert_eq!(
                refused(&office, vendor).await,
                Refusal::Altered(expected),
                "{table}.{column}"
            );
        }
        // Nor does it help to disown an entry before verifying it oneself.
        let vendor = office.active_vendor("Own").await;
        let account = office.enter(vendor, IBAN).await;
        let change =
            format!("UPDATE {ACCOUNTS} SET entered_human_id = '{somebody}' WHERE id = '{account}'");
        office.world.tamper(ACCOUNTS, &change).await;
        office
            .verify_as(&office.enters, vendor, account, IBAN)
            .await
            .expect_err("the step tells who entered it");
    });
}

#[test]
fn no_altered_step_is_believed() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = office.active_vendor("Never verified").await;
        let account = office.enter(vendor, IBAN).await;
        let change = format!(
            "UPDATE {STEPS} SET status = 'verified' WHERE account_id = '{account}' AND position = 2"
        );
        office.world.tamper(STEPS, &change).await;
        assert_eq!(
            refused(&office, vendor).await,
            Refusal::Altered(Altered::Steps)
        );

        let (vendor, account) = office.payable_vendor("Rejected", IBAN).await;
        let who = office.verifies.access().await;
        reject_account(
            &office.world.app,
            &who,
            (vendor, account),
            "denied by phone",
        )
        .await
        .expect("rejected");
        let change = format!(
            "UPDATE {STEPS} SET status = 'verified' WHERE account_id = '{account}' AND status = 'rejected'"
        );
        office.world.tamper(STEPS, &change).await;
        assert_eq!(
            refused(&office, vendor).await,
            Refusal::Altered(Altered::Steps)
        );
        let keys = office.world.keys().await;
        let dossier = dossier(&office, account).await;
        let last = dossier.steps.last().expect("it has steps");
        let change = format!(
            "UPDATE {STEPS} SET tag = {} WHERE id = '{}'",
            office.world.bytes(&last.authenticate(&keys)),
            last.id
        );
        office.world.tamper(STEPS, &change).await;
        office
            .payable(vendor)
            .await
            .expect("only the step's tag stopped it");
    });
}

#[test]
fn a_rest_is_not_cut_short_and_no_tag_is_made_up() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (vendor, first) = office.payable_vendor("Nordwind", OTHER_IBAN).await;
        let account = office.enter(vendor, IBAN).await;
        office.verify(vendor, account, IBAN).await;
        let change =
            format!("UPDATE {RECORDS} SET cooling_off_end_us = 0 WHERE account_id = '{account}'");
        office.world.tamper(RECORDS, &change).await;
        assert_eq!(
            refused(&office, vendor).await,
            Refusal::Altered(Altered::Verification)
        );
        forge_record(&office, vendor, account).await;
        office
            .payable(vendor)
            .await
            .expect("only the record's tag stopped it");
        for tag in [vec![0; 32], Vec::new()] {
            let change = format!(
                "UPDATE {RECORDS} SET tag = {} WHERE account_id = '{account}'",
                office.world.bytes(&tag)
            );
            office.world.tamper(RECORDS, &change).await;
            assert_eq!(
                refused(&office, vendor).await,
                Refusal::Altered(Altered::Verification)
            );
        }
        // Nor does another account's record fit.
        office.world.t.clock.advance(COOLING_OFF_CHANGE_US);
        let change = format!(
            "UPDATE {RECORDS} SET tag = (SELECT o.tag FROM {RECORDS} o WHERE o.account_id = '{first}') \
             WHERE account_id = '{account}'"
        );
        office.world.tamper(RECORDS, &change).await;
        assert_eq!(
            refused(&office, vendor).await,
            Refusal::Altered(Altered::Verification)
        );
    });
}

#[test]
fn neither_ciphertexts_nor_accounts_move_between_vendors() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (victim, account) = office.payable_vendor("Victim", IBAN).await;
        let (thief, thiefs) = office.payable_vendor("Thief", OTHER_IBAN).await;
        let swap = format!(
            "UPDATE {ACCOUNTS} SET iban_sealed = (SELECT o.iban_sealed FROM {ACCOUNTS} o WHERE o.id = '{thiefs}') \
             WHERE id = '{account}'"
        );
        office.world.tamper(ACCOUNTS, &swap).await;
        assert_eq!(
            refused(&office, victim).await,
            Refusal::Altered(Altered::Iban)
        );
        // Within one vendor as well: an account that was entered and never verified.
        let (vendor, verified) = office.payable_vendor("Same", IBAN).await;
        let unverified = office.enter(vendor, OTHER_IBAN).await;
        let swap = format!(
            "UPDATE {ACCOUNTS} SET iban_sealed = (SELECT o.iban_sealed FROM {ACCOUNTS} o WHERE o.id = '{unverified}') \
             WHERE id = '{verified}'"
        );
        office.world.tamper(ACCOUNTS, &swap).await;
        assert_eq!(
            refused(&office, vendor).await,
            Refusal::Altered(Altered::Iban)
        );
        // A verified account, with its record, is given to another vendor.
        let poor = office.active_vendor("Poor").await;
        let gift = format!("UPDATE {ACCOUNTS} SET vendor_id = '{poor}' WHERE id = '{thiefs}'");
        office.world.tamper(ACCOUNTS, &gift).await;
        let gift =
            format!("UPDATE {RECORDS} SET vendor_id = '{poor}' WHERE account_id = '{thiefs}'");
        office.world.tamper(RECORDS, &gift).await;
        assert_eq!(
            refused(&office, poor).await,
            Refusal::Altered(Altered::Iban)
        );
        office
            .payable(thief)
            .await
            .expect_err("its account is gone");
    });
}
