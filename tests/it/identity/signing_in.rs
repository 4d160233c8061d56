//! Signing in: password and code, and what answers alike to whoever guesses.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use countersign::identity::factors::{self, FactorError};
use countersign::identity::throttles;
use countersign::platform::clock::Micros;
use countersign::platform::scope::{CredentialKind, Scope};

use super::{SESSION, actions, organisation, person_of, sign_in};
use crate::support::app::{PASSWORD, on_both_apps};

#[test]
fn a_person_signs_in_with_password_and_code_and_the_token_changes_at_each_stage() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut browser = t.browser();
        let answer = sign_in(&mut browser, "Ann@Harbour.example", PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code");
        let cookie = answer.headers["set-cookie"]
            .to_str()
            .expect("ASCII")
            .to_owned();
        for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        let first = browser.cookie(SESSION).expect("a session").to_owned();
        assert_eq!(browser.get("/people").await.location(), "/sign-in/code");
        browser.get("/sign-in/code").await;
        let code = t.fresh_code(&ann.seed);
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        let second = browser.cookie(SESSION).expect("a session").to_owned();
        assert_ne!(first, second);
        assert_eq!(browser.get("/people").await.status, 200);

        // The token of the stage before opens nothing.
        let old = Request::get("/people").header("cookie", format!("{SESSION}={first}"));
        let answer = t.browser().send(old, Body::empty()).await;
        assert_eq!(answer.location(), "/sign-in?next=%2Fpeople");

        browser.get("/me").await;
        assert_eq!(
            browser.submit("/sign-out", &[]).await.location(),
            "/sign-in"
        );
        let gone = Request::get("/people").header("cookie", format!("{SESSION}={second}"));
        assert_eq!(t.browser().send(gone, Body::empty()).await.status, 303);
    });
}

#[test]
fn a_code_that_was_used_is_refused() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let code = t.fresh_code(&ann.seed);
        for (attempt, expected) in [("first", 303), ("replayed", 422)] {
            let mut browser = t.browser();
            sign_in(&mut browser, &ann.email, PASSWORD).await;
            browser.get("/sign-in/code").await;
            let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
            assert_eq!(answer.status, expected, "{attempt}: {}", answer.body);
        }
    });
}

#[test]
fn of_32_uses_of_one_recovery_code_one_wins() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let scope = organisation(&t.app).await;
        let person = person_of(&t.app, scope).await;
        let caller = t.app.caller(scope, CredentialKind::Anonymous, t.app.id());
        // Below the throttle, which would stop most of them before they meet.
        let tries: Vec<_> = (0..32)
            .map(|_| {
                let (app, code) = (Arc::clone(&t.app), ann.codes[0].clone());
                tokio::spawn(async move {
                    app.store
                        .write(caller, move |tx| {
                            factors::spend_recovery_code(tx, person, &code)?;
                            Ok::<_, FactorError>(tx.done(())?)
                        })
                        .await
                        .is_ok()
                })
            })
            .collect();
        let mut winners = 0;
        for done in tries {
            winners += usize::from(done.await.expect("no panic"));
        }
        assert_eq!(winners, 1);
        for (code, expected) in [(&ann.codes[0], 422), (&ann.codes[1], 303)] {
            let mut browser = t.browser();
            sign_in(&mut browser, &ann.email, PASSWORD).await;
            browser.get("/sign-in/recovery").await;
            let answer = browser
                .submit("/sign-in/recovery", &[("recovery_code", code)])
                .await;
            assert_eq!(answer.status, expected);
        }
        let used = actions(&t.app, organisation(&t.app).await).await;
        assert_eq!(
            used.iter()
                .filter(|action| *action == "recovery-code.used")
                .count(),
            2
        );
    });
}

#[test]
fn unknown_known_and_locked_answer_alike_and_the_lock_holds_against_the_right_password() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut answers = Vec::new();
        for email in [ann.email.as_str(), "nobody@harbour.example"] {
            for attempt in 0..6 {
                let mut browser = t.browser();
                let answer = sign_in(&mut browser, email, "wrong password").await;
                // The name as typed and the form's token are the sender's own.
                let csrf = browser.csrf();
                let body = answer.body.replace(email, "NAME").replace(&csrf, "TOKEN");
                let headers: Vec<_> = answer
                    .headers
                    .keys()
                    .map(|name| name.as_str().to_owned())
                    .collect();
                answers.push((email, attempt, answer.status, headers, body));
            }
        }
        let (_, _, status, headers, body) = answers[0].clone();
        assert_eq!(status, 422);
        for (email, attempt, s, h, b) in &answers {
            assert_eq!((s, h, b), (&status, &headers, &body), "{email} {attempt}");
        }
        // Attempts five and six came within the delay, so even the right password waits.
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.status, 422);
        t.store.clock.advance(20 * Micros::MINUTE);
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code");
    });
}

#[test]
fn attempts_at_once_all_count() {
    on_both_apps(|t| async move {
        let tries: Vec<_> = (0..32)
            .map(|_| {
                let app = Arc::clone(&t.app);
                let keys = [throttles::Key::account("a name", throttles::ACCOUNT)];
                tokio::spawn(async move { throttles::attempt(&app, &keys).await })
            })
            .collect();
        let mut allowed = 0;
        for done in tries {
            let attempt = done.await.expect("no panic");
            allowed += i64::from(attempt.expect("the database answers"));
        }
        // Four are free, and the fifth is the first that makes the next one wait.
        assert_eq!(allowed, throttles::ACCOUNT.free + 1);
    });
}

#[test]
fn failures_are_journaled_where_they_belong() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        sign_in(&mut t.browser(), "nobody@harbour.example", PASSWORD).await;
        assert_eq!(actions(&t.app, Scope::SYSTEM).await, ["sign-in.failed"]);
        let scope = organisation(&t.app).await;
        let failed = |all: &[String]| {
            all.iter()
                .filter(|action| *action == "sign-in.failed")
                .count()
        };
        assert_eq!(failed(&actions(&t.app, scope).await), 0);
        sign_in(&mut t.browser(), &ann.email, "wrong password").await;
        assert_eq!(failed(&actions(&t.app, scope).await), 1);
        assert_eq!(actions(&t.app, Scope::SYSTEM).await.len(), 1);
    });
}
