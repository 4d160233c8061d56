//! The setup, through its pages: once, by one link.

use countersign::platform::clock::Micros;

use super::{actions, organisation};
use crate::support::app::{PASSWORD, on_both_apps};

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

/// The short name is not in the name: `kaserei-nord`.
#[test]
fn the_organisations_short_name_is_in_nobodys_password() {
    on_both_apps(|t| async move {
        const TAKEN: &str = "Kaserei2026";
        let mut browser = t.founded("Käserei Nord").await;
        let before = browser.clone();
        let administrator = [
            ("name", "Ann Lindqvist"),
            ("email", "ann@harbour.example"),
            ("password", TAKEN),
            ("password_again", TAKEN),
        ];
        let refused = browser
            .submit_all("/setup/administrator", &administrator)
            .await;
        assert_eq!(refused.location(), "", "{}", refused.body);
        let mut ann = t.administered(before).await;
        ann.browser.get("/me").await;
        let change = [
            ("current", PASSWORD),
            ("password", TAKEN),
            ("password_again", TAKEN),
        ];
        let refused = ann.browser.submit("/me/password", &change).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let link = ann.invite("tom@harbour.example", &["clerk"]).await;
        let mut toms = t.browser();
        toms.get(&link).await;
        let chosen = |password| {
            [
                ("name", "Tom"),
                ("password", password),
                ("password_again", password),
            ]
        };
        let refused = toms.submit(&link, &chosen(TAKEN)).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let taken = toms.submit(&link, &chosen(PASSWORD)).await;
        assert_eq!(taken.location(), "/enrol", "{}", taken.body);
    });
}
