//! An invitation that was lost or has expired is given again, and nobody becomes active without a password.

use countersign::platform::clock::Micros;

use super::support::app::{Member, PASSWORD, TestApp, between, on_both_apps};

const NIA: &str = "nia@harbour.example";

/// The page of the person with this address.
async fn page_of(ann: &mut Member, email: &str) -> String {
    let people = ann.browser.get("/people").await.body;
    people
        .split("href=\"/people/")
        .filter_map(|rest| rest.split_once('"'))
        .find(|(_, rest)| {
            rest.split("</tr>")
                .next()
                .unwrap_or_default()
                .contains(email)
        })
        .map(|(id, _)| format!("/people/{id}"))
        .expect("she is listed")
}

async fn again(ann: &mut Member, page: &str) -> String {
    ann.browser.get(page).await;
    let answer = ann.browser.submit(&format!("{page}/invite"), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let link = between(&answer.body, "id=\"link\">", "<").expect("the link is shown");
    link.strip_prefix("https://ap.example:8443")
        .expect("our own address")
        .to_owned()
}

async fn accept(t: &TestApp, link: &str) -> String {
    let mut browser = t.browser();
    browser.get(link).await;
    let fields = [
        ("name", "Nia"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    browser.submit(link, &fields).await.location().to_owned()
}

#[test]
fn a_new_link_ends_the_old_one_and_works_after_that_one_expired() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let first = ann.invite(NIA, &["clerk"]).await;
        let page = page_of(&mut ann, NIA).await;
        let second = again(&mut ann, &page).await;
        let old = t.browser().get(&first).await;
        assert_eq!(old.problem, Some("error-link-unusable"));
        assert_eq!(t.browser().get(&second).await.status, 200);
        // The account outlives its links: its address can be invited again, by this way alone.
        t.store.clock.advance(7 * Micros::DAY);
        assert_eq!(t.browser().get(&second).await.status, 404, "expired");
        let mut browser = t.browser();
        browser.get("/sign-in").await;
        let fields = [("email", ann.email.as_str()), ("password", PASSWORD)];
        browser.submit("/sign-in", &fields).await;
        browser.get("/sign-in/code").await;
        let code = t.fresh_code(&ann.seed);
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.location(), "/");
        ann.browser = browser;
        let third = again(&mut ann, &page).await;
        assert_eq!(accept(&t, &third).await, "/enrol");
        let late = ann.browser.get(&page).await;
        assert!(!late.body.contains(&format!("{page}/invite")), "she is in");
        let answer = ann.browser.submit(&format!("{page}/invite"), &[]).await;
        assert_eq!(answer.problem, Some("error-person-not-invited"));
    });
}

#[test]
fn whoever_was_suspended_before_she_accepted_is_invited_afterwards() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite(NIA, &["clerk"]).await;
        let page = page_of(&mut ann, NIA).await;
        for step in ["suspend", "resume"] {
            ann.browser.get(&page).await;
            let answer = ann.browser.submit(&format!("{page}/{step}"), &[]).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
        let shown = ann.browser.get(&page).await.body;
        assert!(shown.contains("Invited"), "{shown}");
        assert_eq!(t.browser().get(&link).await.status, 404, "its link ended");
        let link = again(&mut ann, &page).await;
        assert_eq!(accept(&t, &link).await, "/enrol");
    });
}
