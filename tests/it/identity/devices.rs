//! Devices in which somebody signed in before: strangers cannot lock her out of them, and she hears of new ones.

use countersign::platform::clock::Micros;

use super::{SESSION, sign_in};
use crate::support::app::{Browser, Member, PASSWORD, TestApp, on_both_apps};
use crate::support::post::Post;

const DEVICE: &str = "__Host-device";
const NEW: &str = "another jar of kiwi jam";

/// Wrong passwords until the account is locked; each waits until it is counted.
async fn attack(t: &TestApp, browser: &mut Browser, email: &str) {
    for _ in 0..10 {
        assert_eq!(sign_in(browser, email, "a wrong guess").await.status, 422);
        t.store.clock.advance(20_000_000);
    }
}

async fn sign_out(member: &mut Member) {
    member.browser.get("/me").await;
    let answer = member.browser.submit("/sign-out", &[]).await;
    assert_eq!(answer.location(), "/sign-in");
}

#[test]
fn strangers_who_lock_an_account_keep_nobody_out_who_signed_in_there_before() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        assert!(ann.browser.cookie(DEVICE).is_some());
        sign_out(&mut ann).await;
        attack(&t, &mut t.browser(), &ann.email).await;
        // The twin: without the device's cookie she is as locked out as the strangers are.
        let stranger = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(stranger.status, 422, "{}", stranger.body);
        let answer = sign_in(&mut ann.browser, &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
        // Strangers who know the password and try codes do not lock her codes either.
        t.store.clock.advance(Micros::HOUR);
        let mut stranger = t.browser();
        sign_in(&mut stranger, &ann.email, PASSWORD).await;
        for _ in 0..12 {
            stranger.get("/sign-in/code").await;
            let answer = stranger
                .submit("/sign-in/code", &[("code", "000000")])
                .await;
            assert_eq!(answer.status, 422);
        }
        sign_in(&mut ann.browser, &ann.email, PASSWORD).await;
        ann.browser.get("/sign-in/code").await;
        let code = t.fresh_code(&ann.seed);
        let answer = ann
            .browser
            .submit("/sign-in/code", &[("code", &code)])
            .await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
    });
}

#[test]
fn guessing_from_a_known_device_is_throttled_by_itself() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        sign_out(&mut ann).await;
        attack(&t, &mut ann.browser, &ann.email).await;
        let answer = sign_in(&mut ann.browser, &ann.email, PASSWORD).await;
        assert_eq!(answer.status, 422, "the device is locked");
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "the account is not");
    });
}

#[test]
fn a_device_counts_for_its_own_person_alone() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        sign_out(&mut tom).await;
        attack(&t, &mut t.browser(), &ann.email).await;
        let answer = sign_in(&mut tom.browser, &ann.email, PASSWORD).await;
        assert_eq!(
            answer.status, 422,
            "his device is a stranger to her account"
        );
    });
}

#[test]
fn a_changed_password_makes_other_devices_strangers_and_is_told_by_mail() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let mut other = t.browser();
        sign_in(&mut other, &ann.email, PASSWORD).await;
        other.get("/sign-in/code").await;
        let code = t.fresh_code(&ann.seed);
        assert_eq!(
            other
                .submit("/sign-in/code", &[("code", &code)])
                .await
                .location(),
            "/"
        );
        assert!(other.cookie(SESSION).is_some());
        post.deliver().await;
        let mail = post.find(&ann.email, "was not used for it before");
        assert!(mail.is_some(), "{:?}", post.mails());

        ann.browser.get("/me").await;
        let change = [
            ("current", PASSWORD),
            ("password", NEW),
            ("password_again", NEW),
        ];
        let answer = ann.browser.submit("/me/password", &change).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        post.deliver().await;
        assert!(post.find(&ann.email, "was changed").is_some());
        attack(&t, &mut t.browser(), &ann.email).await;
        let answer = sign_in(&mut other, &ann.email, NEW).await;
        assert_eq!(answer.status, 422, "a stranger now");
        sign_out(&mut ann).await;
        let answer = sign_in(&mut ann.browser, &ann.email, NEW).await;
        assert_eq!(answer.location(), "/sign-in/code", "where it was changed");
    });
}

#[test]
fn no_mail_goes_to_an_address_that_was_changed_behind_the_back() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let post = Post::of(&t);
        let mut other = t.browser();
        sign_in(&mut other, &ann.email, PASSWORD).await;
        other.get("/sign-in/code").await;
        let code = t.fresh_code(&ann.seed);
        other.submit("/sign-in/code", &[("code", &code)]).await;
        let steal = "UPDATE people SET email = 'thief@elsewhere.example'";
        t.store.behind_the_back(steal).await;
        post.deliver().await;
        let mails = post.mails();
        assert!(mails.is_empty(), "{mails:?}");
        // The twin: the same job, once the row is again what the program wrote.
        let back = format!("UPDATE people SET email = '{}'", ann.email);
        t.store.behind_the_back(&back).await;
        t.store.clock.advance(Micros::HOUR);
        post.deliver().await;
        assert!(
            post.find(&ann.email, "was not used for it before")
                .is_some()
        );
    });
}
