//! An address that nobody answers at: a page of ours for people, with their navigation where they are signed in, and a
//! problem for programs.

use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};

#[test]
fn unknown_addresses_answer_with_a_page_and_to_programs_with_a_problem() {
    let server = Server::start(Launch::embedded());
    let mut visitor = server.client();
    for path in ["/nowhere", "/bills/nowhere/at/all", "/assets/nothing.css"] {
        let answer = visitor.get(path);
        let text = answer.text();
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            text.contains("There is nothing at this address") && text.contains("class=\"outside\""),
            "{path}: {text}"
        );
        assert!(!text.contains("class=\"sidenav\""), "{path}: {text}");
    }
    let (mut ann, _) = Desk::set_up(&server, &Typed::default());
    for path in ["/nowhere", "/bills/0197", "/vendors/nobody"] {
        let answer = ann.get(path);
        assert_eq!(answer.status, 404, "{path}");
        let text = answer.text();
        for shown in [
            "There is nothing at this address",
            "class=\"sidenav\"",
            "href=\"/journal\"",
            "Harbour Foods",
        ] {
            assert!(text.contains(shown), "{path}: {shown}: {text}");
        }
    }
    // In the language that she chose, whatever her browser asks for.
    ann.get("/me");
    let chosen = ann.submit("/me/language", &[("locale", "de")]);
    assert_eq!(chosen.status, 200, "{}", chosen.text());
    let text = ann.get("/nowhere").text();
    assert!(text.contains("<html lang=\"de\">"), "{text}");

    for path in ["/api/v1/nowhere", "/api/nothing"] {
        let answer = ann.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{path}"
        );
        assert!(answer.text().contains("error-not-found"), "{path}");
    }
}
