//! The first factor: whoever knows a password sees no seed but the one of her own session, and it is worth nothing once another
//! was confirmed.

use countersign::identity::factors::{Seed, code_at, step_of};

use super::sign_in;
use crate::support::app::{Browser, PASSWORD, TestApp, between, on_both_apps};

const TOM: &str = "tom@harbour.example";

async fn shown(browser: &mut Browser) -> Seed {
    let page = browser.get("/enrol").await;
    let shown = between(&page.body, "class=\"secret binds\">", "<").expect("the key by hand");
    Seed::from_base32(shown).expect("our own base32")
}

fn code(t: &TestApp, seed: &Seed) -> String {
    code_at(seed, step_of(t.app.now()))
}

/// Tom has accepted his invitation and has the page with his seed open; somebody else knows his password.
#[test]
fn a_seed_is_shown_and_confirmed_in_its_own_session_alone() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite(TOM, &["approver"]).await;
        let mut tom = t.browser();
        tom.get(&link).await;
        let fields = [
            ("name", "Tom"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let accepted = tom.submit(&link, &fields).await;
        assert_eq!(accepted.location(), "/enrol", "{}", accepted.body);
        let own = shown(&mut tom).await;
        let mut thief = t.browser();
        let answer = sign_in(&mut thief, TOM, PASSWORD).await;
        assert_eq!(answer.location(), "/enrol", "{}", answer.body);
        let other = shown(&mut thief).await;
        assert_ne!(*own.to_base32(), *other.to_base32());
        // The twin: the same session sees the same one.
        let again = shown(&mut tom).await;
        assert_eq!(*own.to_base32(), *again.to_base32());
        for (browser, seed) in [(&mut tom, &other), (&mut thief, &own)] {
            browser.get("/enrol").await;
            let code = code(&t, seed);
            let answer = browser.submit("/enrol", &[("code", &code)]).await;
            assert_ne!(answer.location(), "/", "{}", answer.body);
            assert!(!answer.body.contains("id=\"codes\""), "{}", answer.body);
        }
        tom.get("/enrol").await;
        let confirmed = tom.submit("/enrol", &[("code", &code(&t, &own))]).await;
        assert!(
            confirmed.body.contains("id=\"codes\""),
            "{}",
            confirmed.body
        );
        // What the other session began has ended with it.
        assert_eq!(thief.get("/enrol").await.status, 404);
        let mut thief = t.browser();
        let answer = sign_in(&mut thief, TOM, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code");
        for (seed, is_let_in) in [(&other, false), (&own, true)] {
            thief.get("/sign-in/code").await;
            let code = t.fresh_code(seed);
            let answer = thief.submit("/sign-in/code", &[("code", &code)]).await;
            assert_eq!(answer.status == 303, is_let_in, "{}", answer.body);
        }
    });
}
