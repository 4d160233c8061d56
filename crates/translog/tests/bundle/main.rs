//! A journal taken home: what holds is proven, and whatever somebody did to it is found.

mod command;
mod held;
mod log;
mod payment;
mod tampered;

use countersign_translog::bundle::{Known, verify};
use countersign_translog::epoch::origin;
use log::{JOURNAL, Log, OWNER, Part, plain, time};

#[test]
fn a_whole_journal_is_proven() {
    let log = Log::of(300);
    let mut seen = Vec::new();
    let report = verify(
        log.bundle().as_slice(),
        &Known::default(),
        |number, entry, _| {
            seen.push((number, entry.id.to_owned()));
        },
    )
    .expect("it is whole");
    assert_eq!((report.first, report.end, report.head.size), (0, 300, 300));
    assert_eq!(report.head.root, log.root());
    assert_eq!(report.key.name(), origin(JOURNAL, 1));
    assert!(!report.key_was_known && report.held.is_empty() && report.declared.is_empty());
    let expected: Vec<_> = (0..300)
        .map(|number| (number, log.entry(number).id.to_string()))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_longest_silence_is_told() {
    let mut log = Log::of(3);
    for (number, at) in [(3, 4_000), (4, 4_010)] {
        let mut entry = plain(OWNER, number);
        entry.time = time(at);
        log.push(&entry);
    }
    let report = verify(log.bundle().as_slice(), &Known::default(), |_, _, _| {});
    let silence = report.expect("it is whole").silence;
    assert_eq!(silence, Some((3_998 * 1_000_000, 3)));
    let alone = verify(
        Log::of(1).bundle().as_slice(),
        &Known::default(),
        |_, _, _| {},
    );
    assert_eq!(alone.expect("it is whole").silence, None);
}

#[test]
fn a_part_of_a_journal_is_proven_up_to_the_newest_head() {
    let log = Log::of(300);
    for (from, to) in [
        (0, 1),
        (0, 299),
        (1, 300),
        (37, 256),
        (128, 129),
        (299, 300),
    ] {
        let part = log.part(from, to);
        let report = verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {})
            .expect("it is whole");
        assert_eq!(
            (report.first, report.end, report.head.size),
            (from, to, 300),
            "{from}..{to}"
        );
    }
    // The proof behind the entries is needed, and is of these entries.
    let mut part = log.part(37, 256);
    part.after = log.subtrees(255, 300);
    assert!(verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {}).is_err());
    part.after.clear();
    assert!(verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {}).is_err());
}

#[test]
fn values_are_shown_as_they_were_committed() {
    let log = Log::of(5);
    let mut part: Part = log.part(0, 5);
    part.show(2, "after.state", "state 2");
    let report =
        verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {}).expect("it is whole");
    assert_eq!(report.values, 1);
    for (name, value) in [
        ("after.state", "state 3"),
        ("before.state", "state 2"),
        ("no.such", "state 2"),
    ] {
        let mut part = log.part(0, 5);
        part.show(2, name, value);
        let refused =
            verify(part.to_bytes().as_slice(), &Known::default(), |_, _, _| {}).expect_err(name);
        assert!(
            refused.to_string().starts_with("entry 2 is wrong"),
            "{refused}"
        );
    }
}

#[test]
fn an_empty_journal_has_a_bundle_too() {
    let log = Log::of(0);
    let report =
        verify(log.bundle().as_slice(), &Known::default(), |_, _, _| {}).expect("it is whole");
    assert_eq!((report.end, report.head.size), (0, 0));
}
