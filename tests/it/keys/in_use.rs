//! Since when a root is in use is known by what it opens, and shown until another one takes its place.

use std::fs;

use countersign::assurance;
use countersign::identity::access::Role;
use countersign::platform::clock::Micros;
use countersign::platform::keys::{Keyring, RootInUse, Roots, roots_in_use};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::StoreError;
use countersign_sealing::SeededEntropy;

use crate::support::app::Browser;
use crate::support::stores::{START, on_both};
use crate::support::temp::TempDir;
use crate::support::world::World;

async fn in_use(world: &World) -> Vec<RootInUse> {
    let read = world
        .app
        .store
        .read::<_, StoreError, _>(Scope::SYSTEM, |read| roots_in_use(read));
    read.await.expect("it reads")
}

/// What a server's start does with these roots.
async fn start(world: &World, keys: &Keyring) {
    let app = &world.app;
    let caller = app.caller(Scope::SYSTEM, CredentialKind::Job, app.id());
    keys.note_roots(&app.store, caller).await.expect("noted");
}

/// How many roots the page of the keys shows in a state.
async fn shown(world: &World, state: &str) -> usize {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    let routes = assurance::routes().with_state(world.app.clone());
    let page = Browser::new(routes)
        .with_cookie(&ada.cookie)
        .get("/settings/keys")
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    let roots = page.body.split("id=\"roots\"").nth(1).expect("its section");
    roots.matches(state).count()
}

#[test]
fn a_root_is_in_use_since_it_was_seen_and_another_one_in_its_place_since_then() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        assert!(in_use(&world).await.iter().all(|root| root.since.is_none()));
        assert_eq!(shown(&world, "Not known yet").await, 2);
        start(&world, &world.app.keys).await;
        t.clock.advance(Micros::DAY);
        // A restart changes nothing.
        start(&world, &world.app.keys).await;
        let since: Vec<_> = in_use(&world).await.iter().map(|root| root.since).collect();
        assert_eq!(since, [Some(START), Some(START)]);
        // Another key under the very name of the field root.
        let folder = TempDir::new("roots");
        let at = |name: &str| folder.path().join(name);
        fs::copy(world.roots.path().join("storage"), at("storage")).expect("our own folder");
        let entropy = SeededEntropy::new(8);
        let roots = Roots::open(&at("storage"), &at("field"), true, &entropy);
        start(&world, &Keyring::new(roots.expect("two roots"))).await;
        let since: Vec<_> = in_use(&world).await.iter().map(|root| root.since).collect();
        let next_day = START.plus_us(Micros::DAY);
        assert_eq!(since, [Some(START), Some(next_day)]);
    });
}

#[test]
fn a_root_is_amber_before_the_end_of_its_period_and_red_from_there_on() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        start(&world, &world.app.keys).await;
        assert_eq!(shown(&world, "In time").await, 2);
        let days = i64::from(world.app.periods.root_days);
        t.clock.advance((days - 30) * Micros::DAY - 1);
        assert_eq!(shown(&world, "In time").await, 2);
        t.clock.advance(1);
        assert_eq!(shown(&world, "Due soon").await, 2);
        t.clock.advance(30 * Micros::DAY - 1);
        assert_eq!(shown(&world, "Due soon").await, 2);
        t.clock.advance(1);
        assert_eq!(shown(&world, "badge bad").await, 2);
    });
}
