//! Signed requests: what they hold, and what a receiver may answer.

use std::sync::Arc;

use countersign::assurance::audit::rules::Format;
use countersign::assurance::streams::actions::{Node, Proposal, pause, resume, rotate, test};
use countersign::assurance::streams::rules::{Begins, Health, Kind, Reason, State, Trouble};
use countersign::platform::clock::Micros;

use super::receiver::{Posted, Reply, WebhookReceiver};
use super::{House, missing, numbers, proposal};
use crate::support::stores::{TestStore, on_both};

#[test]
fn every_entry_comes_in_order_and_signed() {
    on_both(|t: Arc<TestStore>| async move {
        let receiver = WebhookReceiver::start();
        let house = House::new(&t, receiver.outgoing()).await;
        let hook = proposal(Kind::Webhook, &receiver.address());
        let (id, secret) = house.agreed(hook).await;
        let secret = secret.expect("a webhook has one").secret.expose();
        let node = Node::new("one");
        let size = house.notes(230).await;
        assert_eq!(house.round(&node).await, 1);
        let came = numbers(&receiver.entries());
        assert_eq!(came, (0..size).collect::<Vec<_>>());
        let posted = receiver.posted();
        assert!(posted.len() >= 3, "at most 100 entries a request");
        for posted in &posted {
            assert!(posted.is_signed_by(&secret), "{posted:?}");
            assert_eq!(posted.header("content-type"), "application/x-ndjson");
            assert_eq!(posted.header("countersign-epoch"), "1");
            let now = (house.app().now().0 / 1_000_000).to_string();
            assert_eq!(posted.header("webhook-timestamp"), now);
        }
        let mut ids: Vec<&str> = posted.iter().map(|one| one.header("webhook-id")).collect();
        ids.dedup();
        assert_eq!(ids.len(), posted.len(), "each batch has an id of its own");
        let altered = Posted {
            body: posted[0].body.replace("note", "nose"),
            ..posted[1].clone()
        };
        assert!(
            !altered.is_signed_by(&secret),
            "a signature is over the body"
        );
        // Nothing new, nothing sent; what is new is sent alone.
        assert_eq!(house.round(&node).await, 0);
        let size = house.notes(1).await;
        house.round(&node).await;
        assert_eq!(numbers(&receiver.entries()).last(), Some(&(size - 1)));
        assert_eq!(receiver.entries().len() as i64, size);
        assert_eq!(house.sight(id).await.lag, 0);
    });
}

#[test]
fn events_of_ocsf_come_from_where_the_stream_begins() {
    on_both(|t: Arc<TestStore>| async move {
        let receiver = WebhookReceiver::start();
        let house = House::new(&t, receiver.outgoing()).await;
        let before = house.notes(3).await;
        house
            .agreed(Proposal {
                format: Format::Ocsf,
                begins: Begins::Now,
                ..proposal(Kind::Webhook, &receiver.address())
            })
            .await;
        let size = house.notes(2).await;
        house.round(&Node::new("one")).await;
        let entries = receiver.entries();
        // What was asked for had its number when the stream was confirmed or after it.
        assert!(numbers(&entries)[0] >= before);
        assert_eq!(numbers(&entries).last(), Some(&(size - 1)));
        assert_eq!(entries[0]["metadata"]["version"], "1.3.0");
    });
}

/// However long the receiver is away and however it fails, nothing is dropped; what it took without saying so comes again
/// under the same id.
#[test]
fn a_receiver_that_was_away_gets_all_that_it_missed() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let node = Node::new("one");
        house.notes(5).await;
        for (reply, trouble) in [
            (Reply::Status(500), Trouble::Failing),
            (Reply::Status(404), Trouble::Refused),
            (Reply::Redirect, Trouble::Redirect),
            (Reply::Dies, Trouble::Broken),
        ] {
            receiver.replies([reply]);
            assert_eq!(house.round(&node).await, 1);
            let sight = house.sight(id).await;
            let position = sight.position.expect("it has begun");
            assert_eq!(position.last_error, Some(trouble));
            assert_eq!(position.next, 0, "nothing was taken");
            assert_eq!(sight.health, Health::Trying);
            assert_eq!(house.round(&node).await, 0, "not before it is due");
            house.notes(1).await;
            house.later();
        }
        let size = house.notes(150).await;
        house.round(&node).await;
        assert_eq!(numbers(&receiver.entries()), (0..size).collect::<Vec<_>>());
        let posted = receiver.posted();
        let first = posted[0].header("webhook-id");
        let again = posted
            .iter()
            .filter(|one| one.header("webhook-id") == first);
        assert_eq!(
            again.count(),
            5,
            "the same batch, though there is more by now"
        );
        assert_eq!(house.sight(id).await.health, Health::Fine);
    });
}

#[test]
fn a_receiver_that_asks_for_time_is_given_it() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let node = Node::new("one");
        receiver.replies([Reply::Later(429, "1200"), Reply::Later(503, "900000")]);
        for (least, most) in [(1_200, 1_200), (3_600, 3_600)] {
            house.round(&node).await;
            let position = house.sight(id).await.position.expect("it has begun");
            assert_eq!(position.last_error, Some(Trouble::Busy));
            let waits = position.due.since(house.app().now()) / Micros::SECOND;
            assert!((least..=most).contains(&waits), "{waits}");
            assert_eq!(house.round(&node).await, 0);
            house.world.t.clock.advance(waits * Micros::SECOND);
        }
        house.round(&node).await;
        assert_eq!(house.sight(id).await.health, Health::Fine);
    });
}

#[test]
fn a_receiver_that_is_gone_pauses_its_stream_which_goes_on_where_it_was() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let node = Node::new("one");
        house.round(&node).await;
        receiver.replies([Reply::Status(410)]);
        house.notes(1).await;
        house.round(&node).await;
        let sight = house.sight(id).await;
        assert_eq!(sight.stream.state, State::Paused);
        assert_eq!(sight.stream.reason, Some(Reason::Gone));
        assert_eq!(house.done("stream.paused").await, 1);
        house.notes(3).await;
        house.later();
        assert_eq!(house.round(&node).await, 0, "nothing is sent");
        resume(house.app(), &house.bo.access().await, id)
            .await
            .expect("it is paused");
        // Whoever pauses it needs nobody.
        let pausing = async || pause(house.app(), &house.sven.access().await, id).await;
        pausing().await.expect("it is active");
        pausing().await.expect_err("it is paused already");
        house.later();
        assert_eq!(house.round(&node).await, 0, "nothing is sent");
        resume(house.app(), &house.ann.access().await, id)
            .await
            .expect("it is paused");
        let size = house.numbered().await;
        house.round(&node).await;
        assert_eq!(missing(&receiver.entries(), size), [0; 0]);
    });
}

#[test]
fn a_test_is_an_entry_that_goes_the_way_of_all_entries() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, _)) = House::to_webhook(&t).await;
        let node = Node::new("one");
        receiver.replies([Reply::Status(500)]);
        house.round(&node).await;
        assert_eq!(house.round(&node).await, 0, "it waits");
        test(house.app(), &house.bo.access().await, id)
            .await
            .expect("it is active");
        house.numbered().await;
        assert_eq!(house.round(&node).await, 1, "it is tried at once");
        let last = receiver.entries().pop().expect("entries");
        assert_eq!(last["action"], "stream.tested");
    });
}

#[test]
fn a_secret_that_was_replaced_signs_for_a_day_more() {
    on_both(|t: Arc<TestStore>| async move {
        let (house, receiver, (id, old)) = House::to_webhook(&t).await;
        let old = old.expect("a webhook has one").secret.expose();
        let new = rotate(house.app(), &house.ann.access().await, id)
            .await
            .expect("it has one");
        let new = new.secret.expose();
        let node = Node::new("one");
        let last = async || {
            house.notes(1).await;
            house.round(&node).await;
            receiver.posted().pop().expect("it was sent")
        };
        let both = last().await;
        assert!(both.is_signed_by(&new) && both.is_signed_by(&old));
        let first = both.header("webhook-signature").split(' ').next();
        let alone = Posted {
            headers: vec![
                ("webhook-signature".into(), first.expect("one").into()),
                ("webhook-id".into(), both.header("webhook-id").into()),
                (
                    "webhook-timestamp".into(),
                    both.header("webhook-timestamp").into(),
                ),
            ],
            ..both.clone()
        };
        assert!(alone.is_signed_by(&new), "the newest stands first");
        t.clock.advance(Micros::DAY);
        let one = last().await;
        assert!(one.is_signed_by(&new) && !one.is_signed_by(&old));
    });
}
