//! Somebody who holds the database, but not the keys, changes rows behind the application: nobody gets in or gains by it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use countersign::identity::credential::ShownToken;
use countersign::identity::tokens::Bearer;
use countersign::platform::app::App;
use countersign::platform::store::{Sql, StoreError, Value};
use countersign_sealing::SystemEntropy;

use super::support::app::{Answer, Browser, Member, PASSWORD, TestApp, between, on_both_apps};
use super::support::stores::Home;

const SESSION: &str = "__Host-session";
const TOM: &str = "tom@harbour.example";
/// Somebody's row by the name she signs in with.
const OF_TOM: &str = "(SELECT id FROM people WHERE email = 'tom@harbour.example')";
const OF_ANN: &str = "(SELECT id FROM people WHERE email = 'ann@harbour.example')";

/// Bytes as the engine's SQL writes them.
fn literal(t: &TestApp, value: impl Into<Value>) -> String {
    let Value::Bytes(bytes) = value.into() else {
        panic!("no bytes");
    };
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match &t.store.home {
        Home::Embedded(_) => format!("x'{hex}'"),
        Home::Grown(_) => format!("decode('{hex}', 'hex')"),
    }
}

/// How many rows a look-up of ours finds: an attack that changed nothing would prove nothing.
async fn count(t: &TestApp, sql: &'static Sql) -> usize {
    let rows: Result<Vec<(String,)>, StoreError> = t
        .app
        .store
        .lookup(|lookup| {
            use countersign::platform::store::Reads as _;
            lookup.all(sql, [])
        })
        .await;
    rows.expect("the database answers").len()
}

async fn sign_in(t: &TestApp, email: &str) -> (Browser, Answer) {
    let mut browser = t.browser();
    browser.get("/sign-in").await;
    let fields = [("email", email), ("password", PASSWORD)];
    let answer = browser.submit("/sign-in", &fields).await;
    (browser, answer)
}

async fn is_out(member: &mut Member) -> bool {
    let answer = member.browser.get("/me").await;
    answer.status == 303 && answer.location() == "/sign-in?next=%2Fme"
}

async fn is_in(member: &mut Member) -> bool {
    member.browser.get("/me").await.status == 200
}

/// Ann, who administers, and Tom, who approves; both are in.
async fn ann_and_tom(t: &TestApp) -> (Member, Member) {
    let mut ann = t.set_up().await;
    let mut tom = t.join(&mut ann, TOM, &["approver"]).await;
    assert!(is_in(&mut ann).await && is_in(&mut tom).await);
    (ann, tom)
}

#[test]
fn a_session_that_was_planted_opens_nothing() {
    const ALL: Sql = Sql::lookup("SELECT id FROM sessions ORDER BY id");
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let before = count(&t, &ALL).await;
        let token = ShownToken::generate(&SystemEntropy);
        let hash = literal(&t, token.stored());
        let planted = format!(
            "INSERT INTO sessions (id, org_id, token_hash, person_id, stage, device, address, created_us, factor_us, expires_us, ended_us, version) \
             SELECT '00000000-0000-7000-8000-000000000001', org_id, {hash}, person_id, stage, device, address, created_us, \
             factor_us, expires_us, ended_us, version FROM sessions WHERE stage = 'full'"
        );
        t.store.behind_the_back(&planted).await;
        assert_eq!(count(&t, &ALL).await, before + 1);
        let ask =
            Request::get("/people").header("cookie", format!("{SESSION}={}", *token.expose()));
        let answer = t.browser().send(ask, Body::empty()).await;
        assert_eq!(answer.location(), "/sign-in?next=%2Fpeople");
        assert!(is_in(&mut ann).await, "her own session stands");
    });
}

#[test]
fn a_session_given_to_somebody_else_is_void() {
    on_both_apps(|t| async move {
        let (mut ann, mut tom) = ann_and_tom(&t).await;
        let swap = format!("UPDATE sessions SET person_id = {OF_ANN} WHERE person_id = {OF_TOM}");
        t.store.behind_the_back(&swap).await;
        assert!(is_out(&mut tom).await);
        assert!(is_in(&mut ann).await);
    });
}

#[test]
fn a_role_that_was_planted_or_changed_gives_nothing() {
    const ALL: Sql = Sql::lookup("SELECT id FROM people ORDER BY id");
    let insert = format!(
        "INSERT INTO role_grants (id, org_id, person_id, role, granted_us, version) \
         SELECT '00000000-0000-7000-8000-000000000002', org_id, id, 'administrator', created_us, 1 \
         FROM people WHERE id = {OF_TOM}"
    );
    let update =
        format!("UPDATE role_grants SET role = 'administrator' WHERE person_id = {OF_TOM}");
    for attack in [insert, update] {
        on_both_apps(|t| {
            let attack = attack.clone();
            async move {
                let (mut ann, mut tom) = ann_and_tom(&t).await;
                assert_eq!(count(&t, &ALL).await, 2);
                assert_eq!(tom.browser.get("/people").await.status, 404);
                t.store.behind_the_back(&attack).await;
                let answer = tom.browser.get("/people").await;
                assert_eq!(answer.location(), "/sign-in?next=%2Fpeople");
                assert!(is_out(&mut tom).await);
                assert!(is_in(&mut ann).await);
            }
        });
    }
}

#[test]
fn another_human_behind_an_account_locks_it_and_no_later_change_makes_it_ours() {
    on_both_apps(|t| async move {
        let (mut ann, mut tom) = ann_and_tom(&t).await;
        let swap = format!("UPDATE people SET human_id = id WHERE id = {OF_TOM}");
        t.store.behind_the_back(&swap).await;
        assert!(is_out(&mut tom).await);
        assert_eq!(sign_in(&t, TOM).await.1.status, 422);

        // Suspending writes the row: its code would be renewed over the forged human.
        let list = ann.browser.get("/people").await.body;
        let ids = list.split("href=\"/people/0").skip(1);
        let mut answers = Vec::new();
        for id in ids.filter_map(|rest| rest.split('"').next()) {
            let path = format!("/people/0{id}");
            ann.browser.get(&path).await;
            let answer = ann.browser.submit(&format!("{path}/suspend"), &[]).await;
            answers.extend(answer.problem);
        }
        assert!(answers.contains(&"error-forged"), "{answers:?}");
        assert!(is_out(&mut tom).await);
    });
}

async fn whose(State(_): State<Arc<App>>, bearer: Bearer) -> String {
    bearer.access.person().to_string()
}

#[test]
fn a_token_given_to_somebody_else_or_widened_is_void() {
    let swap = format!("UPDATE api_tokens SET person_id = {OF_ANN} WHERE person_id = {OF_TOM}");
    let widen = "UPDATE api_tokens SET permissions = 'bills.read bills.decide'".to_owned();
    for attack in [swap, widen] {
        on_both_apps(|t| {
            let attack = attack.clone();
            async move {
                let (_, mut tom) = ann_and_tom(&t).await;
                tom.browser.get("/me").await;
                let fields = [
                    ("name", "import"),
                    ("days", "30"),
                    ("permissions", "bills.read"),
                ];
                let answer = tom.browser.submit("/me/tokens", &fields).await;
                let token = between(&answer.body, "id=\"token\">", "<").expect("it is shown");
                let api = Router::new()
                    .route("/api/v1/whose", get(whose))
                    .with_state(Arc::clone(&t.app));
                let ask = async || {
                    let request = Request::get("/api/v1/whose")
                        .header("authorization", format!("Bearer {token}"));
                    Browser::new(api.clone()).send(request, Body::empty()).await
                };
                assert_eq!(ask().await.status, 200);
                t.store.behind_the_back(&attack).await;
                assert_eq!(ask().await.status, 401);
                assert!(is_in(&mut tom).await);
            }
        });
    }
}

#[test]
fn a_used_link_made_fresh_again_is_void() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite(TOM, &["approver"]).await;
        assert_eq!(t.browser().get(&link).await.status, 200);
        let longer = "UPDATE links SET expires_us = expires_us + 1";
        t.store.behind_the_back(longer).await;
        let answer = t.browser().get(&link).await;
        assert_eq!(answer.problem, Some("error-link-unusable"));
    });
}

#[test]
fn a_password_a_factor_and_a_code_that_were_changed_let_nobody_in() {
    let of_ann = "SELECT phc FROM passwords WHERE person_id";
    let password = format!(
        "UPDATE passwords SET phc = ({of_ann} = {OF_ANN}), changed_us = 1 WHERE person_id = {OF_TOM}"
    );
    let removed = format!("UPDATE totp_factors SET removed_us = 1 WHERE person_id = {OF_TOM}");
    let deleted = format!("DELETE FROM totp_factors WHERE person_id = {OF_TOM}");
    for attack in [password, removed, deleted] {
        on_both_apps(|t| {
            let attack = attack.clone();
            async move {
                let on = match &t.store.home {
                    Home::Embedded(_) => "",
                    Home::Grown(_) => " ON totp_factors",
                };
                t.store
                    .behind_the_back(&format!("DROP TRIGGER totp_factors_no_delete{on}"))
                    .await;
                ann_and_tom(&t).await;
                assert_eq!(sign_in(&t, TOM).await.1.location(), "/sign-in/code");
                t.store.behind_the_back(&attack).await;
                assert_eq!(sign_in(&t, TOM).await.1.status, 422, "{attack}");
                let (_, answer) = sign_in(&t, "ann@harbour.example").await;
                assert_eq!(answer.location(), "/sign-in/code");
            }
        });
    }
}

#[test]
fn a_factor_and_a_recovery_code_that_were_changed_open_nothing() {
    on_both_apps(|t| async move {
        let (_, tom) = ann_and_tom(&t).await;
        let recover = async |code: &str| {
            let (mut browser, _) = sign_in(&t, TOM).await;
            browser.get("/sign-in/recovery").await;
            let fields = [("recovery_code", code)];
            browser.submit("/sign-in/recovery", &fields).await
        };
        assert_eq!(recover(&tom.codes[0]).await.location(), "/");
        let again = "UPDATE recovery_codes SET used_us = NULL";
        t.store.behind_the_back(again).await;
        assert_eq!(recover(&tom.codes[0]).await.status, 422);
        assert_eq!(recover(&tom.codes[1]).await.location(), "/");

        // A code that was accepted once is made acceptable again.
        let (mut browser, _) = sign_in(&t, TOM).await;
        browser.get("/sign-in/code").await;
        let code = t.fresh_code(&tom.seed);
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.location(), "/");
        let (mut browser, answer) = sign_in(&t, TOM).await;
        assert_eq!(answer.location(), "/sign-in/code");
        browser.get("/sign-in/code").await;
        t.store
            .behind_the_back("UPDATE totp_factors SET last_step = 0")
            .await;
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.status, 422);
    });
}
