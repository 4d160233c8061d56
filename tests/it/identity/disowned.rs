//! "This was not me": what somebody else may still have ends with it, and the password that she knew lets nobody in.

use axum::body::Body;
use axum::http::Request;
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::CredentialId;
use countersign::platform::scope::CredentialKind;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::passkeys::add_by;
use super::{actions, organisation, person_of, sign_in};
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::post::Post;

const NEW: &str = "another jar of kiwi jam";
const BEN: &str = "ben@harbour.example";

/// Somebody who knows all that Ann knows signs in as her, from a browser of her own.
async fn thief_of(t: &TestApp, ann: &Member) -> Browser {
    t.store.clock.advance(Micros::MINUTE);
    let mut browser = t.browser();
    sign_in(&mut browser, &ann.email, PASSWORD).await;
    browser.get("/sign-in/code").await;
    let code = t.fresh_code(&ann.seed);
    let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    browser
}

/// What names the newest sign-in that the page offers to disown.
async fn offered(browser: &mut Browser) -> Option<String> {
    let page = browser.get("/me/sessions").await.body;
    between(&page, "name=\"sign_in\" value=\"", "\"").map(str::to_owned)
}

async fn disown(browser: &mut Browser) -> Answer {
    let id = offered(browser).await.expect("a sign-in of somebody else");
    let answer = browser
        .submit("/me/sessions/disown", &[("sign_in", &id)])
        .await;
    assert_eq!(
        answer.location(),
        "/me/sessions/disowned",
        "{}",
        answer.body
    );
    browser.get("/me/sessions/disowned").await
}

async fn token(browser: &mut Browser) -> String {
    browser.get("/me").await;
    let fields = [
        ("name", "t"),
        ("days", "7"),
        ("permissions", "vendors.read"),
    ];
    let page = browser.submit("/me/tokens", &fields).await.body;
    between(&page, "id=\"token\">", "<")
        .expect("shown once")
        .to_owned()
}

async fn asked_by(t: &TestApp, token: &str) -> u16 {
    let request =
        Request::get("/api/v1/vendors").header("authorization", format!("Bearer {token}"));
    t.browser().send(request, Body::empty()).await.status
}

async fn change_password(browser: &mut Browser, new: &str) -> Answer {
    browser.get("/me").await;
    let fields = [
        ("current", PASSWORD),
        ("password", new),
        ("password_again", new),
    ];
    browser.submit("/me/password", &fields).await
}

#[test]
fn what_somebody_else_has_ends_and_the_password_that_she_knew_lets_nobody_in() {
    for is_disowned in [true, false] {
        on_both_apps(move |t| async move {
            let mut ann = t.set_up().await;
            let mut thief = thief_of(&t, &ann).await;
            let token = token(&mut thief).await;
            assert_eq!(asked_by(&t, &token).await, 200);
            if is_disowned {
                let page = disown(&mut ann.browser).await.body;
                assert!(page.contains("lets nobody in any more"), "{page}");
                let devices = ann.browser.get("/me/devices").await.body;
                assert!(devices.contains("No browser is known"), "{devices}");
            }
            let stands = !is_disowned;
            assert_eq!(thief.get("/me").await.status == 200, stands);
            assert_eq!(asked_by(&t, &token).await == 200, stands);
            // From a browser that is not known, and from the one that was.
            for mut browser in [t.browser(), t.only_device(&ann.browser)] {
                let answer = sign_in(&mut browser, &ann.email, PASSWORD).await;
                assert_eq!(answer.status == 303, stands, "{}", answer.body);
            }
            assert_eq!(ann.browser.get("/me").await.status, 200);
            let did = actions(&t.app, organisation(&t.app).await).await;
            for action in ["sign-in.disowned", "password.disowned", "token.revoked"] {
                assert_eq!(did.iter().any(|did| did == action), is_disowned, "{action}");
            }
        });
    }
}

#[test]
fn she_chooses_another_password_which_is_not_the_same_and_goes_on() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        thief_of(&t, &ann).await;
        // Without having disowned anything nobody asks whether it is another one.
        assert_eq!(
            change_password(&mut ann.browser, PASSWORD).await.status,
            200
        );
        thief_of(&t, &ann).await;
        disown(&mut ann.browser).await;
        let answer = change_password(&mut ann.browser, PASSWORD).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(answer.body.contains("Choose another."), "{}", answer.body);
        assert_eq!(change_password(&mut ann.browser, NEW).await.status, 200);
        let page = ann.browser.get("/me/sessions/disowned").await.body;
        assert!(page.contains("another one since"), "{page}");
        let answer = sign_in(&mut t.browser(), &ann.email, NEW).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
        assert_eq!(
            sign_in(&mut t.browser(), &ann.email, PASSWORD).await.status,
            422
        );
    });
}

#[test]
fn who_is_signed_in_nowhere_any_more_chooses_another_by_a_mailed_link() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        thief_of(&t, &ann).await;
        disown(&mut ann.browser).await;
        let mut browser = t.browser();
        browser.get("/forgot-password").await;
        let asked = [("email", ann.email.as_str())];
        browser.submit("/forgot-password", &asked).await;
        post.deliver().await;
        let mail = post.find(&ann.email, "/reset/").expect("a link");
        let (_, rest) = mail
            .split_once("https://ap.example:8443/reset/")
            .expect("a link");
        let token = rest.split_whitespace().next().unwrap_or_default();
        let path = format!("/reset/{token}");
        for (password, wanted) in [(PASSWORD, 422), (NEW, 303)] {
            browser.get(&path).await;
            let fields = [("password", password), ("password_again", password)];
            assert_eq!(browser.submit(&path, &fields).await.status, wanted);
        }
        let answer = sign_in(&mut t.browser(), &ann.email, NEW).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}

#[test]
fn she_and_all_who_administer_are_told_and_a_new_devices_mail_says_where() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        t.join(&mut ann, BEN, &["administrator"]).await;
        let post = Post::of(&t);
        thief_of(&t, &tom).await;
        post.deliver().await;
        let new_device = post.find(&tom.email, "was not used for it before");
        let new_device = new_device.expect("she is told of it");
        assert!(new_device.contains("https://ap.example:8443/me/sessions"));
        disown(&mut tom.browser).await;
        post.deliver().await;
        let own = post.find(&tom.email, "was not you").expect("she is told");
        assert!(own.contains("https://ap.example:8443/me/sessions/disowned"));
        for administrator in [ann.email.as_str(), BEN] {
            let mail = post.find(administrator, "somebody else");
            assert!(mail.is_some(), "{administrator}: {:?}", post.mails());
        }
        assert!(post.find(&tom.email, "You can suspend").is_none());
    });
}

#[test]
fn the_page_names_the_factors_that_came_since_and_no_others() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        add_by(&mut ann.browser, &[1; 16]).await;
        thief_of(&t, &ann).await;
        let page = disown(&mut ann.browser).await.body;
        assert!(page.contains("None was added"), "{page}");

        change_password(&mut ann.browser, NEW).await;
        change_password_back(&mut ann.browser).await;
        let mut thief = thief_of(&t, &ann).await;
        add_by(&mut thief, &[2; 16]).await;
        thief.get("/me/security").await;
        let codes = thief.submit("/me/recovery-codes", &[]).await;
        assert_eq!(codes.status, 200, "{}", codes.body);
        let page = disown(&mut ann.browser).await.body;
        assert_eq!(page.matches("The passkey").count(), 1, "{page}");
        assert!(page.contains("New recovery codes"), "{page}");
        assert!(!page.contains("The app that gives codes"), "{page}");
    });
}

async fn change_password_back(browser: &mut Browser) {
    browser.get("/me").await;
    let fields = [
        ("current", NEW),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    assert_eq!(browser.submit("/me/password", &fields).await.status, 200);
}

#[test]
fn nobody_disowns_the_present_session_or_a_sign_in_of_somebody_else() {
    const SESSIONS: Sql = Sql::read("SELECT id FROM sessions WHERE org_id = $1 ORDER BY id");
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let scope = organisation(&t.app).await;
        let sessions: Vec<(CredentialId,)> = t
            .app
            .store
            .read::<_, StoreError, _>(scope, |read| read.all(&SESSIONS, []))
            .await
            .expect("the database answers");
        assert_eq!(sessions.len(), 2, "hers and his");
        assert_eq!(offered(&mut ann.browser).await, None);
        for browser in [&mut ann.browser, &mut tom.browser] {
            for (id,) in &sessions {
                browser.get("/me/sessions").await;
                let named = id.to_string();
                let fields = [("sign_in", named.as_str())];
                let answer = browser.submit("/me/sessions/disown", &fields).await;
                assert_eq!(answer.problem, Some("error-sign-in-unknown"));
            }
            let page = browser.get("/me/sessions/disowned").await;
            assert_eq!(page.location(), "/me/sessions", "there is none");
        }
        // The twin: hers, from another session of hers.
        let mut later = thief_of(&t, &ann).await;
        disown(&mut later).await;
        assert_eq!(ann.browser.get("/me").await.status, 303);
        assert_eq!(tom.browser.get("/me").await.status, 200);
        let page = later.get("/me/sessions").await.body;
        assert!(page.contains("Not you"), "{page}");
        assert_eq!(offered(&mut later).await, None, "said once");
    });
}

/// Whoever sends it again does not end the password that she has chosen since, and sends nobody another mail.
#[test]
fn a_sign_in_is_disowned_once_and_another_one_as_well() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        thief_of(&t, &ann).await;
        let first = offered(&mut ann.browser).await.expect("a sign-in");
        disown(&mut ann.browser).await;
        assert_eq!(change_password(&mut ann.browser, NEW).await.status, 200);
        post.deliver().await;
        let told = post.mails().len();
        for _ in 0..2 {
            ann.browser.get("/me/sessions").await;
            let fields = [("sign_in", first.as_str())];
            let again = ann.browser.submit("/me/sessions/disown", &fields).await;
            assert_eq!(again.problem, Some("error-sign-in-disowned"));
            assert_eq!(again.status, 409);
        }
        post.deliver().await;
        assert_eq!(post.mails().len(), told, "{:?}", post.mails());
        assert_eq!(times_disowned(&t).await, 1);
        let answer = sign_in(&mut t.browser(), &ann.email, NEW).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
        // The twin: another sign-in.
        change_password_back(&mut ann.browser).await;
        thief_of(&t, &ann).await;
        disown(&mut ann.browser).await;
        assert_eq!(times_disowned(&t).await, 2);
    });
}

async fn times_disowned(t: &TestApp) -> usize {
    let did = actions(&t.app, organisation(&t.app).await).await;
    did.iter().filter(|did| *did == "sign-in.disowned").count()
}

/// Takes the mark away as the program would, were there such a way.
async fn own_again(t: &TestApp) {
    const OWN: Sql = Sql::change(
        "passwords",
        "UPDATE passwords SET disowned_us = NULL, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
    );
    let scope = organisation(&t.app).await;
    let person = person_of(&t.app, scope).await;
    let caller = t.app.caller(scope, CredentialKind::CommandLine, t.app.id());
    let done: Result<(), StoreError> = t
        .app
        .store
        .write(caller, move |tx| {
            tx.change_one(&OWN, params![person])?;
            tx.commit(Entry::new("password.changed", "password", person), ())
        })
        .await;
    done.expect("it is written");
}

#[test]
fn it_is_the_mark_that_refuses_and_whoever_clears_it_in_the_database_is_refused_as_well() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        thief_of(&t, &ann).await;
        disown(&mut ann.browser).await;
        let cleared = "UPDATE passwords SET disowned_us = NULL";
        t.store.behind_the_back(cleared).await;
        assert_eq!(
            sign_in(&mut t.browser(), &ann.email, PASSWORD).await.status,
            422
        );
        // As it was, so that the program may change it.
        let moment = t.app.now().0;
        let back = format!("UPDATE passwords SET disowned_us = {moment}");
        t.store.behind_the_back(&back).await;
        assert_eq!(
            sign_in(&mut t.browser(), &ann.email, PASSWORD).await.status,
            422
        );
        own_again(&t).await;
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}
