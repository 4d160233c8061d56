//! The journal's promises, on both engines: numbers, tree, and what is found when somebody changes rows behind its back.

use std::sync::Arc;

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{
    Sequenced, Verification, sequence, sequence_pending, verify,
};
use countersign::platform::store::{Entry, Reads as _, Sql, Store, StoreError};

use super::support::stores::{START, TestStore, caller, id, on_both};

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const SEQUENCES: Sql = Sql::read("SELECT seq FROM journal_leaves WHERE org_id = $1 ORDER BY seq");

async fn add(store: &Store, organisation: OrgId, code: usize) {
    store
        .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
            let id = tx.id::<OrgId>().to_string();
            tx.change_one(&INSERT, params![&id, format!("{code:04}"), "Travel"])?;
            tx.commit(
                Entry::new("gl-account.added", "gl-account", &id).fact("name", "Travel"),
                (),
            )
        })
        .await
        .expect("added");
}

async fn filled(t: &TestStore, entries: usize) -> OrgId {
    let organisation = id::<OrgId>();
    for code in 0..entries {
        add(&t.store, organisation, code).await;
    }
    sequence_pending(&t.store, "node-a", START)
        .await
        .expect("sequenced");
    organisation
}

async fn verified(t: &TestStore, organisation: OrgId) -> Verification {
    verify(&t.store, Scope::of(organisation))
        .await
        .expect("it reads")
}

#[test]
fn every_committed_entry_gets_a_dense_number_and_the_journal_verifies() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 20).await;
        add(&t.store, organisation, 99).await;
        let verification = verified(&t, organisation).await;
        assert_eq!(
            (verification.size, verification.pending, verification.bad),
            (20, 1, None)
        );
        assert_eq!(verification.rows_checked, 21);
        let numbers: Vec<(i64,)> = t
            .store
            .read(Scope::of(organisation), |read| read.all(&SEQUENCES, []))
            .await
            .expect("reads");
        assert!(numbers.into_iter().map(|(n,)| n).eq(0..20));
    });
}

#[test]
fn two_nodes_sequence_one_organisation_without_gap_or_double() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let other = t.another_node().await;
        for round in 0..6 {
            let writes = (0..8).map(|n| add(&t.store, organisation, round * 8 + n));
            for write in writes {
                write.await;
            }
            let scope = Scope::of(organisation);
            let (a, b) = tokio::join!(
                sequence(&t.store, scope, "node-a", START),
                sequence(&other, scope, "node-b", START)
            );
            for side in [a, b] {
                assert!(
                    matches!(
                        side,
                        Ok(Sequenced::Entries(_) | Sequenced::HeldElsewhere)
                            | Err(StoreError::Contended)
                    ),
                    "{side:?}"
                );
            }
        }
        // The first holder is gone; its lease runs out and the other takes over.
        let later = START.plus_us(60_000_000);
        sequence_pending(&other, "node-b", later)
            .await
            .expect("taken over");
        let verification = verified(&t, organisation).await;
        assert_eq!(
            (verification.size, verification.pending, verification.bad),
            (48, 0, None)
        );
    });
}

#[test]
fn what_is_changed_behind_the_journal_is_found_and_named() {
    let update = "UPDATE gl_accounts SET name = 'Bribes' WHERE code = '0003'";
    let attacks: &[(&str, &str)] = &[
        (update, "was changed behind the journal"),
        (
            "INSERT INTO gl_accounts (id, org_id, code, name, version) SELECT 'x', org_id, 'x', 'x', 1 FROM gl_accounts LIMIT 1",
            "was written without a journal entry",
        ),
        (
            "UPDATE journal_leaves SET seq = seq + 100 WHERE seq = 9",
            "is missing",
        ),
        (
            "DELETE FROM journal_leaves WHERE seq = 9",
            "has no leaf and was taken from the sequencer's list",
        ),
        (
            "UPDATE journal_heads SET size = 9",
            "the head names 9 entries",
        ),
        (
            "DELETE FROM journal_openings WHERE entry_id = (SELECT entry_id FROM journal_leaves WHERE seq = 4)",
            "opening is missing",
        ),
    ];
    for (attack, expected) in attacks {
        on_both(|t: Arc<TestStore>| async move {
            let organisation = filled(&t, 10).await;
            assert_eq!(
                verified(&t, organisation).await.bad,
                None,
                "sound before the attack"
            );
            t.behind_the_back(attack).await;
            let bad = verified(&t, organisation).await.bad.expect(attack);
            // A leaf that is gone shows first as a head that names more entries than there are.
            let shortened = attack.starts_with("DELETE FROM journal_leaves")
                && bad.reason.contains("the head names 10");
            assert!(
                bad.reason.contains(expected) || shortened,
                "{attack}: {}",
                bad.reason
            );
        });
    }
}

#[test]
fn a_deleted_business_row_is_found_where_its_guard_is_taken_away() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 5).await;
        t.behind_the_back(
            "DROP TRIGGER gl_accounts_no_delete ON gl_accounts".trim_end_matches(match t.home {
                super::support::stores::Home::Embedded(_) => " ON gl_accounts",
                super::support::stores::Home::Grown(_) => "\0",
            }),
        )
        .await;
        t.behind_the_back("DELETE FROM gl_accounts WHERE code = '0002'")
            .await;
        let bad = verified(&t, organisation).await.bad.expect("a row is gone");
        assert!(
            bad.reason.contains("is gone from the table"),
            "{}",
            bad.reason
        );
    });
}
