//! How people sign in is changed by two.

use countersign::identity::access::Role;
use countersign::identity::powers::Verdict;
use countersign::identity::sso::{
    Configuration, ConnectionId, Oidc, Protocol, SsoError, decide, end, propose,
};
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::{Two, open_connection};
use crate::support::stores::on_both;
use crate::support::world::{World, fresh};

const WIDEN: Sql = Sql::change(
    "sso_settings",
    "UPDATE sso_settings SET configuration = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

fn connection(id: ConnectionId) -> Configuration {
    let connection = open_connection();
    Configuration::Connection { id, connection }
}

#[test]
fn what_one_proposed_is_used_by_nobody_before_another_human_confirms_it() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id: ConnectionId = fresh(&two.world);
        let proposal = two.proposed(connection(id)).await;
        assert!(two.in_force(id).await.is_none());
        let own = two.confirm(&two.ada, proposal).await;
        assert!(matches!(own, Err(SsoError::SameHuman)), "{own:?}");
        let again = two
            .world
            .somebody_as("Ada too", &[Role::Administrator], two.ada.human)
            .await;
        let own = two.confirm(&again, proposal).await;
        assert!(matches!(own, Err(SsoError::SameHuman)), "{own:?}");
        assert!(two.in_force(id).await.is_none());
        // The twin: another human.
        two.confirm(&two.ben, proposal)
            .await
            .expect("another human");
        assert!(two.in_force(id).await.is_some());
        let late = two.confirm(&two.ben, proposal).await;
        assert!(matches!(late, Err(SsoError::NotOpen)), "{late:?}");
    });
}

#[test]
fn a_change_waits_while_what_was_confirmed_stays_in_force() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let was = two.connected(open_connection()).await;
        let mut changed = open_connection();
        changed.just_in_time = false;
        let configuration = Configuration::Connection {
            id: was.id,
            connection: changed,
        };
        let proposal = two.proposed(configuration).await;
        let still = two.in_force(was.id).await.expect("in force");
        assert_eq!(still.setting, was.setting);
        two.confirm(&two.ben, proposal)
            .await
            .expect("another human");
        let now = two.in_force(was.id).await.expect("in force");
        assert_eq!(now.setting, proposal);
        assert!(!now.connection.just_in_time);
    });
}

#[test]
fn a_proposal_ends_with_its_proposers_right_and_after_a_week() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id: ConnectionId = fresh(&two.world);
        let proposal = two.proposed(connection(id)).await;
        let (app, access) = (&two.world.app, two.ben.access().await);
        countersign::identity::people::set_roles(app, &access, two.ada.person, &[])
            .await
            .expect("taken");
        let gone = two.confirm(&two.ben, proposal).await;
        assert!(matches!(gone, Err(SsoError::ProposerGone)), "{gone:?}");
    });
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id: ConnectionId = fresh(&two.world);
        let proposal = two.proposed(connection(id)).await;
        t.clock.advance(7 * Micros::DAY);
        let ben = two
            .world
            .somebody_as("Ben", &[Role::Administrator], two.ben.human)
            .await;
        let late = two.confirm(&ben, proposal).await;
        assert!(matches!(late, Err(SsoError::Late)), "{late:?}");
    });
}

#[test]
fn nobody_without_the_right_proposes_decides_or_ends() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let tom = two.world.somebody("Tom", &[Role::Payer]).await;
        let (app, access) = (&two.world.app, tom.access().await);
        let proposal = two.proposed(connection(fresh(&two.world))).await;
        let tries = [
            propose(app, &access, connection(fresh(&two.world)), None)
                .await
                .map(drop),
            decide(app, &access, proposal, Verdict::Confirm).await,
            end(app, &access, proposal).await,
        ];
        for tried in tries {
            assert!(matches!(tried, Err(SsoError::Denied(_))), "{tried:?}");
        }
    });
}

#[test]
fn one_alone_is_told_of_and_needs_nobody() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let access = ada.access().await;
        let id: ConnectionId = fresh(&world);
        let made = propose(&world.app, &access, connection(id), None)
            .await
            .expect("made");
        assert!(made.alone);
        let found = countersign::identity::sso::connection(&world.app, id).await;
        assert!(found.expect("the database answers").is_some());
    });
}

#[test]
fn a_configuration_that_was_changed_behind_the_back_lets_nobody_in() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let through = two.connected(open_connection()).await;
        let widen = "UPDATE sso_settings SET configuration = REPLACE(configuration, 'idp.example', 'evil.example')";
        t.behind_the_back(widen).await;
        assert!(two.in_force(through.id).await.is_none());
    });
}

/// The guard taken away: the same change with the row's code renewed is believed, so that it is the code that stops it.
#[test]
fn a_configuration_changed_by_whoever_can_make_the_rows_code_is_believed() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let through = two.connected(open_connection()).await;
        let (id, caller) = (through.setting, two.ada.access().await.caller());
        let text = serde_json::json!(connection(through.id)).to_string();
        let text = text.replace("idp.example", "evil.example");
        let widened: Result<(), StoreError> = two
            .world
            .app
            .store
            .write(caller, move |tx| {
                tx.change_one(&WIDEN, params![id, &text])?;
                tx.commit(
                    Entry::new("test.widened", "sign-in-setting", id).version(9),
                    (),
                )
            })
            .await;
        widened.expect("written");
        assert!(two.in_force(through.id).await.is_some());
    });
}

#[test]
fn a_proposal_that_was_changed_behind_the_back_is_not_confirmed() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let proposal = two.proposed(connection(fresh(&two.world))).await;
        let widen = "UPDATE sso_settings SET configuration = REPLACE(configuration, 'idp.example', 'evil.example')";
        t.behind_the_back(widen).await;
        let forged = two.confirm(&two.ben, proposal).await;
        let is_forged = matches!(forged, Err(SsoError::Store(StoreError::Forged { .. })));
        assert!(is_forged, "{forged:?}");
    });
}

/// A secret was agreed on with one issuer: whoever changes the issuer does not get it shown there.
#[test]
fn a_secret_is_carried_along_to_the_same_issuer_alone() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let app = &two.world.app;
        let id: ConnectionId = fresh(&two.world);
        let changed = async |issuer: &str, name: &str, secret: Option<&str>| {
            let mut connection = open_connection();
            connection.name = name.to_owned();
            connection.protocol = Protocol::Oidc(Oidc {
                issuer: issuer.to_owned(),
                client_id: "countersign".to_owned(),
            });
            let configuration = Configuration::Connection { id, connection };
            let access = two.ada.access().await;
            let made = propose(app, &access, configuration, secret.map(str::to_owned)).await;
            let made = made.expect("proposed").id;
            two.confirm(&two.ben, made).await.expect("another human");
            let in_force = two.in_force(id).await.expect("it is in force");
            let keys = app.keys.organisation(&app.store, two.scope()).await;
            let secret = in_force.secret(&keys.expect("its keys")).expect("its own");
            secret.map(|secret| secret.expose().clone())
        };
        let ours = Some("agreed on".to_owned());
        let first = changed("https://idp.example", "One", Some("agreed on")).await;
        assert_eq!(first, ours);
        let renamed = changed("https://idp.example", "Two", None).await;
        assert_eq!(renamed, ours, "the twin: the same issuer");
        let moved = changed("https://thief.example", "Two", None).await;
        assert_eq!(moved, None);
    });
}
