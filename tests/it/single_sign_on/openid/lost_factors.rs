//! Whoever has no password and lost her factors: her link and her connection together begin another, and neither does alone.

use countersign::identity::lost_factors::reset_by_operator;
use serde_json::{Value, json};

use super::{House, refused};
use crate::support::app::{Answer, Browser, between, on_both_apps};
use crate::support::openid::Asked;
use crate::support::post::Post;

const INGRID: &str = "ingrid@harbour.example";
const LOU: &str = "lou@harbour.example";

/// Without a second factor at the provider.
fn as_ingrid(claims: &mut Value) {
    claims["amr"] = json!(["pwd"]);
}

fn as_lou(claims: &mut Value) {
    as_ingrid(claims);
    claims["sub"] = json!("s-lou");
    claims["email"] = json!(LOU);
}

/// An account that was made as its person arrived, with a factor of ours that is reset then.
async fn loses(house: &House, email: &str, change: fn(&mut Value)) {
    let mut browser = house.t.browser();
    let answer = house.arrives(&mut browser, change).await;
    assert!(answer.location().starts_with("/enrol"), "{}", answer.body);
    house.t.enrol(browser, email).await;
    let reset = reset_by_operator(&house.t.app, email, None).await;
    reset.expect("she had a factor");
}

/// The path of the link that was mailed to somebody.
fn link(post: &Post<'_>, email: &str) -> String {
    let mail = post.find(email, "/new-factor/").expect("a mail");
    let mut words = mail.split_whitespace();
    let link = words.find(|word| word.contains("/new-factor/"));
    let path = link.and_then(|link| link.strip_prefix("https://ap.example:8443"));
    path.expect("our own address").to_owned()
}

/// What the page behind the link sends the browser to ask.
async fn sent_away(browser: &mut Browser, path: &str) -> Asked {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("name=\"password\""), "{}", page.body);
    let start = between(&page.body, "href=\"/sso/", "\"").expect("her connection");
    let answer = browser.get(&format!("/sso/{start}")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Asked::of(answer.location())
}

async fn comes(
    house: &House,
    browser: &mut Browser,
    asked: &Asked,
    change: fn(&mut Value),
) -> Answer {
    let mut claims = house.claims(asked);
    change(&mut claims);
    let token = house.idp.signer().sign(&claims);
    house.brings(browser, asked, token).await
}

#[test]
fn whoever_has_no_password_begins_another_factor_by_her_link_and_her_connection() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        loses(&house, INGRID, as_ingrid).await;
        loses(&house, LOU, as_lou).await;
        let post = Post::of(&house.t);
        post.deliver().await;
        let path = link(&post, INGRID);
        let mut browser = house.t.browser();
        let alone = house.arrives(&mut browser, as_ingrid).await;
        assert!(refused(&alone), "the connection alone: {}", alone.body);
        let asked = sent_away(&mut browser, &path).await;
        let other = comes(&house, &mut browser, &asked, as_lou).await;
        assert!(refused(&other), "somebody else's link: {}", other.body);
        browser.get("/sign-in").await;
        let typed = [("password", "a password of nobody")];
        let answer = browser.submit(&path, &typed).await;
        assert_eq!(answer.status, 404, "there is none: {}", answer.body);

        let mut again = browser.clone();
        let asked = sent_away(&mut browser, &path).await;
        let second = sent_away(&mut again, &path).await;
        let done = comes(&house, &mut browser, &asked, as_ingrid).await;
        assert!(done.location().starts_with("/enrol"), "{}", done.body);
        let twice = comes(&house, &mut again, &second, as_ingrid).await;
        assert!(refused(&twice), "it works once: {}", twice.body);
        assert_eq!(house.t.browser().get(&path).await.status, 404);
        house.t.enrol(browser, INGRID).await;
    });
}
