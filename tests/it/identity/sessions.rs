//! How sessions end.

use countersign::identity::sessions::rules::OVERLAP_US;
use countersign::platform::clock::Micros;

use super::activity::page_of;
use super::{SESSION, sign_in, signed_in_again};
use crate::support::app::{Member, PASSWORD, on_both_apps};

#[test]
fn sessions_end_when_idle_and_other_sessions_end_with_the_password() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut first = ann.browser.clone();
        let mut second = signed_in_again(&t, ann).await.browser;
        second.get("/me").await;
        let new = "four random words";
        let fields = [
            ("current", PASSWORD),
            ("password", new),
            ("password_again", new),
        ];
        let answer = second.submit("/me/password", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(first.get("/me").await.status, 303);
        assert_eq!(second.get("/me").await.status, 200);
        t.store.clock.advance(Micros::HOUR);
        assert_eq!(second.get("/me").await.status, 303);
        assert_eq!(
            sign_in(&mut t.browser(), "ann@harbour.example", PASSWORD)
                .await
                .status,
            422
        );
    });
}

/// Gives Tom these roles, by Ann.
async fn roles(ann: &mut Member, email: &str, roles: &[&str]) {
    let page = page_of(ann, email).await;
    ann.browser.get(&page).await;
    let fields: Vec<(&str, &str)> = roles.iter().map(|role| ("roles", *role)).collect();
    let answer = ann.browser.submit(&format!("{page}/roles"), &fields).await;
    assert_eq!(answer.location(), page, "{}", answer.body);
}

#[test]
fn who_gains_a_role_goes_on_by_another_token_and_a_copy_of_the_one_before_is_dead() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        tom.browser.get("/me").await;
        let before = tom.browser.cookie(SESSION).expect("a session").to_owned();
        tom.browser.get("/me").await;
        assert_eq!(tom.browser.cookie(SESSION), Some(before.as_str()));
        let (mut stolen, mut parallel) = (tom.browser.clone(), tom.browser.clone());
        roles(&mut ann, &tom.email, &["clerk", "approver"]).await;
        assert_eq!(tom.browser.get("/me").await.status, 200);
        assert_ne!(tom.browser.cookie(SESSION), Some(before.as_str()));
        // A request that was under way is answered, and does not move the session on once more.
        assert_eq!(parallel.get("/me").await.status, 200);
        assert_eq!(parallel.cookie(SESSION), Some(before.as_str()));
        t.store.clock.advance(OVERLAP_US);
        let answer = stolen.get("/me").await;
        assert_eq!(answer.location(), "/sign-in?next=%2Fme");
        // The page that brought the token has forms that count.
        let answer = tom.browser.submit("/sign-out", &[]).await;
        assert_eq!(answer.location(), "/sign-in", "{}", answer.body);
    });
}

/// The twin: where nothing is gained a copy lives on, so that it is the gain that ends it above.
#[test]
fn without_a_gain_the_token_stays() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let mut copy = tom.browser.clone();
        roles(&mut ann, &tom.email, &["clerk"]).await;
        assert_eq!(tom.browser.get("/me").await.status, 200);
        t.store.clock.advance(OVERLAP_US);
        assert_eq!(copy.get("/me").await.status, 200);
    });
}

#[test]
fn of_many_pages_at_once_none_signs_her_out() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        roles(&mut ann, &tom.email, &["clerk", "approver"]).await;
        let before = tom.browser.cookie(SESSION).map(str::to_owned);
        let pages = (0..8).map(|_| {
            let mut browser = tom.browser.clone();
            async move {
                let answer = browser.get("/bills").await;
                (answer.status, browser.cookie(SESSION).map(str::to_owned))
            }
        });
        let answers = futures_util::future::join_all(pages).await;
        assert!(
            answers.iter().all(|(status, _)| *status == 200),
            "{answers:?}"
        );
        let given = answers.iter().filter(|(_, cookie)| *cookie != before);
        assert_eq!(given.count(), 1, "one got the new token");
    });
}

/// Cleo lets somebody decide on her behalf, today.
async fn delegates(cleo: &mut Member, to: &str) {
    cleo.browser.get("/me/delegations").await;
    let fields = [
        ("delegate", to),
        ("entity", ""),
        ("from", "2026-01-05"),
        ("until", "2026-01-05"),
    ];
    let answer = cleo.browser.submit("/me/delegations", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[test]
fn who_may_decide_on_anothers_behalf_goes_on_by_another_token() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut cleo = t
            .join(&mut ann, "cleo@harbour.example", &["approver"])
            .await;
        let mut dora = t.join(&mut ann, "dora@harbour.example", &["coder"]).await;
        let emil = t.join(&mut ann, "emil@harbour.example", &["coder"]).await;
        let id = |page: String| page.trim_start_matches("/people/").to_owned();
        let (to_dora, to_emil) = (
            id(page_of(&mut ann, &dora.email).await),
            id(page_of(&mut ann, &emil.email).await),
        );
        dora.browser.get("/me").await;
        let before = dora.browser.cookie(SESSION).expect("a session").to_owned();
        // The twin: somebody else's delegation changes nothing for her.
        delegates(&mut cleo, &to_emil).await;
        dora.browser.get("/me").await;
        assert_eq!(dora.browser.cookie(SESSION), Some(before.as_str()));
        let mut stolen = dora.browser.clone();
        delegates(&mut cleo, &to_dora).await;
        assert_eq!(dora.browser.get("/me").await.status, 200);
        assert_ne!(dora.browser.cookie(SESSION), Some(before.as_str()));
        t.store.clock.advance(OVERLAP_US);
        let answer = stolen.get("/me").await;
        assert_eq!(answer.location(), "/sign-in?next=%2Fme");
    });
}
