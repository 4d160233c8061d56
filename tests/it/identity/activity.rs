//! One's own sessions and sign-ins: seen and ended by their person, ended by an administrator, and by nobody else.

use super::{actions, organisation, sign_in, signed_in_again};
use crate::support::app::{Browser, Member, PASSWORD, between, on_both_apps};

/// The id of a session that the page offers to end.
async fn other_session(browser: &mut Browser) -> Option<String> {
    let page = browser.get("/me/sessions").await.body;
    between(&page, "name=\"session\" value=\"", "\"").map(str::to_owned)
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/me").await.status == 200
}

/// The page of the member with this address, as an administrator finds it.
pub(super) async fn page_of(by: &mut Member, email: &str) -> String {
    let people = by.browser.get("/people").await.body;
    let row = people.split("<tr").find(|row| row.contains(email));
    let id = row.and_then(|row| between(row, "href=\"/people/", "\""));
    format!("/people/{}", id.expect("listed"))
}

#[test]
fn a_person_sees_her_sessions_and_ends_one_and_all_others() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut first = ann.browser.clone();
        let mut ann = signed_in_again(&t, ann).await;
        let mut second = ann.browser.clone();
        let page = second.get("/me/sessions").await.body;
        assert_eq!(page.matches("This one").count(), 1, "{page}");
        let id = other_session(&mut second).await.expect("the first one");
        let end = [("session", id.as_str())];
        assert_eq!(second.submit("/me/sessions/end", &end).await.status, 303);
        assert!(!is_in(&mut first).await && is_in(&mut second).await);
        second.get("/me/sessions").await;
        let again = second.submit("/me/sessions/end", &end).await;
        assert_eq!(again.problem, Some("error-session-ended"));

        let mut others = Vec::new();
        for _ in 0..2 {
            ann = signed_in_again(&t, ann).await;
            others.push(ann.browser.clone());
        }
        second.get("/me/sessions").await;
        let answer = second.submit("/me/sessions/end-others", &[]).await;
        assert_eq!(answer.location(), "/me/sessions");
        for other in &mut others {
            assert!(!is_in(other).await);
        }
        assert!(is_in(&mut second).await);
        assert_eq!(other_session(&mut second).await, None);
        let journal = actions(&t.app, organisation(&t.app).await).await;
        let ended = journal.iter().filter(|did| *did == "session.ended");
        assert_eq!(ended.count(), 3);
    });
}

#[test]
fn nobody_ends_a_session_of_somebody_else_but_an_administrator() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let mut ann = signed_in_again(&t, ann).await;
        let anns = other_session(&mut ann.browser).await.expect("her first");
        tom.browser.get("/me/sessions").await;
        let end = [("session", anns.as_str())];
        let answer = tom.browser.submit("/me/sessions/end", &end).await;
        assert_eq!(answer.problem, Some("error-session-ended"));
        assert_eq!(other_session(&mut ann.browser).await, Some(anns.clone()));
        let page = page_of(&mut ann, &tom.email).await;
        let path = format!("{page}/end-sessions");
        tom.browser.get("/me/sessions").await;
        let answer = tom.browser.submit(&path, &[]).await;
        assert_eq!(answer.problem, Some("error-forbidden"));
        assert!(is_in(&mut tom.browser).await);
        // The twins: the same requests by those who may.
        ann.browser.get(&page).await;
        assert_eq!(ann.browser.submit(&path, &[]).await.location(), page);
        assert!(!is_in(&mut tom.browser).await);
        ann.browser.get("/me/sessions").await;
        let answer = ann.browser.submit("/me/sessions/end", &end).await;
        assert_eq!(answer.location(), "/me/sessions");
        assert_eq!(other_session(&mut ann.browser).await, None);
    });
}

#[test]
fn failures_stand_beside_sign_ins_and_are_ones_own() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        sign_in(&mut t.browser(), &ann.email, "a wrong guess").await;
        let mut browser = t.browser();
        sign_in(&mut browser, &ann.email, PASSWORD).await;
        browser.get("/sign-in/code").await;
        browser.submit("/sign-in/code", &[("code", "000000")]).await;
        let page = ann.browser.get("/me/sessions").await.body;
        let (_, attempts) = page.split_once("Was this you?").expect("the history");
        assert!(attempts.contains("Refused: password"), "{attempts}");
        assert!(attempts.contains("refused: second factor"), "{attempts}");
        assert!(attempts.contains("Signed in"), "{attempts}");
        let rows = attempts.split("<tr data-row>").skip(1);
        for row in rows.filter(|row| row.to_lowercase().contains("refused")) {
            assert!(!row.contains("absent"), "{row}");
        }
        let page = tom.browser.get("/me/sessions").await.body;
        assert!(!page.to_lowercase().contains("refused"), "{page}");
    });
}

#[test]
fn other_entries_do_not_push_failures_out_of_the_history() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        sign_in(&mut t.browser(), &ann.email, "a wrong guess").await;
        // More entries about her account than the page tells of.
        for _ in 0..55 {
            ann.browser.get("/me/security").await;
            let answer = ann.browser.submit("/me/recovery-codes", &[]).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let page = ann.browser.get("/me/sessions").await.body;
        let (_, attempts) = page.split_once("Was this you?").expect("the history");
        assert!(attempts.contains("Refused: password"), "{attempts}");
    });
}
