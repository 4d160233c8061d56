//! A program whose request was judged before its holder's role lost something writes nothing by it.

use axum::extract::FromRequestParts as _;
use axum::http::Request;
use countersign::identity::access::{Access, CustomRoleId, Permission, PermissionSet, Role};
use countersign::identity::roles;
use countersign::identity::tokens::{self, ApiToken, Bearer};
use countersign::params;
use countersign::payables::vendors::VendorError;
use countersign::payables::vendors::actions::{IdChanges, create_vendor};
use countersign::payables::vendors::store::IdChange;
use countersign::platform::clock::Micros;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::{Two, set};
use crate::support::stores::on_both;
use crate::vendors::facts;

const FORGET: Sql = Sql::change(
    "custom_roles",
    "UPDATE custom_roles SET narrowed_us = NULL, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

const WIDE: &[Permission] = &[
    Permission::VendorsRead,
    Permission::VendorsEdit,
    Permission::BillsRead,
    Permission::OwnTokens,
];
const NARROW: &[Permission] = &[
    Permission::VendorsRead,
    Permission::VendorsEdit,
    Permission::OwnTokens,
];

/// Tom's role, and a token of his that names what he may do by it.
async fn house(two: &Two) -> (CustomRoleId, ApiToken) {
    let id = two.makes("Travel desk", WIDE).await;
    two.gives(&two.ada, &two.tom, Role::Custom(id))
        .await
        .expect("no power: one is enough");
    let access = two.tom.access().await;
    let wanted = [Permission::VendorsEdit];
    let token = tokens::create(&two.world.app, &access, "import", &wanted, 7).await;
    (id, token.expect("a token"))
}

/// The request of a program, judged by its head.
async fn judged(two: &Two, token: &ApiToken) -> Access {
    let (mut parts, ()) = Request::get("/api/v1/vendors")
        .header("authorization", format!("Bearer {}", *token.expose()))
        .body(())
        .expect("a request")
        .into_parts();
    let bearer = Bearer::from_request_parts(&mut parts, &two.world.app).await;
    bearer.expect("it stands").access
}

async fn writes(two: &Two, who: &Access) -> Result<(), VendorError> {
    let ids = IdChanges {
        vat_id: IdChange::Keep,
        legal_id: IdChange::Keep,
    };
    create_vendor(&two.world.app, who, facts("Nordwind"), ids)
        .await
        .map(drop)
}

async fn renames(two: &Two, id: CustomRoleId, name: &str, permissions: &[Permission]) {
    let wanted: (&str, PermissionSet) = (name, set(permissions));
    roles::change(&two.world.app, &two.ada.access().await, id, wanted)
        .await
        .expect("changed");
}

#[test]
fn what_was_judged_before_a_role_was_narrowed_is_written_no_more() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (id, token) = house(&two).await;
        let before = judged(&two, &token).await;
        t.clock.advance(Micros::SECOND);
        // The twin: the role is changed, and loses nothing.
        renames(&two, id, "Trips", WIDE).await;
        writes(&two, &before).await.expect("nothing is lost");
        renames(&two, id, "Trips", NARROW).await;
        let late = writes(&two, &before).await;
        let is_ended = matches!(late, Err(VendorError::Store(StoreError::Ended)));
        assert!(is_ended, "{late:?}");
        t.clock.advance(Micros::SECOND);
        let anew = judged(&two, &token).await;
        writes(&two, &anew).await.expect("judged by what is left");
    });
}

#[test]
fn it_is_the_moment_of_the_loss_that_stops_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (id, token) = house(&two).await;
        let before = judged(&two, &token).await;
        t.clock.advance(Micros::SECOND);
        renames(&two, id, "Trips", NARROW).await;
        assert!(writes(&two, &before).await.is_err());
        let done: Result<(), StoreError> = two
            .world
            .app
            .store
            .write(two.world.caller(), move |tx| {
                tx.change_one(&FORGET, params![id])?;
                tx.commit(Entry::new("role.changed", "custom-role", id), ())
            })
            .await;
        done.expect("written");
        writes(&two, &before).await.expect("nothing says so");
    });
}
