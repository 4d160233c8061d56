//! `countersign journal verify` against a head that somebody kept elsewhere: last night's database, put back whole, is
//! sound in itself.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::temp::TempDir;

/// The database, and what a process may have left beside it.
const FILES: [&str; 3] = ["countersign.db", "countersign.db-wal", "countersign.db-shm"];

/// Copies the whole database of one folder over that of another.
pub(super) fn put(from: &Path, to: &Path) {
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
    journal(data, "verify", arguments)
}

fn journal(data: &Path, command: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", command, "--data"])
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

/// The files that `journal heads` wrote, as arguments.
pub(super) fn kept_heads(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("it was made");
    let files = files.map(|file| file.expect("it is listed").path());
    // The file on which whoever writes there holds a lock is none.
    let heads = files.filter(|file| file.extension().is_some_and(|end| end == "head"));
    heads.map(|file| file.display().to_string()).collect()
}

#[test]
fn a_backup_that_was_put_back_is_an_alarm_until_it_is_declared() {
    let mut server = Server::start(Launch::embedded());
    let (_desk, kept) = Desk::set_up(&server, &Typed::default());
    assert!(server.stop(), "{}", server.said());
    let night = TempDir::new("night");
    put(server.data(), night.path());
    server.restart();
    let mut desk = Desk::at(server.client());
    let password = Typed::default().password;
    let answer = desk.sign_in("ann@harbour.example", &password, &kept.recovery_codes[0]);
    assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
    assert!(server.stop(), "{}", server.said());

    let elsewhere = TempDir::new("heads");
    let folder = elsewhere.path().join("kept");
    let to = ["--to", folder.to_str().expect("a path of ours")];
    for _ in 0..2 {
        let (code, said) = journal(server.data(), "heads", &to);
        assert_eq!(code, Some(0), "{said}");
    }
    let heads = kept_heads(&folder);
    assert_eq!(
        heads.len(),
        2,
        "the system's and the organisation's: {heads:?}"
    );
    let before: Vec<_> = heads
        .iter()
        .map(|file| std::fs::read(file).expect("it is there"))
        .collect();

    put(night.path(), server.data());
    let (code, said) = journal(server.data(), "heads", &to);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("an older database was put back"), "{said}");
    let after: Vec<_> = heads
        .iter()
        .map(|file| std::fs::read(file).expect("it is there"))
        .collect();
    assert_eq!(before, after, "the heads that were kept stay");

    // In one go, while no server runs; a head of a journal that lost nothing keeps none of the others from it.
    let mut arguments = vec!["--head"];
    arguments.extend(heads.iter().map(String::as_str));
    let (code, said) = journal(server.data(), "restored", &arguments);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("are declared lost"), "{said}");
    let (code, said) = journal(server.data(), "restored", &arguments);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is declared already"), "{said}");
    let (code, said) = verify(server.data(), &["--org", "harbour-foods"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        head(&said).starts_with("2:"),
        "another epoch has begun: {said}"
    );
    server.restart();
    let answer = Desk::at(server.client()).get("/sign-in");
    assert_eq!(answer.status, 200);
    let ours = heads.iter().find(|head| {
        journal(server.data(), "restored", &["--head", head])
            .1
            .contains("a server")
    });
    assert!(ours.is_some(), "not beside a server");
    assert!(server.stop(), "{}", server.said());
    let (code, said) = journal(server.data(), "heads", &to);
    assert_eq!(code, Some(0), "declared is no alarm: {said}");
}

/// A program that reads the outcome finds the members that the documentation names, and no others.
#[test]
fn what_is_printed_as_json_is_what_the_documentation_says() {
    let mut server = Server::start(Launch::embedded());
    Desk::set_up(&server, &Typed::default());
    assert!(server.stop(), "{}", server.said());
    let (code, said) = verify(server.data(), &["--org", "harbour-foods", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let lines = said.lines().map(serde_json::from_str::<Value>);
    let [journal, schema] = &lines.collect::<Result<Vec<_>, _>>().expect("objects")[..] else {
        panic!("a line of the journal and one of the schema: {said}")
    };
    assert_eq!(journal["bad"], Value::Null);
    assert_eq!(journal["pending"], 0);
    assert_eq!(schema["schema"]["expected"], schema["schema"]["found"]);
    let documentation = include_str!("../../docs/journal.md");
    let paragraph = documentation.split("**As JSON.**").nth(1);
    let paragraph = paragraph.and_then(|rest| rest.split("\n\n").next());
    let named: BTreeSet<&str> = paragraph
        .expect("it is documented")
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut printed: BTreeSet<&str> = BTreeSet::from(["seq", "reason"]);
    for object in [journal, schema, &schema["schema"]] {
        let members = object.as_object().expect("an object").keys();
        printed.extend(members.map(String::as_str));
    }
    assert_eq!(printed, named);
}
