//! What a person does with her own app and devices.

use countersign::identity::factors::{Seed, code_at, step_of};
use countersign::platform::clock::Micros;

use super::sign_in;
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::post::Post;

/// Begins another app, and gives the seed that the page shows.
async fn prepared(browser: &mut Browser) -> Seed {
    browser.get("/me/security").await;
    let answer = browser.submit("/me/security/app", &[]).await;
    assert_eq!(answer.location(), "/me/security/app", "{}", answer.body);
    let page = browser.get("/me/security/app").await;
    let shown = between(&page.body, "class=\"secret binds\">", "<").expect("the key by hand");
    Seed::from_base32(shown).expect("our own base32")
}

async fn by_code(t: &TestApp, member: &Member, seed: &Seed) -> Answer {
    let mut browser = t.browser();
    sign_in(&mut browser, &member.email, PASSWORD).await;
    browser.get("/sign-in/code").await;
    let code = t.fresh_code(seed);
    browser.submit("/sign-in/code", &[("code", &code)]).await
}

#[test]
fn another_app_takes_the_place_of_the_one_before_with_its_first_code_and_not_sooner() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let first = prepared(&mut ann.browser).await;
        let seed = prepared(&mut ann.browser).await;
        let old = code_at(&first, step_of(t.app.now()));
        let confirm = "/me/security/app/confirm";
        let answer = ann.browser.submit(confirm, &[("code", &old)]).await;
        assert_eq!(answer.status, 422, "a seed from before ended");
        assert_eq!(by_code(&t, &ann, &ann.seed).await.location(), "/", "hers");
        ann.browser.get("/me/security/app").await;
        let code = code_at(&seed, step_of(t.app.now()));
        let answer = ann.browser.submit(confirm, &[("code", &code)]).await;
        assert_eq!(answer.location(), "/me/security", "{}", answer.body);
        assert_eq!(
            by_code(&t, &ann, &ann.seed).await.status,
            422,
            "the old one"
        );
        assert_eq!(by_code(&t, &ann, &seed).await.location(), "/");
        let post = Post::of(&t);
        post.deliver().await;
        assert!(post.find(&ann.email, "second factor").is_some());
        // The only factor stays.
        let page = ann.browser.get("/me/security").await;
        assert!(!page.body.contains("/me/security/app/remove"));
        let answer = ann.browser.submit("/me/security/app/remove", &[]).await;
        assert_eq!(answer.problem, Some("people-security-last"));
        assert_eq!(by_code(&t, &ann, &seed).await.location(), "/");
    });
}

#[test]
fn a_device_is_forgotten_by_its_person_and_by_itself_after_90_days() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let page = ann.browser.get("/me/devices").await;
        let id = between(&page.body, "name=\"device\" value=\"", "\"").expect("this one");
        let id = id.to_owned();
        tom.browser.get("/me/devices").await;
        let foreign = tom
            .browser
            .submit("/me/devices/forget", &[("device", &id)])
            .await;
        assert_eq!(foreign.problem, Some("error-device-gone"), "another's");
        ann.browser.get("/me/devices").await;
        let answer = ann
            .browser
            .submit("/me/devices/forget", &[("device", &id)])
            .await;
        assert_eq!(answer.location(), "/me/devices", "{}", answer.body);
        let page = ann.browser.get("/me/devices").await;
        assert!(!page.body.contains(&id));
        // Tom's is his for ninety days: it keeps its own count of attempts.
        for (days, is_known) in [(89, true), (1, false)] {
            t.store.clock.advance(days * Micros::DAY);
            for _ in 0..10 {
                sign_in(&mut t.browser(), &tom.email, "a wrong guess").await;
                t.store.clock.advance(20_000_000);
            }
            let mut device = tom.browser.clone();
            let answer = sign_in(&mut device, &tom.email, PASSWORD).await;
            assert_eq!(answer.location() == "/sign-in/code", is_known, "{days}");
        }
    });
}
