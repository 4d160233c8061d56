//! Whoever is let in.

use countersign::identity::throttles::ADDRESS;
use serde_json::json;

use super::{House, connect, refused};
use crate::support::app::{Browser, on_both_apps};

#[test]
fn somebody_new_arrives_with_an_account_and_her_groups_roles() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let answer = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        let bills = browser.get("/bills").await;
        assert!(bills.body.contains("ingrid@harbour.example"));
        assert_eq!(browser.get("/bills/upload").await.status, 200, "a clerk");
        let people = house.ann.browser.get("/people").await;
        assert!(people.body.contains("Ingrid Holm"));
        let mut again = house.t.browser();
        house
            .arrives(&mut again, |claims| claims["groups"] = json!([]))
            .await;
        assert_eq!(again.get("/bills/upload").await.status, 404, "nobody");
    });
}

#[test]
fn without_a_second_factor_there_ours_is_asked_for() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        for (amr, acr, to) in [
            (json!(["pwd"]), "", "/enrol?next=%2Fbills"),
            (json!("otp"), "", "/enrol?next=%2Fbills"),
            (json!(["otp"]), "", "/enrol?next=%2Fbills"),
            (json!(["hwk"]), "", "/enrol?next=%2Fbills"),
            (json!(["face"]), "", "/enrol?next=%2Fbills"),
            (json!(["pwd", "otp"]), "", "/bills"),
            (json!(["mfa"]), "", "/bills"),
            (json!([]), "https://refeds.org/profile/mfa", "/bills"),
            (
                json!([]),
                "urn:mace:incommon:iap:silver",
                "/enrol?next=%2Fbills",
            ),
        ] {
            let mut browser = house.t.browser();
            let change = |claims: &mut serde_json::Value| {
                claims["amr"] = amr.clone();
                claims["acr"] = json!(acr);
            };
            let answer = house.arrives(&mut browser, change).await;
            assert_eq!(answer.location(), to, "{amr} {acr}");
        }
    });
}

#[test]
fn a_question_that_one_node_asked_is_answered_at_another() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut here = house.t.browser();
        let asked = house.begin(&mut here).await;
        let mut there = Browser::new(house.t.second_node());
        there.cookies.clone_from(&here.cookies);
        let token = house.idp.signer().sign(&house.claims(&asked));
        let done = house.brings(&mut there, &asked, token.clone()).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
        let again = house.brings(&mut here, &asked, token).await;
        assert!(refused(&again), "and once on both together");
    });
}

#[test]
fn the_secret_goes_where_the_provider_wants_it() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let methods = "token_endpoint_auth_methods_supported".to_owned();
        let posts = json!(["client_secret_post"]);
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(done.status, 303, "{}", done.body);
        house.idp.says().description.insert(methods, posts);
        house.t.store.clock.advance(60_000_000);
        house.is_told(&super::tokens::of_nobody("k-9")).await;
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let exchanges = house.idp.says().exchanges.clone();
        let [(first, basic), (second, none)] = exchanges.as_slice() else {
            panic!("{exchanges:?}");
        };
        assert!(basic.is_some() && !first.contains("client_secret"));
        assert!(none.is_none() && second.contains("client_secret=between+us+%26+them"));
    });
}

#[test]
fn groups_are_asked_for_where_the_connection_maps_them() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let asked = house.begin(&mut house.t.browser()).await;
        assert_eq!(asked.scope, "openid profile email groups");
        let none = [("groups", ""), ("roles", "")];
        house.connection = connect(&mut house.ann, &house.idp, &none).await;
        let asked = house.begin(&mut house.t.browser()).await;
        assert_eq!(asked.scope, "openid profile email");
    });
}

#[test]
fn an_office_that_signs_in_from_one_network_is_not_slowed() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        for _ in 0..40 {
            let done = house.arrives(&mut house.t.browser(), |_| {}).await;
            assert_eq!(done.location(), "/bills", "{}", done.body);
        }
    });
}

#[test]
fn what_the_provider_refuses_is_explained_to_the_administrator() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let answer = [
            ("state", asked.state.as_str()),
            ("error", "access_denied"),
            ("error_description", "<b>forged</b>"),
        ];
        assert!(refused(&house.returns(&mut browser, &answer).await));
        let again = house.returns(&mut browser, &answer).await;
        assert!(refused(&again), "a refusal uses the state up as well");
        let page = house.page().await;
        assert!(page.contains("access_denied. She did not agree"), "{page}");
        assert!(!page.contains("forged"), "only words of the standard");
    });
}

#[test]
fn a_missing_address_is_said_by_the_names_of_claims() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let answer = house
            .arrives(&mut browser, |claims| {
                claims.as_object_mut().expect("an object").remove("email");
            })
            .await;
        assert!(refused(&answer));
        let page = house.page().await;
        assert!(page.contains("The id token has no claim email."), "{page}");
        assert!(!page.contains("Ingrid"), "and not what they say");
    });
}

#[test]
fn a_known_device_gets_in_while_its_network_is_locked_and_nobody_else_by_it() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut hers, mut olafs) = (house.t.browser(), house.t.browser());
        house.arrives(&mut hers, |_| {}).await;
        let answer = house
            .arrives(&mut olafs, |claims| {
                claims["sub"] = json!("s-olaf");
                claims["email"] = json!("olaf@harbour.example");
            })
            .await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        house.t.lock_network().await;
        for mut stranger in [house.t.browser(), house.t.made_up_device()] {
            let answer = stranger.get(&house.at("start")).await;
            assert_eq!(answer.problem, Some("error-too-many"));
        }
        let mut other = house.t.only_device(&olafs);
        let answer = house.arrives(&mut other, |_| {}).await;
        assert!(refused(&answer), "his device, and she is not its person");
        let mut own = house.t.only_device(&hers);
        let answer = house.arrives(&mut own, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        // The twin: by the same device of his, once nothing but the lock is gone.
        house.t.store.clock.advance(ADDRESS.forget_us);
        let mut other = house.t.only_device(&olafs);
        let answer = house.arrives(&mut other, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
    });
}
