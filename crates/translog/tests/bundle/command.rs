//! The verifier as an auditor runs it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use countersign_translog::epoch::origin;
use countersign_translog::merkle::{SizeError, inclusion_proof};
use countersign_translog::note::{Kind, SigningKey};
use countersign_translog::proof::Proof;

use crate::log::{JOURNAL, Log, key, plain};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("bundle-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for a test");
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("a file for a test");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[&str]) -> Output {
    by(env!("CARGO_BIN_EXE_countersign-verify"), arguments)
}

fn run_entry(arguments: &[&str]) -> Output {
    by(env!("CARGO_BIN_EXE_countersign-verify-entry"), arguments)
}

fn by<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> Output {
    Command::new(program)
        .args(arguments)
        .output()
        .expect("it was built")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

#[test]
fn what_holds_is_proven_and_told() {
    let folder = Folder::new("holds");
    let mut log = Log::of(20);
    let held = folder.file("held.txt", &log.checkpoint());
    log.grow(5);
    let bundle = folder.file("bundle", &log.bundle());
    let key = log.key().to_string();
    let output = run(&[&bundle, "--trusted", &held, "--key", &key]);
    assert_eq!(output.status.code(), Some(0));
    let told = json(&output);
    assert_eq!(
        (told["proven"].as_bool(), told["bundle"]["end"].as_u64()),
        (Some(true), Some(25))
    );
    let told = &told["bundle"];
    assert_eq!(
        told["head"]["root"].as_str(),
        Some(log.root().to_string().as_str())
    );
    assert_eq!(told["key_was_known"].as_bool(), Some(true));
    assert_eq!(told["held"][0][1].as_str(), Some("contained"));
    let output = run(&[&bundle, "--entries"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("{\"entry\":{\"action\":\"bill.approve\""))
            .count(),
        25,
        "{text}"
    );
    assert!(
        text.contains("\"proven\": true") && text.contains("\"key_was_known\": false"),
        "{text}"
    );
}

#[test]
fn an_argument_that_is_no_text_is_wrong_usage() {
    let folder = Folder::new("no-text");
    let bundle = folder.file("bundle", &Log::of(3).bundle());
    let odd = OsStr::from_bytes(b"\xffodd");
    let programs = [
        env!("CARGO_BIN_EXE_countersign-verify"),
        env!("CARGO_BIN_EXE_countersign-verify-entry"),
    ];
    for before in ["", "--key", "--witness", "--trusted"] {
        let mut arguments = vec![OsString::from(&bundle)];
        arguments.extend((!before.is_empty()).then(|| before.into()));
        arguments.push(odd.to_owned());
        for program in programs {
            let told = by(program, &arguments);
            assert_eq!(told.status.code(), Some(2), "{before} {told:?}");
        }
    }
}

#[test]
fn a_proof_of_one_entry_and_a_witness_are_told() {
    let folder = Folder::new("proof");
    let log = Log::of(20);
    let witness = SigningKey::of(Kind::Witness, "witness.example", &[5; 32]).expect("a name");
    let checkpoint = String::from_utf8(log.checkpoint()).expect("text");
    let text = checkpoint.split_once("\n\n").expect("a note").0.to_owned() + "\n";
    let line = witness
        .sign_line(&text, 1_795_000_000)
        .expect("a checkpoint");
    let hashes = inclusion_proof::<SizeError>(7, 20, |node| Ok(log.node(node)));
    let proof = Proof {
        extra: Some(log.entry(7).to_bytes()),
        index: 7,
        hashes: hashes.expect("within the tree"),
        checkpoint: checkpoint + &line,
    };
    let file = folder.file("7.tlog-proof", proof.to_text().as_bytes());
    let (key, by) = (log.key().to_string(), witness.verifying_key().to_string());
    let output = run_entry(&[&file, "--key", &key, "--witness", &by]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(json(&output)["index"].as_u64(), Some(7));
    let entry = json(&output)["entry"].as_str().map(str::to_owned);
    assert!(entry.is_some_and(|entry| entry.contains("action bill.approve")));
    let bare = Proof {
        checkpoint: String::from_utf8(log.checkpoint()).expect("text"),
        ..proof
    };
    let bare = folder.file("bare.tlog-proof", bare.to_text().as_bytes());
    let output = run_entry(&[&bare, "--key", &key, "--witness", &by]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("was not signed by witness.example"));
    assert_eq!(run_entry(&[&bare, "--key", &key]).status.code(), Some(0));
    assert_eq!(
        run_entry(&[&bare]).status.code(),
        Some(2),
        "a proof without a key proves nothing"
    );
    // The same of a bundle, which has no witness's line.
    let bundle = folder.file("bundle", &log.bundle());
    assert_eq!(run(&[&bundle, "--witness", &by]).status.code(), Some(1));
    assert_eq!(run(&[&bundle]).status.code(), Some(0));
}

/// Both programs, on what was written after a restore, by the two keys that were printed before it.
#[test]
fn keys_that_were_kept_hold_after_a_restore() {
    let folder = Folder::new("epochs");
    let mut log = Log::of(20);
    let kept = log.key().to_string();
    let second = |name: &str| SigningKey::of(Kind::MlDsa44, name, &[6; 32]).expect("a name");
    let named = |epoch: u64| second(&origin(JOURNAL, epoch));
    log.restore(15);
    log.grow(5);
    // What the server signs in the second epoch, and what it would sign if its second key had the epoch's name too.
    for (by, holds) in [(named(1), 0), (named(2), 1)] {
        let checkpoint = String::from_utf8(log.checkpoint()).expect("text");
        let text = checkpoint.split_once("\n\n").expect("a note").0.to_owned() + "\n";
        let checkpoint = checkpoint + &by.sign_line(&text, 0).expect("a checkpoint");
        let mut part = log.part(0, log.size());
        part.checkpoint = checkpoint.clone().into_bytes();
        let hashes = inclusion_proof::<SizeError>(7, log.size(), |node| Ok(log.node(node)));
        let proof = Proof {
            extra: Some(log.entry(7).to_bytes()),
            index: 7,
            hashes: hashes.expect("within the tree"),
            checkpoint,
        };
        let bundle = folder.file("bundle", &part.to_bytes());
        let proof = folder.file("proof", proof.to_text().as_bytes());
        let own = named(1).verifying_key().to_string();
        let whole = run(&[&bundle, "--key", &kept, "--key", &own]);
        let entry = run_entry(&[&proof, "--key", &kept, "--key", &own]);
        for told in [&whole, &entry] {
            assert_eq!(told.status.code(), Some(holds), "{told:?}");
        }
        if holds == 0 {
            assert_eq!(json(&whole)["bundle"]["head"]["epoch"].as_u64(), Some(2));
            let origin = json(&entry)["origin"].as_str().map(str::to_owned);
            assert!(origin.is_some_and(|origin| origin.ends_with("/2")));
        }
        // Another organisation's keys.
        let stranger = key(43, 1).verifying_key().to_string();
        let others = JOURNAL.replace("01010101-", "02020202-");
        let foreign = second(&origin(&others, 1)).verifying_key().to_string();
        for keys in [[&stranger, &own], [&kept, &foreign]] {
            let [one, two] = keys.map(String::as_str);
            for told in [
                run(&[&bundle, "--key", one, "--key", two]),
                run_entry(&[&proof, "--key", one, "--key", two]),
            ] {
                assert_eq!(told.status.code(), Some(1), "{told:?}");
            }
        }
    }
}

#[test]
fn what_does_not_hold_has_an_exit_code_and_a_reason() {
    let folder = Folder::new("fails");
    let mut log = Log::of(20);
    let held = log.checkpoint();
    log.entries[3] = plain(crate::log::OWNER, 99).to_bytes();
    log.grow(5);
    let bundle = folder.file("bundle", &log.bundle());
    let held = folder.file("held.txt", &held);
    let output = run(&[&bundle, "--trusted", &held]);
    assert_eq!(output.status.code(), Some(1));
    let told = json(&output);
    assert_eq!(told["proven"].as_bool(), Some(false));
    assert!(
        told["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("was rewritten")),
        "{told}"
    );
}

#[test]
fn wrong_usage_is_no_verdict() {
    let folder = Folder::new("usage");
    let bundle = folder.file("bundle", &Log::of(2).bundle());
    for arguments in [
        &[][..],
        &["--entries"],
        &["--nonsense", &bundle],
        &[&bundle, &bundle],
        &[&bundle, "--key", "nonsense"],
        &[&bundle, "--document", &bundle],
        &[&bundle, "--trusted"],
        &[&bundle, "--trusted", "/no/such/file"],
        &["/no/such/file"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() || arguments.is_empty(),
            "{arguments:?}"
        );
    }
    assert_eq!(run(&["--help"]).status.code(), Some(0));
}
