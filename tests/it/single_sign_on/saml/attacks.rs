//! Responses that let nobody in, each beside the one that does.

use super::{House, posted};
use crate::support::app::{Answer, Browser, on_both_apps};
use crate::support::idp::Idp;

pub fn refused(answer: &Answer) -> bool {
    let is_session = |value: &axum::http::HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.starts_with("__Host-session="))
    };
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    answer.status == 403 && !cookies.any(is_session)
}

#[test]
fn a_response_counts_in_the_browser_that_asked() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut hers, mut thiefs) = (house.t.browser(), house.t.browser());
        let begun = house.begin(&mut hers).await;
        house.begin(&mut thiefs).await;
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        let stolen = house.post(&mut thiefs, &response, &begun.relay).await;
        assert!(refused(&stolen), "{}", stolen.status);
        let mut without = house.t.browser();
        assert!(refused(
            &house.post(&mut without, &response, &begun.relay).await
        ));
        let done = house.post(&mut hers, &response, &begun.relay).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn a_request_is_answered_once_and_by_its_own_response() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let first = house.begin(&mut browser).await;
        let second = house.begin(&mut browser).await;
        let to_first = house.idp.response(&house.facts(Some(&first.request)));
        let swapped = house.post(&mut browser, &to_first, &second.relay).await;
        assert!(refused(&swapped), "the other request's response");
        let done = house.post(&mut browser, &to_first, &first.relay).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
        let again = house.post(&mut browser, &to_first, &first.relay).await;
        assert!(refused(&again), "a second time");
    });
}

#[test]
fn an_assertion_counts_once_on_whichever_node() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        house.connection = house.connect(&[("unsolicited", "yes")]).await;
        let node = house.t.second_node();
        let (mut here, mut there) = (house.t.browser(), Browser::new(node));
        let response = house.idp.response(&house.facts(None));
        let done = house.post(&mut here, &response, "").await;
        assert_eq!(done.location(), "/", "{}", done.body);
        assert!(
            refused(&house.post(&mut there, &response, "").await),
            "a replay"
        );
        let another = house.idp.response(&house.facts(None));
        let done = house.post(&mut there, &another, "").await;
        assert_eq!(done.location(), "/", "the twin: another assertion");
    });
}

#[test]
fn the_identity_provider_begins_only_where_it_may() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let response = house.idp.response(&house.facts(None));
        assert!(refused(&house.post(&mut browser, &response, "").await));
        house.connection = house.connect(&[("unsolicited", "yes")]).await;
        let response = house.idp.response(&house.facts(None));
        let done = house.post(&mut browser, &response, "").await;
        assert_eq!(done.location(), "/", "{}", done.body);
    });
}

#[test]
fn a_response_for_another_connection_is_for_nobody_here() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let first = house.connection;
        let second = house.connect(&[]).await;
        let mut browser = house.t.browser();
        let begun = house.begin(&mut browser).await;
        // Made for the second, by the same identity provider and in answer to the first's request.
        house.connection = second;
        let meant_for_second = house.facts(Some(&begun.request));
        let response = house.idp.response(&meant_for_second);
        house.connection = first;
        assert!(refused(
            &house.post(&mut browser, &response, &begun.relay).await
        ));
        let begun = house.begin(&mut browser).await;
        let path = format!("/sso/{second}/acs");
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        let fields = [
            ("SAMLResponse", response.as_str()),
            ("RelayState", &begun.relay),
        ];
        let crossed = posted(&mut browser, &path, &fields).await;
        assert!(refused(&crossed), "its request is another connection's");
        let done = house.post(&mut browser, &response, &begun.relay).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn a_response_that_is_late_unsigned_or_of_somebody_elses_key_is_refused() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let begun = house.begin(&mut browser).await;
        let facts = house.facts(Some(&begun.request));
        let unsigned = house
            .post(&mut browser, &house.idp.unsigned(&facts), &begun.relay)
            .await;
        assert!(refused(&unsigned), "unsigned");
        let begun = house.begin(&mut browser).await;
        let facts = house.facts(Some(&begun.request));
        let forged = house
            .post(&mut browser, &Idp::new().response(&facts), &begun.relay)
            .await;
        assert!(refused(&forged), "another key");
        let begun = house.begin(&mut browser).await;
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        house.t.store.clock.advance(9 * 60_000_000);
        let late = house.post(&mut browser, &response, &begun.relay).await;
        assert!(refused(&late), "late");
        let done = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(done.location(), "/bills", "the twin: signed, and in time");
    });
}

#[test]
fn a_request_that_was_made_too_long_ago_is_answered_by_nothing() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let begun = house.begin(&mut browser).await;
        house.t.store.clock.advance(15 * 60_000_000);
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        assert!(refused(
            &house.post(&mut browser, &response, &begun.relay).await
        ));
    });
}

#[test]
fn whoever_is_refused_reads_a_number_and_the_administrator_reads_why() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let answer = house
            .arrives(&mut browser, |facts| {
                facts.audience = "https://elsewhere.example/".to_owned()
            })
            .await;
        assert!(refused(&answer));
        let number = crate::support::app::between(&answer.body, "<code>", "</code>");
        let number = number.expect("a number").to_owned();
        assert!(
            !answer.body.contains("elsewhere.example"),
            "{}",
            answer.body
        );
        let page = house.page().await;
        assert!(page.contains(&number), "{page}");
        assert!(
            page.contains("elsewhere.example"),
            "the check says for whom it is"
        );
        assert!(!page.contains("ingrid"), "and not whom it names");
    });
}

#[test]
fn a_flood_makes_nothing_grow() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        for _ in 0..120 {
            assert!(refused(&house.post(&mut browser, "!", "").await));
        }
        let page = house.page().await;
        let count = page.matches("</h3><p class=\"fine\">").count();
        assert_eq!(count, 20, "the newest alone are kept");
    });
}
