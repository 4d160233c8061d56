//! Single logout, both ways.

use countersign::identity::throttles::ADDRESS;
use countersign_saml::bindings::decode_redirect;

use super::{House, OURS, PASSWORD_CONTEXT};
use crate::support::app::{Browser, between, on_both_apps, unescape};
use crate::support::idp::Idp;

#[test]
fn a_logout_request_of_the_identity_providers_ends_the_session_that_it_names() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut one, mut two) = (house.t.browser(), house.t.browser());
        house.arrives(&mut one, |_| {}).await;
        house
            .arrives(&mut two, |facts| facts.session = "session-2".to_owned())
            .await;
        let destination = format!("{OURS}{}", house.at("logout"));
        let now = house.t.app.now();
        let who = ("s-ingrid", "session-1");
        let forged = Idp::new().logout(("l-1", &destination), who, now);
        let honest = house.idp.logout(("l-2", &destination), who, now);
        let mut elsewhere = house.t.browser();
        let answer = elsewhere
            .get(&format!("{}?{forged}", house.at("logout")))
            .await;
        assert_eq!(answer.location(), "/sign-in");
        assert_eq!(one.get("/bills").await.status, 200, "somebody else's word");
        let answer = elsewhere
            .get(&format!("{}?{honest}", house.at("logout")))
            .await;
        assert!(
            answer
                .location()
                .starts_with("https://idp.example/slo?SAMLResponse=")
        );
        assert!(one.get("/bills").await.location().starts_with("/sign-in"));
        assert_eq!(two.get("/bills").await.status, 200, "another session");
    });
}

#[test]
fn a_logout_request_counts_once() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        let destination = format!("{OURS}{}", house.at("logout"));
        let query = house.idp.logout(
            ("l-1", &destination),
            ("s-ingrid", "session-1"),
            house.t.app.now(),
        );
        let path = format!("{}?{query}", house.at("logout"));
        house.t.browser().get(&path).await;
        assert!(
            browser
                .get("/bills")
                .await
                .location()
                .starts_with("/sign-in")
        );
        house.arrives(&mut browser, |_| {}).await;
        house.t.browser().get(&path).await;
        assert_eq!(
            browser.get("/bills").await.status,
            200,
            "a replay ends nothing"
        );
    });
}

#[test]
fn logout_messages_that_do_not_count_are_a_strangers_attempts() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let destination = format!("{OURS}{}", house.at("logout"));
        let stranger = Idp::new();
        let has_to_wait = async || {
            let answer = house.t.browser().get(&house.at("start")).await;
            answer.problem == Some("error-too-many")
        };
        // The twin first: as many of the identity provider's own, from one network.
        for (idp, waits) in [(&*house.idp, false), (&stranger, true)] {
            for number in 0..=ADDRESS.free {
                let id = format!("l-{waits}-{number}");
                let who = ("s-ingrid", "session-1");
                let query = idp.logout((&id, &destination), who, house.t.app.now());
                let path = format!("{}?{query}", house.at("logout"));
                house.t.browser().get(&path).await;
            }
            assert_eq!(has_to_wait().await, waits);
        }
    });
}

#[test]
fn signing_out_here_goes_on_to_the_identity_provider() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        browser.get("/bills").await;
        let answer = browser.submit("/sign-out", &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let link = between(&answer.body, "href=\"https://idp.example/slo?", "\"");
        let link = unescape(link.expect("the way on"));
        let message = between(&link, "SAMLRequest=", "&").expect("a message");
        let message = url::form_urlencoded::parse(format!("m={message}").as_bytes())
            .next()
            .expect("one")
            .1
            .into_owned();
        let xml = String::from_utf8(decode_redirect(&message).expect("it inflates")).expect("text");
        assert!(
            xml.contains(">s-ingrid<") && xml.contains(">session-1<"),
            "{xml}"
        );
        assert!(link.contains("&Signature="));
        let refresh = answer.headers.get("refresh").expect("it goes on by itself");
        assert!(
            refresh
                .to_str()
                .expect("ASCII")
                .starts_with("0; url=https://idp.example/slo?")
        );
        assert!(
            browser
                .get("/bills")
                .await
                .location()
                .starts_with("/sign-in")
        );
        // The twin: whoever came by a password goes nowhere else.
        house.ann.browser.get("/bills").await;
        let answer = house.ann.browser.submit("/sign-out", &[]).await;
        assert_eq!(answer.location(), "/sign-in");
    });
}

const MINUTE_US: i64 = 60_000_000;

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/bills").await.status == 200
}

#[test]
fn a_session_ends_when_the_identity_providers_does() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut told, mut untold) = (house.t.browser(), house.t.browser());
        let until = house.t.app.now().plus_us(20 * MINUTE_US);
        house
            .arrives(&mut told, |facts| facts.until = Some(until))
            .await;
        house.arrives(&mut untold, |_| {}).await;
        house.t.store.clock.advance(19 * MINUTE_US);
        assert!(is_in(&mut told).await, "until then");
        assert!(is_in(&mut untold).await);
        house.t.store.clock.advance(MINUTE_US);
        assert!(!is_in(&mut told).await);
        assert!(is_in(&mut untold).await, "the twin: nothing was said");
    });
}

#[test]
fn a_factor_of_ours_does_not_carry_a_session_past_the_identity_providers() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let until = house.t.app.now().plus_us(20 * MINUTE_US);
        let answer = house
            .arrives(&mut browser, |facts| {
                facts.context = PASSWORD_CONTEXT.to_owned();
                facts.name = "s-ann".to_owned();
                facts.mail = "ann@harbour.example".to_owned();
                facts.until = Some(until);
            })
            .await;
        assert_eq!(answer.location(), "/sign-in/code?next=%2Fbills");
        browser.get("/sign-in/code").await;
        let code = house.t.fresh_code(&house.ann.seed);
        browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert!(is_in(&mut browser).await, "with her code");
        let left = until.since(house.t.app.now());
        house.t.store.clock.advance(left - 1);
        assert!(is_in(&mut browser).await, "until then");
        house.t.store.clock.advance(1);
        assert!(!is_in(&mut browser).await);
    });
}

#[test]
fn an_identity_provider_lengthens_no_session() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let longest = countersign::platform::config::Sessions::STANDARD.absolute;
        let longest_us = i64::try_from(longest.as_micros()).expect("hours");
        let until = house.t.app.now().plus_us(2 * longest_us);
        house
            .arrives(&mut browser, |facts| facts.until = Some(until))
            .await;
        let (mut left, step) = (longest_us - 1, 25 * MINUTE_US);
        while left > 0 {
            house.t.store.clock.advance(step.min(left));
            left -= step;
            assert!(is_in(&mut browser).await, "{left} before our own end");
        }
        house.t.store.clock.advance(1);
        assert!(!is_in(&mut browser).await);
    });
}
