//! What keeps a rotation from losing anything, taken away: what was kept above is lost then, so that nothing else had kept it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign::assurance;
use countersign::assurance::keys::rotation::actions::{RotationError, ordered, resume};
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::ids::{Id as _, PersonId};
use countersign::platform::jobs::{self, Job};
use countersign::platform::keys::fields::SSO_SUBJECT;
use countersign::platform::keys::versions::{self, StoredKey, VALUES};
use countersign::platform::keys::{KeyError, OwnKey};
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::read;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_sealing::Sealed;

use super::rotation::{do_jobs, is_sound, keys, level, only, operator};
use crate::support::app::{TestApp, on_both_apps};

const PERSON: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1 ORDER BY id LIMIT 1");
const KEEP: Sql = Sql::change(
    "sso_identities",
    "INSERT INTO sso_identities (org_id, id, connection_id, subject_index, subject_sealed, person_id, created_us, version) \
     VALUES ($1, $2, 'c', $3, $4, $5, $6, 1) RETURNING id",
);
const KEPT: Sql =
    Sql::read("SELECT subject_sealed FROM sso_identities WHERE org_id = $1 AND id = $2");
/// As the program's own, without the words that make it a compare-and-set.
const ACTIVATE: Sql = Sql::change(
    "data_keys",
    "UPDATE data_keys SET activated_us = $3 WHERE org_id = $1 AND id = $2 RETURNING id",
);

/// An organisation, set up.
async fn founded(t: &TestApp) -> Scope {
    drop(t.set_up().await);
    // What waits to be mailed is done with: only a rotation's jobs are due from now on.
    do_jobs(t).await;
    only(t).await
}

pub async fn own(t: &TestApp, scope: Scope) -> Arc<OwnKey> {
    let keys = keys(t, scope).await;
    let own = t.app.store.read(scope, move |read| keys.own(read)).await;
    Arc::new(own.expect("it is in use"))
}

/// A value of the organisation's own, sealed by this key.
pub async fn keep(t: &TestApp, scope: Scope, by: &Arc<OwnKey>, value: &str) -> PersonId {
    let (keys, by, value) = (keys(t, scope).await, Arc::clone(by), value.to_owned());
    let caller = operator(t, scope).await;
    let write = t.app.store.write::<_, StoreError, _>(caller, move |tx| {
        let (person,): (PersonId,) = tx.one(&PERSON, [])?;
        let (id, now): (PersonId, _) = (tx.id(), tx.now());
        let sealed = by.seal(SSO_SUBJECT, *id.uuid().as_bytes(), &value, tx.entropy());
        let index = keys.blind_index(SSO_SUBJECT, &value);
        tx.change_one(&KEEP, params![id, index, sealed, person, now])?;
        tx.commit(Entry::new("test.kept", "sso-identity", id), id)
    });
    write.await.expect("kept")
}

/// The value as a node reads it that looked for keys a moment ago.
pub async fn opened(t: &TestApp, scope: Scope, row: PersonId) -> Result<String, KeyError> {
    let keys = keys(t, scope).await;
    let read = t.app.store.read::<_, KeyError, _>(scope, move |read| {
        let (sealed,): (Sealed<String>,) = read.one(&KEPT, params![row])?;
        keys.open(SSO_SUBJECT, *row.uuid().as_bytes(), &sealed)
    });
    Ok(read.await?.expose().clone())
}

/// The versions of the organisation's key for values, the oldest first.
async fn stored(t: &TestApp, scope: Scope) -> Vec<StoredKey> {
    let read = t
        .app
        .store
        .read::<_, StoreError, _>(scope, |read| versions::stored(read));
    let mut all = read.await.expect("it reads");
    all.retain(|key| key.purpose == VALUES);
    all
}

async fn activate(t: &TestApp, scope: Scope, key: &StoredKey) -> Result<(), StoreError> {
    let (key, caller) = (key.clone(), operator(t, scope).await);
    let write = t.app.store.write(caller, move |tx| {
        versions::activate(tx, &key)?;
        tx.commit(Entry::new("keys.activated", "key", &key.id), ())
    });
    let done = write.await;
    t.app.keys.look_again(scope.organisation());
    done
}

/// A rotation whose new version is in use, and that has sealed nothing anew yet. Gives the retired version.
pub async fn half_way(t: &TestApp, scope: Scope) -> StoredKey {
    let caller = operator(t, scope).await;
    ordered(&t.app, caller, Level::Values)
        .await
        .expect("ordered");
    t.store.clock.advance(ANNOUNCED_US);
    let mut all = stored(t, scope).await;
    let new = all.pop().expect("it was announced");
    activate(t, scope, &new).await.expect("its time has come");
    all.pop().expect("the first")
}

/// How often it was done.
async fn told(t: &TestApp, scope: Scope, action: &str) -> i64 {
    let filter = read::Filter {
        action: action.to_owned(),
        ..read::Filter::default()
    };
    let counted = t
        .app
        .store
        .read::<_, StoreError, _>(scope, move |reads| read::count(reads, &filter));
    counted.await.expect("it reads")
}

pub async fn goes_on(t: &TestApp, waits_us: &[i64]) {
    for wait_us in waits_us {
        t.store.clock.advance(*wait_us);
        do_jobs(t).await;
    }
}

/// A row that somebody changed is not resealed: its value stands under the retired version until the row is restored.
#[test]
fn a_version_that_is_destroyed_without_counting_takes_with_it_what_stands_under_it() {
    for is_counted in [true, false] {
        on_both_apps(move |t| async move {
            let scope = founded(&t).await;
            let row = keep(&t, scope, &own(&t, scope).await, "kept").await;
            let old = half_way(&t, scope).await;
            let version = async |number: u8| {
                let sql =
                    format!("UPDATE sso_identities SET version = {number} WHERE id = '{row}';");
                t.store.behind_the_back(&sql).await;
            };
            version(2).await;
            goes_on(&t, &[0, GRACE_US, GRACE_US]).await;
            if !is_counted {
                let (old, caller) = (old.clone(), operator(&t, scope).await);
                let write = t.app.store.write::<_, StoreError, _>(caller, move |tx| {
                    versions::destroy(tx, &old)?;
                    tx.commit(Entry::new("keys.destroyed", "key", &old.id), ())
                });
                write.await.expect("nothing else keeps it");
            }
            version(1).await;
            let found = opened(&t, scope, row).await;
            assert_eq!(found.is_ok(), is_counted, "{found:?}");
            if is_counted {
                // With the row restored the rotation ends, and takes the value along.
                goes_on(&t, &[Micros::HOUR, GRACE_US]).await;
                assert!(level(&t, scope, Level::Values).await.under_way().is_none());
                assert_eq!(opened(&t, scope, row).await.expect("it opens"), "kept");
                is_sound(&t, scope).await;
            }
        });
    }
}

/// Which version seals is read in the transaction that keeps the value. Whoever goes on with what she read before loses it.
#[test]
fn a_value_under_a_version_that_nobody_asked_for_anew_opens_nowhere() {
    on_both_apps(|t| async move {
        let scope = founded(&t).await;
        let from_before = own(&t, scope).await;
        let early = keep(&t, scope, &from_before, "early").await;
        ordered(&t.app, operator(&t, scope).await, Level::Values)
            .await
            .expect("ordered");
        goes_on(&t, &[ANNOUNCED_US, GRACE_US]).await;
        assert!(level(&t, scope, Level::Values).await.under_way().is_none());
        assert_eq!(opened(&t, scope, early).await.expect("resealed"), "early");
        let lost = keep(&t, scope, &from_before, "lost").await;
        let found = opened(&t, scope, lost).await;
        assert!(matches!(found, Err(KeyError::Unread { .. })), "{found:?}");
        // The twin: asked for anew.
        let late = keep(&t, scope, &own(&t, scope).await, "late").await;
        assert_eq!(opened(&t, scope, late).await.expect("it opens"), "late");
    });
}

#[test]
fn a_rotation_is_begun_once_and_each_step_is_done_once_however_many_take_it_up() {
    on_both_apps(|t| async move {
        let scope = founded(&t).await;
        let caller = operator(&t, scope).await;
        let (one, two) = tokio::join!(
            ordered(&t.app, caller, Level::Values),
            ordered(&t.app, caller, Level::Values)
        );
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        let lost = one.err().or(two.err());
        assert!(matches!(lost, Some(RotationError::UnderWay)), "{lost:?}");
        // Two more servers start.
        for _ in 0..2 {
            resume(&t.app).await.expect("it reads");
        }
        goes_on(&t, &[ANNOUNCED_US, 0, GRACE_US]).await;
        let done = level(&t, scope, Level::Values).await;
        assert_eq!((done.version, done.left), (Some(2), 0));
        assert!(done.under_way().is_none());
        for action in [
            "keys.rotation-ordered",
            "keys.activated",
            "keys.destroyed",
            "keys.rotation-finished",
        ] {
            assert_eq!(told(&t, scope, action).await, 1, "{action}");
        }
        is_sound(&t, scope).await;
    });
    // The guard taken away: the row that says that one is under way.
    on_both_apps(|t| async move {
        let scope = founded(&t).await;
        for _ in 0..2 {
            let caller = operator(&t, scope).await;
            ordered(&t.app, caller, Level::Values)
                .await
                .expect("nothing says that one is under way");
            t.store
                .behind_the_back("UPDATE key_rotations SET finished_us = ordered_us;")
                .await;
        }
        let versions = stored(&t, scope).await;
        let numbers: Vec<i64> = versions.iter().map(|key| key.version).collect();
        assert_eq!(numbers, [1, 2, 3]);
    });
}

/// Two nodes have seen that the new version's time has come, and one of them is slow.
#[test]
fn whoever_comes_too_late_moves_nothing() {
    on_both_apps(|t| async move {
        let scope = founded(&t).await;
        ordered(&t.app, operator(&t, scope).await, Level::Values)
            .await
            .expect("ordered");
        t.store.clock.advance(ANNOUNCED_US);
        let seen = stored(&t, scope).await.pop().expect("it was announced");
        activate(&t, scope, &seen).await.expect("in time");
        let since = level(&t, scope, Level::Values).await.since;
        t.store.clock.advance(GRACE_US / 2);
        let late = activate(&t, scope, &seen).await;
        assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
        assert_eq!(level(&t, scope, Level::Values).await.since, since);
        // The guard taken away: the old version's time of grace begins anew with each of them.
        let caller = operator(&t, scope).await;
        let write = t.app.store.write::<_, StoreError, _>(caller, move |tx| {
            let now = tx.now();
            tx.change_one(&ACTIVATE, params![&seen.id, now])?;
            tx.commit(Entry::new("keys.activated", "key", &seen.id), ())
        });
        write.await.expect("nothing stops it");
        let moved = level(&t, scope, Level::Values).await.since;
        assert_eq!(moved, since.map(|since| since.plus_us(GRACE_US / 2)));
    });
}

type Doing = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

fn does(app: &Arc<App>, job: Job) -> Doing {
    let app = Arc::clone(app);
    Box::pin(async move {
        let done = assurance::do_job(&app, &job).await;
        done.unwrap_or_else(|| Err("another's".to_owned()))
    })
}

/// A second node looks for something to do while the first has a rotation's job. Without the lease it finds the same step: it is done
/// twice then, and the compare-and-sets let one of them count.
#[test]
fn two_nodes_do_not_do_the_same_step_at_once_and_lose_nothing_where_they_do() {
    for is_leased in [true, false] {
        on_both_apps(move |t| async move {
            let scope = founded(&t).await;
            let row = keep(&t, scope, &own(&t, scope).await, "kept").await;
            ordered(&t.app, operator(&t, scope).await, Level::Values)
                .await
                .expect("ordered");
            t.store.clock.advance(ANNOUNCED_US);
            let found = Arc::new(AtomicBool::new(false));
            let (app, store, its) = (Arc::clone(&t.app), Arc::clone(&t.store), Arc::clone(&found));
            let slow = move |job: Job| -> Doing {
                let (app, store, its) = (Arc::clone(&app), Arc::clone(&store), Arc::clone(&its));
                Box::pin(async move {
                    if !is_leased {
                        let free = "UPDATE jobs SET lease_until_us = 0, run_after_us = 0 WHERE kind = 'key-rotation';";
                        store.behind_the_back(free).await;
                    }
                    let its_app = Arc::clone(&app);
                    let other = move |job: Job| does(&its_app, job);
                    let did = jobs::run_one(&app.store, "two", app.now(), &other).await;
                    its.store(did.expect("the queue answers"), Ordering::Relaxed);
                    does(&app, job).await
                })
            };
            let did = jobs::run_one(&t.app.store, "one", t.app.now(), &slow).await;
            assert!(did.expect("the queue answers"), "the first has the job");
            assert_eq!(found.load(Ordering::Relaxed), !is_leased);
            goes_on(&t, &[0, GRACE_US]).await;
            assert!(level(&t, scope, Level::Values).await.under_way().is_none());
            assert_eq!(told(&t, scope, "keys.activated").await, 1);
            assert_eq!(opened(&t, scope, row).await.expect("it opens"), "kept");
            is_sound(&t, scope).await;
        });
    }
}
