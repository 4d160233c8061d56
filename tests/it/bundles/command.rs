//! The commands, and the page, of a running server.

use std::path::Path;
use std::process::{Command, Output};

use countersign_translog::bundle::{Known, Standing, verify};
use countersign_translog::note::{Kind, VerifyingKey};

use crate::support::desk::{Desk, Typed};
use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;

fn journal(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("journal")
        .arg(arguments[0])
        .arg("--data")
        .arg(data)
        .args(["--org", "harbour-foods"])
        .args(&arguments[1..])
        .output()
        .expect("the binary was built")
}

#[test]
fn an_auditor_takes_a_journal_home_and_proves_it_there() {
    let mut server = Server::start(Launch::embedded());
    let (mut desk, _) = Desk::set_up(&server, &Typed::default());
    // From the page, while the server runs: numbers come within a second.
    let checkpoint = crate::support::poll(std::time::Duration::from_secs(20), || {
        let answer = desk.get("/journal/checkpoint");
        (answer.status == 200).then_some(answer.body)
    });
    let checkpoint = checkpoint.expect("the head was signed");
    desk.get("/journal");
    let from_page = desk.submit("/journal/bundle", &[("values", "shown")]);
    assert_eq!(from_page.status, 200, "{}", from_page.text());
    let held = Known {
        heads: vec![checkpoint.clone()],
        ..Known::default()
    };
    let report = verify(from_page.body.as_slice(), &held, |_, _, _| {}).expect("it proves itself");
    assert!(report.values > 0);
    assert!(server.stop(), "{}", server.said());

    let keys = journal(server.data(), &["checkpoint", "--key"]);
    let keys = String::from_utf8_lossy(&keys.stdout).into_owned();
    let mut keys = keys
        .lines()
        .map(|key| VerifyingKey::parse(key).expect("a key"));
    let (key, second) = (
        keys.next().expect("the first"),
        keys.next().expect("the second"),
    );
    assert_eq!((second.kind(), keys.next()), (Kind::MlDsa44, None));
    let folder = TempDir::new("home");
    let file = folder.path().join("journal.bundle");
    let file = file.to_str().expect("a path of ours");
    let output = journal(server.data(), &["export", "--out", file]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let bundle = std::fs::read(file).expect("it was written");
    let known = Known {
        keys: vec![key],
        heads: vec![checkpoint.clone()],
        witnesses: vec![second],
    };
    let mut seen = Vec::new();
    let report = verify(bundle.as_slice(), &known, |_, entry, _| {
        seen.push(entry.action.to_owned())
    })
    .expect("it proves itself");
    assert!(report.key_was_known);
    assert_eq!(report.held[0].1, Standing::Contained);
    assert!(
        seen.iter().any(|action| action == "journal.bundled"),
        "{seen:?}"
    );
    // What is there is not overwritten, and what is not there is said.
    assert_eq!(
        journal(server.data(), &["export", "--out", file])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        journal(server.data(), &["export", "--from", "9999"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        journal(server.data(), &["export", "--from", "yesterday"])
            .status
            .code(),
        Some(2)
    );
    // To the standard output, in part.
    let part = journal(server.data(), &["export", "--from", "1", "--to", "2"]);
    let report =
        verify(part.stdout.as_slice(), &Known::default(), |_, _, _| {}).expect("it proves itself");
    assert_eq!((report.first, report.end), (1, 3));

    // Another installation's journal is none that this head stands in.
    let mut other = Server::start(Launch::embedded());
    let (_desk, _) = Desk::set_up(&other, &Typed::default());
    assert!(other.stop(), "{}", other.said());
    let theirs = journal(other.data(), &["export"]);
    let refused = verify(theirs.stdout.as_slice(), &held, |_, _, _| {});
    let refused = refused.expect_err("another journal").to_string();
    assert!(refused.contains("signed by none of the keys"), "{refused}");
}
