//! Several nodes: one sends at a time, and one that was too slow moves nothing.

use std::sync::Arc;
use std::time::Duration;

use countersign::assurance::streams::actions::{Node, Streaming};
use countersign::platform::clock::Micros;

use super::receiver::{Reply, WebhookReceiver};
use super::{House, missing, numbers};
use crate::support::poll;
use crate::support::stores::{TestStore, on_both};

/// One node posts to a slow receiver; gives what another one finds to do meanwhile, after `meddle`.
async fn meanwhile(house: &House, receiver: &WebhookReceiver, meddle: impl AsyncFn()) -> usize {
    receiver.replies([Reply::Slow(600)]);
    let (one, two) = (Node::new("one"), Node::new("two"));
    let before = receiver.posted().len();
    let second = async {
        while receiver.posted().len() == before {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        meddle().await;
        house.round(&two).await
    };
    let (_, found) = tokio::join!(house.round(&one), second);
    found
}

#[test]
fn two_nodes_do_not_send_the_same_at_once() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_webhook(&t).await;
        assert_eq!(meanwhile(&house, &receiver, async || {}).await, 0);
        assert_eq!(receiver.posted().len(), 1);
    });
}

/// The twin: without the lease both do. The receiver knows the batch again by its id, and the position moves once.
#[test]
fn a_node_whose_lease_ran_out_sends_twice_and_loses_nothing() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let late = async || t.clock.advance(61 * Micros::SECOND);
        assert_eq!(meanwhile(&house, &receiver, late).await, 1);
        let posted = receiver.posted();
        assert_eq!(posted.len(), 2);
        let id_of = |n: usize| posted[n].header("webhook-id").to_owned();
        assert_eq!(id_of(0), id_of(1));
        let size = house.numbered().await;
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.next, size);
        let more = house.notes(2).await;
        house.round(&Node::new("three")).await;
        let came = receiver.entries();
        assert_eq!(missing(&came, more), [0; 0]);
        assert_eq!(numbers(&came).len() as i64, size + more);
    });
}

/// The program's own loop: an entry has its number within a second and leaves within another.
#[test]
fn a_running_server_sends_new_entries_within_seconds() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, _) = House::to_webhook(&t).await;
        let streaming = Streaming::start(house.app(), "server");
        for _ in 0..3 {
            let size = house.notes(2).await;
            let came = tokio::task::block_in_place(|| {
                poll(Duration::from_secs(20), || {
                    missing(&receiver.entries(), size).is_empty().then_some(())
                })
            });
            assert_eq!(came, Some(()));
        }
        streaming.stop().await;
        let size = receiver.entries().len();
        house.notes(1).await;
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        assert_eq!(receiver.entries().len(), size, "it has stopped");
    });
}
