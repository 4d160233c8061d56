//! Nothing is paid on a document that names another company than the vendor, until somebody has said that it is the same.

use countersign::identity::access::Role;
use countersign::payables::bills::actions::release_hold;
use countersign::payables::bills::holds::{self, HoldKind};
use countersign::payables::bills::store::sellers::{self, Seller};
use countersign::payables::bills::store::{self as bills};
use countersign::payables::ids::{BillId, HoldId};
use countersign::payables::payments::actions::PaymentError;
use countersign::platform::store::{Entry, StoreError};

use super::house::House;
use crate::support::stores::on_both;
use crate::vendors::IBAN;

/// Notes who the bill's document says that it is from, as intake does.
async fn note(house: &House, bill: BillId, name: &str) {
    let name = name.to_owned();
    let seller = Seller {
        name,
        ..Seller::default()
    };
    house
        .world()
        .app
        .store
        .write::<_, StoreError, _>(house.world().caller(), move |tx| {
            sellers::insert(tx, bill, &seller)?;
            let found = bills::find(tx, bill)?;
            holds::recheck(tx, &found)?;
            tx.commit(Entry::new("test.noted", "bill", bill), ())
        })
        .await
        .expect("noted");
}

async fn hold_of(house: &House, bill: BillId) -> HoldId {
    let scope = countersign::platform::scope::Scope::of(house.world().organisation);
    let open = house
        .world()
        .app
        .store
        .read::<_, StoreError, _>(scope, move |read| holds::open_of(read, bill))
        .await
        .expect("it reads");
    let hold = open
        .iter()
        .find(|hold| hold.kind == HoldKind::VendorNameDiffers);
    hold.expect("it is held").id
}

fn refused_for(outcome: &Result<impl std::fmt::Debug, PaymentError>, word: &str) -> bool {
    matches!(outcome, Err(PaymentError::NotPayable(bills))
        if bills.iter().any(|bill| bill.why.iter().any(|why| why.contains(word))))
}

#[test]
fn a_namesakes_bill_is_in_no_run_until_a_person_releases_the_hold_and_nothing_else_keeps_it_out() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        note(&house, bill, "Südwind AG").await;
        let refused = house.propose(&[bill]).await;
        assert!(
            refused_for(&refused, HoldKind::VendorNameDiffers.as_str()),
            "{refused:?}"
        );

        let clerk = house.world().somebody("Tina", &[Role::Clerk]).await;
        let (hold, version) = (hold_of(&house, bill).await, house.find(bill).await.version);
        let why = "Renamed in May, see the register";
        let who = clerk.access().await;
        release_hold(&house.world().app, &who, (bill, version), hold, why)
            .await
            .expect("released");
        house
            .propose(&[bill])
            .await
            .expect("only the hold stopped it");
    });
}

#[test]
fn a_name_rewritten_behind_the_application_frees_no_bill() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (held, honest) = (house.bill(vendor, 100).await, house.bill(vendor, 200).await);
        note(&house, held, "Südwind AG").await;
        note(&house, honest, "NORDWIND G.m.b.H.").await;
        let rewrite = format!("UPDATE bill_sellers SET name = 'Nordwind' WHERE bill_id = '{held}'");
        house.world().tamper("bill_sellers", &rewrite).await;
        let refused = house.propose(&[held]).await;
        assert!(
            matches!(refused, Err(PaymentError::NotPayable(_))),
            "{refused:?}"
        );
        // The twin whose row is the application's own bears the same name in effect, and is paid.
        house.propose(&[honest]).await.expect("nothing was altered");
    });
}
