//! A load balancer says first whom a connection is of: it is believed where it is configured, and nobody else is.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use countersign::platform::config::Prefixes;

use super::{Edge, read_all, routes};
use crate::support::app::{PASSWORD, on_both_apps};
use crate::support::client::Client;
use crate::support::desk::Desk;

/// How many failures of one network cost nothing (`throttles::ADDRESS`).
const FREE: usize = 30;
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\0\0";

/// What a load balancer says for a client (version 2).
fn of(client: &str) -> Vec<u8> {
    let client: SocketAddr = client.parse().expect("an address and a port");
    let SocketAddr::V4(client) = client else {
        panic!("{client} is not of IPv4");
    };
    let parts = [
        SIGNATURE,
        b"\x21\x11\0\x0c",
        &client.ip().octets(),
        &[127, 0, 0, 1],
        &client.port().to_be_bytes(),
        &443_u16.to_be_bytes(),
    ];
    parts.concat()
}

fn loopback() -> Prefixes {
    Prefixes::parse("127.0.0.0/8, ::1").expect("networks")
}

fn behind(routes: Router) -> Edge {
    Edge::around(routes, &loopback(), |limits| {
        // An unoptimised program on a busy machine hashes a password.
        let minute = Duration::from_secs(60);
        (
            limits.handshake_timeout,
            limits.header_timeout,
            limits.request_timeout,
            limits.idle_timeout,
        ) = (minute, minute, minute, minute);
    })
}

/// Where the server thinks that a connection comes from which begins so; none where it was closed.
fn place(edge: &Edge, first: &[u8]) -> Option<String> {
    let mut client = edge.client().saying(first);
    let answer = client.try_request("GET", "/address", &[], &[]);
    answer.ok().map(|answer| answer.text())
}

#[test]
fn a_load_balancer_is_believed_and_says_something_or_is_hung_up_on() {
    let edge = behind(routes());
    assert_eq!(
        place(&edge, &of("203.0.113.9:56324")).as_deref(),
        Some("203.0.113.9:56324")
    );
    let line = b"PROXY TCP6 2001:db8::9 2001:db8::1 56324 443\r\n";
    assert_eq!(
        place(&edge, line).as_deref(),
        Some("[2001:db8::9]:56324"),
        "in words"
    );
    // It speaks for itself, or knows nobody.
    for own in [LOCAL, b"PROXY UNKNOWN\r\n"] {
        let found = place(&edge, own).expect("it is served");
        assert!(found.starts_with("127.0.0.1:"), "{found}");
    }
    let twice = [of("203.0.113.9:1"), of("198.51.100.7:1")].concat();
    let in_other_words = b"PROXY TCP4 203.0.113.9 127.0.0.1 1\r\n";
    let too_long = [SIGNATURE, b"\x21\x11\xff\xff", &[0; 64]].concat();
    let refused: [(&str, &[u8]); 4] = [
        ("no header", b""),
        ("a second header, which is the client's", &twice),
        ("a line that lacks a word", in_other_words),
        ("more than anybody says", &too_long),
    ];
    for (what, first) in refused {
        assert_eq!(place(&edge, first), None, "{what}");
    }
    let mut tcp = edge.tcp();
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("it listens");
    assert!(read_all(&mut tcp).is_empty(), "not even an alert");
}

/// The twin: whoever is not configured cannot say who he is, and needs not.
#[test]
fn whoever_is_no_load_balancer_says_nothing_of_where_he_is() {
    for proxies in ["", "10.0.0.0/8, 2001:db8::/32"] {
        let proxies = Prefixes::parse(proxies).unwrap_or_default();
        let edge = Edge::around(routes(), &proxies, |_| {});
        let own = place(&edge, b"").expect("it is served");
        assert!(own.starts_with("127.0.0.1:"), "{own}");
        for first in [
            &of("203.0.113.9:56324")[..],
            b"PROXY TCP4 203.0.113.9 127.0.0.1 56324 443\r\n",
            LOCAL,
        ] {
            assert_eq!(place(&edge, first), None);
        }
    }
}

#[test]
fn a_header_that_never_ends_is_cut() {
    let edge = Edge::around(routes(), &loopback(), |_| {});
    for start in [&b"PROXY TCP4 203."[..], &SIGNATURE[..5], b""] {
        let mut tcp = edge.tcp();
        tcp.write_all(start).expect("it listens");
        let mut byte = [0];
        assert_eq!(tcp.read(&mut byte).expect("it is closed in time"), 0);
    }
}

/// A try at the sign-in by way of a load balancer: where it leads, or how it is refused.
fn tried(client: Client, email: &str, password: &str) -> Result<String, u16> {
    let mut desk = Desk::at(client);
    desk.get("/sign-in");
    let answer = desk.submit("/sign-in", &[("email", email), ("password", password)]);
    let to = answer.header("location").map(str::to_owned);
    to.ok_or(answer.status)
}

/// Guesses of one network, and then the right password from it and from another one.
fn guessed(router: Router, email: &str) -> Edge {
    let edge = behind(router);
    let from = |client: &str| edge.client().saying(&of(client));
    let guess = "a wrong guess";
    assert_eq!(tried(from("203.0.113.9:1"), email, guess), Err(422));
    for n in 0..FREE {
        let name = format!("n{n}@harbour.example");
        let answer = tried(from(&format!("203.0.113.{n}:1")), &name, guess);
        assert_eq!(answer, Err(422), "{n}");
    }
    assert_eq!(tried(from("203.0.113.250:1"), email, PASSWORD), Err(429));
    let other = tried(from("198.51.100.7:1"), email, PASSWORD);
    assert_eq!(other.as_deref(), Ok("/sign-in/code"), "another network");
    let own = tried(edge.client().saying(LOCAL), email, PASSWORD);
    assert_eq!(own.as_deref(), Ok("/sign-in/code"), "nor its own network");
    edge
}

#[test]
fn guesses_behind_a_load_balancer_are_of_the_network_that_it_names() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let (router, email) = (t.router(), ann.email.clone());
        let edge = tokio::task::spawn_blocking(move || guessed(router, &email));
        let edge = edge.await.expect("it went through");
        let page = ann.browser.get("/me/sessions").await.body;
        // A runtime ends where somebody may wait for it.
        let ended = tokio::task::spawn_blocking(move || drop(edge)).await;
        ended.expect("it ended");
        assert!(page.contains("203.0.113.9"), "{page}");
    });
}
