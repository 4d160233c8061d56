//! The trust page says what holds at the moment at which it is opened.

use std::sync::Arc;

use countersign::assurance::audit;
use countersign::identity::access::Role;
use countersign::identity::people::set_suspended;
use countersign::platform::clock::Micros;
use countersign::platform::store::journal::sequence_pending;

use super::support::app::Browser;
use super::support::stores::on_both;
use super::support::world::{Somebody, World};

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
            audit::actions::verify_now(&world.app.store, &access)
                .await
                .expect("verified")
        };
        assert!(shown(&world, &ada).await.contains("Nobody has verified"));
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
