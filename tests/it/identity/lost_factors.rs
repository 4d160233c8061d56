//! Lost second factors: two end them, and a link beside the password begins another. Who tries it alone, or with half of that, is
//! stopped.

use countersign::identity::factors::{Seed, code_at, step_of};
use countersign::identity::lost_factors::{LostFactorError, reset_by_operator};
use countersign::platform::clock::Micros;
use countersign::platform::store::journal;

use super::{SESSION, actions, organisation, sign_in};
use crate::single_sign_on::rule::{any_way, only_way};
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::post::Post;

const ANN: &str = "ann@harbour.example";
const TOM: &str = "tom@harbour.example";

/// Ann, Ben and Cleo administer; Tom approves, and has lost his phone.
struct House {
    ann: Member,
    ben: Member,
    tom: Member,
}

async fn house(t: &TestApp) -> House {
    let mut ann = t.set_up().await;
    let mut tom = t.join(&mut ann, TOM, &["approver"]).await;
    let ben = t
        .join(&mut ann, "ben@harbour.example", &["administrator"])
        .await;
    tom.browser.get("/me").await;
    House { ann, ben, tom }
}

pub(super) async fn person(by: &mut Browser, email: &str) -> String {
    let list = by.get("/people").await.body;
    let row = list.split("<tr").skip(1).find(|row| row.contains(email));
    let row = row.unwrap_or_else(|| panic!("{email} is listed: {list}"));
    between(row, "href=\"/people/", "\"")
        .expect("a link")
        .to_owned()
}

async fn propose(by: &mut Member, email: &str) -> Answer {
    let id = person(&mut by.browser, email).await;
    by.browser.get(&format!("/people/{id}")).await;
    let path = format!("/people/{id}/reset-factor");
    by.browser.submit(&path, &[]).await
}

async fn decide(by: &mut Member, decision: &str) -> Answer {
    let page = by.browser.get("/people/requests").await.body;
    let id = between(&page, "action=\"/people/requests/", "\"");
    let path = format!("/people/requests/{}", id.expect("it waits"));
    by.browser.submit(&path, &[("decision", decision)]).await
}

/// The path of the link in the newest mail to Tom.
fn link(post: &Post<'_>) -> Option<String> {
    link_to(post, TOM)
}

fn link_to(post: &Post<'_>, email: &str) -> Option<String> {
    let mail = post.find(email, "/new-factor/")?;
    let start = mail.find("https://ap.example:8443/new-factor/")?;
    let path = mail[start..].strip_prefix("https://ap.example:8443")?;
    path.split_whitespace().next().map(str::to_owned)
}

async fn begin(browser: &mut Browser, path: &str, password: &str) -> Answer {
    let page = browser.get(path).await;
    if page.status != 200 {
        return page;
    }
    browser.submit(path, &[("password", password)]).await
}

/// Sets up another app; the answer to its first code.
async fn enrol(t: &TestApp, browser: &mut Browser) -> (Answer, Seed) {
    let page = browser.get("/enrol").await;
    let shown = between(&page.body, "class=\"secret binds\">", "<").expect("the key by hand");
    let seed = Seed::from_base32(shown).expect("our own base32");
    let code = code_at(&seed, step_of(t.app.now()));
    (browser.submit("/enrol", &[("code", &code)]).await, seed)
}

#[test]
fn two_administrators_end_a_lost_factor_and_a_link_beside_the_password_begins_another() {
    on_both_apps(|t| async move {
        let House {
            mut ann,
            mut ben,
            mut tom,
        } = house(&t).await;
        let post = Post::of(&t);
        assert_eq!(propose(&mut ann, TOM).await.status, 303);
        post.deliver().await;
        assert!(
            post.find(TOM, "proposed to end your second factors")
                .is_some()
        );
        assert!(post.find(&ben.email, "lost her second factor").is_some());
        let own = decide(&mut ann, "confirm").await;
        assert_eq!(own.problem, Some("error-power-same-human"));
        assert_eq!(tom.browser.get("/me").await.status, 200, "nothing yet");
        let done = decide(&mut ben, "confirm").await;
        assert_eq!(done.location(), "/people/requests", "{:?}", done.problem);
        assert_eq!(tom.browser.get("/me").await.status, 303, "sessions end");
        post.deliver().await;
        for administrator in [&ann.email, &ben.email] {
            assert!(post.find(administrator, "were reset").is_some());
        }
        // The password alone, with the device or without, begins nothing.
        for browser in [&mut t.browser(), &mut tom.browser] {
            let answer = sign_in(browser, TOM, PASSWORD).await;
            assert_eq!(answer.status, 422, "{}", answer.body);
        }
        let path = link(&post).expect("a link");
        // The link alone does not either.
        let mut browser = t.browser();
        let answer = begin(&mut browser, &path, "a wrong guess").await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(browser.cookie(SESSION).is_none());
        // Somebody who asks for another password ends nothing of it.
        t.browser().get("/forgot-password").await;
        let mut anybody = t.browser();
        anybody.get("/forgot-password").await;
        anybody.submit("/forgot-password", &[("email", TOM)]).await;
        post.deliver().await;
        let answer = begin(&mut browser, &path, PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        assert_eq!(begin(&mut t.browser(), &path, PASSWORD).await.status, 404);
        let (enrolled, seed) = enrol(&t, &mut browser).await;
        assert_eq!(enrolled.status, 200, "{}", enrolled.body);
        assert!(enrolled.body.contains("id=\"codes\""));
        // As before, with the new app; what he had is worth nothing.
        let mut browser = t.browser();
        sign_in(&mut browser, TOM, PASSWORD).await;
        let old = t.fresh_code(&tom.seed);
        browser.get("/sign-in/code").await;
        let answer = browser.submit("/sign-in/code", &[("code", &old)]).await;
        assert_eq!(answer.status, 422);
        browser.get("/sign-in/recovery").await;
        let code = [("recovery_code", tom.codes[0].as_str())];
        assert_eq!(browser.submit("/sign-in/recovery", &code).await.status, 422);
        browser.get("/sign-in/code").await;
        let new = t.fresh_code(&seed);
        let answer = browser.submit("/sign-in/code", &[("code", &new)]).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        let scope = organisation(&t.app).await;
        let done = actions(&t.app, scope).await;
        assert!(done.iter().any(|one| one == "factors.reset"));
        journal::sequence_pending(&t.app.store, "node-a", t.app.now())
            .await
            .expect("sequenced");
        let found = journal::verify(&t.app.store, scope, t.app.now()).await;
        assert_eq!(found.expect("the database answers").bad, None);
    });
}

#[test]
fn nobody_ends_a_factor_alone_her_own_or_where_nobody_could_confirm() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, TOM, &["approver"]).await;
        let alone = propose(&mut ann, TOM).await;
        assert_eq!(alone.problem, Some("error-power-nobody-confirms"));
        let email = ann.email.clone();
        let own = propose(&mut ann, &email).await;
        assert_eq!(own.problem, Some("error-power-oneself"));
        let mut ben = t
            .join(&mut ann, "ben@harbour.example", &["administrator"])
            .await;
        // Of two who administer neither ends the other's with her own word.
        let between_two = propose(&mut ann, "ben@harbour.example").await;
        assert_eq!(between_two.problem, Some("error-power-nobody-confirms"));
        let third = t
            .join(&mut ann, "cleo@harbour.example", &["administrator"])
            .await;
        assert_eq!(decide(&mut ben, "confirm").await.status, 303, "Cleo's role");
        assert_eq!(propose(&mut ann, "ben@harbour.example").await.status, 303);
        let own = decide(&mut ben, "confirm").await;
        assert_eq!(own.problem, Some("error-power-receiver"));
        assert_eq!(ben.browser.get("/me").await.status, 200);
        // The twin: Cleo may.
        let mut cleo = third;
        assert_eq!(decide(&mut cleo, "confirm").await.status, 303);
        assert_eq!(ben.browser.get("/me").await.status, 303);
        assert_eq!(tom.browser.get("/me").await.status, 200);
    });
}

#[test]
fn a_link_ends_by_itself_and_begins_nothing_for_whoever_has_a_factor() {
    on_both_apps(|t| async move {
        let House {
            mut ann, mut ben, ..
        } = house(&t).await;
        let post = Post::of(&t);
        propose(&mut ann, TOM).await;
        decide(&mut ben, "confirm").await;
        post.deliver().await;
        let path = link(&post).expect("a link");
        t.store.clock.advance(4 * Micros::HOUR - 1);
        assert_eq!(t.browser().get(&path).await.status, 200);
        t.store.clock.advance(1);
        assert_eq!(t.browser().get(&path).await.status, 404);
    });
}

#[test]
fn the_operator_ends_a_factor_at_the_server_and_everybody_who_administers_hears_of_it() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, TOM, &["approver"]).await;
        let unknown = reset_by_operator(&t.app, "nobody@harbour.example", None).await;
        assert!(matches!(unknown, Err(LostFactorError::Unknown)));
        reset_by_operator(&t.app, "Tom@Harbour.example", None)
            .await
            .expect("done");
        assert_eq!(tom.browser.get("/me").await.status, 303);
        let post = Post::of(&t);
        post.deliver().await;
        assert!(post.find(&ann.email, "operates the server").is_some());
        let mut browser = t.browser();
        let answer = begin(&mut browser, &link(&post).expect("a link"), PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        assert_eq!(enrol(&t, &mut browser).await.0.status, 200);
        let done = actions(&t.app, organisation(&t.app).await).await;
        assert!(done.iter().any(|one| one == "factors.reset-by-operator"));
    });
}

/// Factors that end in the database are not reset: her password begins nothing, and no link is there.
#[test]
fn a_reset_in_the_database_lets_nobody_enrol() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, TOM, &["approver"]).await;
        let attack = "UPDATE totp_factors SET removed_us = 1";
        t.store.behind_the_back(attack).await;
        let mut browser = t.browser();
        let answer = sign_in(&mut browser, TOM, PASSWORD).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(browser.cookie(SESSION).is_none());
    });
}

#[test]
fn the_link_and_a_password_let_nobody_in_who_is_to_come_by_an_identity_provider() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, TOM, &["approver"]).await;
        only_way(&mut ann).await;
        reset_by_operator(&t.app, TOM, None).await.expect("done");
        let post = Post::of(&t);
        post.deliver().await;
        let path = link(&post).expect("a link");
        let mut browser = t.browser();
        assert_eq!(browser.get(&path).await.status, 404, "as never given");
        browser.get("/sign-in").await;
        let answer = browser.submit(&path, &[("password", PASSWORD)]).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        assert!(browser.cookie(SESSION).is_none());
        // The guard taken away: the same link and the same password.
        any_way(&mut ann).await;
        let answer = begin(&mut browser, &path, PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
    });
}

#[test]
fn a_marked_account_that_uses_the_link_is_told_of_to_all_who_administer() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, TOM, &["approver"]).await;
        let post = Post::of(&t);
        let begun = async |email: &str| {
            reset_by_operator(&t.app, email, None).await.expect("done");
            post.deliver().await;
            let path = link_to(&post, email).expect("a link");
            let before = post.jobs("sso-mail").await.len();
            let answer = begin(&mut t.browser(), &path, PASSWORD).await;
            assert_eq!(answer.location(), "/enrol", "{}", answer.body);
            post.jobs("sso-mail").await.len() - before
        };
        assert_eq!(begun(TOM).await, 0, "the twin: no rule, no alarm");
        only_way(&mut ann).await;
        assert_eq!(begun(ANN).await, 1);
        let done = actions(&t.app, organisation(&t.app).await).await;
        assert!(done.iter().any(|one| one == "break-glass.used"));
    });
}

#[test]
fn a_wrong_password_beside_the_link_is_journaled_as_one_on_the_page_of_signing_in() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, TOM, &["approver"]).await;
        reset_by_operator(&t.app, TOM, None).await.expect("done");
        let post = Post::of(&t);
        post.deliver().await;
        let path = link(&post).expect("a link");
        let failures = async || {
            let done = actions(&t.app, organisation(&t.app).await).await;
            done.iter().filter(|one| *one == "sign-in.failed").count()
        };
        assert_eq!(failures().await, 0);
        let answer = begin(&mut t.browser(), &path, "a wrong guess").await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert_eq!(failures().await, 1);
        // The twin: the right one is no failure.
        let answer = begin(&mut t.browser(), &path, PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        assert_eq!(failures().await, 1);
    });
}
