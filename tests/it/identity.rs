//! Identity through its pages, on both engines: setup, sign-in, sessions, people, tokens; and who must not get in.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use countersign::identity::factors::{self, FactorError};
use countersign::identity::throttles;
use countersign::identity::tokens::Bearer;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::ids::{OrgId, PersonId};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::journal;
use countersign::platform::store::{Reads, Sql, StoreError};

use super::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};

const SESSION: &str = "__Host-session";

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.get("/sign-in").await;
    browser
        .submit("/sign-in", &[("email", email), ("password", password)])
        .await
}

/// The organisation that the setup made.
async fn organisation(app: &App) -> Scope {
    const ALL: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");
    let found: Vec<(OrgId,)> = app
        .store
        .lookup(|lookup| lookup.all::<(OrgId,)>(&ALL, []))
        .await
        .expect("the database answers");
    Scope::of(found[0].0)
}

async fn person_of(app: &App, scope: Scope) -> PersonId {
    const FIRST: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1 ORDER BY id");
    let found: Result<(PersonId,), StoreError> =
        app.store.read(scope, |read| read.one(&FIRST, [])).await;
    found.expect("the database answers").0
}

async fn actions(app: &App, scope: Scope) -> Vec<String> {
    const ACTIONS: Sql =
        Sql::read("SELECT action FROM journal_entries WHERE org_id = $1 ORDER BY id");
    let found: Vec<(String,)> = app
        .store
        .read(scope, |read| read.all::<(String,)>(&ACTIONS, []))
        .await
        .expect("the database answers");
    found.into_iter().map(|(action,)| action).collect()
}

#[test]
fn setup_makes_everything_once_and_journals_it() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        assert_eq!(ann.codes.len(), 10);
        let page = ann.browser.get("/people").await;
        assert!(page.body.contains("Ann Lindqvist"), "{}", page.body);
        let scope = organisation(&t.app).await;
        let done = actions(&t.app, scope).await;
        for action in [
            "link.used",
            "organisation.created",
            "legal-entity.created",
            "bank-account.entered",
            "person.created",
            "role.granted",
            "session.started",
            "factor.confirmed",
            "session.advanced",
        ] {
            assert!(
                done.iter().any(|found| found == action),
                "{action} in {done:?}"
            );
        }
        let again = countersign::identity::setup::issue_link(&t.app).await;
        assert_eq!(again.expect("the database answers"), None);
    });
}

#[test]
fn a_setup_link_works_once_and_only_the_newest() {
    on_both_apps(|t| async move {
        let path = |link: Option<String>| {
            let link = link.expect("no organisation exists");
            link.strip_prefix("https://ap.example:8443")
                .expect("ours")
                .to_owned()
        };
        let issue = || countersign::identity::setup::issue_link(&t.app);
        let first = path(issue().await.expect("the database answers"));
        let second = path(issue().await.expect("the database answers"));
        assert_eq!(t.browser().get(&first).await.status, 404);
        assert_eq!(t.browser().get(&second).await.status, 200);
        t.store.clock.advance(Micros::DAY);
        assert_eq!(t.browser().get(&second).await.status, 404, "expired");
        t.set_up().await;
        assert_eq!(t.browser().get(&second).await.status, 404);
    });
}

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

#[test]
fn the_database_holds_no_token_and_no_sealed_value_in_clear() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        let shown = make_token(&mut ann, &["people.read"]).await;
        let session = ann.browser.cookie(SESSION).expect("a session").to_owned();
        let link = link
            .strip_prefix("/invitations/")
            .expect("a link")
            .to_owned();
        let seed = ann.seed.to_base32().to_string();
        let secrets = [
            session,
            link,
            shown["csk_".len()..].to_owned(),
            seed,
            ann.codes[0].clone(),
            "DE02120300000000202051".to_owned(),
            "DE123456789".to_owned(),
            PASSWORD.to_owned(),
        ];
        let scope = organisation(&t.app).await;
        for (name, columns) in TEXTS {
            let rows: Vec<(String,)> = t
                .app
                .store
                .read(scope, move |read| read.all::<(String,)>(columns, []))
                .await
                .unwrap_or_else(|error: StoreError| panic!("{name}: {error}"));
            assert!(!rows.is_empty(), "{name} has rows");
            for (text,) in rows {
                for secret in &secrets {
                    assert!(!text.contains(secret.as_str()), "{name} holds {secret}");
                }
            }
        }
    });
}

const TEXTS: &[(&str, &Sql)] = &[
    (
        "journal_openings",
        &Sql::read("SELECT opening FROM journal_openings WHERE org_id = $1"),
    ),
    (
        "passwords",
        &Sql::read("SELECT phc FROM passwords WHERE org_id = $1"),
    ),
    (
        "entities",
        &Sql::read("SELECT vat_id_masked FROM legal_entities WHERE org_id = $1"),
    ),
    (
        "accounts",
        &Sql::read("SELECT iban_masked FROM entity_bank_accounts WHERE org_id = $1"),
    ),
    (
        "tokens",
        &Sql::read("SELECT name || permissions FROM api_tokens WHERE org_id = $1"),
    ),
];

#[test]
fn forms_without_or_with_a_foreign_token_change_nothing() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t
            .join(&mut ann, "tom@harbour.example", &["administrator"])
            .await;
        tom.browser.get("/people/invite").await;
        let foreign = tom.browser.csrf();
        let fields = [
            ("name", "Eve"),
            ("email", "eve@evil.example"),
            ("roles", "payer"),
        ];
        for csrf in [None, Some(""), Some(foreign.as_str())] {
            let mut form: Vec<(&str, &str)> = csrf.map(|csrf| ("csrf", csrf)).into_iter().collect();
            form.extend_from_slice(&fields);
            let answer = ann.browser.post("/people/invite", &form).await;
            assert_eq!(
                (answer.status, answer.problem),
                (403, Some("error-form-foreign"))
            );
        }
        ann.browser.get("/people/invite").await;
        let csrf = ann.browser.csrf();
        let body = format!("csrf={csrf}&name=Eve&email=eve%40evil.example&roles=payer");
        let request = Request::post("/people/invite")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let answer = ann.browser.send(request, Body::from(body)).await;
        assert_eq!(answer.problem, Some("error-form-foreign"));
        assert!(!ann.browser.get("/people").await.body.contains("Eve"));
    });
}

#[test]
fn an_invitation_is_good_once_and_for_a_week() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("late@harbour.example", &["approver"]).await;
        t.store.clock.advance(7 * Micros::DAY);
        assert_eq!(
            t.browser().get(&link).await.problem,
            Some("error-link-unusable")
        );

        let mut ann = signed_in_again(&t, ann).await;
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        let mut browsers = [t.browser(), t.browser()];
        for browser in &mut browsers {
            assert_eq!(browser.get(&link).await.status, 200);
        }
        let fields = [
            ("name", "Tom"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let first = browsers[0].submit(&link, &fields).await;
        assert_eq!(first.location(), "/enrol");
        let second = browsers[1].submit(&link, &fields).await;
        assert_eq!(second.problem, Some("error-link-unusable"));
        let again = ann.browser.get("/people/invite").await;
        assert_eq!(again.status, 200);
        let known = [
            ("name", "Tom"),
            ("email", "TOM@harbour.example"),
            ("roles", "clerk"),
        ];
        assert_eq!(
            ann.browser.submit("/people/invite", &known).await.status,
            422
        );
    });
}

async fn signed_in_again(t: &TestApp, member: Member) -> Member {
    let mut browser = t.browser();
    sign_in(&mut browser, &member.email, PASSWORD).await;
    browser.get("/sign-in/code").await;
    let code = t.fresh_code(&member.seed);
    let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    Member { browser, ..member }
}

#[test]
fn nobody_raises_herself_and_a_suspended_person_is_out_at_once() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["approver"]).await;
        assert_eq!(
            tom.browser.get("/people").await.status,
            404,
            "an approver does not see people"
        );
        let list = ann.browser.get("/people").await.body;
        let ids: Vec<&str> = list
            .split("href=\"/people/0")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let (own, toms) = (
            format!("/people/0{}", ids[0]),
            format!("/people/0{}", ids[1]),
        );
        ann.browser.get(&own).await;
        let all = [("roles", "administrator"), ("roles", "auditor")];
        let answer = ann.browser.submit(&format!("{own}/roles"), &all).await;
        assert_eq!(answer.problem, Some("error-person-oneself"));
        ann.browser.get(&own).await;
        let answer = ann
            .browser
            .submit(&format!("{own}/roles"), &[("roles", "clerk")])
            .await;
        assert_eq!(answer.problem, Some("error-person-last-administrator"));
        ann.browser.get(&toms).await;
        let answer = ann.browser.submit(&format!("{toms}/suspend"), &[]).await;
        assert_eq!(answer.location(), toms, "{:?}", answer.problem);
        assert_eq!(
            tom.browser.get("/me").await.location(),
            "/sign-in?next=%2Fme"
        );
        let answer = sign_in(&mut t.browser(), "tom@harbour.example", PASSWORD).await;
        assert_eq!(answer.status, 422);
    });
}

#[test]
fn sessions_end_when_idle_and_other_sessions_end_with_the_password() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut first = ann.browser.clone();
        let mut second = signed_in_again(&t, ann).await.browser;
        second.get("/me").await;
        let new = "four random words";
        let fields = [
            ("current", PASSWORD),
            ("password", new),
            ("password_again", new),
        ];
        let answer = second.submit("/me/password", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(first.get("/me").await.status, 303);
        assert_eq!(second.get("/me").await.status, 200);
        t.store.clock.advance(Micros::HOUR);
        assert_eq!(second.get("/me").await.status, 303);
        assert_eq!(
            sign_in(&mut t.browser(), "ann@harbour.example", PASSWORD)
                .await
                .status,
            422
        );
    });
}

async fn make_token(member: &mut Member, permissions: &[&str]) -> String {
    member.browser.get("/me").await;
    let mut fields = vec![("name", "import"), ("days", "30")];
    fields.extend(
        permissions
            .iter()
            .map(|permission| ("permissions", *permission)),
    );
    let answer = member.browser.submit("/me/tokens", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    between(&answer.body, "id=\"token\">", "<")
        .expect("the token is shown")
        .to_owned()
}

/// What the token may do, as the API's handlers see it.
async fn may(State(_): State<Arc<App>>, bearer: Bearer) -> String {
    use countersign::identity::access::Permission as P;
    format!(
        "{} {}",
        bearer.access.may(P::PeopleRead),
        bearer.access.may(P::PeopleAdminister)
    )
}

#[test]
fn a_token_gives_what_it_names_until_it_expires_or_is_revoked_and_cookies_give_nothing() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let token = make_token(&mut ann, &["people.read"]).await;
        let api = axum::Router::new()
            .route("/api/v1/may", get(may))
            .with_state(Arc::clone(&t.app));
        let ask = async |token: &str| {
            let request =
                Request::get("/api/v1/may").header("authorization", format!("Bearer {token}"));
            Browser::new(api.clone()).send(request, Body::empty()).await
        };
        assert_eq!(ask(&token).await.body, "true false");
        assert_eq!(ask(&token.replace("csk_", "csk-")).await.status, 401);
        let cookie = format!(
            "{SESSION}={}",
            ann.browser.cookie(SESSION).expect("a session")
        );
        let request = Request::get("/api/v1/may").header("cookie", cookie);
        let answer = Browser::new(api.clone()).send(request, Body::empty()).await;
        assert_eq!(answer.status, 401);

        let page = ann.browser.get("/me").await.body;
        let path = between(&page, "action=\"/me/tokens/", "\"").expect("a token in the list");
        let path = format!("/me/tokens/{path}");
        assert_eq!(ann.browser.submit(&path, &[]).await.location(), "/me");
        assert_eq!(ask(&token).await.status, 401);

        let token = make_token(&mut ann, &["people.read"]).await;
        t.store.clock.advance(30 * Micros::DAY);
        assert_eq!(ask(&token).await.status, 401);
    });
}

#[test]
fn the_journal_of_all_this_verifies() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, "tom@harbour.example", &["approver"]).await;
        signed_in_again(&t, ann).await;
        let scope = organisation(&t.app).await;
        journal::sequence_pending(&t.app.store, "node-a", t.app.now())
            .await
            .expect("sequenced");
        let found = journal::verify(&t.app.store, scope)
            .await
            .expect("the database answers");
        assert_eq!(found.bad, None);
    });
}
