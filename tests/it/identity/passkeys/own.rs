//! What a person does with her own factors, and when she may.

use countersign::identity::factors::Seed;
use countersign::platform::clock::Micros;
use countersign_sealing::SystemEntropy;

use super::{add, after_password, options, send};
use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use crate::support::authenticator::Authenticator;
use crate::support::post::Post;

#[test]
fn factors_change_only_after_one_was_shown_and_the_last_one_stays() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut device = add(&mut ann, b"anns").await;
        let page = ann.browser.get("/me/security").await;
        let id = between(&page.body, "name=\"passkey\" value=\"", "\"")
            .expect("listed")
            .to_owned();
        let one = [("passkey", id.as_str()), ("name", "Green key")];
        t.store.clock.advance(10 * Micros::MINUTE);
        let page = ann.browser.get("/me/security").await;
        assert!(!page.body.contains("action=\"/me/passkeys\""));
        for path in ["/me/passkeys/remove", "/me/recovery-codes"] {
            ann.browser.get("/me/security").await;
            let answer = ann.browser.submit(path, &one).await;
            assert_eq!(answer.status, 403, "{path}");
            assert!(answer.body.contains("action=\"/step-up\""), "{path}");
        }
        ann.browser.get("/me/security").await;
        // A name is no factor.
        let named = ann.browser.submit("/me/passkeys/name", &one).await;
        assert_eq!(named.location(), "/me/security");
        let page = ann.browser.get("/me/security").await;
        assert!(page.body.contains("Green key"));

        ann.browser.get("/step-up?next=/me/security").await;
        let wrong = ann.browser.step_up("000000").await;
        assert_eq!(wrong.status, 422);
        let shown = show_again(&mut ann.browser, &mut device).await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
        ann.browser.get("/me/security").await;
        let renewed = ann.browser.submit("/me/recovery-codes", &[]).await;
        assert_eq!(renewed.status, 200, "{}", renewed.body);
        let list = between(&renewed.body, "id=\"codes\">", "</ol>").expect("codes");
        let new = between(list, "<li>", "<").expect("a code").to_owned();
        for (code, expected) in [(&ann.codes[0], 422), (&new, 303)] {
            let mut browser = after_password(&t, &ann.email).await;
            browser.get("/sign-in/recovery").await;
            let answer = browser
                .submit("/sign-in/recovery", &[("recovery_code", code)])
                .await;
            assert_eq!(answer.status, expected);
        }
        t.store.clock.advance(10 * Micros::MINUTE);
        let code = t.fresh_code(&ann.seed);
        ann.browser.get("/step-up?next=/me/security").await;
        let shown = ann.browser.step_up(&code).await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
        ann.browser.get("/me/security").await;
        let removed = ann.browser.submit("/me/passkeys/remove", &one).await;
        assert_eq!(removed.location(), "/me/security", "{}", removed.body);

        let post = Post::of(&t);
        post.deliver().await;
        let told = post.mails().into_iter();
        let told = told.filter(|(_, mail)| mail.contains("second factor"));
        assert_eq!(told.count(), 3, "added, codes, removed");
    });
}

/// Shows a passkey on the page that asks for a factor; the page it came for is next.
async fn show_again(browser: &mut Browser, device: &mut Authenticator) -> Answer {
    browser.get("/step-up?next=/me/security").await;
    let carried = ["to", "kind", "form", "carried_code"].map(|name| (name, browser.hidden(name)));
    let csrf = browser.csrf();
    let given = options(browser, "/step-up/passkey", &csrf).await;
    let mut fields = device.sign(&given);
    fields.extend(carried);
    send(browser, "/step-up/passkey", &csrf, &fields).await
}

#[test]
fn the_only_passkey_of_somebody_without_an_app_stays() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = enrolled(&t, &mut ann, b"first").await;
        let page = tom.browser.get("/me/security").await;
        let id = between(&page.body, "name=\"passkey\" value=\"", "\"")
            .expect("listed")
            .to_owned();
        let one = [("passkey", id.as_str())];
        let answer = tom.browser.submit("/me/passkeys/remove", &one).await;
        assert_eq!(answer.status, 422);
        add(&mut tom, b"another").await;
        tom.browser.get("/me/security").await;
        let answer = tom.browser.submit("/me/passkeys/remove", &one).await;
        assert_eq!(answer.location(), "/me/security", "{}", answer.body);
    });
}

/// Tom, who has a passkey and no app.
async fn enrolled(t: &TestApp, ann: &mut Member, credential: &[u8]) -> Member {
    let email = "tom@harbour.example";
    let link = ann.invite(email, &["approver"]).await;
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
    let made = Authenticator::new(credential).make(&given);
    let answer = send(&mut browser, "/enrol/passkey", &csrf, &made).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Member {
        browser,
        seed: Seed::generate(&SystemEntropy),
        codes: Vec::new(),
        email: email.to_owned(),
    }
}
