//! The page that asks for a factor again: what was sent goes on, and nothing that somebody else made.

use countersign::identity::access::FRESH_US;

use super::SESSION;
use crate::support::app::{Member, TestApp, between, on_both_apps};

const TOKEN: [(&str, &str); 3] = [
    ("name", "the \"warehouse\" & co"),
    ("days", "30"),
    ("permissions", "bills.read"),
];

/// Ann asks for a token when her factor was shown long ago, and is asked for it.
async fn asked(t: &TestApp) -> Member {
    let mut ann = t.set_up().await;
    t.store.clock.advance(FRESH_US);
    ann.browser.get("/me").await;
    let answer = ann.browser.submit("/me/tokens", &TOKEN).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert!(answer.body.contains("action=\"/step-up\""));
    ann
}

#[test]
fn what_was_typed_goes_on_once_the_factor_is_shown_in_a_session_with_another_token() {
    on_both_apps(|t| async move {
        let mut ann = asked(&t).await;
        let before = ann.browser.clone();
        let wrong = ann.browser.step_up("000000").await;
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        let code = t.fresh_code(&ann.seed);
        let made = ann.browser.step_up(&code).await;
        assert_eq!(made.status, 200, "{}", made.body);
        assert!(between(&made.body, "id=\"token\">", "<").is_some());
        assert!(made.body.contains("warehouse"), "the name as typed");
        assert_ne!(ann.browser.cookie(SESSION), before.cookie(SESSION));
        // Whoever kept a copy of the old token has nothing.
        let mut old = before;
        assert!(old.get("/me").await.location().starts_with("/sign-in"));
        // The factor counts for what comes after as well.
        ann.browser.get("/me").await;
        let again = ann.browser.submit("/me/tokens", &TOKEN).await;
        assert_eq!(again.status, 200, "{}", again.body);
    });
}

#[test]
fn a_recovery_code_will_do_and_a_page_is_gone_on_to() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.store.clock.advance(FRESH_US);
        ann.browser.get("/step-up?next=/me/security").await;
        let code = ann.codes[0].clone();
        let shown = ann
            .browser
            .submit_all("/step-up", &[("recovery_code", &code)])
            .await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
        let page = ann.browser.get("/me/security").await;
        assert!(page.body.contains("action=\"/me/recovery-codes\""));
        // Once.
        t.store.clock.advance(FRESH_US);
        ann.browser.get("/step-up?next=//evil.example").await;
        assert_eq!(ann.browser.hidden("to"), "/");
        let again = ann
            .browser
            .submit_all("/step-up", &[("recovery_code", &code)])
            .await;
        assert_eq!(again.status, 422);
    });
}

#[test]
fn what_the_page_carries_is_what_this_browser_sent() {
    on_both_apps(|t| async move {
        let mut ann = asked(&t).await;
        let carried = |browser: &crate::support::app::Browser| {
            ["csrf", "to", "kind", "form", "carried_code"].map(|name| (name, browser.hidden(name)))
        };
        let ours = carried(&ann.browser);
        let code = t.fresh_code(&ann.seed);
        for (changed, value) in [
            (1, "/me/passkeys/remove"),
            (2, "page"),
            (3, "name=other&days=366&permissions=runs.release"),
            (4, ""),
        ] {
            let mut fields = ours.clone();
            fields[changed].1 = value.to_owned();
            let mut fields: Vec<(&str, &str)> =
                fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            fields.push(("code", &code));
            let answer = ann.browser.post("/step-up", &fields).await;
            assert_eq!(answer.problem, Some("error-form-foreign"), "{value}");
        }
        // The twin: as it was sent, with the same code, which none of these has used up.
        let mut fields: Vec<(&str, &str)> = ours.iter().map(|(n, v)| (*n, v.as_str())).collect();
        fields.push(("code", &code));
        let answer = ann.browser.post("/step-up", &fields).await;
        assert!(answer.body.contains("data-go-on"), "{}", answer.body);
    });
}
