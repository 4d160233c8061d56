//! Somebody with the database, but not the keys, tries to have more paid, or to somebody else. At each step that follows
//! the run is checked anew and refused.

use countersign::identity::access::HumanId;
use countersign::params;
use countersign::payables::bills::holds::{self, HoldKind};
use countersign::payables::payments::actions::{PaymentError, remove_from_open_runs};
use countersign::payables::payments::rules::RunStatus;
use countersign::payables::payments::store::{self, seal};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError, Value};

use super::house::House;
use crate::support::stores::on_both;
use crate::support::world::fresh;
use crate::vendors::{IBAN, OTHER_IBAN};

/// Statements by which somebody would be paid wrongly. `{bill}`, `{run}`, `{thief}` and `{account}` are filled in.
const ATTACKS: &[(&str, &str)] = &[
    (
        "bills",
        "UPDATE bills SET payable_minor = 999999 WHERE id = '{bill}'",
    ),
    (
        "bills",
        "UPDATE bills SET vendor_id = '{thief}' WHERE id = '{bill}'",
    ),
    (
        "bills",
        "UPDATE bills SET due_date = '2026-01-01' WHERE id = '{bill}'",
    ),
    (
        "bills",
        "UPDATE bills SET payment_reference = 'x' WHERE id = '{bill}'",
    ),
    (
        "payments",
        "UPDATE payments SET amount_minor = 999999 WHERE bill_id = '{bill}'",
    ),
    (
        "payments",
        "UPDATE payments SET vendor_id = '{thief}' WHERE bill_id = '{bill}'",
    ),
    (
        "payments",
        "UPDATE payments SET account_id = '{account}' WHERE bill_id = '{bill}'",
    ),
    (
        "payments",
        "UPDATE payments SET remittance = 'for the thief' WHERE bill_id = '{bill}'",
    ),
    (
        "payment_runs",
        "UPDATE payment_runs SET execution_date = '2026-01-06' WHERE id = '{run}'",
    ),
    (
        "payment_runs",
        "UPDATE payment_runs SET proposed_human_id = '{human}' WHERE id = '{run}'",
    ),
    (
        "approval_decisions",
        "UPDATE approval_decisions SET human_id = '{human}' WHERE bill_id = '{bill}'",
    ),
    (
        "approval_decisions",
        "UPDATE approval_decisions SET verdict = 'reject' WHERE bill_id = '{bill}'",
    ),
    (
        "approval_requests",
        "UPDATE approval_requests SET approvals_needed = 0 WHERE bill_id = '{bill}'",
    ),
    (
        "vendor_bank_accounts",
        "UPDATE vendor_bank_accounts SET holder = 'Thief' WHERE vendor_id = '{vendor}'",
    ),
    (
        "vendors",
        "UPDATE vendors SET status = 'blocked' WHERE id = '{vendor}'",
    ),
];

#[test]
fn no_update_behind_the_back_is_countersigned_written_or_released() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (thief, thiefs) = house.office.payable_vendor("Thief", OTHER_IBAN).await;
        let stranger: HumanId = fresh(house.world());
        for (number, (table, attack)) in ATTACKS.iter().enumerate() {
            let name = format!("Vendor {number}");
            let (vendor, _) = house.office.payable_vendor(&name, IBAN).await;
            let bill = house.bill(vendor, 100).await;
            let run = house.propose(&[bill]).await.expect("proposed");
            // Each attack is tried at one of the three steps, so that each step meets several.
            let step = number % 3;
            if step > 0 {
                house
                    .countersign(&house.releases, run)
                    .await
                    .expect("signed");
            }
            if step > 1 {
                house.generate(run).await.expect("a file");
            }
            let statement = attack
                .replace("{bill}", &bill.to_string())
                .replace("{run}", &run.to_string())
                .replace("{vendor}", &vendor.to_string())
                .replace("{thief}", &thief.to_string())
                .replace("{account}", &thiefs.to_string())
                .replace("{human}", &stranger.to_string());
            house.world().tamper(table, &statement).await;
            let outcome = match step {
                0 => house.countersign(&house.releases, run).await,
                1 => house.generate(run).await,
                _ => house.release(run).await,
            };
            assert!(
                matches!(
                    outcome,
                    Err(PaymentError::NotPayable(_) | PaymentError::Altered)
                ),
                "{attack} at step {step}: {outcome:?}"
            );
        }
    });
}

const REWRITE: Sql = Sql::change(
    "payments",
    "UPDATE payments SET remittance = 'other' WHERE org_id = $1 AND bill_id = $2 RETURNING id",
);
const RETAG: Sql = Sql::change(
    "payments",
    "UPDATE payments SET tag = $3 WHERE org_id = $1 AND bill_id = $2 RETURNING id",
);

/// Changes a payment with a right code for its row, as only the store itself can.
async fn rewrite(house: &House, sql: Sql, params: Vec<Value>) {
    house
        .world()
        .app
        .store
        .write::<_, StoreError, _>(house.world().caller(), move |tx| {
            tx.change_one(&sql, &params)?;
            tx.commit(Entry::new("test.rewrote", "test", "payment"), ())
        })
        .await
        .expect("the store writes it");
}

/// The attack above on a payment's text, with a right code for the row and a forged tag: it goes through, so the tag is
/// what stopped it.
#[test]
fn only_the_payments_tag_stops_an_altered_text() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let run = house.propose(&[bill]).await.expect("proposed");
        rewrite(&house, REWRITE, vec![bill.into()]).await;
        let refused = house.countersign(&house.releases, run).await;
        assert!(matches!(refused, Err(PaymentError::NotPayable(_))));
        let keys = house.world().keys().await;
        let now = house.world().app.now();
        let within = keys.clone();
        let scope = Scope::of(house.world().organisation);
        let tag = house
            .world()
            .app
            .store
            .read::<_, StoreError, _>(scope, move |read| {
                let run = store::find(read, run)?;
                let payment = store::payments(read, run.id)?.remove(0);
                let asked = store::check::Asked {
                    keys: &within,
                    now,
                    currency: countersign_money::Currency::EUR,
                    entity: run.entity,
                    payment: countersign::payables::bills::rules::Payment::Scheduled,
                    separation: store::separation::now(read)?,
                };
                let payable = store::check::one(read, asked, payment.bill)?.expect("payable");
                Ok(seal::payment_tag(&within, &run, &payment, payable.basis()))
            })
            .await
            .expect("it reads");
        rewrite(&house, RETAG, vec![bill.into(), tag.into()]).await;
        house
            .countersign(&house.releases, run)
            .await
            .expect("only the tag stopped it");
    });
}

const SIGN: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'countersigned', digest = $3, countersigned_by_id = $4, \
     countersigned_human_id = $5, countersigned_us = 1, countersign_tag = $6 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const FILE: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET file_document_id = $3, file_sha256 = $4, file_tag = $5 \
     WHERE org_id = $1 AND id = $2 RETURNING id",
);

/// The row's code is right, so that the tag of the countersignature is what stops it; with the right tag it goes through.
#[test]
fn no_countersignature_is_made_up() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let run = house.propose(&[bill]).await.expect("proposed");
        let signer = &house.releases;
        let digest = house.seen(run).await.digest;
        let signed = |tag: [u8; 32]| {
            let params = params![run, digest, signer.person, signer.human, tag];
            params.to_vec()
        };
        rewrite(&house, SIGN, signed([7; 32])).await;
        let refused = house.generate(run).await;
        assert!(matches!(refused, Err(PaymentError::Altered)), "{refused:?}");
        let row = house.view(run).await.run;
        let tag = seal::countersign_tag(&*house.world().keys().await, &row).expect("signed");
        rewrite(&house, SIGN, signed(tag)).await;
        house.generate(run).await.expect("only the tag stopped it");
    });
}

/// Another run's file in the place of this one's: the tag of the file stops it; with a right tag the bytes are what is left.
#[test]
fn no_file_is_put_in_the_place_of_another() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let other = house
            .countersigned(&[house.bill(vendor, 9_000).await])
            .await;
        house.generate(other).await.expect("a file");
        let mine = house.countersigned(&[house.bill(vendor, 100).await]).await;
        house.generate(mine).await.expect("a file");
        let (other, row) = (house.view(other).await.run, house.view(mine).await.run);
        let sha256 = other.file_sha256.expect("a file");
        let file = |tag: Vec<u8>| params![mine, other.file_document, sha256, tag].to_vec();
        rewrite(&house, FILE, file(other.file_tag.clone().expect("a tag"))).await;
        let refused = house.release(mine).await;
        assert!(matches!(refused, Err(PaymentError::Altered)), "{refused:?}");
        let keys = house.world().keys().await;
        let tag = seal::file_tag(&keys, &row, sha256).expect("countersigned");
        rewrite(&house, FILE, file(tag.to_vec())).await;
        let refused = house.release(mine).await;
        assert!(
            matches!(refused, Err(PaymentError::Verify(_))),
            "{refused:?}"
        );
    });
}

#[test]
fn a_bill_that_changes_leaves_its_run_unless_that_was_released() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (one, two) = (house.bill(vendor, 100).await, house.bill(vendor, 200).await);
        let run = house.countersigned(&[one, two]).await;
        house.generate(run).await.expect("a file");
        let leave = async |bill| {
            house
                .world()
                .app
                .store
                .write::<_, StoreError, _>(house.world().caller(), move |tx| {
                    let left = remove_from_open_runs(tx, bill, "its due date changed")?;
                    tx.done(left)
                })
                .await
                .expect("it answers")
        };
        assert!(leave(one).await);
        assert!(!leave(one).await, "it is out");
        let view = house.view(run).await;
        assert_eq!(
            (view.run.status, view.run.payment_count),
            (RunStatus::Proposed, 1)
        );
        assert!(view.run.file_sha256.is_none(), "the file was for two");
        house.countersign(&house.releases, run).await.expect("anew");
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        assert!(!leave(two).await, "the bank has it");
    });
}

/// A hold that somebody placed by hand after the approval, and that the database says was released.
#[test]
fn a_manual_hold_that_is_released_behind_the_back_keeps_the_bill_from_being_paid() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        for step in 0..3 {
            let name = format!("Vendor {step}");
            let (vendor, _) = house.office.payable_vendor(&name, IBAN).await;
            let bill = house.bill(vendor, 100).await;
            let run = house.propose(&[bill]).await.expect("proposed");
            if step > 0 {
                let signed = house.countersign(&house.releases, run).await;
                signed.expect("signed");
            }
            if step > 1 {
                house.generate(run).await.expect("a file");
            }
            house
                .world()
                .app
                .store
                .write::<_, StoreError, _>(house.world().caller(), move |tx| {
                    assert!(holds::place(
                        tx,
                        bill,
                        HoldKind::Manual,
                        "Wait for the goods"
                    )?);
                    tx.commit(Entry::new("hold.placed", "bill", bill), ())
                })
                .await
                .expect("held");
            let release = format!(
                "UPDATE holds SET released_us = 1, release_reason = 'x' WHERE bill_id = '{bill}'"
            );
            house.world().tamper("holds", &release).await;
            let outcome = match step {
                0 => house.countersign(&house.releases, run).await,
                1 => house.generate(run).await,
                _ => house.release(run).await,
            };
            assert!(
                matches!(
                    outcome,
                    Err(PaymentError::NotPayable(_) | PaymentError::Altered)
                ),
                "at step {step}: {outcome:?}"
            );
            let next = house.propose(&[bill]).await;
            assert!(next.is_err(), "in no other run: {next:?}");
        }
    });
}
