//! Batches and waiting.

use uuid::Uuid;

use super::*;
use crate::platform::ids::{EntryId, Id as _};
use crate::platform::store::journal::Change;

pub(super) fn entry(seq: i64, action: &str) -> Told {
    Told {
        id: EntryId::from_uuid(Uuid::nil()),
        seq: Some(seq),
        at_us: 1_793_921_400_000_042,
        actor: None,
        actor_name: Some("Ann".to_owned()),
        on_behalf_of: None,
        credential_kind: "session".to_owned(),
        credential_id: None,
        action: action.to_owned(),
        object_kind: "bill".to_owned(),
        object_id: "b".to_owned(),
        object_version: 2,
        request_id: "r".to_owned(),
        changes: Vec::new(),
        is_open: true,
    }
}

fn of(entries: &[Told], from: (i64, Option<i64>)) -> Option<(i64, usize)> {
    let organisation = OrgId::from_uuid(Uuid::nil());
    let batch = batch(entries, from, organisation, Format::JsonLines)?;
    assert_eq!(batch.first, from.0);
    Some((batch.end, batch.lines.len()))
}

#[test]
fn a_batch_ends_at_a_gap_and_where_it_ended_when_it_was_begun() {
    let entries: Vec<Told> = [4, 5, 6, 8].map(|seq| entry(seq, "bill.coded")).into();
    assert_eq!(of(&entries, (4, None)), Some((7, 3)), "7 is missing");
    assert_eq!(of(&entries, (4, Some(5))), Some((5, 1)));
    assert_eq!(of(&entries, (3, None)), None, "3 is missing");
    assert_eq!(of(&[], (0, None)), None);
}

#[test]
fn a_batch_ends_before_it_is_too_long_and_takes_one_entry_whatever_it_holds() {
    let long = |seq| Told {
        changes: vec![Change {
            field: "note".to_owned(),
            before: None,
            after: Some("x".repeat(BATCH_BYTES / 2)),
        }],
        ..entry(seq, "bill.coded")
    };
    let entries = [long(0), long(1), long(2)];
    assert_eq!(of(&entries, (0, None)), Some((1, 1)));
    let huge = Told {
        changes: [long(0).changes, long(0).changes, long(0).changes].concat(),
        ..entry(0, "bill.coded")
    };
    assert_eq!(of(&[huge, entry(1, "x.y")], (0, None)), Some((1, 1)));
    // One that was begun stays what it was, though the texts in it have grown meanwhile.
    assert_eq!(of(&entries, (0, Some(3))), Some((3, 3)));
}

#[test]
fn tries_come_later_and_later_up_to_five_minutes_and_never_end() {
    let mut last = 0;
    for attempts in 1..=9 {
        let whole = delay_us(attempts, 0);
        assert!(whole > last, "{attempts}");
        last = whole;
    }
    for attempts in [10, 11, 1_000, i64::MAX] {
        assert_eq!(delay_us(attempts, 0), 5 * Micros::MINUTE);
        assert_eq!(delay_us(attempts, u16::MAX), 150 * Micros::SECOND);
    }
    assert_eq!(delay_us(1, 0), Micros::SECOND);
    assert_eq!(delay_us(0, u16::MAX), Micros::SECOND / 2);
}
