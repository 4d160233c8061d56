//! A program whose request was judged before its holder's role lost something writes nothing by it.

use axum::extract::FromRequestParts as _;
use axum::http::Request;
use countersign::identity::access::{Access, CustomRoleId, Grant, Permission, PermissionSet, Role};
use countersign::identity::people::set_grants;
use countersign::identity::roles;
use countersign::identity::tokens::{self, ApiToken, Bearer};
use countersign::payables::vendors::VendorError;
use countersign::payables::vendors::actions::{IdChanges, create_vendor};
use countersign::payables::vendors::store::IdChange;
use countersign::platform::clock::Micros;
use countersign::platform::store::StoreError;

use super::{Two, set};
use crate::support::stores::on_both;
use crate::vendors::facts;

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
    let (mut parts, ()) = Request::post("/api/v1/vendors")
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
    changes(two, &two.ada.access().await, id, (name, permissions)).await;
}

/// By an administrator whose request was judged at its own moment.
async fn changes(two: &Two, by: &Access, id: CustomRoleId, wanted: (&str, &[Permission])) {
    let wanted: (&str, PermissionSet) = (wanted.0, set(wanted.1));
    roles::change(&two.world.app, by, id, wanted)
        .await
        .expect("changed");
}

fn is_ended(written: &Result<(), VendorError>) -> bool {
    matches!(written, Err(VendorError::Store(StoreError::Ended)))
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
        assert!(is_ended(&late), "{late:?}");
        t.clock.advance(Micros::SECOND);
        let anew = judged(&two, &token).await;
        writes(&two, &anew).await.expect("judged by what is left");
    });
}

/// The administrator's request began before the program's and was committed after it was judged; so it is where a node's clock is
/// behind.
#[test]
fn a_loss_of_an_earlier_moment_that_was_committed_later_stops_what_was_judged_between() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (id, token) = house(&two).await;
        for is_taken in [false, true] {
            let ada = two.ada.access().await;
            t.clock.advance(Micros::SECOND);
            let between = judged(&two, &token).await;
            assert!(ada.now() < between.now());
            if is_taken {
                let left = [Grant::everywhere(Role::Coder)];
                set_grants(&two.world.app, &ada, two.tom.person, &left)
                    .await
                    .expect("taken");
            } else {
                changes(&two, &ada, id, ("Trips", NARROW)).await;
            }
            t.clock.advance(Micros::MINUTE);
            let late = writes(&two, &between).await;
            assert!(is_ended(&late), "taken: {is_taken}: {late:?}");
        }
    });
}

/// Where her rights are again what they were, the very same request is written, at whatever moment they were lost.
#[test]
fn it_is_the_difference_that_stops_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (id, token) = house(&two).await;
        let before = judged(&two, &token).await;
        t.clock.advance(Micros::SECOND);
        renames(&two, id, "Trips", NARROW).await;
        let late = writes(&two, &before).await;
        assert!(is_ended(&late), "{late:?}");
        renames(&two, id, "Trips", WIDE).await;
        writes(&two, &before).await.expect("nothing is different");
    });
}
