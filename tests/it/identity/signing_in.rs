//! Signing in: password and code, and what answers alike to whoever guesses.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use countersign::identity::factors::{self, FactorError};
use countersign::identity::throttles;
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::{SESSION, actions, organisation, person_of, sign_in};
use crate::support::app::{PASSWORD, TestApp, on_both_apps};
use crate::support::stores::TestStore;

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

/// A hash with lesser parameters than today's, as an older version of this program made them.
fn lesser_hash() -> String {
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
    let params = Params::new(19 * 1024, 2, 1, None).expect("within the limits");
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes it")
        .expect("it hashes");
    hash.to_string()
}

#[test]
fn a_password_that_was_hashed_with_less_is_hashed_anew_when_it_is_next_shown() {
    on_both_apps(|t| async move {
        const PHC: Sql =
            Sql::read("SELECT phc FROM passwords WHERE org_id = $1 AND person_id = $2");
        const LESSEN: Sql = Sql::change(
            "passwords",
            "UPDATE passwords SET phc = $3, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
        );
        let ann = t.set_up().await;
        let scope = organisation(&t.app).await;
        let person = person_of(&t.app, scope).await;
        let phc = async || {
            let read: Result<(String,), StoreError> = t
                .app
                .store
                .read(scope, move |read| read.one(&PHC, params![person]))
                .await;
            read.expect("a password").0
        };
        let caller = t.app.caller(scope, CredentialKind::CommandLine, t.app.id());
        let lesser = lesser_hash();
        let changed: Result<(), StoreError> = t
            .app
            .store
            .write(caller, move |tx| {
                tx.change_one(&LESSEN, params![person, &lesser])?;
                tx.commit(Entry::new("password.lessened", "password", person), ())
            })
            .await;
        changed.expect("it is written");
        assert!(phc().await.starts_with("$argon2id$v=19$m=19456,"));
        let wrong = sign_in(&mut t.browser(), &ann.email, "a wrong guess").await;
        assert_eq!(wrong.status, 422);
        assert!(
            phc().await.starts_with("$argon2id$v=19$m=19456,"),
            "not by a guess"
        );
        for _ in 0..2 {
            let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
            assert_eq!(answer.location(), "/sign-in/code");
            assert!(phc().await.starts_with("$argon2id$v=19$m=47104,"));
        }
        let anew = actions(&t.app, scope).await;
        let anew = anew.iter().filter(|action| *action == "password.rehashed");
        assert_eq!(anew.count(), 1, "once");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_meter_says_how_soon_a_password_falls_and_keeps_nothing() {
    let t = TestApp::on(Arc::new(TestStore::embedded().await));
    let mut browser = t.browser();
    let mut measured = Vec::new();
    for password in [
        "lindqvist88",
        "monkeymonkey",
        "nine loose herons at breakfast",
    ] {
        browser.get("/sign-in").await;
        let typed = [
            ("password", password),
            ("name", "Ann Lindqvist"),
            ("email", "ann@x.example"),
        ];
        let answer = browser.submit("/password-strength", &typed).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let found: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        measured.push(found["score"].as_u64().expect("a score"));
        if measured.last() < Some(&2) {
            assert_ne!(found["advice"], serde_json::json!([]), "{password}");
        }
        assert!(!answer.body.contains(password));
    }
    assert!(
        measured[0] < 2 && measured[1] < 2 && measured[2] >= 3,
        "{measured:?}"
    );
}
