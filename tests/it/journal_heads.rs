//! The head of a journal on both engines: the sequencer goes on from the head that the installation's key made, and from
//! no other; a head that is missing is never made again.

use std::sync::Arc;

use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{
    Sequenced, Verification, sequence, sequence_pending, verify,
};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_translog::Hash;
use countersign_translog::merkle::Frontier;

use super::support::stores::{Home, START, TestStore, caller, id, on_both};

const LEAVES: Sql =
    Sql::read("SELECT entry_id, leaf FROM journal_leaves WHERE org_id = $1 ORDER BY seq");
const SIZE: Sql = Sql::read("SELECT size FROM journal_heads WHERE org_id = $1");
/// When a lease that was taken at the beginning has run out.
const LATER: Micros = Micros(START.0 + 60 * Micros::SECOND);

/// Entries that touch no row, such as a sign-in: the tree alone keeps them.
async fn note(t: &TestStore, organisation: OrgId, count: usize) {
    for n in 0..count {
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                tx.commit(
                    Entry::new("note.written", "note", tx.id::<OrgId>()).fact("n", n),
                    (),
                )
            })
            .await
            .expect("written");
    }
}

async fn noted(t: &TestStore, count: usize) -> OrgId {
    let organisation = id::<OrgId>();
    t.begin_journal(organisation).await;
    note(t, organisation, count).await;
    sequence_pending(&t.store, "node", START)
        .await
        .expect("sequenced");
    organisation
}

async fn verified(t: &TestStore, organisation: OrgId) -> Verification {
    verify(&t.store, Scope::of(organisation), LATER)
        .await
        .expect("it reads")
}

async fn sequenced(t: &TestStore, organisation: OrgId) -> Result<Sequenced, StoreError> {
    sequence(&t.store, Scope::of(organisation), "node", LATER).await
}

async fn leaves(t: &TestStore, organisation: OrgId) -> Vec<(String, Vec<u8>)> {
    t.store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| read.all(&LEAVES, []))
        .await
        .expect("it reads")
}

async fn size(t: &TestStore, organisation: OrgId) -> i64 {
    let (size,) = t
        .store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| {
            read.one::<(i64,)>(&SIZE, params![])
        })
        .await
        .expect("it reads");
    size
}

/// What the owner of a database may do that the application's role and its triggers refuse.
async fn unguarded(t: &TestStore, sql: &str) {
    for table in ["journal_entries", "journal_openings", "journal_leaves"] {
        for verb in ["update", "delete"] {
            let on = match t.home {
                Home::Embedded(_) => String::new(),
                Home::Grown(_) => format!(" ON {table}"),
            };
            t.behind_the_back(&format!("DROP TRIGGER IF EXISTS {table}_no_{verb}{on}"))
                .await;
        }
    }
    t.behind_the_back(sql).await;
}

fn blob(t: &TestStore, bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match t.home {
        Home::Embedded(_) => format!("x'{hex}'"),
        Home::Grown(_) => format!("'\\x{hex}'::bytea"),
    }
}

/// Makes `kept` the whole journal: what is left out is deleted, the numbers are dense again, and root and frontier are
/// recomputed, which needs no key.
async fn rewrite(t: &TestStore, organisation: OrgId, kept: &[(String, Vec<u8>)]) {
    let mut frontier = Frontier::new();
    let mut sql = format!("DELETE FROM journal_leaves WHERE org_id = '{organisation}';");
    for (seq, (entry, leaf)) in kept.iter().enumerate() {
        sql += &format!(
            "INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) VALUES ('{organisation}', {seq}, '{entry}', {});",
            blob(t, leaf)
        );
        frontier.push(Hash::from_slice(leaf).expect("a hash"));
    }
    let without = format!(
        "entry_id NOT IN (SELECT entry_id FROM journal_leaves) AND org_id = '{organisation}'"
    );
    sql += &format!("DELETE FROM journal_openings WHERE {without};");
    sql += &format!(
        "DELETE FROM journal_entries WHERE {};",
        without.replacen("entry_id", "id", 1)
    );
    sql += &format!(
        "UPDATE journal_heads SET size = {}, root = {}, frontier = {} WHERE org_id = '{organisation}'",
        kept.len(),
        blob(t, frontier.root().as_bytes()),
        blob(t, &frontier.to_bytes())
    );
    unguarded(t, &sql).await;
}

#[test]
fn the_sequencer_signs_no_tree_that_somebody_else_computed() {
    on_both(|t: Arc<TestStore>| async move {
        type Forge = fn(&mut Vec<(String, Vec<u8>)>);
        let forges: [(&str, Forge); 3] = [
            ("one entry deleted", |leaves| drop(leaves.remove(4))),
            ("several in the middle deleted", |leaves| {
                drop(leaves.drain(3..6));
            }),
            ("two entries swapped", |leaves| leaves.swap(2, 5)),
        ];
        for (what, forge) in forges {
            let organisation = noted(&t, 9).await;
            let mut kept = leaves(&t, organisation).await;
            forge(&mut kept);
            rewrite(&t, organisation, &kept).await;
            note(&t, organisation, 1).await;
            let refused = sequenced(&t, organisation).await;
            assert!(
                matches!(refused, Err(StoreError::Head(_))),
                "{what}: {refused:?}"
            );
            let found = verified(&t, organisation).await;
            let bad = found.bad.expect(what);
            assert!(
                bad.reason.contains("the head was not written"),
                "{what}: {}",
                bad.reason
            );
            assert_eq!(found.size, kept.len() as i64, "{what}: nothing was added");
        }
    });
}

#[test]
fn the_sequencer_goes_on_from_no_other_hashes() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, other) = (noted(&t, 6).await, noted(&t, 6).await);
        t.behind_the_back(&format!(
            "UPDATE journal_heads SET frontier = (SELECT frontier FROM journal_heads WHERE org_id = '{other}') \
             WHERE org_id = '{organisation}'"
        ))
        .await;
        note(&t, organisation, 1).await;
        let refused = sequenced(&t, organisation).await;
        assert!(matches!(refused, Err(StoreError::Head(_))), "{refused:?}");
        assert_eq!(size(&t, organisation).await, 6);
        note(&t, other, 1).await;
        assert!(
            matches!(sequenced(&t, other).await, Ok(Sequenced::Entries(1))),
            "one damaged journal keeps no other from its numbers"
        );
    });
}

#[test]
fn a_head_that_is_missing_is_bad_and_is_not_made_again() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = noted(&t, 5).await;
        unguarded(
            &t,
            &format!(
                "DELETE FROM journal_heads WHERE org_id = '{organisation}'; \
                 INSERT INTO journal_pending (entry_id, org_id) \
                 SELECT entry_id, org_id FROM journal_leaves WHERE org_id = '{organisation}' AND seq <> 2 ORDER BY seq DESC; \
                 DELETE FROM journal_entries WHERE org_id = '{organisation}' AND id = \
                 (SELECT entry_id FROM journal_leaves WHERE org_id = '{organisation}' AND seq = 2); \
                 DELETE FROM journal_leaves WHERE org_id = '{organisation}'"
            ),
        )
        .await;
        for _ in 0..2 {
            let bad = verified(&t, organisation).await.bad.expect("no head");
            assert!(bad.reason.contains("the head is missing"), "{}", bad.reason);
            let refused = sequenced(&t, organisation).await;
            assert!(matches!(refused, Err(StoreError::Head(_))), "{refused:?}");
            note(&t, organisation, 1).await;
        }
        let again = t
            .store
            .write::<_, StoreError, _>(caller(organisation, START), |tx| {
                tx.begin_journal()?;
                tx.done(())
            })
            .await;
        assert!(matches!(again, Err(StoreError::Head(_))), "{again:?}");
    });
}

#[test]
fn an_entry_that_never_gets_its_number_is_reported() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = noted(&t, 3).await;
        note(&t, organisation, 1).await;
        let at = |minutes: i64| {
            let t = Arc::clone(&t);
            let now = START.plus_us(minutes * 60 * Micros::SECOND);
            async move {
                verify(&t.store, Scope::of(organisation), now)
                    .await
                    .expect("it reads")
            }
        };
        assert_eq!(at(4).await.bad, None, "a server may be starting");
        let bad = at(6).await.bad.expect("nobody numbers it");
        assert!(
            bad.reason.contains("has waited for its number"),
            "{}",
            bad.reason
        );
        // A lease that never ends would keep it so: none is taken for one.
        t.behind_the_back(&format!(
            "UPDATE journal_heads SET lease_holder = 'nobody', lease_until_us = {} WHERE org_id = '{organisation}'",
            i64::MAX
        ))
        .await;
        let numbered = sequenced(&t, organisation).await;
        assert!(
            matches!(numbered, Ok(Sequenced::Entries(1))),
            "{numbered:?}"
        );
        assert_eq!(at(6).await.bad, None);
    });
}
