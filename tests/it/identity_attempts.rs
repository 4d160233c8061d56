//! Guessing: from one network at many names, and by the clock at which names exist.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};

use countersign::identity::throttles::{Key, Limit, attempt, forget};
use countersign::platform::clock::Micros;
use countersign::platform::store::{Reads as _, Sql, StoreError};

use super::support::app::{Answer, Browser, PASSWORD, TestApp, on_both_apps};

/// A try at the sign-in from an address.
async fn try_from(t: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let mut browser: Browser = t.browser();
    browser.get("/sign-in").await;
    let csrf = browser.csrf();
    let address: SocketAddr = format!("{address}:4711").parse().expect("an address");
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("csrf", csrf.as_str()),
            ("email", email),
            ("password", password),
        ])
        .finish();
    let request = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(address));
    browser.send(request, Body::from(body)).await
}

/// How many failures of one network cost nothing (`throttles::ADDRESS`).
const FREE: usize = 30;

#[test]
fn many_names_from_one_network_are_one_guesser() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        for n in 0..=FREE {
            let (address, name) = (format!("192.0.2.{n}"), format!("n{n}@harbour.example"));
            let answer = try_from(&t, &address, &name, "a wrong guess").await;
            assert_eq!(answer.status, 422);
        }
        // No name was tried twice, and the right password from that network is refused for a moment all the same.
        let turns = t.app.hashing.turns();
        let answer = try_from(&t, "192.0.2.250", &ann.email, PASSWORD).await;
        assert_eq!(answer.status, 429, "{}", answer.body);
        assert_eq!(t.app.hashing.turns(), turns, "and costs no turn at hashing");
        let answer = try_from(&t, "198.51.100.1", &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "another network");
        t.store.clock.advance(2_000_000);
        let answer = try_from(&t, "192.0.2.250", &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "the moment is over");
    });
}

/// The twin: as many guesses, each from a network of its own, slow nobody down.
#[test]
fn as_many_guesses_from_many_networks_are_many_people() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        for n in 0..=FREE {
            let (address, name) = (format!("192.0.{n}.7"), format!("n{n}@harbour.example"));
            try_from(&t, &address, &name, "a wrong guess").await;
        }
        let answer = try_from(&t, "192.0.2.250", &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}

#[test]
fn every_attempt_hashes_once_whoever_is_meant() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        ann.invite("nia@harbour.example", &["clerk"]).await;
        let people = ann.browser.get("/people").await.body;
        let id = people
            .split("href=\"/people/")
            .filter_map(|rest| rest.split_once('"'))
            .find(|(_, rest)| {
                rest.split("</tr>")
                    .next()
                    .unwrap_or_default()
                    .contains(&tom.email)
            })
            .map(|(id, _)| id.to_owned())
            .expect("Tom is listed");
        let path = format!("/people/{id}/suspend");
        ann.browser.get(&format!("/people/{id}")).await;
        assert_eq!(ann.browser.submit(&path, &[]).await.status, 303);
        let tries = [
            ("nobody", "who@harbour.example", "a wrong guess"),
            ("no address", "", ""),
            ("the right password", ann.email.as_str(), PASSWORD),
            ("a wrong password", ann.email.as_str(), "a wrong guess"),
            ("somebody suspended", tom.email.as_str(), PASSWORD),
            ("somebody invited", "nia@harbour.example", PASSWORD),
        ];
        let turns = || t.app.hashing.turns();
        for (what, email, password) in tries {
            let before = turns();
            try_from(&t, "198.51.100.1", email, password).await;
            assert_eq!(turns() - before, 1, "{what}");
        }
        for _ in 0..12 {
            let before = turns();
            try_from(&t, "198.51.100.1", &ann.email, "a wrong guess").await;
            assert_eq!(
                turns() - before,
                1,
                "on the way into the lock, and behind it"
            );
        }
    });
}

async fn counted(t: &TestApp) -> usize {
    const ROWS: Sql = Sql::lookup("SELECT id FROM throttles ORDER BY id");
    let found: Result<Vec<(String,)>, StoreError> =
        t.app.store.lookup(|lookup| lookup.all(&ROWS, [])).await;
    found.expect("the database answers").len()
}

#[test]
fn what_was_tried_a_day_ago_is_deleted_and_what_is_locked_stays() {
    on_both_apps(|t| async move {
        t.set_up().await;
        t.store.clock.advance(Micros::DAY);
        forget(&t.app).await.expect("deleted");
        assert_eq!(counted(&t).await, 0);
        // A lock that is longer than all is remembered.
        let lock = [Key::account(
            "a lock",
            Limit {
                free: 0,
                lock_at: 1,
                locked_us: 2 * Micros::DAY,
                forget_us: Micros::HOUR,
            },
        )];
        let tries = async || attempt(&t.app, &lock).await.expect("the database answers");
        assert!(tries().await);
        try_from(&t, "192.0.2.7", "who@harbour.example", "a wrong guess").await;
        assert_eq!(counted(&t).await, 3, "the lock, the name and the network");
        t.store.clock.advance(Micros::DAY - 1);
        forget(&t.app).await.expect("nothing yet");
        assert_eq!(counted(&t).await, 3, "a moment before");
        t.store.clock.advance(1);
        assert_eq!(counted(&t).await, 3, "the twin: nothing goes by itself");
        forget(&t.app).await.expect("deleted");
        assert_eq!(counted(&t).await, 1);
        assert!(!tries().await, "it is locked still");
        t.store.clock.advance(Micros::DAY);
        forget(&t.app).await.expect("deleted");
        assert_eq!(counted(&t).await, 0, "the lock is over");
    });
}
