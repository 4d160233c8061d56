//! Heartbeats on both engines.

use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::heartbeat;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::support::stores::{START, caller, id, on_both};

const BEATS: Sql = Sql::read(
    "SELECT COUNT(*) FROM journal_entries WHERE org_id = $1 AND action = 'journal.heartbeat'",
);

/// Whoever keeps entries from a journal makes a silence that no running server leaves.
#[test]
fn a_silent_journal_says_so_once_an_hour() {
    on_both(async |t| {
        let organisation = id::<OrgId>();
        t.begin_journal(organisation).await;
        let beat = |at: Micros| heartbeat::beat(&t.store, at, move |org| caller(org, at));
        let hour = |n: i64| START.plus_us(n * heartbeat::SILENCE_US);
        assert!(
            beat(START).await.expect("it writes") >= 1,
            "nothing was ever said"
        );
        for at in [START.plus_us(1), hour(1).plus_us(-1)] {
            assert_eq!(beat(at).await.expect("it reads"), 0, "it is no hour yet");
        }
        assert!(beat(hour(1)).await.expect("it writes") >= 1);
        let another = t.another_node().await;
        let there = heartbeat::beat(&another, hour(1), move |org| caller(org, hour(1))).await;
        assert_eq!(there.expect("it reads"), 0, "one node is enough");
        t.store
            .write::<_, StoreError, _>(caller(organisation, hour(2)), |tx| {
                tx.commit(Entry::new("note.written", "note", "1"), ())
            })
            .await
            .expect("written");
        beat(hour(2)).await.expect("others may be silent");
        let counted = t.store.read(Scope::of(organisation), |read| {
            let count: Option<(i64,)> = read.maybe(&BEATS, [])?;
            Ok::<_, StoreError>(count.map_or(0, |(count,)| count))
        });
        assert_eq!(
            counted.await.expect("it reads"),
            2,
            "an entry is a sign of life itself"
        );
    });
}
