//! What somebody does with a directory's token that is not hers; beside each try stands its twin, which differs in the one
//! thing that stops it.

use countersign::identity::access::Role;
use countersign::identity::people::{Status, set_roles, set_suspended};
use countersign::params;
use countersign::platform::store::{Entry, Sql, StoreError};
use serde_json::{Value, json};

use super::{House, set, user};
use crate::support::stores::on_both;

const ACTIVATE: Sql = Sql::change(
    "people",
    "UPDATE people SET status = 'active', version = version + 1 WHERE org_id = $1 AND email = $2 RETURNING id",
);
const SPARE: Sql = Sql::change(
    "role_grants",
    "INSERT INTO role_grants (org_id, id, person_id, role, granted_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const STEP_DOWN: Sql = Sql::change(
    "role_grants",
    "UPDATE role_grants SET revoked_us = $2, version = version + 1 WHERE org_id = $1 AND role = $3 AND person_id <> $4 RETURNING id",
);

impl House {
    /// Somebody uses her account from now on.
    async fn joins(&self, email: &str) {
        let email = email.to_owned();
        let done: Result<(), StoreError> = self
            .app()
            .store
            .write(self.world.caller(), move |tx| {
                tx.change_one(&ACTIVATE, params![&email])?;
                tx.commit(Entry::new("test.joined", "person", "x"), ())
            })
            .await;
        done.expect("she joins");
    }

    /// Makes her an administrator; she alone is one where the others step down.
    pub(super) async fn administers(&self, email: &str, is_only_one: bool) {
        let (person, ..) = self.account(email).await.expect("an account");
        let done: Result<(), StoreError> = self
            .app()
            .store
            .write(self.world.caller(), move |tx| {
                let (id, now): (countersign::platform::ids::CredentialId, _) = (tx.id(), tx.now());
                tx.change_one(&SPARE, params![id, person, Role::Administrator, now])?;
                if is_only_one {
                    tx.change(&STEP_DOWN, params![now, Role::Administrator, person])?;
                }
                tx.commit(Entry::new("test.appointed", "person", person), ())
            })
            .await;
        done.expect("she administers");
    }
}

const TOM: &str = "tom@harbour.example";
const THIEF: &str = "thief@harbour.example";

#[test]
fn the_address_of_an_account_in_use_stays() {
    for is_used in [true, false] {
        on_both(|t| async move {
            let house = House::new(&t).await;
            let id = house.send(TOM).await;
            if is_used {
                house.joins(TOM).await;
            }
            // By another address, by another name, and both at once.
            let emails = json!([{ "value": THIEF, "primary": true }]);
            house.change(&id, set("emails", emails)).await.is(200);
            house.change(&id, set("userName", THIEF)).await.is(200);
            house
                .ask("PUT", &format!("/Users/{id}"), user(THIEF))
                .await
                .is(200);
            assert_eq!(house.account(THIEF).await.is_none(), is_used);
            assert_eq!(house.account(TOM).await.is_some(), is_used);
        });
    }
}

#[test]
fn an_account_that_the_directory_did_not_make_is_not_taken_over() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let theirs = house.directory("Okta").await;
        super::ask(house.app(), &theirs, ("POST", "/Users"), user(TOM))
            .await
            .is(201);
        let (person, ..) = house.account(TOM).await.expect("an account");
        house
            .ask("POST", "/Users", user(TOM))
            .await
            .fails(409, "uniqueness");
        let id = house.send("tim").await;
        let emails = json!([{ "value": TOM }]);
        house
            .change(&id, set("emails", emails))
            .await
            .fails(409, "uniqueness");
        let (same, status, name) = house.account(TOM).await.expect("an account");
        assert_eq!(
            (same, status, name.as_str()),
            (person, Status::Invited, "Tom Okafor")
        );
        // The twin: who was this directory's own, and left, comes back.
        let id = house.send(THIEF).await;
        let (before, ..) = house.account(THIEF).await.expect("an account");
        house
            .ask("DELETE", &format!("/Users/{id}"), Value::Null)
            .await
            .is(204);
        house.send(THIEF).await;
        let (after, status, _) = house.account(THIEF).await.expect("an account");
        assert_eq!((after, status), (before, Status::Invited));
    });
}

#[test]
fn somebody_stays_administrator() {
    for is_only_one in [true, false] {
        on_both(|t| async move {
            let house = House::new(&t).await;
            let id = house.send(TOM).await;
            house.joins(TOM).await;
            house.administers(TOM, is_only_one).await;
            let path = format!("/Users/{id}");
            let away = json!({ "schemas": [super::USER], "userName": TOM, "active": false });
            let tries = [
                ("PATCH", set("active", false), 200),
                ("PUT", away, 200),
                ("DELETE", Value::Null, 204),
            ];
            for (method, body, status) in tries {
                let reply = house.ask(method, &path, body).await;
                let wanted = if is_only_one { 403 } else { status };
                assert_eq!(reply.status, wanted, "{method}: {:?}", reply.answer);
            }
            let status = house.status(TOM).await;
            assert_eq!(status == Some(Status::Active), is_only_one, "{status:?}");
        });
    }
}

#[test]
fn whom_an_administrator_suspended_no_directory_lets_in() {
    for by_administrator in [true, false] {
        on_both(|t| async move {
            let house = House::new(&t).await;
            let id = house.send(TOM).await;
            if by_administrator {
                let (person, ..) = house.account(TOM).await.expect("an account");
                let ada = house.ada.access().await;
                set_suspended(house.app(), &ada, person, true)
                    .await
                    .expect("suspended");
                let seen = house.ask("GET", &format!("/Users/{id}"), Value::Null).await;
                assert_eq!(seen.body["active"], false);
            }
            house.change(&id, set("active", false)).await.is(200);
            assert_eq!(house.status(TOM).await, Some(Status::Suspended));
            let back = house.change(&id, set("active", true)).await.is(200);
            assert_eq!(back.body["active"], !by_administrator);
            // Nor by ending and sending her again.
            house
                .ask("DELETE", &format!("/Users/{id}"), Value::Null)
                .await
                .is(204);
            let again = house.ask("POST", "/Users", user(TOM)).await;
            assert_eq!(again.status, if by_administrator { 409 } else { 201 });
            let wanted = if by_administrator {
                Status::Suspended
            } else {
                Status::Invited
            };
            assert_eq!(house.status(TOM).await, Some(wanted));
        });
    }
}

/// What an administrator does to somebody whom the directory has suspended.
#[derive(Clone, Copy, PartialEq)]
enum Meanwhile {
    Nothing,
    LetsInAndSuspends,
    SuspendsToo,
}

#[test]
fn whom_an_administrator_suspended_after_the_directory_did_it_does_not_let_in() {
    for meanwhile in [
        Meanwhile::LetsInAndSuspends,
        Meanwhile::SuspendsToo,
        Meanwhile::Nothing,
    ] {
        on_both(|t| async move {
            let house = House::new(&t).await;
            let id = house.send(TOM).await;
            let (person, ..) = house.account(TOM).await.expect("an account");
            house.change(&id, set("active", false)).await.is(200);
            let steps: &[bool] = match meanwhile {
                Meanwhile::Nothing => &[],
                Meanwhile::LetsInAndSuspends => &[false, true],
                Meanwhile::SuspendsToo => &[true],
            };
            for is_suspended in steps {
                let ada = house.ada.access().await;
                set_suspended(house.app(), &ada, person, *is_suspended)
                    .await
                    .expect("an administrator may");
            }
            let is_hers = meanwhile != Meanwhile::Nothing;
            let (status, answer) = match is_hers {
                true => (Status::Suspended, 409),
                false => (Status::Invited, 201),
            };
            let back = house.change(&id, set("active", true)).await.is(200);
            assert_eq!(back.body["active"], !is_hers);
            assert_eq!(house.status(TOM).await, Some(status));
            house
                .ask("DELETE", &format!("/Users/{id}"), Value::Null)
                .await
                .is(204);
            let again = house.ask("POST", "/Users", user(TOM)).await;
            assert_eq!(again.status, answer);
            assert_eq!(house.status(TOM).await, Some(status));
        });
    }
}

#[test]
fn who_comes_back_after_the_end_has_no_role() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let id = house.send(TOM).await;
        let (person, ..) = house.account(TOM).await.expect("an account");
        let ada = house.ada.access().await;
        set_roles(house.app(), &ada, person, &[Role::Clerk])
            .await
            .expect("given");
        // A pause takes nothing that people gave by hand.
        house.change(&id, set("active", false)).await.is(200);
        house.change(&id, set("active", true)).await.is(200);
        assert_eq!(house.roles(person).await, [Role::Clerk]);
        house
            .ask("DELETE", &format!("/Users/{id}"), Value::Null)
            .await
            .is(204);
        house.send(TOM).await;
        assert_eq!(house.roles(person).await, []);
    });
}

#[test]
fn an_address_of_another_domain_gets_no_account() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let foreign = "tom@thief.example";
        let id = house.send(foreign).await;
        for name in [
            "tom@harbour.example.thief.example",
            "tom@thief.example@harbour.example",
            "tom@härbour.example",
        ] {
            house.send(name).await;
            assert!(house.account(name).await.is_none(), "{name}");
        }
        assert!(house.account(foreign).await.is_none());
        // Nor does an account that is there move to one.
        let ours = house.send(TOM).await;
        house
            .change(&ours, set("userName", "tim@thief.example"))
            .await
            .is(200);
        assert!(house.account(TOM).await.is_some());
        // The twin: two say that the domain is the organisation's.
        house.owns("thief.example").await;
        house.change(&id, set("title", "Clerk")).await.is(200);
        assert!(house.account(foreign).await.is_some());
    });
}
