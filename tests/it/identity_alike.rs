//! Guessing which names have an account, by the clock: the times of known and unknown names are told apart no better than by a coin.
//!
//! The clock of the program is moved by hand, so that a sample does not wait for the throttle. Pairs are taken in turns, in an order
//! that changes, so that what else the machine does falls on both alike.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use countersign::platform::clock::Micros;
use serde_json::json;

use super::support::app::{Browser, TestApp};
use super::support::stores::TestStore;
use super::support::{counts, measured};

const PART: &str = "identity_alike";
const RESULT: &str = "known and unknown names";

/// A form as somebody sends it, from a network of its own.
struct Try {
    path: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Try {
    fn sign_in(email: &str, password: &str) -> Self {
        Self {
            path: "/sign-in",
            fields: vec![
                ("email", email.to_owned()),
                ("password", password.to_owned()),
            ],
        }
    }

    fn forgotten(email: &str) -> Self {
        Self {
            path: "/forgot-password",
            fields: vec![("email", email.to_owned())],
        }
    }

    /// How long the answer takes, the page with the form aside, and what it says.
    async fn time(&self, browser: &mut Browser, n: usize) -> (Duration, u16, String) {
        browser.get(self.path).await;
        let csrf = browser.csrf();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &csrf)
            .extend_pairs(&self.fields)
            .finish();
        let network = format!("10.{}.{}.7:4711", n / 250 % 250, n % 250);
        let address: SocketAddr = network.parse().expect("an address");
        let request = Request::post(self.path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .extension(ConnectInfo(address));
        let began = Instant::now();
        let answer = browser.send(request, Body::from(body)).await;
        let took = began.elapsed();
        let said = self
            .fields
            .iter()
            .fold(answer.body, |said, (_, typed)| match typed.as_str() {
                "" => said,
                typed => said.replace(typed, ""),
            });
        (
            took,
            answer.status,
            said.replace(&csrf, "").replace(&browser.csrf(), ""),
        )
    }
}

/// How often a time of `a` is above one of `b`: 0.5 where nothing is told.
fn told_apart(a: &[Duration], b: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = a
        .iter()
        .map(|time| (*time, true))
        .chain(b.iter().map(|time| (*time, false)))
        .collect();
    all.sort();
    let (mut below, mut wins) = (0u64, 0u64);
    for (_, is_a) in all {
        if is_a {
            wins += below;
        } else {
            below += 1;
        }
    }
    let pairs = u64::try_from(a.len() * b.len()).expect("it fits");
    f64::from(u32::try_from(wins * 10_000 / pairs.max(1)).expect("it fits")) / 10_000.0
}

/// Locks a name: ten failures, each when it is let through.
async fn lock(t: &TestApp, email: &str) {
    for n in 0..10 {
        Try::sign_in(email, "a wrong guess")
            .time(&mut t.browser(), n)
            .await;
        t.store.clock.advance(20 * Micros::SECOND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_alike_by_the_clock() {
    if measured::already(PART, RESULT) {
        return;
    }
    let (count, began) = (counts::of(PART, 24, 10_000), Instant::now());
    let is_full = counts::running() == PART;
    let open = TestApp::on(std::sync::Arc::new(TestStore::embedded().await));
    let mut ann = open.set_up().await;
    ann.invite("nia@harbour.example", &["clerk"]).await;
    let locked = TestApp::on(std::sync::Arc::new(TestStore::embedded().await));
    locked.set_up().await;
    for name in [ann.email.as_str(), "who@harbour.example"] {
        lock(&locked, name).await;
    }
    let known = ann.email.as_str();
    let pairs = [
        (
            "a wrong password",
            &open,
            Try::sign_in(known, "a wrong guess"),
            Try::sign_in("who@harbour.example", "a wrong guess"),
        ),
        (
            "no password",
            &open,
            Try::sign_in(known, ""),
            Try::sign_in("who@harbour.example", ""),
        ),
        (
            "an invited name",
            &open,
            Try::sign_in("nia@harbour.example", "a wrong guess"),
            Try::sign_in("who@harbour.example", "a wrong guess"),
        ),
        (
            "a locked name",
            &locked,
            Try::sign_in(known, "a wrong guess"),
            Try::sign_in("who@harbour.example", "a wrong guess"),
        ),
        (
            "a forgotten password",
            &open,
            Try::forgotten(known),
            Try::forgotten("who@harbour.example"),
        ),
    ];
    let mut times = vec![(Vec::new(), Vec::new()); pairs.len()];
    for n in 0..usize::try_from(count).expect("it fits") {
        for (place, (what, t, there, not_there)) in pairs.iter().enumerate() {
            if !std::ptr::eq(*t, &locked) {
                // Yesterday's failures are forgotten.
                t.store.clock.advance(Micros::DAY);
            }
            let (mut first, mut second) = (t.browser(), t.browser());
            let (a, b) = if n % 2 == 0 {
                let a = there.time(&mut first, n).await;
                (a, not_there.time(&mut second, n).await)
            } else {
                let b = not_there.time(&mut second, n).await;
                (there.time(&mut first, n).await, b)
            };
            assert_eq!((a.1, &a.2), (b.1, &b.2), "{what}: the answers differ");
            times[place].0.push(a.0);
            times[place].1.push(b.0);
        }
    }
    let mut figures = serde_json::Map::new();
    for ((what, ..), (a, b)) in pairs.iter().zip(&times) {
        let chance = told_apart(a, b);
        eprintln!("{what}: known is slower in {chance} of all pairs");
        // A few samples show only that the work is not left out; all of them show that nothing is told.
        let fair = if is_full { 0.45..=0.55 } else { 0.1..=0.9 };
        assert!(fair.contains(&chance), "{what}: {chance}");
        figures.insert((*what).to_owned(), json!(chance));
    }
    measured::record(PART, RESULT, count, 0, began.elapsed(), figures.into());
}

#[test]
fn a_name_that_costs_less_work_is_told_apart() {
    let ms = |ms| Duration::from_millis(ms);
    let slow: Vec<Duration> = (30..60).map(ms).collect();
    let fast: Vec<Duration> = (0..30).map(ms).collect();
    assert!(told_apart(&slow, &fast) > 0.99 && told_apart(&fast, &slow) < 0.01);
    let same = told_apart(&slow, &slow);
    assert!((0.45..=0.55).contains(&same), "{same}");
}
