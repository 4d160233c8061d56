//! Syslog over TLS: no word comes back, and nothing is lost for it.

use std::sync::Arc;

use countersign::assurance::streams::actions::Node;
use countersign::assurance::streams::rules::{Health, Trouble};
use countersign::platform::clock::Micros;

use super::{House, missing, numbers};
use crate::support::stores::{TestStore, on_both};

#[test]
fn every_entry_comes_in_order_with_the_head_that_the_standard_has() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, none)) = House::to_syslog(&t).await;
        assert!(none.is_none(), "it has no secret");
        let node = Node::new("one");
        let size = house.notes(130).await;
        house.round(&node).await;
        let size_now = size as usize;
        let entries = receiver.entries(|came| came.len() >= size_now);
        assert_eq!(numbers(&entries), (0..size).collect::<Vec<_>>());
        for (number, message) in receiver.kept().iter().enumerate() {
            let parts: Vec<&str> = message.splitn(8, ' ').collect();
            let action = entries[number]["action"].as_str().expect("an action");
            assert_eq!(parts[0], "<110>1", "{message}");
            assert!(parts[1].ends_with('Z') && parts[1].len() == 27, "{message}");
            assert_eq!(parts[2..5], ["ap.example", "countersign", "-"]);
            assert_eq!(parts[5], action.get(..32).unwrap_or(action));
            assert_eq!(parts[6], "[meta");
            let sequence = format!("sequenceId=\"{}\"] {{", number + 1);
            assert!(parts[7].starts_with(&sequence), "{message}");
        }
        assert_eq!(house.sight(id).await.lag, 0);
        assert_eq!(receiver.connections(), 1, "one line for all of it");
    });
}

/// The receiver's machine takes what it is sent, its program has not read it, and dies: TCP has told the sender that all is well.
#[test]
fn what_sat_in_buffers_when_the_receiver_died_is_sent_again() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_syslog(&t).await;
        let node = Node::new("one");
        receiver.is_deaf(true);
        let size = house.notes(40).await;
        house.round(&node).await;
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.next, size, "all was sent, as far as TCP says");
        assert_eq!(position.safe, 0, "and nothing counts as arrived");
        t.clock.advance(5 * Micros::SECOND);
        house.round(&node).await;
        assert_eq!(
            house.sight(id).await.health,
            Health::Fine,
            "the line stands"
        );
        receiver.dies();
        receiver.is_deaf(false);
        std::thread::sleep(std::time::Duration::from_millis(50));
        house.round(&node).await;
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.last_error, Some(Trouble::Broken));
        assert_eq!(position.next, 0, "back to what was sent lately");
        t.clock.advance(2 * Micros::SECOND);
        house.round(&node).await;
        let came = receiver.entries(|came| missing(came, size).is_empty());
        assert_eq!(missing(&came, size), [0; 0]);
    });
}

/// The twin: a line whose break is not looked for has lost all that.
#[test]
fn without_the_window_what_sat_in_buffers_is_lost() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_syslog(&t).await;
        receiver.is_deaf(true);
        let size = house.notes(40).await;
        house.round(&Node::new("one")).await;
        t.behind_the_back(&format!(
            "UPDATE stream_positions SET safe_seq = next_seq WHERE stream_id = '{id}'"
        ))
        .await;
        receiver.dies();
        receiver.is_deaf(false);
        house.later();
        let more = house.notes(3).await;
        house.round(&Node::new("two")).await;
        let came = receiver.entries(|came| numbers(came).contains(&(more - 1)));
        assert_eq!(missing(&came, more), (0..size).collect::<Vec<_>>());
    });
}

#[test]
fn a_receiver_that_dies_in_the_middle_of_a_batch_misses_nothing() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_syslog(&t).await;
        let (node, mut size) = (Node::new("one"), 0);
        for frames in [0, 7, 60, 3] {
            receiver.dies_after(frames);
            size = house.notes(50).await;
            house.round(&node).await;
            // It reads and dies while the sender may already be content.
            std::thread::sleep(std::time::Duration::from_millis(100));
            t.clock.advance(Micros::SECOND);
            house.round(&node).await;
            house.later();
            house.round(&node).await;
        }
        house.later();
        house.round(&node).await;
        let came = receiver.entries(|came| missing(came, size).is_empty());
        assert_eq!(missing(&came, size), [0; 0]);
    });
}

#[test]
fn what_was_sent_long_ago_by_a_line_that_stands_is_not_sent_again() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_syslog(&t).await;
        let (one, two) = (Node::new("one"), Node::new("two"));
        let size = house.notes(10).await;
        house.round(&one).await;
        for _ in 0..3 {
            t.clock.advance(25 * Micros::SECOND);
            assert_eq!(house.round(&two).await, 0, "the first node has it");
            house.round(&one).await;
        }
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!((position.safe, position.next), (size, size));
        assert_eq!(house.round(&one).await, 0, "nothing is left to do");
        let more = house.notes(1).await;
        house.round(&two).await;
        let came = receiver.entries(|came| came.len() as i64 >= more);
        assert_eq!(numbers(&came), (0..more).collect::<Vec<_>>());
    });
}

/// A node that is killed takes its line with it; whoever takes the stream over does not know what arrived.
#[test]
fn another_node_sends_again_what_may_have_been_lost_with_the_first() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_syslog(&t).await;
        receiver.is_deaf(true);
        let size = house.notes(10).await;
        let first = Node::new("one");
        house.round(&first).await;
        drop(first);
        receiver.dies();
        receiver.is_deaf(false);
        let second = Node::new("two");
        assert_eq!(house.round(&second).await, 0, "the first may live still");
        t.clock.advance(61 * Micros::SECOND);
        assert_eq!(house.round(&second).await, 1, "there is no new entry");
        let came = receiver.entries(|came| missing(came, size).is_empty());
        assert_eq!(missing(&came, size), [0; 0]);
    });
}
