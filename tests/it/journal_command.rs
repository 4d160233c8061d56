//! `countersign journal verify` against a head that somebody kept elsewhere: last night's database, put back whole, is
//! sound in itself.

use std::path::Path;
use std::process::Command;

use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::temp::TempDir;

/// The database, and what a process may have left beside it.
const FILES: [&str; 3] = ["countersign.db", "countersign.db-wal", "countersign.db-shm"];

/// Copies the whole database of one folder over that of another.
fn put(from: &Path, to: &Path) {
    for name in FILES {
        let (from, to) = (from.join(name), to.join(name));
        if from.exists() {
            std::fs::copy(from, to).expect("both folders are ours");
        } else if to.exists() {
            std::fs::remove_file(to).expect("both folders are ours");
        }
    }
}

fn verify(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", "verify", "--data"])
        .arg(data)
        .args(arguments)
        .output()
        .expect("the binary was built");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// The head that the command prints, in the form in which it takes it.
fn head(said: &str) -> String {
    let after = said.split("head ").nth(1).expect("a head is printed");
    let head = after.split([',', ' ']).next().expect("it ends");
    head.to_owned()
}

#[test]
fn a_head_from_elsewhere_shows_that_an_older_database_was_put_back() {
    let mut server = Server::start(Launch::embedded());
    let (_desk, kept) = Desk::set_up(&server, &Typed::default());
    assert!(server.stop(), "{}", server.said());
    let night = TempDir::new("night");
    put(server.data(), night.path());
    let org = ["--org", "harbour-foods"];
    let (code, said) = verify(server.data(), &org);
    assert_eq!(code, Some(0), "{said}");
    let first = head(&said);

    server.restart();
    let mut desk = Desk::at(server.client());
    let typed = Typed::default();
    let answer = desk.sign_in(
        "ann@harbour.example",
        &typed.password,
        &kept.recovery_codes[0],
    );
    assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
    // Nothing is left without a number, though the first server had the lease a moment ago.
    assert!(server.stop(), "{}", server.said());
    let (code, said) = verify(server.data(), &org);
    assert_eq!(code, Some(0), "{said}");
    let second = head(&said);
    assert_ne!(first, second, "signing in was journaled");
    let against = |known: &str| verify(server.data(), &[&org[..], &["--head", known]].concat());
    for known in [&first, &second] {
        let (code, said) = against(known);
        assert_eq!(code, Some(0), "{known}: {said}");
    }

    put(night.path(), server.data());
    let (code, said) = verify(server.data(), &org);
    assert_eq!(code, Some(0), "sound in itself: {said}");
    let (code, said) = against(&second);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("a known head has"), "{said}");

    let (code, said) = verify(server.data(), &["--head", &second]);
    assert_eq!(code, Some(2), "a head is one organisation's: {said}");
    let (code, said) = against("1:2");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("EPOCH:SIZE:ROOT"), "{said}");
}
