//! Forgotten passwords: the link comes by mail, once, and nothing tells a guesser who has an account.

use super::sign_in;
use crate::support::app::{Browser, PASSWORD, TestApp, on_both_apps};
use crate::support::post::Post;

const NEW: &str = "another jar of kiwi jam";

async fn ask(browser: &mut Browser, email: &str) -> (u16, String) {
    browser.get("/forgot-password").await;
    let answer = browser
        .submit("/forgot-password", &[("email", email)])
        .await;
    // All but the form's token, which differs each time.
    let body = answer.body.replace(&browser.csrf(), "");
    (answer.status, body)
}

/// The path of the link in the newest mail.
fn link(post: &Post<'_>, email: &str) -> Option<String> {
    let mail = post.find(email, "choose another password")?;
    let start = mail.find("https://ap.example:8443/reset/")?;
    let path = mail[start..].strip_prefix("https://ap.example:8443")?;
    path.split_whitespace().next().map(str::to_owned)
}

async fn choose(t: &TestApp, path: &str, password: &str) -> (u16, String) {
    let mut browser = t.browser();
    let page = browser.get(path).await;
    if page.status != 200 {
        return (page.status, String::new());
    }
    let fields = [("password", password), ("password_again", password)];
    let answer = browser.submit(path, &fields).await;
    (answer.status, answer.body)
}

#[test]
fn a_forgotten_password_is_replaced_by_a_mailed_link_once() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        ask(&mut t.browser(), "Ann@Harbour.example").await;
        post.deliver().await;
        let first = link(&post, &ann.email).expect("a mail");
        t.store.clock.advance(1_000_000);
        ask(&mut t.browser(), &ann.email).await;
        post.deliver().await;
        let second = link(&post, &ann.email).expect("another mail");
        assert_ne!(first, second);
        assert_eq!(
            choose(&t, &first, NEW).await.0,
            404,
            "the later one ends it"
        );
        let (status, body) = choose(&t, &second, "lindqvist1").await;
        assert_eq!(status, 422, "{body}");
        assert_eq!(choose(&t, &second, NEW).await.0, 303);
        assert_eq!(choose(&t, &second, NEW).await.0, 404, "once");
        assert_eq!(
            ann.browser.get("/people").await.location(),
            "/sign-in?next=%2Fpeople",
            "whoever was signed in is not any more"
        );
        assert_eq!(
            sign_in(&mut t.browser(), &ann.email, PASSWORD).await.status,
            422
        );
        let mut browser = t.browser();
        let answer = sign_in(&mut browser, &ann.email, NEW).await;
        assert_eq!(
            answer.location(),
            "/sign-in/code",
            "the second factor is asked for"
        );
        post.deliver().await;
        assert!(post.find(&ann.email, "was changed").is_some());
    });
}

#[test]
fn a_link_is_good_for_half_an_hour_and_for_those_who_are_active() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let post = Post::of(&t);
        ask(&mut t.browser(), &tom.email).await;
        post.deliver().await;
        let path = link(&post, &tom.email).expect("a mail");
        let people = ann.browser.get("/people").await.body;
        let row = people
            .split("<tr")
            .find(|row| row.contains(&tom.email))
            .expect("listed");
        let id = row
            .split("href=\"/people/")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let id = id.expect("his id").to_owned();
        ann.browser.get(&format!("/people/{id}")).await;
        ann.browser
            .submit(&format!("/people/{id}/suspend"), &[])
            .await;
        assert_eq!(choose(&t, &path, NEW).await.0, 404, "suspended");

        ask(&mut t.browser(), &ann.email).await;
        post.deliver().await;
        let late = link(&post, &ann.email).expect("a mail");
        t.store.clock.advance(30 * 60_000_000);
        assert_eq!(choose(&t, &late, NEW).await.0, 404, "too late");
    });
}

#[test]
fn a_request_of_before_is_not_mailed_and_a_changed_password_ends_open_links() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        ask(&mut t.browser(), &ann.email).await;
        post.deliver().await;
        let open = link(&post, &ann.email).expect("a mail");
        ann.browser.get("/me").await;
        let change = [
            ("current", PASSWORD),
            ("password", NEW),
            ("password_again", NEW),
        ];
        let answer = ann.browser.submit("/me/password", &change).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(choose(&t, &open, PASSWORD).await.0, 404, "ended by it");

        post.deliver().await;
        let before = post.mails().len();
        ask(&mut t.browser(), &ann.email).await;
        t.store.clock.advance(31 * 60_000_000);
        post.deliver().await;
        assert_eq!(post.mails().len(), before, "nobody waits for it any more");
    });
}

#[test]
fn known_and_unknown_are_answered_alike_and_cost_the_same_work() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        ann.invite("nia@harbour.example", &["clerk"]).await;
        let post = Post::of(&t);
        post.deliver().await;
        let before = post.mails().len();
        let mut browser = t.browser();
        let known = ask(&mut browser, &ann.email).await;
        let others = [
            "who@harbour.example",
            "nia@harbour.example",
            "",
            "no address",
        ];
        for name in others {
            assert_eq!(ask(&mut browser, name).await, known, "{name}");
        }
        post.deliver().await;
        assert_eq!(
            post.mails().len() - before,
            1,
            "to the one who has a password"
        );
        // Asked for too often: the same words, and no mail.
        for _ in 0..8 {
            assert_eq!(ask(&mut browser, &ann.email).await, known);
        }
        post.deliver().await;
        let mails = post.mails().len() - before;
        assert!(mails < 6, "{mails} mails flood a mailbox");
    });
}

#[test]
fn the_organisations_short_name_is_not_chosen_by_a_link_either() {
    on_both_apps(|t| async move {
        let browser = t.founded("Käserei Nord").await;
        let ann = t.administered(browser).await;
        let post = Post::of(&t);
        ask(&mut t.browser(), &ann.email).await;
        post.deliver().await;
        let path = link(&post, &ann.email).expect("a mail");
        assert_eq!(choose(&t, &path, "Kaserei2026").await.0, 422);
        assert_eq!(choose(&t, &path, NEW).await.0, 303);
    });
}
