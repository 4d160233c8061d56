//! Whoever tries tax numbers one after the other is stopped, whatever holds them; whoever types bills is not.

use countersign::identity::access::{HumanId, Role};
use countersign::payables::bills::actions::{BillError, Correction, correct};
use countersign::payables::ids::{BillId, VendorId};
use countersign::payables::intake::actions::IntakeError;
use countersign::payables::vendors::VendorError;
use countersign::payables::vendors::actions::{
    IdChanges, ask_about_number, create_vendor, edit_vendor,
};
use countersign::payables::vendors::rules::questions::Asking;
use countersign::payables::vendors::store::IdChange;
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign_sealing::Secret;
use futures_util::future::join_all;

use super::facts;
use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;
use crate::support::world::{Somebody, fresh};

/// Tests begin with an hour; a session does not live through one without a request.
const NEARLY_AN_HOUR: i64 = 59 * Micros::MINUTE;

/// A vendor whose number somebody wants to know.
async fn known(desk: &Desk) -> VendorId {
    let keeper = desk.world.somebody("Ann", &[Role::VendorManager]).await;
    let ids = IdChanges {
        vat_id: IdChange::Set(Secret::new(VAT_ID.to_owned())),
        legal_id: IdChange::Keep,
    };
    let by = keeper.access().await;
    let made = create_vendor(desk.app(), &by, facts("Seestern"), ids).await;
    made.expect("a vendor")
}

/// Types a number into the bill; gives the vendor that it is then of.
async fn guess(
    desk: &Desk,
    who: &Somebody,
    bill: BillId,
    number: &str,
) -> Result<Option<VendorId>, BillError> {
    let version = desk.stored(bill).await.bill.version;
    let mut form = crate::bills::form();
    form.vendor_name = "Whoever it is".into();
    let correction = Correction {
        form,
        vendor_vat_id: Secret::new(number.to_owned()),
        account: Secret::new(String::new()),
    };
    correct(desk.app(), &who.access().await, (bill, version), correction).await?;
    Ok(desk.stored(bill).await.bill.vendor_id)
}

async fn letter(desk: &Desk, text: &str) -> BillId {
    let sent = desk.send("letter.txt", text.as_bytes()).await;
    sent.expect("kept").bill
}

#[test]
fn whoever_tries_numbers_one_after_the_other_is_stopped() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let seestern = known(&desk).await;
        let bill = letter(&desk, "Dear Sirs").await;
        let eve = desk.world.somebody("Eve", &[Role::Clerk]).await;
        let bound = Asking::Typed.bound().human;
        for number in 0..bound {
            let found = guess(&desk, &eve, bill, &format!("ATU{number:08}")).await;
            assert_ne!(found.expect("answered"), Some(seestern), "{number}");
        }
        let refused = guess(&desk, &eve, bill, VAT_ID).await;
        assert!(
            matches!(refused, Err(BillError::Asked { minutes: 60, .. })),
            "{refused:?}"
        );
        assert_ne!(desk.stored(bill).await.bill.vendor_id, Some(seestern));
        // What names no number is typed as ever, and others are not stopped by her.
        guess(&desk, &eve, bill, "").await.expect("typed");
        let other = letter(&desk, "Dear Madam").await;
        let tom = desk.world.somebody("Tom", &[Role::Clerk]).await;
        let found = guess(&desk, &tom, other, VAT_ID).await;
        assert_eq!(found.expect("answered"), Some(seestern));
        // The twin: without the count that stopped her she has it.
        t.behind_the_back("UPDATE tax_id_questions SET asked = 0")
            .await;
        let found = guess(&desk, &eve, bill, VAT_ID).await;
        assert_eq!(found.expect("answered"), Some(seestern));
    });
}

#[test]
fn the_next_hour_has_room_again() {
    on_both(|t| async move {
        t.clock.advance(NEARLY_AN_HOUR);
        let desk = Desk::new(&t).await;
        let bill = letter(&desk, "Dear Sirs").await;
        guess(&desk, &desk.clerk, bill, "ATU00000001")
            .await
            .expect("answered");
        let full = format!(
            "UPDATE tax_id_questions SET asked = {}",
            Asking::Typed.bound().human
        );
        t.behind_the_back(&full).await;
        t.clock.advance(Micros::MINUTE - 1);
        let refused = guess(&desk, &desk.clerk, bill, VAT_ID).await;
        assert!(
            matches!(refused, Err(BillError::Asked { minutes: 1, .. })),
            "{refused:?}"
        );
        t.clock.advance(1);
        guess(&desk, &desk.clerk, bill, VAT_ID)
            .await
            .expect("answered");
    });
}

#[test]
fn a_vendor_given_one_number_after_the_other_is_a_question_too() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let vendor = known(&desk).await;
        let keeper = desk.world.somebody("Ben", &[Role::VendorManager]).await;
        let set = async |version: i64, number: &str| {
            let ids = IdChanges {
                vat_id: IdChange::Set(Secret::new(number.to_owned())),
                legal_id: IdChange::Keep,
            };
            let who = keeper.access().await;
            edit_vendor(desk.app(), &who, vendor, version, facts("Seestern"), ids).await
        };
        let version = set(1, "ATU00000001").await.expect("set");
        let full = format!(
            "UPDATE tax_id_questions SET asked = {}",
            Asking::Typed.bound().human
        );
        t.behind_the_back(&full).await;
        let refused = set(version, "ATU00000002").await;
        assert!(
            matches!(refused, Err(VendorError::Asked { .. })),
            "{refused:?}"
        );
        // What leaves the numbers alone asks nothing.
        let who = keeper.access().await;
        let none = IdChanges::default();
        edit_vendor(
            desk.app(),
            &who,
            vendor,
            version,
            facts("Seestern AG"),
            none,
        )
        .await
        .expect("changed");
    });
}

/// Somebody makes vendors with numbers, and says of a bill one after the other that it is of each: the hold says whether its document
/// names that number.
#[test]
fn a_bill_said_to_be_of_one_vendor_after_the_other_is_a_question_too() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let invoice = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &invoice).await.expect("taken").bill;
        let says = async |name: &str| {
            let version = desk.stored(bill).await.bill.version;
            let mut form = crate::bills::form();
            form.vendor_name = name.to_owned();
            let correction = Correction {
                form,
                vendor_vat_id: Secret::new(String::new()),
                account: Secret::new(String::new()),
            };
            let by = desk.clerk.access().await;
            correct(desk.app(), &by, (bill, version), correction).await
        };
        says("Seestern GmbH").await.expect("it has room");
        let full = format!(
            "UPDATE tax_id_questions SET asked = {} WHERE kind = 'typed'",
            Asking::Typed.bound().human
        );
        t.behind_the_back(&full).await;
        let refused = says("Seepferd GmbH").await;
        assert!(
            matches!(
                refused,
                Err(BillError::Asked {
                    field: "vendor_name",
                    ..
                })
            ),
            "{refused:?}"
        );
        // What leaves the name alone asks nothing.
        says("Seestern GmbH").await.expect("corrected");
        // Nor does a bill whose document names no number.
        let other = letter(&desk, "Dear Sirs").await;
        guess(&desk, &desk.clerk, other, "").await.expect("typed");
    });
}

#[test]
fn documents_have_a_bound_that_a_file_cabinet_keeps_within() {
    on_both(|t| async move {
        t.clock.advance(NEARLY_AN_HOUR);
        let desk = Desk::new(&t).await;
        let invoice = |number: &str| ubl(number, "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        desk.send("a.xml", &invoice("A-1")).await.expect("taken");
        let full = |asked: i64| format!("UPDATE tax_id_questions SET asked = {asked}");
        let bound = Asking::Document.bound().human;
        t.behind_the_back(&full(bound - 1)).await;
        desk.send("b.xml", &invoice("A-2"))
            .await
            .expect("the last one");
        let refused = desk.send("c.xml", &invoice("A-3")).await;
        assert!(
            matches!(refused, Err(IntakeError::Vendor(VendorError::Asked { .. }))),
            "{refused:?}"
        );
        // What names no number comes in, and so does what is known already.
        desk.send("d.txt", b"Dear Sirs").await.expect("kept");
        desk.send("b.xml", &invoice("A-2")).await.expect("known");
        t.clock.advance(Micros::MINUTE);
        desk.send("c.xml", &invoice("A-3")).await.expect("taken");
    });
}

#[test]
fn many_at_once_and_many_together_are_counted_all_the_same() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let (app, scope) = (desk.app(), Scope::of(desk.world.organisation));
        let bound = Asking::Typed.bound();
        let ask = |human: HumanId| ask_about_number(app, scope, human, Asking::Typed);
        let eve: HumanId = fresh(&desk.world);
        ask(eve).await.expect("the first");
        let full = |asked: i64| format!("UPDATE tax_id_questions SET asked = {asked}");
        t.behind_the_back(&full(bound.human - 1)).await;
        let answers = join_all((0..16).map(|_| ask(eve))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        // Colleagues who share the work have no more than the organisation.
        let tom: HumanId = fresh(&desk.world);
        ask(tom).await.expect("another human");
        let rest = bound.organisation - bound.human;
        t.behind_the_back(&format!("{} WHERE human_id = '{tom}'", full(rest)))
            .await;
        let third: HumanId = fresh(&desk.world);
        let refused = ask(third).await;
        assert!(
            matches!(refused, Err(VendorError::Asked { .. })),
            "{refused:?}"
        );
        // Other organisations have their own.
        let elsewhere = desk.world.beside().await;
        let there = Scope::of(elsewhere.organisation);
        ask_about_number(app, there, third, Asking::Typed)
            .await
            .expect("its own");
    });
}
