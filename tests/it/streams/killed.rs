//! A server that is killed at any moment: what it was doing is cut off there, nothing is said to anybody, and another one goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::assurance::streams::actions::Node;
use countersign::platform::clock::Micros;
use countersign_sealing::{Entropy as _, SeededEntropy};

use super::{House, missing};
use crate::support::stores::{TestStore, on_both};

const KILLS: usize = 25;

/// How long a round of this size takes here that nobody cuts off: the shorter of two.
async fn a_round_us(house: &House, t: &TestStore) -> u64 {
    let mut shortest = Duration::MAX;
    for node in ["first", "second"] {
        house.notes(30).await;
        let begun = Instant::now();
        house.round(&Node::new(node)).await;
        shortest = shortest.min(begun.elapsed());
        t.clock.advance(61 * Micros::SECOND);
    }
    u64::try_from(shortest.as_micros())
        .expect("it is short")
        .max(1)
}

/// Begins rounds and cuts each off at a moment of its own; every one is a new process to the database. Gives how many entries there are.
async fn killed_again_and_again(house: &House, t: &TestStore) -> i64 {
    let random = SeededEntropy::new(0x9);
    let longest_life_us = a_round_us(house, t).await;
    let mut cut_off = 0;
    for kill in 0..KILLS {
        house.notes(30).await;
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let life_us = u64::from_le_bytes(bytes) % longest_life_us;
        let node = Node::new(&format!("node {kill}"));
        let round = tokio::time::timeout(Duration::from_micros(life_us), house.round(&node));
        cut_off += usize::from(round.await.is_err());
        drop(node);
        // Whatever it had in the database's hands is done before another one looks.
        tokio::time::sleep(Duration::from_millis(5)).await;
        t.clock.advance(61 * Micros::SECOND);
    }
    assert!(cut_off > KILLS / 5, "{cut_off} of {KILLS} were cut off");
    let size = house.notes(1).await;
    for last in ["last", "very last"] {
        t.clock.advance(61 * Micros::SECOND);
        house.round(&Node::new(last)).await;
    }
    size
}

#[test]
fn a_webhook_misses_nothing_however_often_the_server_is_killed() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let size = killed_again_and_again(&house, &t).await;
        assert_eq!(missing(&receiver.entries(), size), [0; 0]);
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.next, size);
    });
}

#[test]
fn syslog_misses_nothing_however_often_the_server_is_killed() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_syslog(&t).await;
        let size = killed_again_and_again(&house, &t).await;
        let came = receiver.entries(|came| missing(came, size).is_empty());
        assert_eq!(missing(&came, size), [0; 0]);
    });
}
