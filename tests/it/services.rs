//! Service accounts: what their tokens do, what no program does whatever it was given, and who answers for it.

use std::sync::Arc;

use axum::extract::FromRequestParts as _;
use axum::http::{Request, header};
use countersign::identity::access::{Access, Grant, Permission, Role, allows_service};
use countersign::identity::people::{PeopleError, set_roles, set_suspended};
use countersign::identity::services::{self, ServiceError};
use countersign::identity::sessions::{SignedIn, Stage, open};
use countersign::identity::tokens::{self, ApiToken, Bearer};
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::store::StoreError;
use countersign::platform::web::cookies;

use super::access::service::make_service;
use super::support::stores::{TestStore, on_both};
use super::support::world::{Somebody, World, fresh};

/// Ada and Ben administer.
struct Two {
    world: World,
    ada: Somebody,
    ben: Somebody,
}

impl Two {
    async fn new(t: &Arc<TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            world,
        }
    }

    async fn scanner(&self) -> PersonId {
        let grants = [Grant::everywhere(Role::Clerk)];
        services::create(
            &self.world.app,
            &self.ada.access().await,
            "Scanner",
            &grants,
        )
        .await
        .expect("made")
    }

    async fn token(&self, by: &Somebody, of: PersonId) -> ApiToken {
        let wanted = ("import", &[Permission::BillsEnter][..], 30);
        services::make_token(&self.world.app, &by.access().await, of, wanted)
            .await
            .expect("a token")
    }

    /// What a token lets its holder do; none where it stands for nothing.
    async fn by(&self, token: &ApiToken) -> Option<Access> {
        let (mut parts, ()) = Request::post("/api/v1/bills")
            .header(header::AUTHORIZATION, format!("Bearer {}", *token.expose()))
            .body(())
            .expect("a request")
            .into_parts();
        let bearer = Bearer::from_request_parts(&mut parts, &self.world.app).await;
        bearer.ok().map(|bearer| bearer.access)
    }
}

#[test]
fn a_token_of_a_service_account_does_what_it_names_for_the_human_who_answers() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let scanner = two.scanner().await;
        let token = two.token(&two.ada, scanner).await;
        let access = two.by(&token).await.expect("it stands");
        assert_eq!(access.person(), scanner);
        assert!(access.may(Permission::BillsEnter) && !access.may(Permission::BillsRead));
        // What it enters, Ada entered, and so she does not approve it.
        assert_eq!(access.human(), two.ada.human);
    });
}

#[test]
fn whoever_makes_a_token_of_anothers_account_answers_for_it_and_ends_the_tokens_of_before() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let scanner = two.scanner().await;
        let first = two.token(&two.ada, scanner).await;
        let second = two.token(&two.ada, scanner).await;
        assert!(two.by(&first).await.is_some() && two.by(&second).await.is_some());
        let third = two.token(&two.ben, scanner).await;
        assert!(two.by(&first).await.is_none() && two.by(&second).await.is_none());
        let access = two.by(&third).await.expect("it stands");
        assert_eq!(access.human(), two.ben.human);
    });
}

/// Everything was given to the account: roles, and tokens with every permission. Beside it the same person as she was.
#[test]
fn a_service_account_does_nothing_that_takes_a_human_whatever_it_was_given() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let eve = two.world.somebody("Eve", Role::ALL).await;
        let all = Permission::ALL.to_vec();
        let token = tokens::create(&two.world.app, &eve.access().await, "all", &all, 7)
            .await
            .expect("a token");
        let person = two.by(&token).await.expect("a person's");
        assert!(all.iter().all(|permission| person.may(*permission)));
        make_service(&two.world, eve.person).await;
        let program = two.by(&token).await.expect("a program's");
        for permission in all {
            let is_allowed = allows_service(permission);
            assert_eq!(program.may(permission), is_allowed, "{permission}");
            assert_eq!(program.reach(permission).is_ok(), is_allowed);
        }
    });
}

#[test]
fn no_power_is_given_to_a_service_account() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, ada, scanner) = (&two.world.app, two.ada.access().await, two.scanner().await);
        for role in [
            Role::Approver,
            Role::Payer,
            Role::VendorManager,
            Role::Administrator,
        ] {
            let given = set_roles(app, &ada, scanner, &[Role::Clerk, role]).await;
            assert!(matches!(given, Err(PeopleError::NotForService)), "{role}");
            let made = services::create(app, &ada, "Other", &[Grant::everywhere(role)]).await;
            assert!(matches!(made, Err(ServiceError::NotForService)), "{role}");
        }
        let wanted = ("decide", &[Permission::BillsDecide][..], 7);
        let made = services::make_token(app, &ada, scanner, wanted).await;
        assert!(matches!(made, Err(ServiceError::NotForService)));
        set_roles(app, &ada, scanner, &[Role::Clerk, Role::Coder])
            .await
            .expect("these carry no power");
    });
}

/// Two sessions that were opened alike: the person's stands, the program's does not.
#[test]
fn a_service_account_has_no_session() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let eve = two.world.somebody("Eve", &[Role::Clerk]).await;
        let stands = async |cookie: &str| {
            let (mut parts, ()) = Request::get("/bills")
                .header(header::COOKIE, cookie)
                .body(())
                .expect("a request")
                .into_parts();
            SignedIn::from_request_parts(&mut parts, &two.world.app)
                .await
                .is_ok()
        };
        assert!(stands(eve.cookie()).await);
        make_service(&two.world, eve.person).await;
        assert!(!stands(eve.cookie()).await);
        let (person, request) = (two.scanner().await, eve_request(&two.world));
        let opened = two
            .world
            .app
            .store
            .write::<_, StoreError, _>(two.world.caller(), move |tx| {
                let now = tx.now();
                let opened = open(tx, person, Stage::Full, Some(now), &request)?;
                tx.done(opened)
            })
            .await
            .expect("opened");
        let cookie = format!("{}={}", cookies::SESSION, *opened.token.expose());
        assert!(!stands(&cookie).await);
    });
}

fn eve_request(world: &World) -> countersign::platform::web::request::RequestInfo {
    countersign::platform::web::request::RequestInfo {
        id: fresh(world),
        address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        device: "test".into(),
        locale: countersign::platform::web::locale::Locale::En,
    }
}

#[test]
fn the_tokens_of_whoever_is_suspended_are_dead_until_she_is_let_in_again() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, ada, scanner) = (&two.world.app, two.ada.access().await, two.scanner().await);
        let tom = two.world.somebody("Tom", &[Role::Clerk]).await;
        let its = two.token(&two.ada, scanner).await;
        let toms = tokens::create(
            app,
            &tom.access().await,
            "import",
            &[Permission::BillsEnter],
            7,
        )
        .await
        .expect("a token");
        for (person, token) in [(scanner, &its), (tom.person, &toms)] {
            assert!(two.by(token).await.is_some());
            set_suspended(app, &ada, person, true).await.expect("done");
            assert!(two.by(token).await.is_none());
        }
        set_suspended(app, &ada, scanner, false)
            .await
            .expect("done");
        assert!(two.by(&its).await.is_some());
    });
}

#[test]
fn lists_show_the_end_of_a_token_and_when_it_was_used_to_the_minute() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let scanner = two.scanner().await;
        let token = two.token(&two.ada, scanner).await;
        let listed = async || {
            let view = services::view(&two.world.app, &two.ada.access().await, scanner).await;
            view.expect("it is there").tokens.remove(0)
        };
        assert_eq!(listed().await.last_used, None);
        let shown = token.expose();
        assert_eq!(listed().await.last_four.as_deref(), Some(&shown[49..]));
        two.by(&token).await.expect("it stands");
        let first = listed().await.last_used.expect("it was used");
        t.clock.advance(Micros::MINUTE - 1);
        two.by(&token).await.expect("it stands");
        assert_eq!(listed().await.last_used, Some(first));
        t.clock.advance(1);
        two.by(&token).await.expect("it stands");
        assert_eq!(
            listed().await.last_used,
            Some(first.plus_us(Micros::MINUTE))
        );
    });
}
