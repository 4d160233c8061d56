//! Id tokens that let nobody in, each beside the one that does.

use serde_json::{Value, json};

use super::{House, connect, refused};
use crate::support::app::on_both_apps;
use crate::support::openid::{Signer, unsigned};

/// A token of somebody else's, which names a key.
pub fn of_nobody(kid: &str) -> String {
    Signer::new(kid).sign(&json!({ "iss": "https://thief.example" }))
}

type Change = fn(&mut Value, i64);
/// Makes a token of claims that the holder of this key never signed so.
type Forge = fn(&Signer, &Value) -> String;

#[test]
fn each_claim_stops_what_it_is_there_for() {
    let wrong: [(&str, Change); 9] = [
        ("another issuer", |claims, _| {
            claims["iss"] = json!("https://thief.example")
        }),
        ("for another client (aud)", |claims, _| {
            claims["aud"] = json!("another")
        }),
        ("to another client (azp)", |claims, _| {
            claims["aud"] = json!(["countersign", "another"])
        }),
        ("to another client (azp)", |claims, _| {
            claims["azp"] = json!("another")
        }),
        ("it has expired", |claims, now| {
            claims["exp"] = json!(now - 200)
        }),
        ("made in the future", |claims, now| {
            claims["iat"] = json!(now + 200)
        }),
        ("more than ten minutes ago", |claims, now| {
            claims["iat"] = json!(now - 700)
        }),
        ("another request (nonce)", |claims, _| {
            claims["nonce"] = json!("n-1")
        }),
        ("not the one that came with it (at_hash)", |claims, _| {
            claims["at_hash"] = json!("x")
        }),
    ];
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        for (said, change) in wrong {
            let (mut browser, now) = (house.t.browser(), house.now_s());
            let answer = house
                .arrives(&mut browser, |claims| change(claims, now))
                .await;
            assert!(refused(&answer), "{said}");
            let page = house.page().await;
            let latest = page.split("<h3>").nth(1).expect("a failure");
            assert!(latest.contains(said), "{said}: {latest}");
            house.t.store.clock.advance(1_000_000);
        }
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(done.location(), "/bills", "the twin: all of them right");
    });
}

#[test]
fn a_token_that_is_unsigned_or_of_somebody_elses_key_is_refused() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let own = house.idp.signer();
        let forgeries: [(&str, Forge); 4] = [
            ("alg none", |_, claims| unsigned(claims)),
            ("HS256 with the public key", Signer::mac_by_the_public_key),
            ("another key under its name", |own, claims| {
                Signer::new(&own.id).sign(claims)
            }),
            ("another kind of token", |own, claims| {
                own.sign_as("at+jwt", claims)
            }),
        ];
        for (what, forge) in forgeries {
            let mut browser = house.t.browser();
            let asked = house.begin(&mut browser).await;
            let token = forge(&own, &house.claims(&asked));
            assert!(
                refused(&house.brings(&mut browser, &asked, token).await),
                "{what}"
            );
        }
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let token = own.sign(&house.claims(&asked));
        let done = house.brings(&mut browser, &asked, token).await;
        assert_eq!(done.location(), "/bills", "the twin: its own key");
    });
}

#[test]
fn an_address_that_the_provider_did_not_verify_is_nobodys() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let unverified = |claims: &mut Value| {
            claims["email"] = json!("ann@harbour.example");
            claims["email_verified"] = json!(false);
        };
        let answer = house.arrives(&mut house.t.browser(), unverified).await;
        assert!(refused(&answer), "whoever typed it is not Ann");
        assert!(house.page().await.contains("not verified (email_verified)"));
        // The guard taken away: the same address with the provider's word is she, whose second factor is asked for.
        let verified = |claims: &mut Value| {
            claims["sub"] = json!("s-ann");
            claims["email"] = json!("ann@harbour.example");
            claims["amr"] = json!(["pwd"]);
        };
        let done = house.arrives(&mut house.t.browser(), verified).await;
        assert_eq!(done.location(), "/sign-in/code?next=%2Fbills");
        let silent = |claims: &mut Value| {
            claims["email"] = json!("kim@harbour.example");
            claims
                .as_object_mut()
                .expect("an object")
                .remove("email_verified");
        };
        let done = house.arrives(&mut house.t.browser(), silent).await;
        assert_eq!(done.location(), "/bills", "many say nothing of it");
        // Somebody known is known by her subject, whatever is said of the address.
        let known = |claims: &mut Value| claims["email_verified"] = json!(false);
        let done = house.arrives(&mut house.t.browser(), known).await;
        assert_eq!(done.location(), "/bills");
    });
}

#[test]
fn a_provider_that_names_somebodys_address_does_not_become_her() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        house.arrives(&mut house.t.browser(), |_| {}).await;
        // Ingrid has an identity: neither another subject nor another connection is her by her address.
        let other = |claims: &mut Value| claims["sub"] = json!("s-thief");
        assert!(refused(&house.arrives(&mut house.t.browser(), other).await));
        let first = house.connection;
        house.connection = connect(&mut house.ann, &house.idp, &[("name", "Second")]).await;
        assert!(refused(
            &house.arrives(&mut house.t.browser(), |_| {}).await
        ));
        assert!(house.page().await.contains("has another identity"));
        // Nor is anybody matched by an address outside of the organisation's domains.
        let foreign = |claims: &mut Value| {
            claims["sub"] = json!("s-new");
            claims["email"] = json!("ceo@elsewhere.example");
        };
        assert!(refused(
            &house.arrives(&mut house.t.browser(), foreign).await
        ));
        house.connection = first;
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(done.location(), "/bills", "the twin: she herself");
    });
}

#[test]
fn a_key_of_another_connection_signs_nothing_here() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let thief = Signer::new("k-2");
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let token = thief.sign(&house.claims(&asked));
        let answer = house.brings(&mut browser, &asked, token).await;
        assert!(refused(&answer), "no key of this issuer's has that name");
        house.t.store.clock.advance(60_000_000);
        house.idp.says().keys.push(std::sync::Arc::new(thief));
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(
            done.location(),
            "/bills",
            "the twin: its issuer names the key"
        );
    });
}
