//! Every way to tamper with a store is found: by `journal verify`, by the bundle's verifier with an older head, or by the
//! reconciler. And each finder's guard is needed: without it, the same tamper is not found.

pub mod acts;
pub mod forger;
pub mod house;

use std::sync::Arc;
use std::time::Instant;

use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{
    Step, Steps, bundle, sequence_pending, signed_head, verify_by,
};
use countersign::platform::store::schema::compare;
use countersign::platform::store::{Integrity, Store, StoreError};
use countersign_translog::Hash;
use countersign_translog::bundle::{Known, Standing, verify};

use self::acts::{Act, act, go_on, new_key};
use self::house::{House, add, head, ours};
use crate::support::stores::{START, TestStore};
use crate::support::{counts, measured};

const PART: &str = "tamper";

/// Who found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
struct Found {
    /// `journal verify`, of the entries, the tree and the head.
    verify: bool,
    /// The bundle's verifier with a head that was kept: it refuses the bundle, or the server cannot make one.
    bundle: bool,
    /// Rows, their codes, and the schema.
    reconciler: bool,
}

const fn found(verify: bool, bundle: bool, reconciler: bool) -> Found {
    Found {
        verify,
        bundle,
        reconciler,
    }
}

const BY_VERIFY: Found = found(true, false, false);
const BY_VERIFY_AND_BUNDLE: Found = found(true, true, false);
const BY_OLDER_HEAD: Found = found(false, true, false);
const BY_RECONCILER: Found = found(false, false, true);

/// A tamper by somebody who has the database, or the keys too; who finds it; and the guards without which nobody does.
type Tamper = (Act, bool, Found, &'static [Step]);

const TAMPERS: &[Tamper] = &[
    (
        Act::EditEntry,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::EntryCode, Step::HeadCode],
    ),
    (Act::EditEntry, true, BY_OLDER_HEAD, &[]),
    (
        Act::DeleteEntry,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::HeadCode],
    ),
    (Act::DeleteEntry, true, BY_OLDER_HEAD, &[]),
    (
        Act::DeleteLastEntry,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::HeadCode],
    ),
    (Act::DeleteLastEntry, true, BY_OLDER_HEAD, &[]),
    (
        Act::InsertEntry,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::EntryCode, Step::HeadCode],
    ),
    (Act::InsertEntry, true, BY_OLDER_HEAD, &[]),
    (
        Act::ReorderEntries,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::HeadCode],
    ),
    (Act::ReorderEntries, true, BY_OLDER_HEAD, &[]),
    (
        Act::SwapEntriesOfTwoOrganisations,
        false,
        BY_VERIFY_AND_BUNDLE,
        &[Step::EntryCode, Step::Owner, Step::HeadCode],
    ),
    (
        Act::SwapEntriesOfTwoOrganisations,
        true,
        BY_VERIFY_AND_BUNDLE,
        &[Step::Owner],
    ),
    (
        Act::SwapRowsOfTwoOrganisations,
        false,
        BY_RECONCILER,
        &[Step::Rows, Step::RowCodes],
    ),
    (
        Act::SwapRowsOfTwoOrganisations,
        true,
        BY_RECONCILER,
        &[Step::Rows],
    ),
    (
        Act::SignWithNewKey,
        false,
        found(true, true, true),
        &[Step::EntryCode, Step::HeadCode, Step::RowCodes],
    ),
    (
        Act::EditRow,
        false,
        BY_RECONCILER,
        &[Step::Rows, Step::RowCodes],
    ),
    (Act::EditRow, true, BY_RECONCILER, &[Step::Rows]),
    (Act::DeleteRow, false, BY_RECONCILER, &[Step::Rows]),
    (
        Act::InsertRow,
        false,
        BY_RECONCILER,
        &[Step::Rows, Step::RowCodes],
    ),
    (Act::InsertRow, true, BY_RECONCILER, &[Step::Rows]),
    (Act::PutOlderRowBack, false, BY_RECONCILER, &[Step::Rows]),
    (Act::EditKeptHash, false, BY_VERIFY, &[Step::Nodes]),
    (Act::TakeRowCode, false, BY_RECONCILER, &[Step::RowCodes]),
    (
        Act::KeepCodeForLater,
        false,
        BY_RECONCILER,
        &[Step::RowCodes],
    ),
];

async fn says(store: &Store, steps: Steps) -> Option<String> {
    let scope = Scope::of(ours());
    let verification = verify_by(store, scope, START, Vec::new(), steps).await;
    verification.expect("it reads").bad.map(|bad| bad.reason)
}

/// The whole journal as one file. None where the server refuses to make it.
pub async fn taken(store: &Store) -> Option<Vec<u8>> {
    let read = store
        .read::<_, StoreError, _>(Scope::of(ours()), |read| {
            let planned =
                bundle::plan(read, None, None)?.ok_or(StoreError::Head("it has no entries"))?;
            let (mut bytes, mut next) = (planned.heading(), planned.first);
            while next < planned.end {
                let (piece, count) = bundle::pieces(read, next, planned.end, false)?;
                bytes.extend(piece);
                next += count;
            }
            Ok(bytes)
        })
        .await;
    match read {
        Ok(bytes) => Some(bytes),
        Err(StoreError::Head(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

/// Whether the bundle's verifier takes it, with these heads in hand.
fn is_taken(bundle: Option<&[u8]>, heads: Vec<Vec<u8>>) -> bool {
    let known = Known {
        heads,
        ..Known::default()
    };
    bundle.is_some_and(|bundle| verify(bundle, &known, |_, _, _| {}).is_ok())
}

async fn look(store: &Store, held: &[u8]) -> Found {
    let schema = compare(store).await.expect("it answers");
    let rows = says(store, Steps::only(Steps::RECONCILER)).await;
    Found {
        verify: says(store, Steps::ALL.without(Steps::RECONCILER))
            .await
            .is_some(),
        bundle: !is_taken(taken(store).await.as_deref(), vec![held.to_vec()]),
        reconciler: rows.is_some() || !schema.wrong.is_empty(),
    }
}

/// What only an older head finds is whole in itself: without that head the bundle is taken.
async fn only_the_head_finds(store: &Store, what: &str) {
    assert_eq!(says(store, Steps::ALL).await, None, "{what}");
    assert!(
        is_taken(taken(store).await.as_deref(), Vec::new()),
        "{what}: without the head"
    );
}

async fn every_tamper(house: House, result: &str, entries: u64) {
    let begun = Instant::now();
    let mut matrix = serde_json::Map::new();
    let sound = house.night().await;
    let held = head(&sound.store).await;
    assert_eq!(look(&sound.store, &held).await, found(false, false, false));
    assert_eq!(says(&sound.store, Steps::ALL).await, None);
    for (tamper, keys, expected, guards) in TAMPERS {
        let hand = if *keys {
            "database and keys"
        } else {
            "database"
        };
        let what = format!("{tamper:?} by {hand}");
        let t = house.night().await;
        act(&t, *tamper, *keys).await;
        let by = look(&t.store, &held).await;
        assert_eq!(
            by,
            *expected,
            "{what}: {:?}",
            says(&t.store, Steps::ALL).await
        );
        if *expected == BY_OLDER_HEAD {
            only_the_head_finds(&t.store, &what).await;
        } else {
            assert!(says(&t.store, Steps::ALL).await.is_some(), "{what}");
            let blind = says(&t.store, Steps::ALL.without(guards)).await;
            assert_eq!(blind, None, "{what}: without its guards");
        }
        matrix.insert(what, serde_json::to_value(by).expect("three words"));
    }
    restored(&house, entries).await;
    let by = last_night(&house, sound, entries).await;
    matrix.insert("last night's database put back".to_owned(), by);
    let by = another_key(&house, &held).await;
    matrix.insert("the installation's key replaced".to_owned(), by);
    let figures = serde_json::Value::Object(matrix);
    measured::record(PART, result, entries, 0, begun.elapsed(), figures);
}

/// The database of last night was sound, and is: whoever holds this morning's head sees that it was put back.
async fn last_night(house: &House, morning: TestStore, entries: u64) -> serde_json::Value {
    add(&morning.store, ours(), entries, entries + 9).await;
    sequence_pending(&morning.store, "night", START)
        .await
        .expect("sequenced");
    let held = head(&morning.store).await;
    let night = house.night().await;
    let by = look(&night.store, &held).await;
    assert_eq!(by, BY_OLDER_HEAD, "put back whole");
    only_the_head_finds(&night.store, "put back whole").await;
    serde_json::to_value(by).expect("three words")
}

/// A database that was put back and goes on. Whoever holds this morning's head is told of it where an entry declares just that
/// head as given up; without the declaration, or with one of another head, it is an alarm.
async fn restored(house: &House, entries: u64) {
    let morning = house.night().await;
    add(&morning.store, ours(), entries, entries + 9).await;
    sequence_pending(&morning.store, "night", START)
        .await
        .expect("sequenced");
    let signed = morning
        .store
        .read::<_, StoreError, _>(Scope::of(ours()), signed_head)
        .await;
    let signed = signed.expect("it reads").expect("entries have numbers");
    let lost = signed.head;
    let other = countersign_translog::epoch::Head {
        root: Hash::of(b"another"),
        ..lost
    };
    for (gives_up, is_declared) in [(Some(lost), true), (Some(other), false), (None, false)] {
        let night = house.night().await;
        go_on(&night, gives_up).await;
        let bundle = taken(&night.store).await.expect("the head is ours");
        assert!(is_taken(Some(&bundle), Vec::new()), "whole in itself");
        let known = Known {
            heads: vec![signed.note.clone().into_bytes()],
            ..Known::default()
        };
        let outcome = verify(bundle.as_slice(), &known, |_, _, _| {});
        if is_declared {
            let report = outcome.expect("it is declared");
            assert_eq!(report.held, [(lost, Standing::GivenUp(entries))]);
            assert_eq!(report.head.epoch, 2);
            let (by, rollback) = report.declared[0];
            assert_eq!((by, rollback.lost()), (entries, entries..lost.size));
        } else {
            let alarm = outcome.expect_err("it is not declared").to_string();
            assert!(alarm.contains("the journal was rewritten"), "{alarm}");
        }
    }
}

/// A program that runs with the new key finds everything as it should be; the head that was kept is of another key.
async fn another_key(house: &House, held: &[u8]) -> serde_json::Value {
    let t = house.night().await;
    act(&t, Act::SignWithNewKey, false).await;
    let replaced = t
        .store
        .clone()
        .with_integrity(Arc::new(Integrity::new(&new_key())));
    let by = look(&replaced, held).await;
    assert_eq!(by, BY_OLDER_HEAD, "signed with a new key");
    only_the_head_finds(&replaced, "signed with a new key").await;
    serde_json::to_value(by).expect("three words")
}

/// A number of entries that ends with a note, and is more than one kept hash has below it.
fn entries() -> u64 {
    counts::of(PART, 264, 10_002)
}

pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(test);
}

#[test]
fn every_way_to_tamper_with_the_embedded_engine_is_found() {
    let result = "embedded engine";
    if !measured::already(PART, result) {
        run(async {
            every_tamper(House::embedded(entries()).await, result, entries()).await;
        });
    }
}

#[test]
fn every_way_to_tamper_with_postgresql_is_found() {
    let result = "PostgreSQL";
    if !measured::already(PART, result) {
        run(every_tamper(House::Grown(entries()), result, entries()));
    }
}
