//! Bills in the hands of people: typing, holds as a set, what a decision binds, what nobody may do.

mod holds;
mod meanwhile;
mod opened;
mod pages;
mod search;
mod seller;
mod typing;
mod typing_pages;

use countersign::payables::bills::facts_digest;
use countersign::payables::bills::rules::typed::TypedForm;
use countersign::payables::ids::BillId;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use super::intake::Desk;

/// The digest of what a decision on the bill would bind now.
pub async fn digest(desk: &Desk, bill: BillId) -> [u8; 32] {
    let keys = desk.world.keys().await;
    desk.app()
        .store
        .read::<_, StoreError, _>(Scope::of(desk.world.organisation), move |read| {
            facts_digest(read, &keys, bill)
        })
        .await
        .expect("a digest")
}

/// A form in which everything is right.
pub fn form() -> TypedForm {
    TypedForm {
        kind: "standard".into(),
        vendor_name: "Nordwind GmbH".into(),
        number: "A-1".into(),
        invoice_date: "2026-01-02".into(),
        due_date: "2026-02-01".into(),
        currency: "EUR".into(),
        net: "100.00".into(),
        vat: "19.00".into(),
        total: "119.00".into(),
        ..TypedForm::default()
    }
}
