//! Somebody else's client (scim2-tester) at a running server of ours.

use std::process::Command;

use super::super::support::app::between;
use super::super::support::desk::{Desk, Typed};
use super::super::support::root;
use super::super::support::server::{LOCAL_CERTIFICATE, Launch, Server};

/// What is skipped is searching several kinds at once, which the standard leaves open.
const LEFT_OPEN: &str = "searching several resource types at once";

#[test]
fn another_projects_tester_finds_nothing_wrong() {
    let program = root().join("target/scim/bin/python");
    assert!(
        program.exists(),
        "{} is missing: run ./deploy/install-debian.sh test",
        program.display()
    );
    let server = Server::start(Launch::embedded());
    let (mut ann, _) = Desk::set_up(&server, &Typed::default());
    assert_eq!(ann.get("/settings/directories").status, 200);
    let fields = [("name", "Entra"), ("days", "30")];
    let page = ann.submit("/settings/directories", &fields).text();
    let token = between(&page, "<code id=\"token\">", "<").expect("a token");
    let output = Command::new(program)
        .arg(root().join("tests/it/provisioning/tester.py"))
        .arg(server.url("/scim/v2"))
        .arg(server.data().join(LOCAL_CERTIFICATE))
        .arg(token)
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    let count = |word: &str| said.lines().filter(|line| line.starts_with(word)).count();
    assert!(count("SUCCESS") > 60, "{said}");
    for skipped in said.lines().filter(|line| line.starts_with("SKIPPED")) {
        assert!(skipped.contains(LEFT_OPEN), "{skipped}");
    }
}
