//! The trust page says what holds at the moment at which it is opened.

use std::sync::Arc;
use std::time::Duration;

use countersign::assurance::{audit, verification};
use countersign::identity::access::Role;
use countersign::identity::people::set_suspended;
use countersign::platform::clock::Micros;
use countersign::platform::installation::tell_of_keys;
use countersign::platform::store::journal::sequence_pending;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use tokio::time::timeout;

use super::support::app::Browser;
use super::support::stores::on_both;
use super::support::world::{Somebody, World};

const MAILS: Sql =
    Sql::read("SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND payload LIKE '%journal-bad%'");
const VERIFIED: Sql = Sql::read(
    "SELECT COUNT(*) FROM journal_entries WHERE org_id = $1 AND action = 'journal.verified'",
);

async fn shown(world: &World, who: &Somebody) -> String {
    let router = countersign::assurance::routes().with_state(Arc::clone(&world.app));
    let answer = Browser::new(router)
        .with_cookie(who.cookie())
        .get("/trust")
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[test]
fn the_page_tells_by_how_many_power_is_granted() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let tom = world.somebody("Tom", &[Role::Coder]).await;
        let alone = "The rule for an organisation of one";
        assert!(shown(&world, &ada).await.contains(alone));
        assert!(shown(&world, &tom).await.contains(alone), "told to all");
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        let two = shown(&world, &tom).await;
        assert!(two.contains("2 people administer") && !two.contains(alone));
        set_suspended(&world.app, &ada.access().await, ben.person, true)
            .await
            .expect("suspended");
        let left = shown(&world, &tom).await;
        assert!(left.contains("counts for seven days"), "{left}");
        assert!(!left.contains(alone), "nobody is alone by suspending");
    });
}

#[test]
fn a_row_changed_behind_the_journal_turns_its_claim_red() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world
            .somebody("Ada", &[Role::Administrator, Role::Auditor])
            .await;
        world.somebody("Tom", &[Role::Coder]).await;
        let verify = async || {
            sequence_pending(&world.app.store, "trust", world.app.now())
                .await
                .expect("numbered");
            let access = ada.access().await;
            audit::actions::verify_now(&world.app, &access)
                .await
                .expect("verified")
        };
        assert!(shown(&world, &ada).await.contains("Nobody has verified"));
        world.app.keys.has_to_tell();
        let early = timeout(Duration::from_millis(500), verify()).await;
        assert!(early.is_err(), "it waits until the journal is told of keys");
        tell_of_keys(&world.app).await.expect("told");
        verify().await;
        let sound = shown(&world, &ada).await;
        assert!(sound.contains("were sound") && !sound.contains("Does not hold"));
        t.behind_the_back("UPDATE people SET name = 'Eve' WHERE name = 'Tom'")
            .await;
        verify().await;
        assert!(shown(&world, &ada).await.contains("Does not hold"));
    });
}

#[test]
fn a_silent_journal_turns_its_claim_red() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        for _ in 0..4 {
            assert!(!shown(&world, &ada).await.contains("Does not hold"));
            t.clock.advance(20 * Micros::MINUTE);
        }
        assert!(shown(&world, &ada).await.contains("Does not hold"));
    });
}

/// Nobody has to ask: the server verifies each day, and tells those who administer, once, when something does not hold.
#[test]
fn a_daily_verification_finds_it_and_tells_once() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world
            .somebody("Ada", &[Role::Administrator, Role::Auditor])
            .await;
        world.somebody("Tom", &[Role::Coder]).await;
        let round = async |bad: usize| {
            sequence_pending(&world.app.store, "trust", world.app.now())
                .await
                .expect("numbered");
            let found = verification::actions::verify_due(&world.app).await;
            assert_eq!(found.expect("verified"), bad);
        };
        let scope = ada.access().await.scope();
        let told = async || {
            let counted = world.app.store.read(scope, |read| {
                let mails: (i64,) = read.one(&MAILS, [])?;
                let verified: (i64,) = read.one(&VERIFIED, [])?;
                Ok::<_, StoreError>((mails.0, verified.0))
            });
            counted.await.expect("it reads")
        };
        round(0).await;
        assert_eq!(told().await, (0, 1));
        assert!(shown(&world, &ada).await.contains("were sound"));
        round(0).await;
        assert_eq!(told().await, (0, 1), "once a day");
        t.behind_the_back("UPDATE people SET name = 'Eve' WHERE name = 'Tom'")
            .await;
        for day in 1..=2 {
            t.clock.advance(Micros::DAY);
            round(1).await;
            assert_eq!(told().await, (1, 1 + day), "told once, found each day");
        }
    });
}
