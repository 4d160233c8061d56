//! The content security policy in a real browser: what somebody injected into a page of ours does nothing.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use super::{Edge, read_all};
use crate::support::browser::{Browser, JavaScript};

/// A page into which an attacker got a script, a handler, a style and a frame.
pub const INJECTED: &str = "<!DOCTYPE html><html><head><title>ours</title>\
    <style>#words { display: none }</style><script>document.title = 'theirs'</script></head>\
    <body><p id=\"words\">still here</p><p id=\"attribute\" style=\"display: none\">here too</p>\
    <img src=\"/no-such-image\" onerror=\"document.title = 'handled'\">\
    <iframe srcdoc=\"<script>parent.document.title = 'framed'</script>\"></iframe></body></html>";

/// What the browser shows: the title, and the two paragraphs.
fn shown(browser: &Browser, url: &str) -> (String, String, String) {
    browser.goto(url);
    // Handlers and frames come after the page itself.
    std::thread::sleep(Duration::from_millis(500));
    let text = |css| browser.text(&browser.find(css));
    (browser.title(), text("#words"), text("#attribute"))
}

#[test]
fn an_injected_script_or_style_does_nothing_under_our_policy_and_all_of_it_without() {
    // A browser on a busy machine needs longer than those who are timed out on purpose.
    let edge = Edge::start(|limits| {
        let patient = Duration::from_secs(60);
        limits.handshake_timeout = patient;
        limits.header_timeout = patient;
        limits.request_timeout = patient;
        limits.idle_timeout = patient;
    });
    let browser = Browser::start(JavaScript::On);
    let ours = format!("https://localhost:{}/injected", edge.address.port());
    let (title, words, attribute) = shown(&browser, &ours);
    assert_eq!(title, "ours");
    assert_eq!(
        (words.as_str(), attribute.as_str()),
        ("still here", "here too")
    );
    let refusals = browser.console();
    assert!(
        refusals
            .iter()
            .any(|line| line.contains("Content Security Policy")),
        "{refusals:?}"
    );

    let (title, words, attribute) = shown(&browser, &without_the_header());
    assert_ne!(title, "ours", "the twin runs what was injected");
    assert_eq!((words.as_str(), attribute.as_str()), ("", ""));
}

/// The same page from a server that sends no policy.
fn without_the_header() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback gives a port");
    let port = listener.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A browser opens connections that it then says nothing on.
            std::thread::spawn(move || answer(stream));
        }
    });
    // By its address: the policy of transport security is kept for names.
    format!("http://127.0.0.1:{port}/injected")
}

/// Answers a request once its head is there, and leaves nothing unread: that would take the answer back.
fn answer(mut stream: TcpStream) {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(count @ 1..) => head.extend_from_slice(&piece[..count]),
            _ => return,
        }
    }
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{INJECTED}",
        INJECTED.len()
    );
    let _ = stream.shutdown(Shutdown::Write);
    read_all(&mut stream);
}
