//! The journal entry: one form, nothing smuggled in, nothing in clear.

use std::collections::BTreeMap;

use countersign_translog::Hash;
use countersign_translog::entry::{Commitment, Credential, Entry, Id, Word};
use countersign_translog::epoch::{Head, Rollback};
use countersign_translog::time::UtcMicros;
use proptest::prelude::*;

fn word(text: &str) -> Word {
    Word::new(text).expect("a word")
}

fn time(micros: i64) -> UtcMicros {
    UtcMicros::new(micros).expect("an instant")
}

fn rollback() -> Rollback {
    let old = Head {
        epoch: 1,
        size: 90,
        root: Hash::of(b"old"),
        time: time(1_000_000),
    };
    Rollback::new(old, 40).expect("fewer than it had")
}

fn sample() -> Entry {
    let bill = Id::from_bytes([7; 16]);
    Entry {
        organisation: Id::from_bytes([1; 16]),
        id: Id::from_bytes([2; 16]),
        time: time(1_795_396_000_123_456),
        actor: Some(Id::from_bytes([3; 16])),
        on_behalf_of: None,
        credential: Some(Credential {
            kind: word("session"),
            id: word("0193"),
        }),
        action: word("bill.approve"),
        object_kind: word("bill"),
        object_id: bill.into(),
        object_version: 3,
        request: Some(word("req-1")),
        rollback: None,
        commits: BTreeMap::from([
            (
                word("before.state"),
                Commitment::new(&[1; 16], &word("before.state"), b"in approval"),
            ),
            (
                word("after.state"),
                Commitment::new(&[2; 16], &word("after.state"), b"approved"),
            ),
        ]),
        rows: BTreeMap::from([
            (
                (word("bill"), bill.into()),
                Some(Commitment::of_row(
                    &[3; 16],
                    &word("bill"),
                    &bill.into(),
                    b"row",
                )),
            ),
            ((word("hold"), word("h1")), None),
        ]),
    }
}

#[test]
fn an_entry_reads_as_documented() {
    let text = String::from_utf8(sample().to_bytes()).expect("text");
    let after = Commitment::new(&[2; 16], &word("after.state"), b"approved");
    let before = Commitment::new(&[1; 16], &word("before.state"), b"in approval");
    let bill = Id::from_bytes([7; 16]);
    let row = Commitment::of_row(&[3; 16], &word("bill"), &bill.into(), b"row");
    let expected = format!(
        "countersign-journal/v1\n\
         organisation 01010101-0101-0101-0101-010101010101\n\
         entry 02020202-0202-0202-0202-020202020202\n\
         time 2026-11-23T01:06:40.123456Z\n\
         actor 03030303-0303-0303-0303-030303030303\n\
         on-behalf-of -\n\
         credential session 0193\n\
         action bill.approve\n\
         object bill 07070707-0707-0707-0707-070707070707\n\
         object-version 3\n\
         request req-1\n\
         commit after.state {after}\n\
         commit before.state {before}\n\
         row bill 07070707-0707-0707-0707-070707070707 {row}\n\
         row hold h1 -\n"
    );
    assert_eq!(text, expected);
    assert!(!text.contains("approved"), "a value in clear");
    assert_eq!(Entry::parse(text.as_bytes()), Ok(sample()));
}

#[test]
fn a_rollback_comes_back_with_what_it_lost() {
    let entry = Entry {
        rollback: Some(rollback()),
        action: word("journal.rollback"),
        ..sample()
    };
    let read = Entry::parse(&entry.to_bytes()).expect("our own bytes");
    assert_eq!(read, entry);
    assert_eq!(read.rollback.map(|rollback| rollback.lost()), Some(40..90));
    assert_eq!(Rollback::new(*rollback().old(), 91), None);
}

#[test]
fn a_line_missing_added_moved_or_respelt_is_refused() {
    let entry = Entry {
        rollback: Some(rollback()),
        ..sample()
    };
    let text = String::from_utf8(entry.to_bytes()).expect("text");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // The rollback, commit and row lines may be absent; all others may not.
    for at in 0..11 {
        let mut missing = lines.clone();
        missing.remove(at);
        Entry::parse(missing.concat().as_bytes()).expect_err(lines[at]);
    }
    for at in 0..lines.len() {
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        Entry::parse(twice.concat().as_bytes()).expect_err(lines[at]);
        if at > 0 {
            let mut moved = lines.clone();
            moved.swap(at - 1, at);
            Entry::parse(moved.concat().as_bytes()).expect_err(lines[at]);
        }
        let respelt = [
            lines[at].replace('\n', " \n"),
            lines[at].replace('\n', "\r\n"),
            lines[at].replacen(' ', "  ", 1) + "\n",
            format!(" {}", lines[at]),
        ];
        for line in respelt {
            let mut bad = lines.clone();
            bad[at] = &line;
            Entry::parse(bad.concat().as_bytes()).expect_err(&line);
        }
    }
}

#[test]
fn the_wrong_line_is_named() {
    let text = String::from_utf8(sample().to_bytes()).expect("text");
    for (bad, why) in [
        (
            text.replace("object-version 3", "object-version 03"),
            "line 10 ",
        ),
        (text.replace("/v1", "/v2"), "newer version"),
        (format!("{text}\n"), "follows its last line"),
        (text.trim_end().to_owned(), "line 15 "),
        (
            text.replace("action bill.approve", "action bill approve"),
            "is no word",
        ),
    ] {
        let said = Entry::parse(bad.as_bytes()).expect_err(why).to_string();
        assert!(said.contains(why), "{said}");
    }
    Entry::parse(b"\xff").expect_err("not text");
}

#[test]
fn no_word_can_carry_a_line() {
    let bad = [
        "",
        "-",
        "a b",
        "a\nrow x y -",
        "a\r",
        "a\0",
        "\u{2028}",
        "é",
        "a/b",
        "a\u{85}",
        "\u{202e}abc",
        "a\tb",
    ];
    for text in bad {
        Word::new(text).expect_err(text);
    }
    Word::new("x".repeat(Word::MAX_LENGTH + 1)).expect_err("too long");
    Word::new("x".repeat(Word::MAX_LENGTH)).expect("just fits");
}

#[test]
fn a_commitment_opens_to_its_own_value_only() {
    let (salt, name) = ([1; 16], word("after.amount"));
    let commitment = Commitment::new(&salt, &name, b"1200");
    assert!(commitment.opens_to(&salt, &name, b"1200"));
    assert!(!commitment.opens_to(&[2; 16], &name, b"1200"));
    assert!(!commitment.opens_to(&salt, &word("after.amoun"), b"t1200"));
    assert!(!commitment.opens_to(&salt, &word("before.amount"), b"1200"));
    assert!(!commitment.opens_to(&salt, &name, b"12000"));
    let row = Commitment::of_row(&salt, &word("bill"), &word("b1"), b"1200");
    assert_ne!(
        row,
        Commitment::of_row(&salt, &word("bill"), &word("b2"), b"1200")
    );
    assert_ne!(
        row,
        Commitment::of_row(&salt, &word("billb"), &word("1"), b"1200")
    );
}

#[test]
fn ids_have_one_spelling() {
    let id = Id::from_bytes([0xAB; 16]);
    let text = id.to_string();
    assert_eq!(Id::parse(&text), Some(id));
    let bad = [
        text.to_uppercase(),
        text.replace('-', ""),
        format!("{text}0"),
        format!("{{{text}}}"),
        text.replacen("ab-", "a-b", 1),
        format!("{text}-"),
    ];
    for text in bad {
        assert_eq!(Id::parse(&text), None, "{text}");
    }
}

fn any_word() -> impl Strategy<Value = Word> {
    "[A-Za-z0-9._:][A-Za-z0-9._:-]{0,40}".prop_map(|text| word(&text))
}

fn any_commitment() -> impl Strategy<Value = Commitment> {
    any::<[u8; 32]>().prop_map(|bytes| Commitment::from_hash(Hash::from_bytes(bytes)))
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let id = || any::<[u8; 16]>().prop_map(Id::from_bytes);
    let people = (id(), id(), prop::option::of(id()), prop::option::of(id()));
    let credential = prop::option::of((any_word(), any_word()));
    let what = (
        any_word(),
        any_word(),
        any_word(),
        any::<u64>(),
        prop::option::of(any_word()),
    );
    let commits = prop::collection::btree_map(any_word(), any_commitment(), 0..5);
    let place = (any_word(), any_word());
    let rows = prop::collection::btree_map(place, prop::option::of(any_commitment()), 0..5);
    let at = -62_167_219_200_000_000..253_402_207_200_000_000_i64;
    let rest = (at, any::<bool>(), commits, rows);
    (people, credential, what, rest).prop_map(|(people, credential, what, rest)| Entry {
        organisation: people.0,
        id: people.1,
        time: time(rest.0),
        actor: people.2,
        on_behalf_of: people.3,
        credential: credential.map(|(kind, id)| Credential { kind, id }),
        action: what.0,
        object_kind: what.1,
        object_id: what.2,
        object_version: what.3,
        request: what.4,
        rollback: rest.1.then(rollback),
        commits: rest.2,
        rows: rest.3,
    })
}

proptest! {
    #[test]
    fn every_entry_comes_back(entry in any_entry()) {
        prop_assert_eq!(Entry::parse(&entry.to_bytes()), Ok(entry));
    }

    #[test]
    fn what_parses_has_only_that_form(
        entry in any_entry(), position: prop::sample::Index, byte: u8,
    ) {
        let mut bytes = entry.to_bytes();
        let at = position.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Entry::parse(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
        let mut inserted = entry.to_bytes();
        inserted.insert(at, byte);
        if let Ok(read) = Entry::parse(&inserted) {
            prop_assert_eq!(read.to_bytes(), inserted);
        }
    }
}
