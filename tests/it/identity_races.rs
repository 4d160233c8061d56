//! What is good once, tried 32 times at once: the link of the setup, an invitation, a code of the app.

use std::sync::Arc;

use countersign::identity::factors::{code_at, step_of};
use countersign::identity::setup;
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::support::app::{Answer, Browser, PASSWORD, TestApp, on_both_apps};

const TRIES: usize = 32;

/// Sends the same form from browsers in the same state, all at once, and gives the answers that let somebody on.
async fn at_once(
    browsers: Vec<Browser>,
    path: &str,
    fields: &[(&str, &str)],
    on: &str,
) -> Vec<Answer> {
    let fields: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let fields = Arc::new(fields);
    let tries: Vec<_> = browsers
        .into_iter()
        .map(|mut browser| {
            let (path, fields) = (path.to_owned(), Arc::clone(&fields));
            tokio::spawn(async move {
                let fields: Vec<(&str, &str)> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                browser.submit_all(&path, &fields).await
            })
        })
        .collect();
    let mut won = Vec::new();
    for done in tries {
        let answer = done.await.expect("no panic");
        assert!(answer.status < 500, "{}", answer.body);
        if answer.location() == on {
            won.push(answer);
        }
    }
    won
}

async fn count(t: &TestApp, sql: &'static Sql) -> usize {
    let rows: Result<Vec<(String,)>, StoreError> =
        t.app.store.lookup(|lookup| lookup.all(sql, [])).await;
    rows.expect("the database answers").len()
}

#[test]
fn of_32_who_finish_one_setup_one_does() {
    const ORGANISATIONS: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");
    on_both_apps(|t| async move {
        let link = setup::issue_link(&t.app)
            .await
            .expect("the database answers")
            .expect("no organisation exists");
        let path = link
            .strip_prefix("https://ap.example:8443")
            .expect("our own address");
        let mut browser = t.browser();
        browser.get(path).await;
        let organisation = [
            ("organisation_name", "Harbour Foods"),
            ("locale", "en"),
            ("zone", "UTC"),
        ];
        browser
            .submit_all("/setup/organisation", &organisation)
            .await;
        let entity = [
            ("entity_name", "Harbour Foods GmbH"),
            ("street", "Kai"),
            ("building", "7"),
            ("postcode", "20457"),
            ("town", "Hamburg"),
            ("country", "DE"),
            ("currency", "EUR"),
            ("vat_id", "DE 123 456 789"),
            ("iban", "DE02 1203 0000 0000 2020 51"),
            ("bic", "BYLADEM1001"),
        ];
        let answer = browser.submit_all("/setup/entity", &entity).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let fields = [
            ("name", "Ann Lindqvist"),
            ("email", "ann@harbour.example"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let browsers = vec![browser; TRIES];
        let won = at_once(browsers, "/setup/administrator", &fields, "/enrol").await;
        assert_eq!(won.len(), 1);
        assert_eq!(count(&t, &ORGANISATIONS).await, 1);
    });
}

#[test]
fn of_32_who_accept_one_invitation_one_does() {
    const SESSIONS: Sql = Sql::lookup("SELECT id FROM sessions WHERE stage = 'enrolling'");
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        let mut browser = t.browser();
        assert_eq!(browser.get(&link).await.status, 200);
        let fields = [
            ("name", "Tom"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let won = at_once(vec![browser; TRIES], &link, &fields, "/enrol").await;
        assert_eq!(won.len(), 1);
        assert_eq!(count(&t, &SESSIONS).await, 1);
    });
}

#[test]
fn of_32_sessions_that_show_one_code_one_is_let_in() {
    const FULL: Sql = Sql::lookup("SELECT id FROM sessions WHERE stage = 'full'");
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let before = count(&t, &FULL).await;
        // Each has a session of its own, so that what decides is the code alone.
        let mut browsers = Vec::new();
        for _ in 0..TRIES {
            let mut browser = t.browser();
            browser.get("/sign-in").await;
            let fields = [("email", ann.email.as_str()), ("password", PASSWORD)];
            let answer = browser.submit("/sign-in", &fields).await;
            assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
            browser.get("/sign-in/code").await;
            browsers.push(browser);
        }
        t.store.clock.advance(60_000_000);
        let code = code_at(&ann.seed, step_of(t.app.now()));
        let won = at_once(browsers, "/sign-in/code", &[("code", &code)], "/").await;
        assert_eq!(won.len(), 1);
        assert_eq!(count(&t, &FULL).await, before + 1);
    });
}
