//! What stops each attack, taken away: the same bytes are let in then, so that nothing else had stopped them. What is kept of
//! requests and assertions is taken away behind the application's back, what a response says by expecting what it says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{Check, CheckId, Expected, Refused, Status, Verified, Verifier};
use jiff::Timestamp;

use super::attacks::refused;
use super::{House, OURS};
use crate::support::app::{Browser, on_both_apps};
use crate::support::idp::Facts;

const MINUTE_US: i64 = 60_000_000;
const ELSEWHERE: &str = "https://elsewhere.example/";
const CHECKS: Sql = Sql::read(
    "SELECT checks FROM sso_failures WHERE org_id = $1 ORDER BY at_us DESC, id DESC LIMIT 1",
);

#[test]
fn a_stolen_response_is_stopped_by_the_browsers_name_and_by_nothing_else() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut thiefs, mut hers) = (house.t.browser(), house.t.browser());
        house.begin(&mut thiefs).await;
        house.t.store.clock.advance(MINUTE_US);
        let begun = house.begin(&mut hers).await;
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        let stolen = house.post(&mut thiefs, &response, &begun.relay).await;
        assert!(refused(&stolen), "{}", stolen.status);
        // The thief's own request is the older one: from now on hers was asked in the thief's browser.
        let bound = "UPDATE sso_requests SET bound = (SELECT bound FROM sso_requests ORDER BY expires_us LIMIT 1)";
        house.t.store.behind_the_back(bound).await;
        let stolen = house.post(&mut thiefs, &response, &begun.relay).await;
        assert_eq!(stolen.location(), "/bills", "{}", stolen.body);
    });
}

#[test]
fn a_replay_is_stopped_twice_on_either_node() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut here = house.t.browser();
        let begun = house.begin(&mut here).await;
        let mut there = Browser::new(house.t.second_node());
        there.cookies = here.cookies.clone();
        let behind = async |sql: &str| house.t.store.behind_the_back(sql).await;
        let response = house.idp.response(&house.facts(Some(&begun.request)));
        let replay = async |browser: &mut Browser| {
            let answer = house.post(browser, &response, &begun.relay).await;
            (!refused(&answer)).then(|| answer.location().to_owned())
        };
        behind("CREATE TABLE kept_requests AS SELECT * FROM sso_requests").await;
        assert_eq!(replay(&mut here).await.as_deref(), Some("/bills"));
        behind("CREATE TABLE kept_seen AS SELECT * FROM sso_seen; DELETE FROM sso_seen").await;
        assert_eq!(replay(&mut there).await, None, "its request is answered");
        behind(
            "INSERT INTO sso_seen SELECT * FROM kept_seen; INSERT INTO sso_requests SELECT * FROM kept_requests",
        )
        .await;
        assert_eq!(replay(&mut there).await, None, "the assertion was used");
        behind("DELETE FROM sso_seen; INSERT INTO sso_requests SELECT * FROM kept_requests").await;
        assert_eq!(replay(&mut there).await.as_deref(), Some("/bills"));
    });
}

/// Which checks failed of the response that was refused last.
async fn failed(house: &House) -> Vec<String> {
    let scope = crate::identity::organisation(&house.t.app).await;
    let found: Result<(String,), StoreError> = house
        .t
        .app
        .store
        .read(scope, |read| read.one(&CHECKS, []))
        .await;
    let checks: Vec<serde_json::Value> =
        serde_json::from_str(&found.expect("it was noted").0).expect("JSON");
    let of_failed = |check: &serde_json::Value| {
        (check["status"] == "failed").then(|| check["id"].as_str().expect("a name").to_owned())
    };
    checks.iter().filter_map(of_failed).collect()
}

/// What is expected of a response.
struct Wanted<'a> {
    entity: &'a str,
    acs: &'a str,
    request: &'a str,
    at: Timestamp,
}

/// Verifies as the server does, for other expectations.
fn verified(house: &House, response: &str, wanted: &Wanted<'_>) -> Result<Verified, Refused> {
    let metadata = house.idp.metadata();
    let idp = IdentityProvider::choose(metadata.as_bytes(), None).expect("our own metadata");
    let verifier = Verifier {
        idp: &idp,
        sp_entity: wanted.entity,
        acs: wanted.acs,
        key: None,
        policy: Policy::SIGN_IN,
    };
    let xml = STANDARD.decode(response).expect("our own base64");
    verifier.verify(&xml, Expected::Request(wanted.request), wanted.at)
}

fn only_failed(refused: &Refused) -> Vec<CheckId> {
    let is_failed = |check: &&Check| check.status == Status::Failed;
    let failed = refused.checks.iter().filter(is_failed);
    failed.map(|check| check.id).collect()
}

/// Refused by the server for one reason; accepted by the same verifier once that reason is taken away.
async fn stopped_by(
    house: &House,
    change: impl Fn(&mut Facts),
    checks: &[&str],
    unguarded: impl Fn(&mut Wanted<'_>),
) -> Result<Verified, Refused> {
    // What is refused last is the newest by its time.
    house.t.store.clock.advance(1_000_000);
    let mut browser = house.t.browser();
    let begun = house.begin(&mut browser).await;
    let mut facts = house.facts(Some(&begun.request));
    change(&mut facts);
    let response = house.idp.response(&facts);
    let answer = house.post(&mut browser, &response, &begun.relay).await;
    assert!(refused(&answer), "{checks:?}");
    assert_eq!(failed(house).await, checks);
    let now = house.t.app.now();
    let (entity, acs) = (
        format!("{OURS}{}", house.at("metadata")),
        format!("{OURS}{}", house.at("acs")),
    );
    let mut wanted = Wanted {
        entity: &entity,
        acs: &acs,
        request: &begun.request,
        at: Timestamp::from_microsecond(now.0).expect("a moment"),
    };
    assert!(verified(house, &response, &wanted).is_err(), "{checks:?}");
    unguarded(&mut wanted);
    verified(house, &response, &wanted)
}

#[test]
fn for_whom_when_and_in_answer_to_what_are_each_the_one_thing_that_stops() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let audience = stopped_by(
            &house,
            |facts| facts.audience = ELSEWHERE.to_owned(),
            &["audience"],
            |wanted| wanted.entity = ELSEWHERE,
        );
        audience.await.expect("for whoever it was made");
        let request = stopped_by(
            &house,
            |facts| facts.request = Some("another-request".to_owned()),
            &["in_response_to"],
            |wanted| wanted.request = "another-request",
        );
        request.await.expect("in answer to the other request");
        let time = stopped_by(
            &house,
            |facts| facts.now = facts.now.plus_us(-9 * MINUTE_US),
            &["subject_confirmation", "conditions"],
            |wanted| {
                let minutes = jiff::SignedDuration::from_mins(9);
                wanted.at = wanted.at.checked_sub(minutes).expect("a moment");
            },
        );
        time.await.expect("at its time");
    });
}

/// Both name one address of ours, so that expecting the attacker's turns the other one's answer: each stops alone.
#[test]
fn where_it_was_sent_and_who_may_present_it_are_each_the_one_thing_that_stops() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let recipient = stopped_by(
            &house,
            |facts| {
                facts.destination = Some(facts.recipient.clone());
                facts.recipient = ELSEWHERE.to_owned();
            },
            &["subject_confirmation"],
            |wanted| wanted.acs = ELSEWHERE,
        );
        let refused = recipient.await.expect_err("its destination is ours");
        assert_eq!(only_failed(&refused), [CheckId::Destination]);
        let destination = stopped_by(
            &house,
            |facts| facts.destination = Some(ELSEWHERE.to_owned()),
            &["destination"],
            |wanted| wanted.acs = ELSEWHERE,
        );
        let refused = destination.await.expect_err("its recipient is ours");
        assert_eq!(only_failed(&refused), [CheckId::SubjectConfirmation]);
    });
}
