//! Whoever changed the file, or the journal before it was written, without the installation's key.

use countersign_translog::bundle::{Known, verify};
use countersign_translog::entry::Id;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::log::{Log, Part, plain};

/// Something done to a bundle.
type Attack = fn(&mut Part);

fn refused(part: &Part, known: &Known) -> String {
    let outcome = verify(part.to_bytes().as_slice(), known, |_, _, _| {});
    outcome.expect_err("it was tampered with").to_string()
}

const NOT_SIGNED: &str = "not those that were signed";

/// Each is done to the entries of a bundle whose head stays as it was signed.
#[test]
fn entries_edited_deleted_inserted_or_moved_are_found() {
    let log = Log::of(40);
    let foreign = Id::from_bytes([8; 16]);
    let attacks: [(&str, Attack); 6] = [
        ("edited", |part| {
            let text = String::from_utf8(part.entries[7].0.clone()).expect("text");
            part.entries[7].0 = text.replace("bill.approve", "bill.reject").into_bytes();
        }),
        ("deleted", |part| drop(part.entries.remove(7))),
        ("deleted at the tail", |part| drop(part.entries.pop())),
        ("inserted", |part| {
            let entry = plain(crate::log::OWNER, 99).to_bytes();
            part.entries.insert(7, (entry, Vec::new()));
        }),
        ("reordered", |part| part.entries.swap(7, 8)),
        ("twice", |part| part.entries[8] = part.entries[7].clone()),
    ];
    for (name, attack) in attacks {
        let mut part = log.part(0, 40);
        attack(&mut part);
        let said = refused(&part, &Known::default());
        assert!(said.contains(NOT_SIGNED), "{name}: {said}");
    }
    let mut part = log.part(0, 40);
    part.entries[7].0 = plain(foreign, 7).to_bytes();
    let said = refused(&part, &Known::default());
    assert!(
        said.contains("entry 7") && said.contains("another organisation"),
        "{said}"
    );
}

/// With a key of her own an attacker signs what she likes: it fits together, and is not the journal.
#[test]
fn a_journal_signed_by_another_key_is_found_by_the_key_or_a_head_that_is_held() {
    let log = Log::of(40);
    let mut theirs = log.clone();
    theirs.seed = 13;
    theirs.entries[7] = plain(crate::log::OWNER, 99).to_bytes();
    let part = theirs.part(0, 40);
    let fits = verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {});
    assert!(
        !fits.expect("it fits together").key_was_known,
        "without a key nothing is compared"
    );
    let known = Known {
        keys: vec![log.key()],
        ..Known::default()
    };
    assert!(refused(&part, &known).contains("none of the keys you trust"));
    let known = Known {
        heads: vec![log.checkpoint()],
        ..Known::default()
    };
    assert!(refused(&part, &known).contains("none of the keys you trust"));
    // Under the installation's key name the signature is wrong.
    let mut part = log.part(0, 40);
    part.checkpoint = theirs.checkpoint();
    assert!(refused(&part, &Known::default()).contains("none of the keys you trust"));
}

#[test]
fn an_epoch_or_a_number_that_belongs_elsewhere_is_refused() {
    let log = Log::of(9);
    let mut part = log.part(0, 9);
    part.epoch = 2;
    assert!(refused(&part, &Known::default()).contains("before the first entry"));
    let mut part = log.part(3, 9);
    part.epoch = 2;
    assert!(refused(&part, &Known::default()).contains(NOT_SIGNED));
    let mut part = log.part(3, 9);
    part.first = 2;
    assert!(refused(&part, &Known::default()).contains("before the first entry"));
}

/// Every byte is flipped in its lowest bit, in the one that tells letters' cases apart, and in the one that leaves ASCII: the
/// names of fields are among them, under another of which a value would not be looked at.
#[test]
fn a_bundle_changed_in_any_byte_is_refused() {
    let mut part = Log::of(3).part(0, 3);
    part.show(1, "after.state", "state 1");
    let bytes = part.to_bytes();
    let is_proven = |bytes: &[u8]| verify(bytes, &Known::default(), |_, _, _| {}).is_ok();
    assert!(is_proven(&bytes), "nothing is changed yet");
    for place in 0..bytes.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= flip;
            assert!(!is_proven(&changed), "byte {place}, flipped by {flip:#x}");
        }
        assert!(!is_proven(&bytes[..place]), "cut at {place}");
    }
    let mut longer = bytes.clone();
    longer.push(b'\n');
    assert!(!is_proven(&longer));
}

/// A line that another reader of JSON would take for an entry, or for two, is none here.
#[test]
fn a_line_has_one_form() {
    let log = Log::of(3);
    let mut part = log.part(0, 3);
    part.show(1, "after.state", "state 1");
    let text = String::from_utf8(part.to_bytes()).expect("text");
    let values = r#","values":[["after.state","CQkJCQkJCQkJCQkJCQkJCQ==","state 1"]]"#;
    assert!(verify(text.as_bytes(), &Known::default(), |_, _, _| {}).is_ok());
    assert_eq!(text.matches(values).count(), 1);
    for (from, to) in [
        (r#"{"entry":"#, r#"{ "entry":"#),
        (r#"{"entry":"#, r#"{"values":[],"entry":"#),
        (r#"{"entry":"#, r#"{"more":1,"entry":"#),
        (r"v1\norganisation", r"v1\u000aorganisation"),
        (r"journal/v1", r"journal\/v1"),
        (r"action bill", r"action\u0020bill"),
        (values, &format!("{values}{values}")),
        (values, &format!("{values},\"more\":1")),
        (values, r#","values":[],"entry":"""#),
        (values, &values.replace(":[[", ":[\t[")),
        // One byte sixteen times, each with its own padding.
        (
            values,
            &values.replace("CQkJCQkJCQkJCQkJCQkJCQ==", &"CQ==".repeat(16)),
        ),
        ("\"}\n", "\"}\r\n"),
        ("\"}\n", "\"} \n"),
        ("\"}\n", "\"}\n\n"),
    ] {
        let other = text.replacen(from, to, 2);
        assert_ne!(other, text, "{from}");
        let outcome = verify(other.as_bytes(), &Known::default(), |_, _, _| {});
        assert!(outcome.is_err(), "{from} as {to}");
    }
    let cut = text.strip_suffix('\n').expect("a line's end");
    assert!(verify(cut.as_bytes(), &Known::default(), |_, _, _| {}).is_err());
}

/// Counts in the file make nobody allocate, and what is no bundle never panics.
#[test]
fn hostile_files_are_refused_within_bounds() {
    let bytes = Log::of(2).bundle();
    let text = String::from_utf8(bytes).expect("text");
    for (from, to) in [
        ("\"first\":0", "\"first\":18446744073709551615"),
        ("\"first\":0", "\"first\":1"),
        ("\"before\":[]", "\"before\":[\"00\"]"),
        ("\"after\":[]", "\"after\":[[[[[[[["),
        ("\"epoch\":1", "\"epoch\":-1"),
        ("\"entry\":", "\"entry\":7,\"x\":"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert!(
            verify(changed.as_bytes(), &Known::default(), |_, _, _| {}).is_err(),
            "{to}"
        );
    }
    // It has as many subtrees as its number has bits, and an entry more than can be counted.
    let hashes = vec![format!("\"{}\"", Log::of(1).root().to_base64()); 64].join(",");
    let most = text
        .replace("\"first\":0", "\"first\":18446744073709551615")
        .replace("\"before\":[]", &format!("\"before\":[{hashes}]"));
    assert!(verify(most.as_bytes(), &Known::default(), |_, _, _| {}).is_err());
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&any::<Vec<u8>>(), |bytes| {
            let outcome = verify(bytes.as_slice(), &Known::default(), |_, _, _| {});
            prop_assert!(outcome.is_err());
            Ok(())
        })
        .expect("nothing of it is a bundle");
}
