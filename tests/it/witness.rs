//! A customer's witness cosigns what appends, on both engines; and what somebody does to the database, to the witness or on the
//! way shows as what it is.

use std::sync::Arc;

use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::witnessed::{Refusal, refusals};
use countersign::platform::store::journal::{SignedHead, sequence_pending, signed_head};
use countersign::platform::store::{Entry, StoreError};
use countersign::platform::witness::{Asked, ask, round};
use countersign_translog::bundle::witnessed;
use countersign_translog::merkle::{Frontier, leaf_hash};
use countersign_translog::note::{Kind, SigningKey};

use super::support::stores::{START, TestStore, caller, id, on_both};
use super::support::witness::{Fault, TestWitness};
use super::tamper::forger::head_with;

async fn note(t: &TestStore, organisation: OrgId, count: usize) {
    for n in 0..count {
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                let entry = Entry::new("note.written", "note", tx.id::<OrgId>());
                tx.commit(entry.fact("n", n), ())
            })
            .await
            .expect("written");
    }
    sequence_pending(&t.store, "node", START)
        .await
        .expect("sequenced");
}

async fn head(t: &TestStore, organisation: OrgId) -> SignedHead {
    t.store
        .read::<_, StoreError, _>(Scope::of(organisation), signed_head)
        .await
        .expect("it reads")
        .expect("there are entries")
}

/// A journal of some entries, and a witness that knows its key.
async fn known(t: &TestStore, entries: usize) -> (OrgId, TestWitness) {
    let (organisation, witness) = (id::<OrgId>(), TestWitness::start());
    t.begin_journal(organisation).await;
    note(t, organisation, entries).await;
    witness.knows(&head(t, organisation).await.key);
    (organisation, witness)
}

async fn asks(t: &TestStore, witness: &TestWitness, organisation: OrgId) -> Asked {
    ask(
        &t.store,
        &witness.outgoing(),
        &witness.named(),
        organisation,
        START,
    )
    .await
    .expect("the journal reads")
}

async fn is_cosigned(t: &TestStore, witness: &TestWitness, organisation: OrgId) -> bool {
    let note = head(t, organisation).await.note;
    witnessed(note.as_bytes(), &[witness.key()]).is_ok()
}

#[test]
fn each_new_head_is_cosigned_and_served_with_the_cosignature() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, witness) = known(&t, 3).await;
        assert!(!is_cosigned(&t, &witness, organisation).await);
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
        assert!(is_cosigned(&t, &witness, organisation).await);
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Nothing);
        // The one before says nothing of the next head.
        note(&t, organisation, 6).await;
        assert!(!is_cosigned(&t, &witness, organisation).await);
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
        assert!(is_cosigned(&t, &witness, organisation).await);
        assert_eq!(witness.asked(), ["old 0", "old 3"]);
    });
}

#[test]
fn a_round_asks_about_every_journal_and_loses_nothing_while_the_witness_is_away() {
    on_both(|t: Arc<TestStore>| async move {
        let (first, witness) = known(&t, 2).await;
        let second = id::<OrgId>();
        t.begin_journal(second).await;
        note(&t, second, 4).await;
        let rounds = || async {
            round(&t.store, &witness.outgoing(), &witness.named(), START)
                .await
                .expect("the journals read")
        };
        witness.misbehaves(Some(Fault::Down));
        let refused = rounds().await;
        assert!(
            refused.contains(&(first, Refusal::Unreachable)),
            "{refused:?}"
        );
        note(&t, first, 5).await;
        witness.misbehaves(None);
        assert_eq!(rounds().await, [(second, Refusal::UnknownLog)]);
        assert!(is_cosigned(&t, &witness, first).await);
        witness.knows(&head(&t, second).await.key);
        assert_eq!(rounds().await, []);
        assert!(is_cosigned(&t, &witness, second).await);
        let kept = t.store.lookup::<_, StoreError, _>(refusals).await;
        assert_eq!(kept.expect("it reads"), [], "what was refused is done");
    });
}

#[test]
fn a_witness_that_was_asked_by_another_server_is_asked_again_from_where_it_is() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, witness) = known(&t, 3).await;
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
        note(&t, organisation, 2).await;
        t.behind_the_back(&format!(
            "UPDATE journal_witness SET size = 1 WHERE org_id = '{organisation}'"
        ))
        .await;
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
        assert_eq!(witness.asked(), ["old 0", "old 1", "old 3"]);
    });
}

/// The head of a smaller or another tree, made by somebody who has the integrity key as well.
async fn put_back(t: &TestStore, organisation: OrgId, leaves: &[[u8; 4]]) {
    let mut tree = Frontier::new();
    leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
    let key = super::support::stores::key();
    let mut sql = head_with(t, organisation, &tree, Some(&key));
    for (number, leaf) in leaves.iter().enumerate() {
        sql += &format!(
            "UPDATE journal_leaves SET leaf = {} WHERE org_id = '{organisation}' AND seq = {number};",
            t.blob(leaf_hash(leaf).as_bytes())
        );
    }
    t.without_triggers(&sql).await;
}

#[test]
fn a_database_that_was_put_back_or_rewritten_is_an_alarm() {
    on_both(|t: Arc<TestStore>| async move {
        for (leaves, expected) in [
            (vec![*b"aaaa", *b"bbbb"], Refusal::RolledBack),
            (vec![*b"aaaa"; 5], Refusal::Rewritten),
            (vec![*b"aaaa"; 7], Refusal::Rewritten),
        ] {
            let (organisation, witness) = known(&t, 5).await;
            assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
            // The entries that the head counts are there, so that it can be signed.
            note(&t, organisation, 2).await;
            put_back(&t, organisation, &leaves).await;
            // Whoever puts the database back puts this table back with it.
            t.behind_the_back(&format!(
                "DELETE FROM journal_witness WHERE org_id = '{organisation}'"
            ))
            .await;
            let asked = asks(&t, &witness, organisation).await;
            assert_eq!(asked, Asked::Refused(expected), "{} leaves", leaves.len());
            assert!(expected.is_alarm());
            let kept = t
                .store
                .lookup::<_, StoreError, _>(refusals)
                .await
                .expect("it reads");
            let name = witness.key().name().to_owned();
            assert!(kept.contains(&(organisation, name, expected)), "{kept:?}");
        }
    });
}

/// Without its state a witness sees nothing: it is what it remembers that finds a rollback.
#[test]
fn a_witness_without_memory_finds_nothing() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, witness) = known(&t, 5).await;
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
        note(&t, organisation, 2).await;
        put_back(&t, organisation, &[*b"aaaa", *b"bbbb"]).await;
        witness.knows(&head(&t, organisation).await.key);
        t.behind_the_back(&format!(
            "DELETE FROM journal_witness WHERE org_id = '{organisation}'"
        ))
        .await;
        assert_eq!(asks(&t, &witness, organisation).await, Asked::Cosigned);
    });
}

#[test]
fn an_answer_that_is_not_the_witnesss_own_is_refused() {
    on_both(|t: Arc<TestStore>| async move {
        for (fault, expected) in [
            (Fault::OtherKey, Refusal::WrongAnswer),
            (Fault::OtherHead, Refusal::WrongAnswer),
            (Fault::Redirect, Refusal::WrongAnswer),
            (Fault::Down, Refusal::Unreachable),
        ] {
            let (organisation, witness) = known(&t, 2).await;
            witness.misbehaves(Some(fault));
            let asked = asks(&t, &witness, organisation).await;
            assert_eq!(asked, Asked::Refused(expected), "{fault:?}");
            assert!(!is_cosigned(&t, &witness, organisation).await, "{fault:?}");
        }
    });
}

#[test]
fn a_witness_that_holds_another_key_of_the_journal_is_told_of() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, witness) = known(&t, 2).await;
        let name = head(&t, organisation).await.key.name().to_owned();
        let other = SigningKey::of(Kind::Log, &name, &[5; 32]).expect("a key");
        witness.knows(other.verifying_key());
        let asked = asks(&t, &witness, organisation).await;
        assert_eq!(asked, Asked::Refused(Refusal::UnknownKey));
    });
}

#[test]
fn a_witness_under_a_certificate_that_nobody_trusts_is_not_reached() {
    on_both(|t: Arc<TestStore>| async move {
        let (organisation, witness) = known(&t, 2).await;
        let other = TestWitness::start();
        let asked = ask(
            &t.store,
            &other.outgoing(),
            &witness.named(),
            organisation,
            START,
        )
        .await;
        assert_eq!(
            asked.expect("the journal reads"),
            Asked::Refused(Refusal::Unreachable)
        );
        assert_eq!(witness.asked(), [""; 0]);
    });
}
