//! What an organisation decided does not go away with its row: whoever deletes it in the database gets no standard back. The
//! guard is a moment in the organisation's own row, which is put back as it was in the twins.

use super::sign_in;
use crate::single_sign_on::rule::only_way;
use crate::support::app::{Answer, Member, PASSWORD, TestApp, on_both_apps};
use crate::support::stores::Home;

/// Keeps the organisation's row and its code as they are before anything is decided.
async fn keep(t: &TestApp) {
    t.store
        .behind_the_back(
            "CREATE TABLE kept_rows AS SELECT * FROM organisations; \
             CREATE TABLE kept_tags AS SELECT * FROM row_tags WHERE table_name = 'organisations'",
        )
        .await;
}

/// Puts that row and its code back: from then on nothing says that anything was decided.
async fn put_back(t: &TestApp) {
    t.store
        .behind_the_back(
            "UPDATE organisations SET policy_since_us = NULL, rule_since_us = NULL, version = (SELECT version FROM kept_rows); \
             UPDATE row_tags SET tag = (SELECT tag FROM kept_tags) WHERE table_name = 'organisations'",
        )
        .await;
}

async fn delete(t: &TestApp, table: &str, rows: &str) {
    let on = match &t.store.home {
        Home::Embedded(_) => String::new(),
        Home::Grown(_) => format!(" ON {table}"),
    };
    let sql = format!("DROP TRIGGER {table}_no_delete{on}; DELETE FROM {table} WHERE {rows}");
    t.store.behind_the_back(&sql).await;
}

async fn enters(t: &TestApp, email: &str) -> Answer {
    sign_in(&mut t.browser(), email, PASSWORD).await
}

async fn sets(ann: &mut Member) {
    ann.browser.get("/settings/security").await;
    let fields = [
        ("factors", "any"),
        ("fresh_minutes", "1"),
        ("idle_minutes", ""),
        ("longest_minutes", ""),
        ("pci", "off"),
    ];
    let answer = ann.browser.submit("/settings/security", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[test]
fn a_policy_that_was_deleted_is_missed_and_the_standard_does_not_come_back() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        keep(&t).await;
        sets(&mut ann).await;
        assert_eq!(ann.browser.get("/me").await.status, 200);
        delete(&t, "security_policies", "1 = 1").await;
        assert_ne!(
            ann.browser.get("/me").await.status,
            200,
            "nobody is let through"
        );
        put_back(&t).await;
        assert_eq!(ann.browser.get("/me").await.status, 200, "by the standard");
    });
}

#[test]
fn a_rule_that_was_deleted_lets_nobody_in_by_a_password() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        assert_eq!(enters(&t, &tom.email).await.location(), "/sign-in/code");
        keep(&t).await;
        only_way(&mut ann).await;
        assert_eq!(enters(&t, &tom.email).await.status, 422);
        delete(&t, "sso_settings", "subject = 'rule'").await;
        assert_eq!(enters(&t, &tom.email).await.status, 422);
        assert_eq!(
            enters(&t, &ann.email).await.status,
            422,
            "no rule marks her"
        );
        put_back(&t).await;
        assert_eq!(enters(&t, &tom.email).await.location(), "/sign-in/code");
    });
}
