//! What every answer carries, and what none may tell.

use countersign::platform::edge::headers::FIXED;

use super::Edge;
use crate::support::http::Response;
use crate::support::server::{Launch, Server};

fn is_dressed(answer: &Response) {
    for (name, value) in FIXED {
        assert_eq!(
            answer.header(name),
            Some(value),
            "status {}: {name}",
            answer.status
        );
    }
    assert_eq!(
        answer.header("cache-control"),
        Some("no-store"),
        "status {}",
        answer.status
    );
    assert_eq!(answer.header("server"), None);
    assert!(
        answer
            .header("x-request-id")
            .is_some_and(|id| id.len() == 36)
    );
}

#[test]
fn every_answer_has_the_security_headers() {
    let edge = Edge::start(|limits| limits.body_bytes = 1000);
    let mut client = edge.client();
    let answers = [
        (client.get("/"), 200),
        (client.request("HEAD", "/", &[], &[]), 200),
        (client.get("/nowhere"), 404),
        (client.get("/assets/nothing"), 404),
        (client.request("DELETE", "/", &[], &[]), 405),
        (client.get("/slow/5000"), 408),
        (client.request("POST", "/echo", &[], &[b'a'; 1001]), 413),
        (client.get("/panic"), 500),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status);
        is_dressed(&answer);
    }
}

#[test]
fn a_panic_tells_an_id_and_nothing_else_and_the_server_lives() {
    let edge = Edge::start(|_| {});
    let mut client = edge.client();
    for path in ["/panic", "/api/v1/panic"] {
        let answer = client.get(path);
        assert_eq!(answer.status, 500);
        let text = answer.text();
        assert!(
            text.contains(answer.header("x-request-id").unwrap()),
            "{text}"
        );
        for secret in ["IBAN", "DE89", "panic", "src/"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert_eq!(
        client.get("/api/v1/panic").header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(client.get("/").status, 200);
}

#[test]
fn no_request_id_is_taken_from_outside() {
    let edge = Edge::start(|_| {});
    let made_up = "01970000-0000-7000-8000-000000000000";
    let answer = edge.client().always("X-Request-Id", made_up).get("/id");
    assert_eq!(answer.text(), "None");
    assert_ne!(answer.header("x-request-id"), Some(made_up));
}

#[test]
fn the_log_names_requests_and_holds_nothing_of_them() {
    let mut server = Server::start(Launch::embedded().variable("COUNTERSIGN_LOG_LEVEL", "debug"));
    let mut client = server
        .client()
        .always("Cookie", "__Host-session=canary-cookie")
        .always("Authorization", "Bearer canary-token")
        .always("User-Agent", "canary-agent");
    let answer = client.form(
        "/setup/canary-path?name=canary-query",
        &[("password", "canary-body")],
    );
    let id = answer.header("x-request-id").unwrap().to_owned();
    is_dressed(&answer);
    server.wait_for_line("line of this request", |line| {
        (line.contains(&id) && line.contains("answered")).then_some(())
    });
    assert!(server.stop(), "SIGTERM is a clean end");
    assert!(!server.said().contains("canary"), "{}", server.said());
    // The same in the day's file, whose every line is JSON.
    let files = std::fs::read_dir(server.data().join("logs")).expect("the standard folder");
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let text: String = texts.collect();
    assert!(!text.contains("canary"), "{text}");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of_it = |line: &&serde_json::Value| line["span"]["id"] == id.as_str();
    let answered = lines.iter().rfind(of_it).expect("its line");
    assert_eq!(answered["fields"]["message"], "answered");
}

#[test]
fn a_second_start_keeps_the_local_certificate() {
    let mut server = Server::start(Launch::embedded());
    let mut client = server.client();
    assert_eq!(client.get("/health").status, 200);
    assert!(server.stop());
    server.restart();
    assert_eq!(client.get("/health").status, 200);
}
