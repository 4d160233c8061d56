//! Where the journal goes is agreed on by two, and stopped by one.

use std::sync::Arc;

use countersign::assurance::streams::actions::{
    Node, Proposal, StreamError, decide, propose, remove, resume, rotate,
};
use countersign::assurance::streams::rules::{Begins, Kind, State};
use countersign::identity::access::{Denied, FRESH_US, Role};
use countersign::identity::people::set_suspended;
use countersign::identity::powers::Verdict;
use countersign::platform::clock::Micros;

use super::receiver::WebhookReceiver;
use super::{House, missing, numbers, proposal};
use crate::support::stores::{TestStore, on_both};
use crate::support::world::World;

#[test]
fn one_human_sends_the_journal_nowhere_and_two_do() {
    on_both(|t: Arc<TestStore>| async move {
        let receiver = WebhookReceiver::start();
        let house = House::new(&t, receiver.outgoing()).await;
        let (app, node) = (Arc::clone(house.app()), Node::new("one"));
        let twin = house
            .world
            .somebody_as("Ann too", &[Role::Administrator], house.ann.human)
            .await;
        let hook = proposal(Kind::Webhook, &receiver.address());
        let id = propose(&app, &house.ann.access().await, hook.clone())
            .await
            .expect("asked");
        for own in [&house.ann, &twin] {
            let refused = decide(&app, &own.access().await, id, Verdict::Confirm).await;
            assert!(
                matches!(refused, Err(StreamError::SameHuman)),
                "{refused:?}"
            );
        }
        house.numbered().await;
        assert_eq!(house.round(&node).await, 0, "nothing is sent");
        let clerk = house.world.somebody("Cleo", &[Role::Clerk]).await;
        for action in ["propose", "decide"] {
            let by = clerk.access().await;
            let refused = match action {
                "propose" => propose(&app, &by, hook.clone()).await.map(drop),
                _ => decide(&app, &by, id, Verdict::Confirm).await.map(drop),
            };
            assert!(
                matches!(refused, Err(StreamError::Denied(Denied::Lacks(_)))),
                "{action}"
            );
        }
        let refused = propose(&app, &house.sven.access().await, hook).await;
        assert!(
            matches!(refused, Err(StreamError::Denied(Denied::Lacks(_)))),
            "a security officer confirms, and asks for nothing"
        );
        // The twin: another human may.
        decide(&app, &house.sven.access().await, id, Verdict::Confirm)
            .await
            .expect("another human");
        let size = house.numbered().await;
        house.round(&node).await;
        assert_eq!(missing(&receiver.entries(), size), [0; 0]);
        let again = decide(&app, &house.bo.access().await, id, Verdict::Confirm).await;
        assert!(matches!(again, Err(StreamError::NotOpen)), "{again:?}");
    });
}

#[test]
fn asking_confirming_resuming_and_renewing_take_a_factor_of_a_moment_ago() {
    on_both(|t: Arc<TestStore>| async move {
        let house = House::new(&t, WebhookReceiver::start().outgoing()).await;
        let (app, hook) = (
            Arc::clone(house.app()),
            proposal(Kind::Webhook, "https://siem.example/"),
        );
        let id = propose(&app, &house.ann.access().await, hook.clone())
            .await
            .expect("asked");
        t.clock.advance(FRESH_US);
        let stale = house.bo.as_shown().await;
        let is_asked = |refused: Result<(), StreamError>| {
            matches!(refused, Err(StreamError::Denied(Denied::NotFresh)))
        };
        assert!(is_asked(propose(&app, &stale, hook).await.map(drop)));
        let confirmed = decide(&app, &stale, id, Verdict::Confirm).await;
        assert!(is_asked(confirmed.map(drop)));
        assert!(is_asked(resume(&app, &stale, id).await));
        assert!(is_asked(rotate(&app, &stale, id).await.map(drop)));
        // Whoever stops harm is not kept waiting.
        decide(&app, &stale, id, Verdict::Refuse)
            .await
            .expect("refusing takes none");
        assert_eq!(house.sight(id).await.stream.state, State::Refused);
    });
}

#[test]
fn what_waits_ends_with_the_week_and_with_the_right_of_whoever_asked() {
    on_both(|t: Arc<TestStore>| async move {
        let house = House::new(&t, WebhookReceiver::start().outgoing()).await;
        let app = Arc::clone(house.app());
        let (cora, hook) = (
            house.world.somebody("Cora", &[Role::Administrator]).await,
            proposal(Kind::Webhook, "https://siem.example/"),
        );
        let id = propose(&app, &cora.access().await, hook.clone())
            .await
            .expect("asked");
        set_suspended(&app, &house.ann.access().await, cora.person, true)
            .await
            .expect("suspended");
        let by = house.bo.access().await;
        let gone = decide(&app, &by, id, Verdict::Confirm).await;
        assert!(matches!(gone, Err(StreamError::ProposerGone)), "{gone:?}");
        let id = propose(&app, &house.ann.access().await, hook)
            .await
            .expect("asked");
        t.clock.advance(7 * Micros::DAY);
        let late = house.world.somebody("Dora", &[Role::Administrator]).await;
        let late = decide(&app, &late.access().await, id, Verdict::Confirm).await;
        assert!(matches!(late, Err(StreamError::Late)), "{late:?}");
    });
}

#[test]
fn nobody_asks_where_nobody_else_could_confirm_nor_for_what_cannot_be_sent_to() {
    on_both(|t: Arc<TestStore>| async move {
        let world = World::new(&t).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let hook = proposal(Kind::Webhook, "https://siem.example/");
        let alone = propose(&world.app, &ada.access().await, hook.clone()).await;
        assert!(
            matches!(alone, Err(StreamError::NobodyConfirms)),
            "{alone:?}"
        );
        world.somebody("Sven", &[Role::SecurityOfficer]).await;
        for (kind, address) in [
            (Kind::Webhook, "http://siem.example/"),
            (Kind::Webhook, "https://ann:secret@siem.example/"),
            (Kind::Syslog, "https://siem.example/"),
        ] {
            let wrong = propose(&world.app, &ada.access().await, proposal(kind, address)).await;
            assert!(matches!(wrong, Err(StreamError::Address)), "{address}");
        }
        let nameless = Proposal {
            name: " ".to_owned(),
            ..hook.clone()
        };
        let wrong = propose(&world.app, &ada.access().await, nameless).await;
        assert!(matches!(wrong, Err(StreamError::Name)), "{wrong:?}");
        for _ in 0..20 {
            propose(&world.app, &ada.access().await, hook.clone())
                .await
                .expect("asked");
        }
        let many = propose(&world.app, &ada.access().await, hook).await;
        assert!(matches!(many, Err(StreamError::Many)), "{many:?}");
    });
}

#[test]
fn another_place_is_another_stream_that_goes_on_where_the_former_was() {
    on_both(|t: Arc<TestStore>| async move {
        let receiver = WebhookReceiver::start();
        let house = House::new(&t, receiver.outgoing()).await;
        let (app, node) = (Arc::clone(house.app()), Node::new("one"));
        let hook = proposal(Kind::Webhook, &receiver.address());
        let (former, _) = house.agreed(hook.clone()).await;
        house.notes(4).await;
        house.round(&node).await;
        let sent = numbers(&receiver.entries()).len() as i64;
        let (id, _) = house
            .agreed(Proposal {
                name: "SIEM, another path".to_owned(),
                begins: Begins::Now,
                replaces: Some(former),
                ..hook.clone()
            })
            .await;
        let sight = house.sight(former).await;
        assert_eq!(sight.stream.state, State::Replaced);
        let position = house.sight(id).await.position.expect("it has begun");
        assert_eq!(position.next, sent, "where the former was");
        let size = house.notes(2).await;
        assert_eq!(house.round(&node).await, 1, "the new one alone");
        assert_eq!(numbers(&receiver.entries()), (0..size).collect::<Vec<_>>());
        // What has ended is replaced by nothing, and does not begin again.
        let ended = Proposal {
            replaces: Some(former),
            ..hook
        };
        let wrong = propose(&app, &house.ann.access().await, ended).await;
        assert!(matches!(wrong, Err(StreamError::NotOpen)), "{wrong:?}");
        remove(&app, &house.sven.access().await, id)
            .await
            .expect("one is enough");
        let wrong = resume(&app, &house.ann.access().await, id).await;
        assert!(matches!(wrong, Err(StreamError::NotOpen)), "{wrong:?}");
        house.notes(1).await;
        assert_eq!(house.round(&node).await, 0, "nothing is sent any more");
    });
}
