//! A restore that is declared: verifiers print it, go on, and still find what it does not cover.

use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::proofs::proof;
use countersign::platform::store::journal::restored::{NotDeclared, Restored, claimed, declare};
use countersign::platform::store::journal::{
    KnownHead, SignedHead, Step, Steps, sequence_pending, signed_head, verify_by,
};
use countersign::platform::store::{Integrity, Store, StoreError};
use countersign_translog::Hash;
use countersign_translog::bundle::witnessed;
use countersign_translog::epoch::Head;
use countersign_translog::note::Note;
use countersign_translog::verifier::bundle::{Known, Standing, verify};

use super::support::stores::{START, caller};
use super::tamper::house::{House, add, ours, theirs};
use super::tamper::{run, taken};
use crate::tamper::acts::new_key;

pub(super) const ENTRIES: u64 = 264;
/// When the lease of whoever numbered the first entries has run out.
const LATER: Micros = Micros(START.0 + Micros::MINUTE);
/// What is lost.
const LOST: u64 = 9;

pub(super) async fn declared(store: &Store, head: &str) -> Result<Restored, NotDeclared> {
    declared_at(store, head, LATER).await
}

async fn declared_at(store: &Store, head: &str, at: Micros) -> Result<Restored, NotDeclared> {
    let head = head.as_bytes().to_vec();
    let organisation = claimed(&head)?;
    store
        .write(caller(organisation, at), move |tx| declare(tx, &head))
        .await
}

pub(super) async fn newest(store: &Store) -> SignedHead {
    let head = store.read::<_, StoreError, _>(Scope::of(ours()), signed_head);
    head.await.expect("it reads").expect("entries have numbers")
}

/// What `journal verify` says to somebody who holds these heads.
async fn says(store: &Store, heads: &[Head], steps: Steps) -> Option<String> {
    let known = heads
        .iter()
        .map(|head| KnownHead {
            epoch: i64::try_from(head.epoch).expect("small"),
            size: head.size,
            root: head.root,
        })
        .collect();
    let verified = verify_by(store, Scope::of(ours()), LATER, known, steps).await;
    verified.expect("it reads").bad.map(|bad| bad.reason)
}

/// How the heads stand to the journal's bundle.
async fn standings(store: &Store, heads: &[&SignedHead]) -> Vec<Standing> {
    let known = Known {
        heads: heads
            .iter()
            .map(|head| head.note.clone().into_bytes())
            .collect(),
        ..Known::default()
    };
    let bundle = taken(store).await.expect("the server makes one");
    let report = verify(bundle.as_slice(), &known, |_, _, _| {}).expect("it holds");
    report
        .held
        .into_iter()
        .map(|(_, standing)| standing)
        .collect()
}

pub(super) async fn more(store: &Store, from: u64, to: u64) {
    add(store, ours(), from, to).await;
    sequence_pending(store, "more", LATER)
        .await
        .expect("sequenced");
}

async fn a_restore(house: House) {
    let morning = house.night().await;
    let night_head = newest(&morning.store).await;
    more(&morning.store, ENTRIES, ENTRIES + LOST).await;
    let lost_head = newest(&morning.store).await;
    let lost = lost_head.head;

    let night = house.night().await;
    let store = &night.store;
    let alarm = says(store, &[lost], Steps::ALL).await.expect("an alarm");
    assert!(alarm.contains("a known head has"), "{alarm}");

    let restored = declared(store, &lost_head.note).await.expect("declared");
    let expected = Restored {
        organisation: ours(),
        old: lost,
        kept: ENTRIES,
        epoch: 2,
    };
    assert_eq!(restored, expected);
    let known = [night_head.head, lost];
    assert_eq!(
        says(store, &known, Steps::ALL).await,
        None,
        "no alarm any more"
    );
    more(store, ENTRIES, ENTRIES + 30).await;
    assert_eq!(
        says(store, &known, Steps::ALL).await,
        None,
        "grown beyond what was lost"
    );
    let now = newest(store).await;
    assert_eq!(now.head.epoch, 2);
    assert_eq!(
        standings(store, &[&night_head, &lost_head, &now]).await,
        [
            Standing::Contained,
            Standing::GivenUp(ENTRIES),
            Standing::Contained
        ]
    );

    by_kept_keys(store, &lost_head, &now).await;

    // It gave up that head, and no other one of its size.
    let other = Head {
        root: Hash::of(b"another history"),
        ..lost
    };
    let alarm = says(store, &[other], Steps::ALL).await.expect("an alarm");
    assert!(alarm.contains("gave up another head"), "{alarm}");
    let earlier = Head {
        root: other.root,
        ..night_head.head
    };
    let alarm = says(store, &[earlier], Steps::ALL).await.expect("an alarm");
    assert!(alarm.contains("entries are not those"), "{alarm}");
    for head in [other, earlier] {
        let blind = Steps::ALL.without(&[Step::Known]);
        assert_eq!(says(store, &[head], blind).await, None, "without its guard");
    }

    let again = declared_at(store, &lost_head.note, LATER.plus_us(Micros::MINUTE)).await;
    assert!(
        matches!(
            again,
            Err(NotDeclared::Declared {
                head: 1,
                journal: 2
            })
        ),
        "{again:?}"
    );
}

/// Keys that an auditor took home before the restore verify what was signed after it.
async fn by_kept_keys(store: &Store, kept: &SignedHead, now: &SignedHead) {
    assert_ne!(kept.key, now.key, "the epoch stands in its name");
    assert!(kept.key.is_same_key(&now.key));
    assert_eq!(kept.second_key, now.second_key);
    let known = Known {
        keys: vec![kept.key.clone()],
        witnesses: vec![kept.second_key.clone()],
        ..Known::default()
    };
    let bundle = taken(store).await.expect("the server makes one");
    let report = verify(bundle.as_slice(), &known, |_, _, _| {}).expect("by both");
    assert_eq!((report.head.epoch, report.witnessed.len()), (2, 1));
    let proof = store.read::<_, StoreError, _>(Scope::of(ours()), |read| proof(read, 1));
    let proof = proof.await.expect("it reads").expect("an entry");
    let head = proof.verify(None, &known.keys).expect("by the first");
    assert_eq!(head.origin, now.key.name());
    witnessed(proof.checkpoint.as_bytes(), &known.witnesses).expect("by the second");
}

/// Nothing is declared on anybody's word, and nothing that was not lost.
async fn refusals(house: House) {
    let morning = house.night().await;
    let night_head = newest(&morning.store).await;
    more(&morning.store, ENTRIES, ENTRIES + LOST).await;
    let lost_head = newest(&morning.store).await;
    let forged = {
        let forger = house.night().await;
        more(&forger.store, ENTRIES, ENTRIES + LOST).await;
        // The forger's own key signs nothing that this installation believes.
        let text = newest(&forger.store).await.note;
        let (signed, _) = text.split_once("\n\n").expect("a note");
        let name = signed.lines().next().expect("an origin");
        let key = countersign_translog::note::SigningKey::from_seed(name, &[7; 32]).expect("a key");
        Note::sign(&format!("{signed}\n"), &[&key]).expect("signed")
    };
    let night = house.night().await;
    let before = newest(&night.store).await.head;
    let none = |result: Result<Restored, NotDeclared>, what: &str| match result {
        Err(refused) => refused,
        Ok(restored) => panic!("{what}: {restored:?}"),
    };
    let refused = none(declared(&night.store, &forged).await, "another key");
    assert!(matches!(refused, NotDeclared::Foreign), "{refused:?}");
    let refused = none(
        declared(&night.store, &night_head.note).await,
        "nothing lost",
    );
    assert!(
        matches!(refused, NotDeclared::NothingLost { .. }),
        "{refused:?}"
    );
    for odd in ["no note", "", &lost_head.note[..40]] {
        let refused = none(declared(&night.store, odd).await, "no head");
        assert!(matches!(refused, NotDeclared::NoHead), "{refused:?}");
    }
    let ours = ours().to_string();
    for stranger in [theirs(), OrgId::SYSTEM] {
        let moved = lost_head.note.replace(&ours, &stranger.to_string());
        let refused = none(declared(&night.store, &moved).await, "another journal's");
        assert!(matches!(refused, NotDeclared::Foreign), "{refused:?}");
    }
    assert_eq!(
        newest(&night.store).await.head,
        before,
        "nothing was written"
    );
    // Nor does a program that runs with another key believe ours.
    let another = Integrity::new(&new_key());
    let blind = night
        .store
        .clone()
        .with_integrity(std::sync::Arc::new(another));
    let refused = none(
        declared(&blind, &lost_head.note).await,
        "the installation's key replaced",
    );
    assert!(matches!(refused, NotDeclared::Foreign), "{refused:?}");
}

#[test]
fn a_declared_restore_is_printed_and_is_no_alarm() {
    run(async { a_restore(House::embedded(ENTRIES).await).await });
}

#[test]
fn a_declared_restore_is_printed_and_is_no_alarm_on_postgresql() {
    run(a_restore(House::Grown(ENTRIES)));
}

#[test]
fn a_restore_is_declared_on_a_head_of_our_own_that_lost_something() {
    run(async { refusals(House::embedded(ENTRIES).await).await });
}

#[test]
fn a_restore_is_declared_on_a_head_of_our_own_on_postgresql() {
    run(refusals(House::Grown(ENTRIES)));
}
