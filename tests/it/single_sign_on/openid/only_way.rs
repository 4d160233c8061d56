//! Sessions from before the rule that identity providers are the only way: those that a password began end with it, and none of them
//! goes further.

use countersign::platform::scope::CredentialKind;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::House;
use crate::identity::{actions, organisation};
use crate::single_sign_on::rule::{any_way, only_way};
use crate::support::app::{Answer, Browser, PASSWORD, TestApp, on_both_apps};

const TOM: &str = "tom@harbour.example";

/// Sessions that owe the second factor go on, as if no rule had ended them.
const REOPEN: Sql = Sql::change(
    "sessions",
    "UPDATE sessions SET ended_us = NULL, version = version + 1 \
     WHERE org_id = $1 AND stage = 'password' AND ended_us IS NOT NULL RETURNING id",
);

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/me").await.status == 200
}

/// A browser in which a password was shown, and nothing else.
async fn owing(t: &TestApp) -> Browser {
    let mut browser = t.browser();
    browser.get("/sign-in").await;
    let typed = [("email", TOM), ("password", PASSWORD)];
    let answer = browser.submit("/sign-in", &typed).await;
    assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    browser
}

async fn ended(t: &TestApp) -> usize {
    let done = actions(&t.app, organisation(&t.app).await).await;
    done.iter().filter(|one| *one == "session.ended").count()
}

#[test]
fn the_rule_ends_the_sessions_that_a_password_began_and_no_others() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut tom = house.t.join(&mut house.ann, TOM, &["clerk"]).await;
        let mut half = owing(&house.t).await;
        let mut ingrid = house.t.browser();
        house.arrives(&mut ingrid, |_| {}).await;
        // The twin: a rule that refuses no way ends nothing.
        any_way(&mut house.ann).await;
        assert!(is_in(&mut tom.browser).await && is_in(&mut ingrid).await);
        assert_eq!(half.get("/sign-in/code").await.status, 200);
        let before = ended(&house.t).await;
        only_way(&mut house.ann).await;
        assert!(!is_in(&mut tom.browser).await, "by a password");
        assert_eq!(half.get("/sign-in/code").await.status, 303, "half of one");
        assert!(is_in(&mut ingrid).await, "by her connection");
        assert!(is_in(&mut house.ann.browser).await, "she is marked");
        assert_eq!(ended(&house.t).await - before, 2, "each is journaled");
    });
}

#[test]
fn a_session_that_a_password_began_is_not_finished_under_the_rule() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let tom = house.t.join(&mut house.ann, TOM, &["clerk"]).await;
        let mut half = owing(&house.t).await;
        only_way(&mut house.ann).await;
        let scope = organisation(&house.t.app).await;
        let app = &house.t.app;
        let caller = app.caller(scope, CredentialKind::Job, app.id());
        let reopened: Result<(), StoreError> = app
            .store
            .write(caller, |tx| {
                tx.change_one(&REOPEN, [])?;
                tx.commit(Entry::new("test.reopened", "session", "x"), ())
            })
            .await;
        reopened.expect("it goes on");
        let shows = async |browser: &mut Browser| -> Answer {
            browser.get("/sign-in/code").await;
            let code = house.t.fresh_code(&tom.seed);
            browser.submit("/sign-in/code", &[("code", &code)]).await
        };
        let answer = shows(&mut half).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        // The guard taken away: the same session and another code.
        any_way(&mut house.ann).await;
        let answer = shows(&mut half).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
    });
}
