//! Proposing a connection: what is wrong is said before anybody confirms it, and its secret is shown to nobody.

use serde_json::{Value, json};

use super::House;
use crate::support::app::{on_both_apps, unescape};
use crate::support::openid::{CLIENT, OpenId, SECRET};

const NEW: &str = "/settings/sign-in/connections/new";

async fn proposed(house: &mut House, path: &str, more: &[(&str, &str)]) -> (u16, String) {
    let issuer = house.idp.issuer();
    let mut fields = vec![
        ("kind", "oidc"),
        ("name", "Another"),
        ("issuer", issuer.as_str()),
        ("client_id", CLIENT),
        ("email", "email"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    house.ann.browser.get("/settings/sign-in").await;
    let answer = house.ann.browser.submit(path, &fields).await;
    (answer.status, unescape(&answer.body))
}

#[test]
fn what_is_wrong_with_a_provider_is_said_when_it_is_proposed() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let elsewhere = house.idp.issuer().replace("localhost", "127.0.0.1");
        let slash = format!("{}/", house.idp.issuer());
        for (issuer, said) in [
            ("http://idp.example", "begins with https://"),
            ("https://idp.example?x=1", "has no ? and no # part"),
            ("https://localhost:1", "cannot be reached"),
            ("https://169.254.169.254", "does not reach"),
            (elsewhere.as_str(), "is another issuer's"),
            (slash.as_str(), "with or without the slash"),
        ] {
            let (status, body) = proposed(&mut house, NEW, &[("issuer", issuer)]).await;
            assert_eq!(status, 422, "{issuer}");
            assert!(body.contains(said), "{said}: {body}");
        }
        let members: [(&str, Value, &str); 4] = [
            (
                "token_endpoint",
                json!("http://idp.example/token"),
                "token_endpoint is missing",
            ),
            (
                "code_challenge_methods_supported",
                json!(["plain"]),
                "PKCE (S256)",
            ),
            (
                "issuer",
                json!("https://thief.example"),
                "is another issuer's",
            ),
            (
                "jwks_uri",
                json!(format!("{}/nowhere", house.idp.issuer())),
                "/nowhere (404)",
            ),
        ];
        for (name, value, said) in members {
            house.idp.says().description.insert(name.to_owned(), value);
            let (status, body) = proposed(&mut house, NEW, &[]).await;
            house.idp.says().description.clear();
            assert_eq!(status, 422, "{name}");
            assert!(body.contains(said), "{said}: {body}");
        }
        assert_eq!(proposed(&mut house, NEW, &[]).await.0, 303, "the twin");
    });
}

#[test]
fn the_page_shows_what_to_type_there_and_never_the_secret() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let page = unescape(&house.page().await);
        let ours = format!("https://ap.example:8443/sso/{}", house.connection);
        for shown in [
            format!("{ours}/callback"),
            format!("{ours}/backchannel-logout"),
            "https://ap.example:8443/sign-in".to_owned(),
            format!("href=\"/sso/{}/start\"", house.connection),
        ] {
            assert!(page.contains(&shown), "{shown}: {page}");
        }
        assert!(!page.contains(SECRET) && !page.contains("between us"));
        let overview = house.ann.browser.get("/settings/sign-in").await.body;
        assert!(overview.contains("connections/new?kind=oidc"));
        let wrong = [("issuer", "http://x"), ("client_secret", SECRET)];
        let (_, again) = proposed(&mut house, NEW, &wrong).await;
        assert!(!again.contains("between us"), "nor while it is typed again");
    });
}

#[test]
fn a_proposal_shows_the_redirect_address_before_it_is_confirmed() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        // Somebody else who administers, so that proposals wait.
        let ben = house
            .t
            .join(&mut house.ann, "ben@harbour.example", &["administrator"]);
        ben.await;
        let (status, _) = proposed(&mut house, NEW, &[]).await;
        assert_eq!(status, 303);
        let overview = house.ann.browser.get("/settings/sign-in").await.body;
        let waiting = overview.split("value=\"refuse\"").next().expect("it waits");
        assert!(waiting.contains("/callback"), "{waiting}");
    });
}

#[test]
fn a_secret_stays_with_the_issuer_that_it_was_agreed_on_with() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let path = format!("/settings/sign-in/connections/{}", house.connection);
        assert_eq!(
            proposed(&mut house, &path, &[]).await.0,
            303,
            "the same issuer"
        );
        let mut browser = house.t.browser();
        let done = house
            .arrives(&mut browser, |claims| claims["sub"] = json!("s-1"))
            .await;
        assert_eq!(done.status, 403, "accounts are not made any more");
        assert!(
            house.page().await.contains("It exchanged the code."),
            "the secret stayed"
        );

        let thief = OpenId::trusted_as(&house.idp);
        let issuer = thief.issuer();
        let (status, body) = proposed(&mut house, &path, &[("issuer", &issuer)]).await;
        assert_eq!(status, 422);
        assert!(body.contains("was agreed on with another issuer"), "{body}");
        let fields = [("issuer", issuer.as_str()), ("client_secret", "theirs")];
        assert_eq!(
            proposed(&mut house, &path, &fields).await.0,
            303,
            "the twin"
        );
    });
}
