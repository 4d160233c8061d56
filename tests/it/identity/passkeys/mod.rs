//! Passkeys through the pages, on both engines: what lets in, and what is tried in vain. Beside each attack stands the same
//! answer without it, which is let in: nothing but the attack is what was refused. What each check of an answer stops by
//! itself is shown in `src/identity/passkeys/rules`.

mod network;
mod only_way;
mod own;

use countersign::platform::clock::Micros;
use serde_json::Value;

use super::{SESSION, actions, organisation, sign_in};
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::authenticator::{Authenticator, Fields};

const SECOND: &str = "/sign-in/code/passkey";
const ALONE: &str = "/sign-in/passkey";

/// What our script asks for; the page's token stays that of the page.
async fn options(browser: &mut Browser, action: &str, csrf: &str) -> Value {
    let answer = browser
        .post(&format!("{action}/options"), &[("csrf", csrf)])
        .await;
    assert_eq!(answer.status, 200, "{action}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

async fn send(browser: &mut Browser, action: &str, csrf: &str, fields: &Fields) -> Answer {
    let mut all = vec![("csrf", csrf)];
    all.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
    browser.post(action, &all).await
}

/// Opens a page, asks, and lets the device sign.
async fn show(
    browser: &mut Browser,
    (page, action): (&str, &str),
    device: &mut Authenticator,
) -> Answer {
    browser.get(page).await;
    let csrf = browser.csrf();
    let given = options(browser, action, &csrf).await;
    let fields = device.sign(&given);
    send(browser, action, &csrf, &fields).await
}

async fn after_password(t: &TestApp, email: &str) -> Browser {
    let mut browser = t.browser();
    let answer = sign_in(&mut browser, email, PASSWORD).await;
    assert_eq!(answer.location(), "/sign-in/code");
    browser
}

async fn second(t: &TestApp, email: &str, device: &mut Authenticator) -> Answer {
    let mut browser = after_password(t, email).await;
    show(&mut browser, ("/sign-in/code", SECOND), device).await
}

async fn alone(t: &TestApp, device: &mut Authenticator) -> Answer {
    show(&mut t.browser(), ("/sign-in", ALONE), device).await
}

/// Adds a passkey to somebody's factors.
async fn add(member: &mut Member, credential: &[u8]) -> Authenticator {
    add_by(&mut member.browser, credential).await
}

/// The same in a browser of hers.
pub(super) async fn add_by(browser: &mut Browser, credential: &[u8]) -> Authenticator {
    let mut device = Authenticator::new(credential);
    browser.get("/me/security").await;
    let csrf = browser.csrf();
    let given = options(browser, "/me/passkeys", &csrf).await;
    let mut fields = device.make(&given);
    fields.push(("passkey_name", "Blue key".to_owned()));
    let answer = send(browser, "/me/passkeys", &csrf, &fields).await;
    assert_eq!(answer.location(), "/me/security", "{}", answer.body);
    device
}

/// Attempts that failed are forgotten, so that the next one meets no throttle.
fn later(t: &TestApp) {
    t.store.clock.advance(25 * Micros::HOUR);
}

#[test]
fn somebody_enrols_by_a_passkey_and_signs_in_by_it_with_and_without_her_password() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        let mut browser = t.browser();
        browser.get(&link).await;
        let fields = [
            ("name", "Tomás Okafor"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        browser.submit(&link, &fields).await;
        browser.get("/enrol").await;
        let csrf = browser.csrf();
        let given = options(&mut browser, "/enrol/passkey", &csrf).await;
        assert_eq!(given["rp"]["id"], "ap.example");
        let mut device = Authenticator::new(b"toms");
        let made = device.make(&given);
        let before = browser.cookie(SESSION).expect("a session").to_owned();
        let answer = send(&mut browser, "/enrol/passkey", &csrf, &made).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("id=\"codes\""));
        assert_ne!(browser.cookie(SESSION), Some(before.as_str()));
        let answer = browser.submit("/enrol/done", &[("kept", "yes")]).await;
        assert_eq!(answer.location(), "/");

        let email = "tom@harbour.example";
        let mut page = after_password(&t, email).await;
        let page = page.get("/sign-in/code").await;
        assert!(!page.body.contains("name=\"code\""), "she has no app");
        assert_eq!(second(&t, email, &mut device).await.location(), "/");
        assert_eq!(alone(&t, &mut device).await.location(), "/");
        let done = actions(&t.app, organisation(&t.app).await).await;
        let count = |action: &str| done.iter().filter(|one| *one == action).count();
        assert_eq!((count("passkey.added"), count("passkey.used")), (1, 2));
    });
}

/// How an answer is spoilt: what the device believes, or what is done to its fields.
type Spoil = fn(&mut Authenticator);

const SPOILT: [(&str, Spoil); 5] = [
    ("another site", |d| {
        "https://evil.example".clone_into(&mut d.origin)
    }),
    ("another port", |d| {
        "https://ap.example".clone_into(&mut d.origin)
    }),
    ("another party", |d| "evil.example".clone_into(&mut d.party)),
    ("a counter that went back", |d| d.counter = 0),
    ("somebody else's credential", |d| {
        d.credential = b"unknown".to_vec()
    }),
];

#[test]
fn spoilt_answers_are_refused_alike_and_the_same_answer_unspoilt_is_taken() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut device = add(&mut ann, b"anns").await;
        // The counter must have moved, for one that goes back.
        for _ in 0..3 {
            assert_eq!(second(&t, &ann.email, &mut device).await.location(), "/");
        }
        let mut texts = Vec::new();
        for (what, spoil) in SPOILT {
            for is_alone in [false, true] {
                later(&t);
                let honest = (device.origin.clone(), device.party.clone());
                let kept = (device.counter, device.credential.clone());
                spoil(&mut device);
                let answer = if is_alone {
                    alone(&t, &mut device).await
                } else {
                    second(&t, &ann.email, &mut device).await
                };
                assert_eq!(answer.status, 422, "{what}");
                texts.push(between(&answer.body, "href=\"#passkey\">", "<").map(str::to_owned));
                (device.origin, device.party) = honest;
                (device.counter, device.credential) = kept;
                let answer = if is_alone {
                    alone(&t, &mut device).await
                } else {
                    second(&t, &ann.email, &mut device).await
                };
                assert_eq!(answer.location(), "/", "without {what}");
            }
        }
        assert!(texts[0].is_some());
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    });
}

#[test]
fn a_challenge_is_good_once_for_its_purpose_in_its_browser_and_for_five_minutes() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut device = add(&mut ann, b"anns").await;
        let mut browser = after_password(&t, &ann.email).await;
        browser.get("/sign-in/code").await;
        let csrf = browser.csrf();
        let given = options(&mut browser, SECOND, &csrf).await;

        // In another browser, at another address, or as an answer to a challenge that nobody gave.
        let mut other = after_password(&t, &ann.email).await;
        other.get("/sign-in/code").await;
        let foreign = other.csrf();
        let fields = device.sign(&given);
        assert_eq!(
            send(&mut other, SECOND, &foreign, &fields).await.status,
            422
        );
        let mut visitor = t.browser();
        visitor.get("/sign-in").await;
        let foreign = visitor.csrf();
        assert_eq!(
            send(&mut visitor, ALONE, &foreign, &fields).await.status,
            422
        );
        let mut invented = given.clone();
        invented["challenge"] = Value::from("A".repeat(43));
        let fields = device.sign(&invented);
        assert_eq!(send(&mut browser, SECOND, &csrf, &fields).await.status, 422);
        later(&t);

        // Where it was given it is taken, once: a copy of the session's cookie does not let it be sent again.
        let mut browser = after_password(&t, &ann.email).await;
        browser.get("/sign-in/code").await;
        let csrf = browser.csrf();
        let given = options(&mut browser, SECOND, &csrf).await;
        let mut copy = browser.clone();
        let fields = device.sign(&given);
        assert_eq!(
            send(&mut browser, SECOND, &csrf, &fields).await.location(),
            "/"
        );
        assert_ne!(
            send(&mut copy, SECOND, &csrf, &fields).await.location(),
            "/"
        );
        let mut visitor = t.browser();
        visitor.get("/sign-in").await;
        let csrf = visitor.csrf();
        let given = options(&mut visitor, ALONE, &csrf).await;
        let fields = device.sign(&given);
        let mut copy = visitor.clone();
        assert_eq!(
            send(&mut visitor, ALONE, &csrf, &fields).await.location(),
            "/"
        );
        assert_eq!(send(&mut copy, ALONE, &csrf, &fields).await.status, 422);

        // After five minutes it is nobody's.
        for (wait, expected) in [(299, 303), (301, 422)] {
            let mut browser = after_password(&t, &ann.email).await;
            browser.get("/sign-in/code").await;
            let csrf = browser.csrf();
            let given = options(&mut browser, SECOND, &csrf).await;
            t.store.clock.advance(wait * Micros::SECOND);
            let fields = device.sign(&given);
            let answer = send(&mut browser, SECOND, &csrf, &fields).await;
            assert_eq!(answer.status, expected, "after {wait} s");
        }
    });
}

#[test]
fn a_spent_challenge_that_is_put_back_lets_the_same_answer_in_again() {
    // The twin of the replay above: the row that is gone is what stopped it. The device has no counter, which would too.
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut device = add(&mut ann, b"anns").await;
        device.counts = false;
        let mut visitor = t.browser();
        visitor.get("/sign-in").await;
        let csrf = visitor.csrf();
        let given = options(&mut visitor, ALONE, &csrf).await;
        let fields = device.sign(&given);
        t.store
            .behind_the_back("CREATE TABLE kept AS SELECT * FROM passkey_challenges")
            .await;
        let mut copy = visitor.clone();
        assert_eq!(
            send(&mut visitor, ALONE, &csrf, &fields).await.location(),
            "/"
        );
        assert_eq!(
            send(&mut copy.clone(), ALONE, &csrf, &fields).await.status,
            422
        );
        t.store
            .behind_the_back("INSERT INTO passkey_challenges SELECT * FROM kept")
            .await;
        assert_eq!(send(&mut copy, ALONE, &csrf, &fields).await.location(), "/");
    });
}

#[test]
fn another_persons_passkey_and_one_that_was_removed_let_nobody_in() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["approver"]).await;
        let mut anns = add(&mut ann, b"anns").await;
        let mut toms = add(&mut tom, b"toms").await;
        assert_eq!(second(&t, &tom.email, &mut anns).await.status, 422);
        assert_eq!(second(&t, &tom.email, &mut toms).await.location(), "/");
        // One who is named by her device is the one whose credential it is.
        std::mem::swap(&mut anns.user, &mut toms.user);
        assert_eq!(alone(&t, &mut anns).await.status, 422);
        std::mem::swap(&mut anns.user, &mut toms.user);
        assert_eq!(alone(&t, &mut anns).await.location(), "/");
        // A device that verified nobody is no way in without a password; beside one it is.
        anns.verifies = false;
        assert_eq!(alone(&t, &mut anns).await.status, 422);
        assert_eq!(second(&t, &ann.email, &mut anns).await.location(), "/");
        anns.verifies = true;

        // Nobody removes another's; she removes her own.
        let page = ann.browser.get("/me/security").await;
        let id = between(&page.body, "name=\"passkey\" value=\"", "\"").expect("listed");
        tom.browser.get("/me/security").await;
        let foreign = [("passkey", id), ("name", "mine")];
        for path in ["/me/passkeys/remove", "/me/passkeys/name"] {
            tom.browser.get("/me/security").await;
            assert_eq!(tom.browser.submit(path, &foreign).await.status, 404);
        }
        assert_eq!(alone(&t, &mut anns).await.location(), "/");
        let removed = ann
            .browser
            .submit("/me/passkeys/remove", &[("passkey", id)])
            .await;
        assert_eq!(removed.location(), "/me/security", "{}", removed.body);
        assert_eq!(alone(&t, &mut anns).await.status, 422);
        let mut browser = after_password(&t, &ann.email).await;
        let page = browser.get("/sign-in/code").await;
        assert!(!page.body.contains("data-passkey"), "she has none");
    });
}

#[test]
fn a_passkey_that_was_changed_behind_the_back_lets_nobody_in() {
    let attacks = [
        "UPDATE passkeys SET removed_us = 1",
        "UPDATE passkeys SET sign_count = 0",
        "UPDATE passkeys SET name = 'hers'",
        "UPDATE passkeys SET credential_id = public_key",
    ];
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut device = add(&mut ann, b"anns").await;
        assert_eq!(alone(&t, &mut device).await.location(), "/");
        for attack in attacks {
            t.store
                .behind_the_back("CREATE TABLE before_it AS SELECT * FROM passkeys")
                .await;
            t.store.behind_the_back(attack).await;
            assert_eq!(alone(&t, &mut device).await.status, 422, "{attack}");
            let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
            assert_eq!(answer.status, 422, "{attack}");
            let back = "UPDATE passkeys SET removed_us = NULL, \
                 sign_count = (SELECT sign_count FROM before_it), name = (SELECT name FROM before_it), \
                 credential_id = (SELECT credential_id FROM before_it)";
            t.store.behind_the_back(back).await;
            t.store.behind_the_back("DROP TABLE before_it").await;
            later(&t);
            assert_eq!(alone(&t, &mut device).await.location(), "/", "{attack}");
        }
    });
}
