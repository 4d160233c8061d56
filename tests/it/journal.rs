//! The journal's promises, on both engines: numbers, tree, and what is found when somebody changes rows behind its back.

mod attacks;

use std::sync::Arc;

use countersign::assurance::audit::actions::journals;
use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{
    KnownHead, Sequenced, Verification, sequence, sequence_pending, verify, verify_against,
};
use countersign::platform::store::{Entry, Reads as _, Sql, Store, StoreError};

use countersign_translog::Hash;

use self::attacks::ATTACKS;
use super::support::stores::{Home, START, TestStore, caller, id, on_both};

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const RENAME: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const IDS: Sql = Sql::read("SELECT id FROM gl_accounts WHERE org_id = $1 ORDER BY code");
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
    t.begin_journal(organisation).await;
    for code in 0..entries {
        add(&t.store, organisation, code).await;
    }
    sequence_pending(&t.store, "node-a", START)
        .await
        .expect("sequenced");
    organisation
}

async fn verified(t: &TestStore, organisation: OrgId) -> Verification {
    verify(&t.store, Scope::of(organisation), START)
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
        t.begin_journal(organisation).await;
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

/// Takes the triggers away, as somebody who owns the database can.
pub async fn unguard(t: &TestStore) {
    for (table, verbs) in [
        ("gl_accounts", &["delete"][..]),
        ("journal_entries", &["update", "delete"]),
        ("journal_openings", &["update"]),
        ("journal_leaves", &["update", "delete"]),
    ] {
        for verb in verbs {
            let on = match t.home {
                Home::Embedded(_) => String::new(),
                Home::Grown(_) => format!(" ON {table}"),
            };
            t.behind_the_back(&format!("DROP TRIGGER {table}_no_{verb}{on}"))
                .await;
        }
    }
}

#[test]
fn what_is_changed_behind_the_journal_is_found_and_named() {
    on_both(|t: Arc<TestStore>| async move {
        unguard(&t).await;
        filled(&t, 11).await;
        for (attack, expected) in ATTACKS {
            let organisation = filled(&t, 10).await;
            assert_eq!(
                verified(&t, organisation).await.bad,
                None,
                "sound before the attack"
            );
            t.behind_the_back(&attack.replace("ORG", &organisation.to_string()))
                .await;
            let bad = verified(&t, organisation).await.bad.expect(attack);
            assert!(bad.reason.contains(expected), "{attack}: {}", bad.reason);
        }
    });
}

/// Neither its organisation's row nor its people's are there.
#[test]
fn a_journal_of_which_nothing_else_is_left_is_verified_as_well() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 3).await;
        let all = journals(&t.store).await.expect("it reads");
        let found: Vec<_> = all.iter().filter(|(id, _)| *id == organisation).collect();
        assert_eq!(found, [&(organisation, None)]);
    });
}

#[test]
fn a_forged_entry_gets_no_number() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 2).await;
        // All of an entry but its code can be made up, down to a canonical form that parses.
        t.behind_the_back(&format!(
            "INSERT INTO journal_entries (id, org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac) \
             SELECT 'forged', e.org_id, e.at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, root \
             FROM journal_entries e JOIN journal_heads h ON h.org_id = e.org_id WHERE e.org_id = '{organisation}' LIMIT 1; \
             INSERT INTO journal_pending (entry_id, org_id) VALUES ('forged', '{organisation}')"
        ))
        .await;
        let later = START.plus_us(60_000_000);
        assert_eq!(
            sequence_pending(&t.store, "node-a", later)
                .await
                .expect("it goes on"),
            0
        );
        let bad = verified(&t, organisation)
            .await
            .bad
            .expect("the forged entry");
        assert!(
            bad.reason
                .contains("forged was not written by this installation"),
            "{}",
            bad.reason
        );
    });
}

#[test]
fn an_older_head_shows_what_was_put_back() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 6).await;
        let head = verified(&t, organisation).await;
        let known = |root: &str, size| KnownHead {
            epoch: 1,
            size,
            root: Hash::from_hex(root).expect("a root"),
        };
        let against = |known| {
            let t = Arc::clone(&t);
            async move {
                verify_against(&t.store, Scope::of(organisation), START, vec![known])
                    .await
                    .expect("reads")
                    .bad
            }
        };
        assert_eq!(against(known(&head.root, 6)).await, None);
        let other = "00".repeat(32);
        let bad = against(known(&other, 3)).await.expect("another history");
        assert!(
            bad.reason.contains("the first 3 entries are not those"),
            "{}",
            bad.reason
        );
        let bad = against(known(&head.root, 7))
            .await
            .expect("entries are gone");
        assert!(
            bad.reason
                .contains("a known head has 7 entries, the journal only 6"),
            "{}",
            bad.reason
        );
        let restored = KnownHead {
            epoch: 2,
            ..known(&head.root, 6)
        };
        let bad = against(restored).await.expect("another epoch");
        assert!(bad.reason.contains("of epoch 2"), "{}", bad.reason);
    });
}

#[test]
fn two_entries_on_one_row_in_one_transaction_keep_their_order() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        t.begin_journal(organisation).await;
        // Ids within one millisecond are in no order; the ordinals are.
        for code in 0..12 {
            t.store
                .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                    let id = tx.id::<OrgId>().to_string();
                    tx.change_one(&INSERT, params![&id, format!("{code:04}"), "first"])?;
                    tx.journal(Entry::new("gl-account.added", "gl-account", &id))?;
                    tx.change_one(&RENAME, params![&id, "second"])?;
                    tx.commit(Entry::new("gl-account.renamed", "cost-centre", &id), ())
                })
                .await
                .expect("written");
        }
        assert_eq!(verified(&t, organisation).await.bad, None, "while pending");
        sequence_pending(&t.store, "node-a", START)
            .await
            .expect("sequenced");
        assert_eq!(verified(&t, organisation).await.bad, None);
    });
}

#[test]
fn a_row_that_somebody_acts_on_is_what_the_application_wrote() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = filled(&t, 3).await;
        let ids: Vec<(String,)> = t
            .store
            .read(Scope::of(organisation), |read| read.all(&IDS, []))
            .await
            .expect("reads");
        let check = |id: String| {
            let t = Arc::clone(&t);
            async move {
                t.store
                    .read::<_, StoreError, _>(Scope::of(organisation), move |read| {
                        read.authentic("gl_accounts", &id)
                    })
                    .await
            }
        };
        let [(first,), (second,), (third,)] = ids.as_slice() else {
            panic!("three accounts")
        };
        assert!(check(first.clone()).await.is_ok());
        t.behind_the_back(&format!(
            "UPDATE gl_accounts SET name = 'x' WHERE id = '{first}'"
        ))
        .await;
        assert!(
            matches!(check(first.clone()).await, Err(StoreError::Forged { .. })),
            "an edited row"
        );
        t.behind_the_back(&format!("DELETE FROM row_tags WHERE row_id = '{second}'"))
            .await;
        assert!(
            matches!(check(second.clone()).await, Err(StoreError::Forged { .. })),
            "a row without a code"
        );
        t.behind_the_back(&format!(
            "UPDATE row_tags SET tag = (SELECT tag FROM row_tags WHERE row_id = '{first}') WHERE row_id = '{third}'"
        ))
        .await;
        assert!(
            matches!(check(third.clone()).await, Err(StoreError::Forged { .. })),
            "another row's code"
        );
    });
}
