//! Syslog to a receiver that others wrote: rsyslog takes every entry whole and in order, and misses none however often it is killed.

use std::sync::Arc;
use std::time::Duration;

use countersign::assurance::streams::actions::Node;
use countersign::assurance::streams::rules::{Kind, Trouble};
use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::store::{Entry, StoreError};
use serde_json::Value;

use super::receiver::entry_of;
use super::{House, missing, numbers, proposal};
use crate::support::rsyslog::Rsyslog;
use crate::support::stores::{TestStore, on_both};

const KILLS: usize = 6;

/// The entries that it wrote, when there are as many as that; waits a while for them.
async fn entries(rsyslog: &Rsyslog, until: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut entries = Vec::new();
    for _ in 0..400 {
        let lines = rsyslog.lines();
        entries = lines.iter().map(|line| entry_of(line)).collect();
        if until(&entries) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    entries
}

/// An entry as large as some are, with letters of two bytes.
async fn long_note(house: &House) -> String {
    let text = "Grüße, ".repeat(12_000);
    let note = text.clone();
    let write = house
        .app()
        .store
        .write::<_, StoreError, _>(house.world.caller(), move |tx| {
            let entry = Entry::new("note.written", "note", tx.id::<OrgId>());
            tx.commit(entry.fact("long", &note), ())
        });
    write.await.expect("written");
    text
}

/// Each entry comes for the first time after all that were before it.
fn is_in_order(entries: &[Value]) -> bool {
    let mut next = 0;
    for number in numbers(entries) {
        if number > next {
            return false;
        }
        next = next.max(number + 1);
    }
    true
}

/// A house whose journal rsyslog gets.
async fn streaming(t: &Arc<TestStore>, rsyslog: &Rsyslog) -> House {
    let house = House::new(t, rsyslog.outgoing()).await;
    house
        .agreed(proposal(Kind::Syslog, &rsyslog.address()))
        .await;
    house
}

#[test]
fn rsyslog_takes_every_entry_whole_and_once() {
    on_both(|t: Arc<TestStore>| async move {
        let Some(rsyslog) = Rsyslog::start() else {
            return;
        };
        let house = streaming(&t, &rsyslog).await;
        let text = long_note(&house).await;
        let size = house.notes(130).await;
        house.round(&Node::new("one")).await;
        let came = entries(&rsyslog, |came| came.len() as i64 >= size).await;
        assert_eq!(numbers(&came), (0..size).collect::<Vec<_>>());
        let is_whole = came.iter().any(|entry| entry.to_string().contains(&text));
        assert!(is_whole, "the long one was cut");
        for line in rsyslog.lines() {
            assert!(line.starts_with("<1"), "the head stays: {line}");
        }
    });
}

/// It is killed while it reads, and after it stopped reading: what its machine took for it is gone with it.
#[test]
fn rsyslog_misses_nothing_however_often_it_is_killed() {
    on_both(|t: Arc<TestStore>| async move {
        let Some(mut rsyslog) = Rsyslog::start() else {
            return;
        };
        let house = streaming(&t, &rsyslog).await;
        let (node, mut size) = (Node::new("one"), 0);
        for kill in 0..KILLS {
            house.notes(1).await;
            house.round(&node).await;
            if kill % 2 == 0 {
                rsyslog.halt();
            }
            house.notes(30).await;
            house.round(&node).await;
            rsyslog.kill();
            size = house.notes(5).await;
            t.clock.advance(Micros::SECOND);
            house.round(&node).await;
            rsyslog.restart();
            for _ in 0..2 {
                house.later();
                house.round(&node).await;
            }
        }
        let came = entries(&rsyslog, |came| missing(came, size).is_empty()).await;
        assert_eq!(missing(&came, size), [0; 0]);
        assert!(is_in_order(&came), "{:?}", numbers(&came));
        let twice = came.len() as i64 - size;
        assert!(twice > 0, "nothing was sent again: nothing was at stake");
    });
}

/// The guard taken away: all that was sent counts as arrived, and what rsyslog had not read when it died is lost.
#[test]
fn without_the_window_rsyslog_misses_what_it_had_not_read() {
    on_both(|t: Arc<TestStore>| async move {
        let Some(mut rsyslog) = Rsyslog::start() else {
            return;
        };
        let house = House::new(&t, rsyslog.outgoing()).await;
        let wanted = proposal(Kind::Syslog, &rsyslog.address());
        let (id, _) = house.agreed(wanted).await;
        let node = Node::new("one");
        let read = house.notes(3).await;
        house.round(&node).await;
        entries(&rsyslog, |came| missing(came, read).is_empty()).await;
        rsyslog.halt();
        let size = house.notes(20).await;
        house.round(&node).await;
        t.behind_the_back(&format!(
            "UPDATE stream_positions SET safe_seq = next_seq WHERE stream_id = '{id}'"
        ))
        .await;
        drop(node);
        rsyslog.kill();
        rsyslog.restart();
        house.later();
        let more = house.notes(2).await;
        house.round(&Node::new("two")).await;
        let came = entries(&rsyslog, |came| numbers(came).contains(&(more - 1))).await;
        assert_eq!(missing(&came, more), (read..size).collect::<Vec<_>>());
    });
}

#[test]
fn a_stopped_rsyslog_is_named_as_broken_and_nothing_is_dropped() {
    on_both(|t: Arc<TestStore>| async move {
        let Some(mut rsyslog) = Rsyslog::start() else {
            return;
        };
        let house = House::new(&t, rsyslog.outgoing()).await;
        let wanted = proposal(Kind::Syslog, &rsyslog.address());
        let (id, _) = house.agreed(wanted).await;
        rsyslog.kill();
        let node = Node::new("one");
        house.round(&node).await;
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.next, 0, "nothing was taken");
        assert!(
            matches!(
                position.last_error,
                Some(Trouble::Unreachable | Trouble::Broken)
            ),
            "{:?}",
            position.last_error
        );
        rsyslog.restart();
        house.later();
        let size = house.numbered().await;
        house.round(&node).await;
        let came = entries(&rsyslog, |came| missing(came, size).is_empty()).await;
        assert_eq!(missing(&came, size), [0; 0]);
    });
}
