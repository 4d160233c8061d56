//! A sign-in at the provider is a factor of its own moment.

use serde_json::{Value, json};

use super::{House, refused};
use crate::single_sign_on::{asks_for_a_token, is_asked, is_given, way_there};
use crate::support::app::{Answer, Browser, on_both_apps};
use crate::support::openid::Asked;

/// Goes there once more by the link of the page that asks, and comes back.
async fn shows(house: &House, browser: &mut Browser, change: impl FnOnce(&mut Value)) -> Answer {
    let page = browser.get("/step-up?next=%2Fme%2Fsecurity").await;
    let way = way_there(&page).expect("she came from there");
    let sent = browser.get(&way).await;
    let to = sent.location().to_owned();
    assert!(to.ends_with("&prompt=login&max_age=0"), "{to}");
    let asked = Asked::of(&to);
    let mut claims = house.claims(&asked);
    change(&mut claims);
    let token = house.idp.signer().sign(&claims);
    house.brings(browser, &asked, token).await
}

#[test]
fn a_sign_in_there_of_an_hour_ago_or_of_no_moment_is_no_factor_of_a_moment_ago() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let hour_ago = house.now_s() - 3600;
        for auth_time in [json!(hour_ago), Value::Null] {
            let mut browser = house.t.browser();
            let change = |claims: &mut Value| claims["auth_time"] = auth_time.clone();
            let answer = house.arrives(&mut browser, change).await;
            assert_eq!(answer.location(), "/bills", "she is in");
            let asked = asks_for_a_token(&mut browser).await;
            assert!(
                is_asked(&asked),
                "{auth_time}: {} {}",
                asked.status,
                asked.body
            );
        }
        // The twin: she signed in there just now.
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        let given = asks_for_a_token(&mut browser).await;
        assert!(is_given(&given), "{} {}", given.status, given.body);
    });
}

#[test]
fn who_came_through_a_provider_shows_her_factor_there_again() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let before = house.now_s() - 190;
        let late = |claims: &mut Value| claims["auth_time"] = json!(before);
        let hour_ago = house.now_s() - 3600;
        let change = |claims: &mut Value| claims["auth_time"] = json!(hour_ago);
        house.arrives(&mut browser, change).await;
        let answer = shows(&house, &mut browser, late).await;
        assert!(refused(&answer), "there from before: {}", answer.status);
        assert!(house.page().await.contains("auth_time"), "it is explained");
        let silent = |claims: &mut Value| claims["auth_time"] = Value::Null;
        let answer = shows(&house, &mut browser, silent).await;
        assert!(refused(&answer), "it says nothing: {}", answer.status);
        let other = |claims: &mut Value| {
            claims["sub"] = json!("s-olaf");
            claims["email"] = json!("olaf@harbour.example");
        };
        let answer = shows(&house, &mut browser, other).await;
        assert!(refused(&answer), "somebody else: {}", answer.status);
        assert!(is_asked(&asks_for_a_token(&mut browser).await));
        // The twin: she herself, now.
        let shown = shows(&house, &mut browser, |_| {}).await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
        let given = asks_for_a_token(&mut browser).await;
        assert!(is_given(&given), "{} {}", given.status, given.body);
        // Whoever signs in as anybody does is not asked to do it anew.
        let sent = house.t.browser().get(&house.at("start")).await;
        let to = sent.location();
        assert!(!to.contains("prompt=") && !to.contains("max_age="), "{to}");
    });
}
