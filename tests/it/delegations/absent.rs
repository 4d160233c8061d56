//! Delegating for somebody who is absent: two administrators say so.

use countersign::identity::access::Role;
use countersign::identity::delegations::{
    DelegationError, DelegationId, NewDelegation, decide, delegate_for,
};
use countersign::identity::humans::join;
use countersign::identity::powers::Verdict as Says;
use countersign::params;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::Two;
use crate::support::stores::on_both;
use crate::support::world::Somebody;

const CONFIRM: Sql = Sql::change(
    "delegations",
    "UPDATE delegations SET waits_until_us = NULL, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

async fn proposes(
    two: &Two,
    by: &Somebody,
    to: &Somebody,
) -> Result<DelegationId, DelegationError> {
    let new = NewDelegation {
        delegate: to.person,
        entity: None,
        from: two.today(),
        until: two.today(),
    };
    let app = &two.house.world().app;
    delegate_for(app, &by.access().await, (two.cleo().person, new)).await
}

async fn confirms(two: &Two, by: &Somebody, id: DelegationId) -> Result<(), DelegationError> {
    decide(
        &two.house.world().app,
        &by.access().await,
        id,
        Says::Confirm,
    )
    .await
}

#[test]
fn one_administrator_alone_hands_on_nobodys_power() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let ada = two.administrator().await;
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        let by_herself = proposes(&two, &two.dora, &two.dora).await;
        assert!(
            matches!(by_herself, Err(DelegationError::Denied(_))),
            "{by_herself:?}"
        );
        let id = proposes(&two, &ada, &two.dora).await.expect("asked");
        assert!(two.tries(&two.dora).await.is_err(), "it waits");
        let own = confirms(&two, &ada, id).await;
        assert!(
            matches!(own, Err(DelegationError::SameAdministrator)),
            "{own:?}"
        );
        let again = world
            .somebody_as("Ada too", &[Role::Administrator], ada.human)
            .await;
        let own = confirms(&two, &again, id).await;
        assert!(
            matches!(own, Err(DelegationError::SameAdministrator)),
            "{own:?}"
        );
        assert!(two.tries(&two.dora).await.is_err());
        // The twin: another human.
        confirms(&two, &ben, id).await.expect("two");
        two.tries(&two.dora).await.expect("on Cleo's behalf");
        let late = confirms(&two, &ben, id).await;
        assert!(matches!(late, Err(DelegationError::NotWaiting)), "{late:?}");
    });
}

/// What an administrator says about accounts after it was asked for counts where it is confirmed.
#[test]
fn two_accounts_that_are_joined_as_one_human_are_not_two_who_say_so() {
    for is_joined in [true, false] {
        on_both(move |t| async move {
            let two = Two::new(&t).await;
            let world = two.house.world();
            let ada = two.administrator().await;
            let ben = world.somebody("Ben", &[Role::Administrator]).await;
            let cyd = world.somebody("Cyd", &[Role::Administrator]).await;
            let id = proposes(&two, &ada, &two.dora).await.expect("asked");
            if is_joined {
                let both = (ada.person, ben.person);
                join(&world.app, &cyd.access().await, both)
                    .await
                    .expect("one is enough");
                let own = confirms(&two, &ben, id).await;
                let is_own = matches!(own, Err(DelegationError::SameAdministrator));
                assert!(is_own, "{own:?}");
                assert!(two.tries(&two.dora).await.is_err(), "it waits");
                confirms(&two, &cyd, id).await.expect("another human");
            } else {
                confirms(&two, &ben, id).await.expect("another human");
            }
            two.tries(&two.dora).await.expect("on Cleo's behalf");
        });
    }
}

#[test]
fn whoever_asked_is_not_the_delegate_by_another_account_either() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let ada = two.administrator().await;
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        let id = proposes(&two, &ada, &two.dora).await.expect("asked");
        let both = (ada.person, two.dora.person);
        join(&world.app, &ben.access().await, both)
            .await
            .expect("one is enough");
        let own = confirms(&two, &ben, id).await;
        assert!(matches!(own, Err(DelegationError::Oneself)), "{own:?}");
    });
}

#[test]
fn neither_of_the_two_is_the_delegate_and_the_principal_has_to_decide() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let ada = two.administrator().await;
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        let own = proposes(&two, &ada, &ada).await;
        assert!(matches!(own, Err(DelegationError::Oneself)), "{own:?}");
        let id = proposes(&two, &ada, &ben).await.expect("asked");
        let own = confirms(&two, &ben, id).await;
        assert!(matches!(own, Err(DelegationError::Oneself)), "{own:?}");
        let new = NewDelegation {
            delegate: two.dora.person,
            entity: None,
            from: two.today(),
            until: two.today(),
        };
        let access = ada.access().await;
        let of_nobody = delegate_for(&world.app, &access, (ben.person, new)).await;
        let is_refused = matches!(of_nobody, Err(DelegationError::DecidesNothing));
        assert!(is_refused, "{of_nobody:?}");
        let to_herself = proposes(&two, &ada, two.cleo()).await;
        assert!(
            matches!(to_herself, Err(DelegationError::SameHuman)),
            "{to_herself:?}"
        );
    });
}

#[test]
fn what_the_principal_and_the_delegate_did_themselves_is_compared_as_ever() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let ada = two.administrator().await;
        let ben = world.somebody("Ben", &[Role::Administrator]).await;
        // Ann entered the bill, under another account of hers.
        let enters = two.house.office.enters.human;
        let ann = world.somebody_as("Ann too", &[Role::Coder], enters).await;
        let id = proposes(&two, &ada, &ann).await.expect("asked");
        confirms(&two, &ben, id).await.expect("two");
        let refused = two.tries(&ann).await;
        assert!(refused.is_err(), "{refused:?}");
        // The twin: somebody without another duty.
        let id = proposes(&two, &ada, &two.dora).await.expect("asked");
        confirms(&two, &ben, id).await.expect("two");
        two.tries(&two.dora).await.expect("on Cleo's behalf");
    });
}

#[test]
fn one_that_was_confirmed_in_the_database_gives_nothing() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let ada = two.administrator().await;
        two.house
            .world()
            .somebody("Ben", &[Role::Administrator])
            .await;
        proposes(&two, &ada, &two.dora).await.expect("asked");
        t.behind_the_back("UPDATE delegations SET waits_until_us = NULL")
            .await;
        assert!(two.dora.access().await.mandates().is_empty());
        assert!(two.tries(&two.dora).await.is_err());
    });
}

/// The guard taken away: the same change with the row's code renewed is believed.
#[test]
fn one_that_was_confirmed_by_whoever_can_make_the_rows_code_is_believed() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let ada = two.administrator().await;
        world.somebody("Ben", &[Role::Administrator]).await;
        let id = proposes(&two, &ada, &two.dora).await.expect("asked");
        let confirmed: Result<(), StoreError> = world
            .app
            .store
            .write(world.caller(), move |tx| {
                tx.change_one(&CONFIRM, params![id])?;
                tx.commit(
                    Entry::new("test.confirmed", "delegation", id).version(2),
                    (),
                )
            })
            .await;
        confirmed.expect("written");
        two.tries(&two.dora).await.expect("it is believed");
    });
}
