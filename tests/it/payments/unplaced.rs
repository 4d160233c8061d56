//! What another bill brings upon one that was approved before stands without a row of its own, and can be released all the same.

use std::sync::Arc;

use axum::Router;
use countersign::identity::access::Role;
use countersign::payables::bills::actions::{BillError, release_hold};
use countersign::payables::bills::holds::{self, Hold, HoldKind, Named};
use countersign::payables::bills::pages;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::bills::store as bills;
use countersign::payables::ids::BillId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, verify};
use countersign::platform::store::{Entry, StoreError};

use super::house::House;
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::vendors::IBAN;

const WHY: &str = "They number both alike, see their letter";

/// Gives a bill a number, as a document would.
async fn number(house: &House, bill: BillId, number: &str) {
    let number = number.to_owned();
    let store = &house.world().app.store;
    store
        .write::<_, StoreError, _>(house.world().caller(), move |tx| {
            let mut found = bills::find(tx, bill)?;
            number.clone_into(&mut found.number);
            found.number_key = countersign::payables::bills::rules::number_key(&number);
            bills::update(tx, &found)?;
            tx.commit(Entry::new("test.numbered", "bill", bill), ())
        })
        .await
        .expect("numbered");
}

/// The hold that stands on a bill alone.
async fn only(house: &House, bill: BillId) -> Hold {
    let scope = Scope::of(house.world().organisation);
    let store = &house.world().app.store;
    let mut standing = store
        .read::<_, StoreError, _>(scope, move |read| {
            let bill = bills::find(read, bill)?;
            holds::standing(read, &bill)
        })
        .await
        .expect("it reads");
    assert_eq!(standing.len(), 1, "{standing:?}");
    standing.remove(0)
}

async fn release(house: &House, bill: BillId, named: Named) -> Result<(), BillError> {
    let clerk = house.world().somebody("Tina", &[Role::Clerk]).await;
    let seen = (bill, house.find(bill).await.version);
    let who = clerk.access().await;
    release_hold(&house.world().app, &who, seen, named, WHY).await
}

fn named(kind: HoldKind, detail: &str) -> Named {
    let detail = detail.to_owned();
    Named::Figures { kind, detail }
}

async fn journal_is_whole(house: &House) {
    let (app, scope) = (&house.world().app, Scope::of(house.world().organisation));
    sequence_pending(&app.store, "node", app.now())
        .await
        .expect("sequenced");
    let verified = verify(&app.store, scope, app.now()).await.expect("reads");
    assert_eq!(verified.bad, None);
}

#[test]
fn an_invoice_whose_number_a_later_credit_note_bears_is_payable_once_a_person_said_so() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let invoice = house.bill(vendor, 700).await;
        let credit = house.captured(vendor, 50, BillKind::CreditNote, "").await;
        number(&house, credit, "NW-0001").await;
        let refused = house.propose(&[invoice]).await;
        assert!(refused.is_err(), "{refused:?}");
        let hold = only(&house, invoice).await;
        let kind = HoldKind::NumberReused;
        assert!(hold.kind == kind && !hold.is_placed(), "{hold:?}");

        let other = release(&house, invoice, named(kind, "another (bill)")).await;
        assert!(matches!(other, Err(BillError::SaysElse)), "{other:?}");
        let none = named(HoldKind::DuplicateSuspected, &hold.detail);
        let none = release(&house, invoice, none).await;
        assert!(matches!(none, Err(BillError::NotOpen)), "{none:?}");
        let fixed = named(HoldKind::VendorNotActive, "");
        let fixed = release(&house, invoice, fixed).await;
        assert!(matches!(fixed, Err(BillError::NotReleasable)), "{fixed:?}");
        assert!(house.propose(&[invoice]).await.is_err(), "it still stands");

        release(&house, invoice, named(kind, &hold.detail))
            .await
            .expect("released");
        house.propose(&[invoice]).await.expect("payable again");
        journal_is_whole(&house).await;
    });
}

#[test]
fn a_page_offers_the_release_of_a_hold_without_a_row_and_takes_what_it_offered() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let invoice = house.bill(vendor, 700).await;
        let credit = house.captured(vendor, 50, BillKind::CreditNote, "").await;
        number(&house, credit, "NW-0001").await;
        let clerk = house.world().somebody("Tina", &[Role::Clerk]).await;
        let router = Router::new()
            .merge(pages::routes())
            .with_state(Arc::clone(&house.world().app));
        let mut browser = Browser::new(router).with_cookie(&clerk.cookie);
        let page = browser.get(&format!("/bills/{invoice}")).await.body;
        let form = format!("/bills/{invoice}/holds/number-reused/release");
        let detail = only(&house, invoice).await.detail;
        assert!(page.contains(&form) && page.contains(&detail), "{page}");
        let version = house.find(invoice).await.version.to_string();
        let fields = [
            ("version", version.as_str()),
            ("detail", &detail),
            ("reason", WHY),
        ];
        let answer = browser.submit(&form, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        house.propose(&[invoice]).await.expect("payable again");
    });
}

#[test]
fn an_older_bill_that_a_later_one_looks_like_is_released_as_it_stands_now() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let older = house.bill(vendor, 700).await;
        let later = house.captured(vendor, 800, BillKind::Standard, "").await;
        number(&house, later, "NW-0001").await;
        // Its row is written, and then the other bill's number is typed otherwise: the row says what is not so any more.
        let store = &house.world().app.store;
        store
            .write::<_, StoreError, _>(house.world().caller(), move |tx| {
                let found = bills::find(tx, older)?;
                holds::recheck(tx, &found)?;
                let entry = Entry::new("test.rechecked", "bill", older).version(found.version);
                tx.commit(entry, ())
            })
            .await
            .expect("rechecked");
        let before = only(&house, older).await;
        assert!(before.is_placed());
        number(&house, later, "nw 0001").await;
        let hold = only(&house, older).await;
        assert!(!hold.is_placed() && hold.detail != before.detail);
        let kind = HoldKind::DuplicateSuspected;
        let stale = release(&house, older, named(kind, &before.detail)).await;
        assert!(matches!(stale, Err(BillError::SaysElse)), "{stale:?}");
        release(&house, older, named(kind, &hold.detail))
            .await
            .expect("released");
        house.propose(&[older]).await.expect("payable again");
        journal_is_whole(&house).await;
    });
}
