//! Bills for which no money ever leaves.

use countersign::identity::access::Role;
use countersign::payables::bills::actions::{BillError, settle_without_payment};
use countersign::payables::bills::holds::{self, HoldKind};
use countersign::payables::bills::rules::{BillKind, Payment};
use countersign::payables::payments::actions::PaymentError;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use super::house::House;
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::IBAN;

#[test]
fn what_owes_nothing_is_settled_by_a_person_with_a_reason() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.captured(vendor, 100, BillKind::Standard, "").await;
        house.prepaid(bill).await;
        let settle = async |who: &Somebody, bill, why: &str| {
            let (access, version) = (who.access().await, house.find(bill).await.version);
            settle_without_payment(app, &access, (bill, version), why).await
        };
        let payer = &house.releases;
        let early = settle(payer, bill, "paid in May").await;
        assert!(matches!(early, Err(BillError::NotSettled)), "{early:?}");
        house.approve(bill, &house.approves).await;
        let Err(PaymentError::NotPayable(offending)) = house.propose(&[bill]).await else {
            panic!("nothing is owed");
        };
        assert_eq!(offending[0].why, ["nothing-owed"]);
        let router = countersign::payables::routes().with_state(std::sync::Arc::clone(app));
        let mut dan = Browser::new(router).with_cookie(payer.cookie());
        let page = dan.get(&format!("/bills/{bill}")).await;
        assert!(page.body.contains("/settle\""), "{}", page.body);

        let silent = settle(payer, bill, " ").await;
        assert!(matches!(silent, Err(BillError::NoReason)), "{silent:?}");
        let clerk = house.world().somebody("Tina", &[Role::Clerk]).await;
        let denied = settle(&clerk, bill, "paid in May").await;
        assert!(matches!(denied, Err(BillError::Denied(_))), "{denied:?}");
        settle(payer, bill, "paid in May").await.expect("settled");
        assert_eq!(house.find(bill).await.payment, Payment::Paid);

        let owed = house.bill(vendor, 100).await;
        let refused = settle(payer, owed, "a gift").await;
        assert!(matches!(refused, Err(BillError::NotSettled)), "{refused:?}");
    });
}

#[test]
fn a_credit_note_below_zero_is_held_until_somebody_says_who_owes_whom() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let vendor = house.office.active_vendor("Nordwind").await;
        for (minor, is_held) in [(-100, true), (100, false)] {
            let bill = house
                .captured(vendor, minor, BillKind::CreditNote, "")
                .await;
            let scope = Scope::of(house.world().organisation);
            let bill = house.find(bill).await;
            let holds = house
                .world()
                .app
                .store
                .read::<_, StoreError, _>(scope, move |read| holds::standing(read, &bill))
                .await
                .expect("it reads");
            let kinds: Vec<HoldKind> = holds.into_iter().map(|hold| hold.kind).collect();
            assert_eq!(
                kinds.contains(&HoldKind::CreditNoteNegative),
                is_held,
                "{kinds:?}"
            );
        }
    });
}
