//! Answers that let nobody in, each beside the one that does.

use std::collections::BTreeMap;

use serde_json::json;

use super::{House, connect, refused};
use crate::support::app::on_both_apps;

#[test]
fn an_answer_counts_in_the_browser_that_asked() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut hers, mut thiefs) = (house.t.browser(), house.t.browser());
        let asked = house.begin(&mut hers).await;
        house.begin(&mut thiefs).await;
        let token = house.idp.signer().sign(&house.claims(&asked));
        let stolen = house.brings(&mut thiefs, &asked, token.clone()).await;
        assert!(refused(&stolen), "another browser's state");
        let without = house
            .brings(&mut house.t.browser(), &asked, token.clone())
            .await;
        assert!(refused(&without), "a browser without a cookie");
        assert_eq!(house.idp.says().exchanges.len(), 0, "no code was shown");
        let done = house.brings(&mut hers, &asked, token).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn a_state_is_there_is_ours_and_counts_once() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let token = || house.idp.signer().sign(&house.claims(&asked));
        let code = house.idp.code(&asked, token());
        assert!(refused(
            &house.returns(&mut browser, &[("code", &code)]).await
        ));
        let foreign = "A".repeat(43);
        for state in ["", "x", foreign.as_str()] {
            let pairs = [("state", state), ("code", code.as_str())];
            assert!(
                refused(&house.returns(&mut browser, &pairs).await),
                "{state}"
            );
        }
        let pairs = [("state", asked.state.as_str()), ("code", &code)];
        let done = house.returns(&mut browser, &pairs).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
        let again = house.brings(&mut browser, &asked, token()).await;
        assert!(refused(&again), "a second time, with a code of its own");
    });
}

/// The guard taken away: with the row of the question put back the same state counts again, so that it is the row that stops it.
#[test]
fn a_state_whose_question_is_put_back_counts_again() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let store = &house.t.store;
        let keep = "CREATE TABLE kept_requests AS SELECT * FROM sso_requests";
        store.behind_the_back(keep).await;
        let token = || house.idp.signer().sign(&house.claims(&asked));
        house.brings(&mut browser, &asked, token()).await;
        assert!(refused(&house.brings(&mut browser, &asked, token()).await));
        let back = "INSERT INTO sso_requests SELECT * FROM kept_requests";
        store.behind_the_back(back).await;
        let done = house.brings(&mut browser, &asked, token()).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn a_state_that_was_given_too_long_ago_or_before_a_change_answers_nothing() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let path = format!("/settings/sign-in/connections/{}", house.connection);
        let issuer = house.idp.issuer();
        let changed = [
            ("name", "Head office"),
            ("issuer", issuer.as_str()),
            ("client_id", "countersign"),
            ("email", "email"),
            ("just_in_time", "yes"),
            ("trusts_factor", "yes"),
        ];
        super::super::posts(&mut house.ann, &path, &changed).await;
        let token = house.idp.signer().sign(&house.claims(&asked));
        let answer = house.brings(&mut browser, &asked, token).await;
        assert!(refused(&answer), "the connection is another one now");
        let done = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(
            done.location(),
            "/bills",
            "the twin, by the secret that stayed"
        );
        let asked = house.begin(&mut browser).await;
        house.t.store.clock.advance(15 * 60_000_000);
        let token = house.idp.signer().sign(&house.claims(&asked));
        let answer = house.brings(&mut browser, &asked, token).await;
        assert!(refused(&answer), "late");
    });
}

#[test]
fn another_connections_state_is_none_here() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let first = house.connection;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        house.connection = connect(&mut house.ann, &house.idp, &[("name", "Second")]).await;
        let token = house.idp.signer().sign(&house.claims(&asked));
        assert!(refused(
            &house.brings(&mut browser, &asked, token.clone()).await
        ));
        house.connection = first;
        let done = house.brings(&mut browser, &asked, token).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

/// A thief brings a code of Ingrid's into a sign-in of his own. The verifier stops him at the provider. Take that away, and the
/// nonce stops him here. Take that away as well, and he is Ingrid: nothing else would.
#[test]
fn a_stolen_code_is_worth_nothing_in_another_sign_in() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut thief = house.t.browser();
        let stolen = house.begin(&mut house.t.browser()).await;
        let his = house.begin(&mut thief).await;
        let token = house.idp.signer().sign(&house.claims(&stolen));
        let code = house.idp.code(&stolen, token.clone());
        let injected = [("state", his.state.as_str()), ("code", &code)];
        assert!(refused(&house.returns(&mut thief, &injected).await));
        assert!(
            house
                .page()
                .await
                .contains("refused the code: invalid_grant")
        );

        house.idp.says().checks_challenges = false;
        house.t.store.clock.advance(1_000_000);
        let his = house.begin(&mut thief).await;
        let code = house.idp.code(&stolen, token);
        let injected = [("state", his.state.as_str()), ("code", &code)];
        assert!(refused(&house.returns(&mut thief, &injected).await));
        assert!(house.page().await.contains("another request (nonce)"));

        let his = house.begin(&mut thief).await;
        let token = house.idp.signer().sign(&house.claims(&his));
        let code = house.idp.code(&stolen, token);
        let injected = [("state", his.state.as_str()), ("code", &code)];
        let done = house.returns(&mut thief, &injected).await;
        assert_eq!(done.location(), "/bills", "both guards are gone");
    });
}

#[test]
fn a_code_of_another_issuer_is_shown_to_nobody() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let token = house.idp.signer().sign(&house.claims(&asked));
        let code = house.idp.code(&asked, token);
        let mixed = [
            ("state", asked.state.as_str()),
            ("code", &code),
            ("iss", "https://thief.example"),
        ];
        assert!(refused(&house.returns(&mut browser, &mixed).await));
        assert_eq!(house.idp.says().exchanges.len(), 0);
        assert!(house.page().await.contains("mixed two providers up"));
        let asked = house.begin(&mut browser).await;
        let code = house
            .idp
            .code(&asked, house.idp.signer().sign(&house.claims(&asked)));
        let issuer = house.idp.issuer();
        let named = [
            ("state", asked.state.as_str()),
            ("code", &code),
            ("iss", &issuer),
        ];
        let done = house.returns(&mut browser, &named).await;
        assert_eq!(done.location(), "/bills", "the twin: it names itself");
    });
}

/// RFC 9207, 2.4: who says that it names itself in every answer has not given an answer without.
#[test]
fn an_answer_without_the_issuer_is_refused_where_the_provider_always_names_itself() {
    on_both_apps(|t| async move {
        let idp = crate::support::openid::OpenId::new();
        let names = "authorization_response_iss_parameter_supported".to_owned();
        idp.says().description = BTreeMap::from([(names, json!(true))]);
        let house = House::with(t, idp).await;
        let mut browser = house.t.browser();
        assert!(refused(&house.arrives(&mut browser, |_| {}).await));
        assert_eq!(house.idp.says().exchanges.len(), 0);
        let asked = house.begin(&mut browser).await;
        let code = house
            .idp
            .code(&asked, house.idp.signer().sign(&house.claims(&asked)));
        let issuer = house.idp.issuer();
        let named = [
            ("state", asked.state.as_str()),
            ("code", &code),
            ("iss", &issuer),
        ];
        let done = house.returns(&mut browser, &named).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn nobody_is_sent_elsewhere_after_signing_in() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        for (next, to) in [
            ("https%3A%2F%2Fevil.example", "/"),
            ("%2F%2Fevil.example", "/"),
            ("%2F%5Cevil.example", "/"),
            ("%2Fbills", "/bills"),
        ] {
            let mut browser = house.t.browser();
            let start = house.at(&format!("start?next={next}"));
            let answer = browser.get(&start).await;
            let asked = crate::support::openid::Asked::of(answer.location());
            let token = house.idp.signer().sign(&house.claims(&asked));
            let done = house.brings(&mut browser, &asked, token).await;
            assert_eq!(done.location(), to, "{next}");
        }
    });
}

#[test]
fn the_token_endpoint_leads_nowhere_and_floods_nobody() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        for (status, body, said) in [
            (302, String::new(), "the answer is 302 Found"),
            (307, String::new(), "the answer is 307 Temporary Redirect"),
            (200, " ".repeat(600 * 1024), "larger than 524288 bytes"),
            (400, " ".repeat(600 * 1024), "larger than 524288 bytes"),
            (500, String::new(), "the answer is 500"),
            (200, "{}".to_owned(), "gave no id token"),
            (400, "<html>".to_owned(), "it does not say why"),
        ] {
            house.idp.says().token_answer = Some((status, body));
            house.t.store.clock.advance(1_000_000);
            let answer = house.arrives(&mut house.t.browser(), |_| {}).await;
            assert!(refused(&answer), "{said}");
            let page = house.page().await;
            let latest = page.split("<h3>").nth(1).expect("a failure");
            assert!(latest.contains(said), "{said}: {latest}");
        }
        assert_eq!(house.idp.says().key_fetches, 2, "no redirect was followed");
        house.idp.says().token_answer = None;
        let done = house.arrives(&mut house.t.browser(), |_| {}).await;
        assert_eq!(done.location(), "/bills", "the twin: an honest answer");
    });
}
