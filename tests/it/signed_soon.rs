//! A committed entry is under a signed head within a second, as far as nothing else keeps the machine busy: through a running server,
//! on both engines. What is asked here is some seconds, because other tests run beside it.

use std::time::Duration;

use countersign::platform::background::SEQUENCE_EVERY;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, signed_head};
use countersign::platform::store::{Entry, StoreError};

use super::support::app::between;
use super::support::desk::{Desk, Typed};
use super::support::poll;
use super::support::postgres::Cluster;
use super::support::server::{Launch, Server};
use super::support::stores::{START, caller, id, on_both};
use super::two_servers::{launch, settings};

const SOON: Duration = Duration::from_secs(5);
/// For a head to be there at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many entries the newest signed head counts.
fn signed(ann: &mut Desk) -> Option<u64> {
    let note = ann.get("/journal/checkpoint").text();
    note.lines().nth(1)?.parse().ok()
}

/// The number of the newest entry about a vendor that was made.
fn number(ann: &mut Desk) -> Option<u64> {
    let page = ann.get("/journal?action=vendor.created").text();
    between(&page, "href=\"/journal/", "/proof\"")?
        .rsplit('/')
        .next()?
        .parse()
        .ok()
}

fn is_signed_soon(server: &Server) {
    let (mut ann, _) = Desk::set_up(server, &Typed::default());
    poll(PATIENCE, || signed(&mut ann)).expect("the setup is under a signed head");
    for name in ["Nordlicht GmbH", "Seestern AG"] {
        let before = number(&mut ann);
        ann.get("/vendors/new");
        let fields = [("name", name), ("country", "DE"), ("terms_days", "30")];
        let answer = ann.submit("/vendors", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let under = poll(SOON, || {
            let entry = number(&mut ann).filter(|entry| Some(*entry) > before)?;
            signed(&mut ann).filter(|size| *size > entry)
        });
        assert!(under.is_some(), "{name}: {}", server.said());
    }
}

#[test]
fn a_committed_entry_is_soon_under_a_signed_head() {
    assert!(SEQUENCE_EVERY <= Duration::from_secs(1));
    is_signed_soon(&Server::start(Launch::embedded()));
}

#[test]
fn a_committed_entry_is_soon_under_a_signed_head_on_postgresql() {
    let database = Cluster::shared().empty();
    is_signed_soon(&Server::start(launch(&settings(&database))));
}

/// The twin: where nothing comes round, the entry is under no head.
#[test]
fn an_entry_that_nobody_numbers_is_under_no_head() {
    on_both(|t| async move {
        let organisation = id::<OrgId>();
        t.begin_journal(organisation).await;
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), |tx| {
                tx.commit(Entry::new("note.written", "note", "1"), ())
            })
            .await
            .expect("written");
        let newest = || {
            let scope = Scope::of(organisation);
            t.store.read::<_, StoreError, _>(scope, signed_head)
        };
        let size = |head: Option<countersign::platform::store::journal::SignedHead>| {
            head.map_or(0, |signed| signed.head.size)
        };
        assert_eq!(size(newest().await.expect("it reads")), 0);
        sequence_pending(&t.store, "node", START)
            .await
            .expect("numbered");
        assert_eq!(size(newest().await.expect("it reads")), 1);
    });
}
