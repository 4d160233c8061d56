//! A directory's token: two stand behind it, and it opens one door.

use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::access::Role;
use countersign::identity::powers::Verdict;
use countersign::identity::provisioning::{ProvisioningError, decide, list, revoke};
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use futures_util::stream;
use serde_json::Value;
use tokio::sync::oneshot;

use super::{House, ask, router, user};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;

const CONFIRM: Sql = Sql::change(
    "directory_tokens",
    "UPDATE directory_tokens SET state = $2, version = version + 1 WHERE org_id = $1 AND state = $3 RETURNING id",
);
const BY_DIRECTORY: Sql = Sql::read(
    "SELECT action, credential_id FROM journal_entries WHERE org_id = $1 AND credential_kind = $2 AND actor_id IS NULL ORDER BY id",
);

async fn lets_in(house: &House, token: &str) -> bool {
    let reply = ask(house.app(), token, ("GET", "/Users"), Value::Null).await;
    assert!(matches!(reply.status, 200 | 401), "{:?}", reply.answer);
    if reply.status == 401 {
        let challenge = &reply.answer.headers["www-authenticate"];
        assert!(challenge.to_str().expect("ASCII").starts_with("Bearer "));
    }
    reply.status == 200
}

#[test]
fn a_token_is_worth_nothing_before_another_human_has_confirmed_it() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (token, id) = house.proposed("Okta").await;
        assert!(!lets_in(&house, &token).await);
        let by = async |somebody: &Somebody| {
            decide(house.app(), &somebody.access().await, id, Verdict::Confirm).await
        };
        let own = by(&house.ada).await;
        assert!(matches!(own, Err(ProvisioningError::SameHuman)), "{own:?}");
        let again = house
            .world
            .somebody_as("Ada too", &[Role::Administrator], house.ada.human)
            .await;
        let own = by(&again).await;
        assert!(matches!(own, Err(ProvisioningError::SameHuman)), "{own:?}");
        assert!(!lets_in(&house, &token).await);
        by(&house.ben).await.expect("another human");
        assert!(lets_in(&house, &token).await);
        let twice = by(&house.ben).await;
        assert!(
            matches!(twice, Err(ProvisioningError::NotOpen)),
            "{twice:?}"
        );
    });
}

#[test]
fn a_token_ends_when_it_is_refused_revoked_or_old() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (app, ben) = (house.app(), house.ben.access().await);
        let (token, id) = house.proposed("Okta").await;
        decide(app, &ben, id, Verdict::Refuse)
            .await
            .expect("refused");
        assert!(!lets_in(&house, &token).await);
        assert!(lets_in(&house, &house.token).await);
        t.clock.advance(2 * Micros::MINUTE);
        assert!(lets_in(&house, &house.token).await);
        let listed = list(app, &ben).await.expect("listed");
        let entra = listed.iter().find(|one| one.name == "Entra");
        let used = entra.expect("it is there").tokens[0].last_used;
        assert_eq!(used, Some(app.now()));
        // Confirmed for thirty days, and no longer.
        t.clock.advance(30 * Micros::DAY - 2 * Micros::MINUTE - 1);
        assert!(lets_in(&house, &house.token).await);
        t.clock.advance(1);
        assert!(!lets_in(&house, &house.token).await);
    });
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (app, ada) = (house.app(), house.ada.access().await);
        let id = list(app, &ada).await.expect("listed")[0].tokens[0].token.id;
        revoke(app, &ada, id).await.expect("revoked");
        assert!(!lets_in(&house, &house.token).await);
    });
}

/// Whoever sends it is judged by the head of the request, and the user comes when it suits her.
#[test]
fn a_request_that_is_kept_open_is_worth_nothing_once_its_token_is_revoked() {
    for is_revoked in [true, false] {
        on_both(move |t| async move {
            let house = House::new(&t).await;
            let (app, ada) = (house.app(), house.ada.access().await);
            let sent = user("tom@harbour.example").to_string();
            let (reads, is_read) = oneshot::channel();
            let (sends, is_sent) = oneshot::channel::<()>();
            let body = Body::from_stream(stream::once(async move {
                reads.send(()).expect("the test waits");
                is_sent.await.expect("the test sends");
                Ok::<_, std::io::Error>(sent)
            }));
            let request = Request::post("/scim/v2/Users")
                .header(header::AUTHORIZATION, format!("Bearer {}", house.token))
                .header(header::CONTENT_TYPE, "application/scim+json");
            let mut browser = Browser::new(router(app));
            let answer = tokio::spawn(async move { browser.send(request, body).await });
            is_read
                .await
                .expect("its token was asked, the user is read");
            if is_revoked {
                let id = list(app, &ada).await.expect("listed")[0].tokens[0].token.id;
                revoke(app, &ada, id).await.expect("revoked");
            }
            sends.send(()).expect("the user is read");
            let answer = answer.await.expect("no panic");
            let wanted = if is_revoked { 401 } else { 201 };
            assert_eq!(answer.status, wanted, "{}", answer.body);
            let made = house.account("tom@harbour.example").await;
            assert_eq!(made.is_some(), !is_revoked);
        });
    }
}

#[test]
fn a_token_that_somebody_confirmed_in_the_database_lets_nobody_in() {
    let forged = |twin: bool| {
        on_both(move |t| async move {
            let house = House::new(&t).await;
            let (token, _) = house.proposed("Okta").await;
            if twin {
                // The guard taken away: with the row's code renewed it is believed, so that it is the code that stops it.
                let caller = house.ada.access().await.caller();
                let written: Result<(), StoreError> = house
                    .app()
                    .store
                    .write(caller, |tx| {
                        tx.change_one(&CONFIRM, params!["confirmed", "open"])?;
                        tx.commit(Entry::new("test.confirmed", "directory-token", "x"), ())
                    })
                    .await;
                written.expect("written");
            } else {
                t.behind_the_back(
                    "UPDATE directory_tokens SET state = 'confirmed' WHERE state = 'open'",
                )
                .await;
            }
            assert_eq!(lets_in(&house, &token).await, twin);
        });
    };
    forged(false);
    forged(true);
}

#[test]
fn a_directorys_token_opens_no_other_door() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (api, _) = countersign::identity::api().split_for_parts();
        let app = std::sync::Arc::clone(house.app());
        let all = router(&app).merge(api.with_state(app));
        for (path, status) in [
            ("/api/v1/legal-entities", 401),
            ("/people", 303),
            ("/me", 303),
        ] {
            let request =
                Request::get(path).header("authorization", format!("Bearer {}", house.token));
            let answer = Browser::new(all.clone()).send(request, Body::empty()).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
        }
    });
}

#[test]
fn what_a_directory_does_is_journaled_with_its_token() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        house.send("tom@harbour.example").await;
        let access = house.ada.access().await;
        let token = list(house.app(), &access).await.expect("listed")[0].tokens[0]
            .token
            .id;
        let scope = Scope::of(house.world.organisation);
        let entries: Result<Vec<(String, String)>, StoreError> = house
            .app()
            .store
            .read(scope, |read| read.all(&BY_DIRECTORY, params!["directory"]))
            .await;
        let entries = entries.expect("the database answers");
        let mut done: Vec<&str> = entries.iter().map(|(action, _)| action.as_str()).collect();
        done.sort_unstable();
        assert_eq!(done, ["directory-user.created", "person.invited"]);
        assert!(entries.iter().all(|(_, by)| *by == token.to_string()));
    });
}

#[test]
fn a_directory_sees_its_own_people_alone() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let id = house.send("tom@harbour.example").await;
        let other = house.directory("Okta").await;
        let beside = House::new(&t).await;
        for (app, token) in [(house.app(), &other), (beside.app(), &beside.token)] {
            let path = format!("/Users/{id}");
            for (method, body) in [
                ("GET", Value::Null),
                ("PUT", user("tom@harbour.example")),
                ("PATCH", super::set("active", false)),
                ("DELETE", Value::Null),
            ] {
                ask(app, token, (method, &path), body).await.is(404);
            }
            let all = ask(app, token, ("GET", "/Users"), Value::Null)
                .await
                .is(200);
            assert_eq!(all.body["totalResults"], 0);
        }
        house
            .ask("GET", &format!("/Users/{id}"), Value::Null)
            .await
            .is(200);
    });
}
