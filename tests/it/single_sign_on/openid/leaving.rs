//! Leaving, both ways.

use serde_json::{Value, json};

use super::{House, OURS};
use crate::support::app::{Browser, between, on_both_apps, unescape};
use crate::support::openid::{CLIENT, Signer};

impl House {
    fn leaving(&self, id: &str, whose: (&str, &str)) -> Value {
        let event = "http://schemas.openid.net/event/backchannel-logout";
        let mut claims = json!({
            "iss": self.idp.issuer(), "aud": CLIENT, "iat": self.now_s(), "jti": id, "events": { event: {} },
        });
        claims[whose.0] = json!(whose.1);
        claims
    }

    async fn is_told_of(&self, claims: &Value) -> u16 {
        let token = self.idp.signer().sign_as("logout+jwt", claims);
        self.is_told(&token).await.status
    }
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/bills").await.status == 200
}

#[test]
fn the_provider_ends_the_session_that_it_names_or_all_of_somebodys() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut one, mut two, mut kim) = (house.t.browser(), house.t.browser(), house.t.browser());
        house.arrives(&mut one, |_| {}).await;
        house
            .arrives(&mut two, |claims| claims["sid"] = json!("session-2"))
            .await;
        house
            .arrives(&mut kim, |claims| {
                claims["sub"] = json!("s-kim");
                claims["sid"] = json!("session-3");
                claims["email"] = json!("kim@harbour.example");
            })
            .await;
        let named = house.leaving("j-1", ("sid", "session-1"));
        assert_eq!(house.is_told_of(&named).await, 200);
        assert!(!is_in(&mut one).await, "the session that it names");
        assert!(is_in(&mut two).await && is_in(&mut kim).await);
        house.arrives(&mut one, |_| {}).await;
        let hers = house.leaving("j-2", ("sub", "s-ingrid"));
        assert_eq!(house.is_told_of(&hers).await, 200);
        assert!(!is_in(&mut one).await && !is_in(&mut two).await);
        assert!(is_in(&mut kim).await, "somebody else");
        let both = {
            let mut both = house.leaving("j-3", ("sub", "s-kim"));
            both["sid"] = json!("session-9");
            both
        };
        assert_eq!(house.is_told_of(&both).await, 200);
        assert!(is_in(&mut kim).await, "hers, but not this one");
    });
}

#[test]
fn a_logout_token_counts_once() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        let claims = house.leaving("j-1", ("sub", "s-ingrid"));
        assert_eq!(house.is_told_of(&claims).await, 200);
        assert!(!is_in(&mut browser).await);
        house.arrives(&mut browser, |_| {}).await;
        assert_eq!(house.is_told_of(&claims).await, 400, "a replay");
        assert!(is_in(&mut browser).await);
        let another = house.leaving("j-2", ("sub", "s-ingrid"));
        assert_eq!(house.is_told_of(&another).await, 200, "the twin");
        assert!(!is_in(&mut browser).await);
        // The guard taken away: what remembers it is forgotten, and the replay ends her session.
        house.arrives(&mut browser, |_| {}).await;
        let store = &house.t.store;
        store.behind_the_back("DELETE FROM sso_seen").await;
        assert_eq!(house.is_told_of(&claims).await, 200);
        assert!(!is_in(&mut browser).await);
    });
}

#[test]
fn a_logout_token_that_does_not_count_ends_nothing() {
    type Change = fn(&mut Value, i64);
    let wrong: [(&str, Change); 6] = [
        ("nonce", |claims, _| claims["nonce"] = json!("n-1")),
        ("aud", |claims, _| claims["aud"] = json!("another")),
        ("iss", |claims, _| {
            claims["iss"] = json!("https://thief.example")
        }),
        ("events", |claims, _| claims["events"] = json!({})),
        ("old", |claims, now| claims["iat"] = json!(now - 400)),
        ("nobody", |claims, _| claims["sub"] = Value::Null),
    ];
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let id_token = house.idp.signer().sign(&house.claims(&asked));
        house.brings(&mut browser, &asked, id_token.clone()).await;
        let now = house.now_s();
        for (number, (what, change)) in wrong.into_iter().enumerate() {
            let mut claims = house.leaving(&format!("j-{number}"), ("sub", "s-ingrid"));
            change(&mut claims, now);
            assert_eq!(house.is_told_of(&claims).await, 400, "{what}");
            assert!(is_in(&mut browser).await, "{what}");
        }
        let honest = house.leaving("j-20", ("sub", "s-ingrid"));
        let forged = Signer::new(&house.idp.signer().id).sign_as("logout+jwt", &honest);
        for token in [&id_token, &forged, "", "x"] {
            assert_eq!(house.is_told(token).await.status, 400);
            assert!(is_in(&mut browser).await, "{token}");
        }
        assert_eq!(house.is_told_of(&honest).await, 200, "the twin");
        assert!(!is_in(&mut browser).await);
    });
}

#[test]
fn a_logout_token_is_taken_from_no_other_sites_page() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let path = house.at("backchannel-logout");
        let form = axum::http::Request::post(&path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let uri: axum::http::Uri = path.parse().expect("a path");
        let request = form.body(()).expect("a request");
        let is_ours = countersign::platform::web::csrf::is_same_origin(
            request.method(),
            &uri,
            request.headers(),
        );
        assert!(!is_ours, "the layer before all handlers refuses it");
    });
}

#[test]
fn signing_out_here_goes_on_to_the_provider() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        browser.get("/bills").await;
        let answer = browser.submit("/sign-out", &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let end = format!("href=\"{}/end?", house.idp.issuer());
        let link = between(&answer.body, &end, "\"").expect("the way on");
        let back: String =
            url::form_urlencoded::byte_serialize(format!("{OURS}/sign-in").as_bytes()).collect();
        let wanted =
            format!("client_id={CLIENT}&logout_hint=session-1&post_logout_redirect_uri={back}");
        assert_eq!(unescape(link), wanted);
        let refresh = answer.headers.get("refresh").expect("it goes on by itself");
        let refresh = refresh.to_str().expect("ASCII");
        assert!(refresh.starts_with(&format!("0; url={}/end?", house.idp.issuer())));
        assert!(!is_in(&mut browser).await);
        // The twin: whoever came by a password goes nowhere else.
        house.ann.browser.get("/bills").await;
        let answer = house.ann.browser.submit("/sign-out", &[]).await;
        assert_eq!(answer.location(), "/sign-in");
    });
}
