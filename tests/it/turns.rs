//! On PostgreSQL the loser of a race runs again. One that is slower than the others would lose to them until its tries are used up:
//! after some losses it writes while nobody else of its organisation does, on any node.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::store::{Entry, Reads as _, Sql, Store, StoreError};
use tokio::runtime::Handle;

use super::support::poll;
use super::support::stores::{Home, START, TestStore, caller, id};

const CODES: Sql = Sql::read("SELECT code FROM gl_accounts WHERE org_id = $1");
const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, 'raced', 1) RETURNING id",
);
/// Six have got in between by then.
const FIRST_ALONE: u32 = 7;
const TRIES: u32 = 24;

/// Reads all that the organisation has, lets something happen, and writes one more: whoever did the same in between was faster.
/// Gives how often it was tried; `meanwhile` is told which try it is.
async fn read_and_write(
    store: &Store,
    organisation: OrgId,
    mut meanwhile: impl FnMut(u32) + Send + 'static,
) -> (Result<(), StoreError>, u32) {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let written = store
        .write(caller(organisation, START), move |tx| {
            let all: Vec<(String,)> = tx.all(&CODES, [])?;
            meanwhile(counted.fetch_add(1, Ordering::Relaxed) + 1);
            let id = tx.id::<OrgId>();
            tx.change_one(&INSERT, params![id, format!("{}-{id}", all.len())])?;
            tx.commit(Entry::new("gl-account.added", "gl-account", id), ())
        })
        .await;
    (written, tries.load(Ordering::Relaxed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_lost_often_enough_writes_while_nobody_else_does() {
    let t = TestStore::grown().await;
    let (organisation, handle) = (id::<OrgId>(), Handle::current());
    let node = t.another_node().await;
    let others = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&others);
    let (written, tries) = read_and_write(&t.store, organisation, move |tried| {
        let (node, written) = (node.clone(), Arc::clone(&counted));
        handle.spawn(async move {
            let (other, _) = read_and_write(&node, organisation, |_| ()).await;
            other.expect("sooner or later it is written");
            written.fetch_add(1, Ordering::Relaxed);
        });
        let is_among = tried < FIRST_ALONE;
        let limit = Duration::from_millis(if is_among { 30_000 } else { 300 });
        let came = poll(limit, || {
            (counted.load(Ordering::Relaxed) == tried).then_some(())
        });
        assert_eq!(came.is_some(), is_among, "at try {tried}");
    })
    .await;
    written.expect("it has had its turn");
    assert_eq!(tries, FIRST_ALONE);
    // Whoever had to wait is next.
    let all = tokio::task::block_in_place(|| {
        poll(Duration::from_secs(30), || {
            (others.load(Ordering::Relaxed) == tries).then_some(())
        })
    });
    assert_eq!(all, Some(()));
}

/// The guard taken away: those who get in between know of no turns.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_others_wait_for_nobody_it_loses_until_its_tries_are_used_up() {
    let t = Arc::new(TestStore::grown().await);
    let (organisation, its) = (id::<OrgId>(), Arc::clone(&t));
    let (written, tries) = read_and_write(&t.store, organisation, move |tried| {
        let Home::Grown(database) = &its.home else {
            panic!("this is PostgreSQL's")
        };
        let id = id::<OrgId>();
        let outside = format!(
            "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT COUNT(*) FROM gl_accounts WHERE org_id = '{organisation}'; \
             INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ('{organisation}', '{id}', 'outside-{tried}', 'o', 1); \
             COMMIT"
        );
        database.query(&outside).expect("it waits for nobody");
    })
    .await;
    assert!(matches!(written, Err(StoreError::Contended)), "{written:?}");
    assert_eq!(tries, TRIES);
}
