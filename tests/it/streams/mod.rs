//! The journal streamed to others: every entry in order and none missing, whoever is killed meanwhile; agreed on by two; to nobody else.

mod agreed;
mod guarded;
mod killed;
mod pages;
pub mod receiver;
mod rsyslog;
mod syslog;
mod twice;
mod webhook;

use std::sync::Arc;

use countersign::assurance::audit::rules::Format;
use countersign::assurance::streams::StreamId;
use countersign::assurance::streams::actions::{
    Node, Proposal, ShownSecret, Sight, decide, list, propose,
};
use countersign::assurance::streams::rules::{Begins, Kind};
use countersign::identity::access::Role;
use countersign::identity::powers::Verdict;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::outgoing::Outgoing;
use countersign::platform::store::journal::{read, sequence_pending};
use countersign::platform::store::{Entry, StoreError};
use serde_json::Value;

use self::receiver::{SyslogReceiver, WebhookReceiver};
use crate::support::stores::TestStore;
use crate::support::world::{Somebody, World};

/// An organisation with two administrators and a security officer.
pub struct House {
    pub world: World,
    pub ann: Somebody,
    pub bo: Somebody,
    pub sven: Somebody,
}

/// The stream, and its secret where it has one.
pub type Agreed = (StreamId, Option<ShownSecret>);

pub fn proposal(kind: Kind, address: &str) -> Proposal {
    Proposal {
        name: "SIEM".to_owned(),
        kind,
        address: address.to_owned(),
        format: Format::JsonLines,
        begins: Begins::First,
        replaces: None,
    }
}

impl House {
    pub async fn new(t: &Arc<TestStore>, outgoing: Outgoing) -> Self {
        let mut world = World::new(t).await;
        let app = Arc::get_mut(&mut world.app).expect("nobody else has it yet");
        app.outgoing = outgoing;
        let ann = world.somebody("Ann", &[Role::Administrator]).await;
        let bo = world.somebody("Bo", &[Role::Administrator]).await;
        let sven = world.somebody("Sven", &[Role::SecurityOfficer]).await;
        let house = Self {
            world,
            ann,
            bo,
            sven,
        };
        house.numbered().await;
        house
    }

    /// One whose journal goes to a receiver of its own, as two agreed on.
    pub async fn to_webhook(t: &Arc<TestStore>) -> (Self, WebhookReceiver, Agreed) {
        let receiver = WebhookReceiver::start();
        let house = Self::new(t, receiver.outgoing()).await;
        let wanted = proposal(Kind::Webhook, &receiver.address());
        let agreed = house.agreed(wanted).await;
        (house, receiver, agreed)
    }

    pub async fn to_syslog(t: &Arc<TestStore>) -> (Self, SyslogReceiver, Agreed) {
        let receiver = SyslogReceiver::start();
        let house = Self::new(t, receiver.outgoing()).await;
        let wanted = proposal(Kind::Syslog, &receiver.address());
        let agreed = house.agreed(wanted).await;
        (house, receiver, agreed)
    }

    pub fn app(&self) -> &Arc<App> {
        &self.world.app
    }

    /// A stream that two agreed on.
    pub async fn agreed(&self, proposal: Proposal) -> Agreed {
        let id = propose(self.app(), &self.ann.access().await, proposal)
            .await
            .expect("asked");
        let by = self.bo.access().await;
        let secret = decide(self.app(), &by, id, Verdict::Confirm)
            .await
            .expect("another human");
        self.numbered().await;
        (id, secret)
    }

    /// Gives what was written its numbers; says how many entries there are.
    pub async fn numbered(&self) -> i64 {
        let app = self.app();
        sequence_pending(&app.store, "test", app.now())
            .await
            .expect("numbers");
        let head = app
            .store
            .read::<_, StoreError, _>(self.world.caller().scope, |reads| read::head(reads));
        head.await.expect("it reads").expect("a head").size
    }

    /// Writes so many entries more.
    pub async fn notes(&self, count: usize) -> i64 {
        for n in 0..count {
            self.app()
                .store
                .write::<_, StoreError, _>(self.world.caller(), move |tx| {
                    let entry = Entry::new("note.written", "note", tx.id::<OrgId>());
                    tx.commit(entry.fact("n", n), ())
                })
                .await
                .expect("written");
        }
        self.numbered().await
    }

    /// What a node does once.
    pub async fn round(&self, node: &Node) -> usize {
        node.round(self.app()).await.expect("the database answers")
    }

    /// Time goes by until everything that waits is due again.
    pub fn later(&self) {
        self.world.t.clock.advance(10 * Micros::MINUTE);
    }

    /// As an auditor sees it, who has just signed in: tests let more time go by than a session lasts.
    pub async fn sight(&self, id: StreamId) -> Sight {
        let auditor = self.world.somebody("Audra", &[Role::Auditor]).await;
        let all = list(self.app(), &auditor.access().await)
            .await
            .expect("listed");
        let found = all.into_iter().find(|sight| sight.stream.id == id);
        found.expect("it is there")
    }

    /// How often something was done.
    pub async fn done(&self, action: &str) -> i64 {
        let filter = read::Filter {
            action: action.to_owned(),
            ..read::Filter::default()
        };
        let counted = self
            .app()
            .store
            .read::<_, StoreError, _>(self.world.caller().scope, move |reads| {
                read::count(reads, &filter)
            });
        counted.await.expect("it reads")
    }
}

/// The entries' numbers, in the order in which they came.
pub fn numbers(entries: &[Value]) -> Vec<i64> {
    let number = |entry: &Value| {
        let number = entry["seq"]
            .as_i64()
            .or(entry["metadata"]["sequence"].as_i64());
        number.expect("an entry has a number")
    };
    entries.iter().map(number).collect()
}

/// Which of the numbers before `end` never came.
pub fn missing(entries: &[Value], end: i64) -> Vec<i64> {
    let came = numbers(entries);
    (0..end).filter(|number| !came.contains(number)).collect()
}
