//! Every level is rotated while values are read and written, on both engines: everything opens all the time, what was made before
//! stays valid, and what a destroyed version sealed opens nowhere.

use std::sync::Arc;

use countersign::assurance;
use countersign::assurance::keys::rotation::actions::{
    RotationError, Standing, ordered, resume, standing_of,
};
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::documents::{Document, DocumentsError, record};
use countersign::platform::jobs;
use countersign::platform::keys::fields;
use countersign::platform::keys::{KeyError, OrgKeys};
use countersign::platform::scope::{Caller, CredentialKind, Scope};
use countersign::platform::store::journal::{sequence_pending, verify};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::filled::{filled, organisation};
use super::swaps::{Kept, kept};
use crate::single_sign_on::saml::House;
use crate::support::app::{TestApp, on_both_apps};
use crate::support::stores::on_both;

const DOCUMENTS: Sql = Sql::read(
    "SELECT id, sha256, size_bytes, media_type, file_name, received_us FROM documents WHERE org_id = $1",
);
const DESTROYED: Sql = Sql::read(
    "SELECT version, wrapped FROM data_keys WHERE org_id = $1 AND destroyed_us IS NOT NULL",
);
/// What a rotation may not do: another column of a table that is inserted only.
const ANOTHER_COLUMN: Sql = Sql::change(
    "entity_bank_accounts",
    "UPDATE entity_bank_accounts SET iban_masked = '0000' WHERE org_id = $1 RETURNING id",
);
const BOTH_COLUMNS: Sql = Sql::change(
    "entity_bank_accounts",
    "UPDATE entity_bank_accounts SET iban_sealed = $2, iban_masked = '0000' WHERE org_id = $1 RETURNING id",
);
const THE_SEALED_ONE: Sql = Sql::change(
    "entity_bank_accounts",
    "UPDATE entity_bank_accounts SET iban_sealed = $2 WHERE org_id = $1 RETURNING id",
);

pub async fn operator(t: &TestApp, scope: Scope) -> Caller {
    t.app.caller(scope, CredentialKind::CommandLine, t.app.id())
}

pub async fn keys(t: &TestApp, scope: Scope) -> Arc<OrgKeys> {
    t.app.keys.look_again(scope.organisation());
    let keys = t.app.keys.organisation(&t.app.store, scope).await;
    keys.expect("the keys open")
}

/// Does what is due of rotations, and leaves every other job where it is.
pub async fn do_jobs(t: &TestApp) {
    do_jobs_of(&t.app).await;
}

pub async fn do_jobs_of(app: &Arc<App>) {
    for _ in 0..1000 {
        let store = &app.store;
        let (app, now) = (Arc::clone(app), app.now());
        let handler = move |job: jobs::Job| {
            let app = Arc::clone(&app);
            Box::pin(async move {
                let done = assurance::do_job(&app, &job).await;
                done.unwrap_or_else(|| Err("another's".to_owned()))
            }) as std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
        };
        let did = jobs::run_one(store, "node", now, &handler).await;
        if !did.expect("the queue answers") {
            return;
        }
    }
    panic!("the jobs of a rotation do not end");
}

pub async fn level(t: &TestApp, scope: Scope, level: Level) -> Standing {
    let all = standing_of(&t.app, scope).await.expect("it reads");
    let mut all = all.into_iter();
    all.find(|standing| standing.level == level)
        .expect("every level")
}

/// Every sealed value and every document opens, with what was kept before the rotation as the yardstick.
async fn all_open(house: &House, scope: Scope) -> Vec<Kept> {
    keys(&house.t, scope).await;
    let all = kept(house).await;
    assert!(all.len() > 15, "{}", all.len());
    for one in &all {
        let open = one.key.open(one.field, one.row, &one.sealed);
        assert!(open.is_some(), "field {:?}", one.field);
    }
    let keys = keys(&house.t, scope).await;
    for document in documents(&house.t, scope).await {
        let bytes = house.t.app.documents.get(&keys, document.sha256).await;
        assert!(!bytes.expect("it opens").is_empty());
    }
    all
}

async fn documents(t: &TestApp, scope: Scope) -> Vec<Document> {
    let read = t
        .app
        .store
        .read::<_, StoreError, _>(scope, |read| read.all(&DOCUMENTS, []));
    read.await.expect("it reads")
}

pub async fn is_sound(t: &TestApp, scope: Scope) {
    let numbered = sequence_pending(&t.app.store, "node", t.app.now()).await;
    numbered.expect("numbers are given");
    let verified = verify(&t.app.store, scope, t.app.now()).await;
    let bad = verified.expect("it reads").bad;
    assert!(bad.is_none(), "{bad:?}");
}

#[test]
fn every_level_is_rotated_while_everything_opens() {
    on_both(|store| async move {
        let house = filled(TestApp::with_workers(store).await).await;
        let t = &house.t;
        let scope = Scope::of(organisation(&house).await);
        let caller = operator(t, scope).await;
        let before = all_open(&house, scope).await;
        let first = keys(t, scope).await;
        let code = first.authenticate("a record/v1", &[b"part"]);
        let index = first.blind_index(fields::VENDOR_IBAN, "FR14");
        for at in Level::ALL.iter().copied() {
            let caller = Caller {
                now: t.app.now(),
                ..caller
            };
            ordered(&t.app, caller, at).await.expect("ordered");
            let again = ordered(&t.app, caller, at).await;
            assert!(matches!(again, Err(RotationError::UnderWay)), "{again:?}");
            do_jobs(t).await;
            all_open(&house, scope).await;
            t.store.clock.advance(ANNOUNCED_US);
            do_jobs(t).await;
            let under_way = level(t, scope, at).await;
            assert!(
                under_way.under_way().is_some(),
                "{at}: the old key has its time of grace"
            );
            assert_eq!(under_way.version.unwrap_or(2), 2, "{at}");
            all_open(&house, scope).await;
            t.store.clock.advance(GRACE_US);
            do_jobs(t).await;
            let done = level(t, scope, at).await;
            assert!(done.under_way().is_none(), "{at}: {done:?}");
            assert_eq!(done.left, 0, "{at}");
            assert!(
                done.since.expect("a key")
                    > under_way.rotation.expect("ordered").ordered.plus_us(-1),
                "{at}"
            );
            is_sound(t, scope).await;
        }
        let after = all_open(&house, scope).await;
        assert_eq!(before.len(), after.len());
        let now = keys(t, scope).await;
        assert!(now.is_authentic("a record/v1", &[b"part"], &code));
        assert_eq!(now.blind_index(fields::VENDOR_IBAN, "FR14"), index);
        // What was stored before is put back in its own place, and opens no more.
        for old in &before {
            let place = after
                .iter()
                .find(|new| new.field.number == old.field.number && new.row == old.row);
            let place = place.expect("nothing is lost");
            assert_ne!(place.sealed, old.sealed);
            assert!(place.key.open(old.field, old.row, &old.sealed).is_none());
        }
        let destroyed: Vec<(i64, Vec<u8>)> = t
            .app
            .store
            .read::<_, StoreError, _>(scope, |read| read.all(&DESTROYED, []))
            .await
            .expect("it reads");
        assert_eq!(destroyed, [(1, Vec::new()), (1, Vec::new())]);
    });
}

/// A node that read the keys before a rotation and does something after it.
#[test]
fn a_node_with_old_keys_keeps_nothing_under_a_version_that_is_destroyed() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        drop(ann);
        let scope = only(&t).await;
        let stale = keys(&t, scope).await;
        let entropy = Arc::clone(t.app.store.entropy());
        let early = t.app.documents.put(&stale, b"early", &entropy).await;
        let early = early.expect("kept");
        for at in [Level::Values, Level::Documents] {
            let caller = operator(&t, scope).await;
            ordered(&t.app, caller, at).await.expect("ordered");
            for wait in [ANNOUNCED_US, GRACE_US] {
                t.store.clock.advance(wait);
                do_jobs(&t).await;
            }
            assert!(level(&t, scope, at).await.under_way().is_none());
        }
        let asked = Arc::clone(&stale);
        let own = t
            .app
            .store
            .write::<_, KeyError, _>(operator(&t, scope).await, move |tx| {
                let own = asked.own(tx)?;
                Ok(tx.done(own.version())?)
            });
        let own = own.await;
        assert!(matches!(own, Err(KeyError::Unread { .. })), "{own:?}");
        // It sealed the document before, and names it only now.
        let named = t
            .app
            .store
            .write::<_, StoreError, _>(operator(&t, scope).await, move |tx| {
                record(tx, &early, "text/plain", "early.txt")?;
                tx.commit(Entry::new("bill.received", "bill", "1"), ())
            })
            .await;
        assert!(matches!(named, Err(StoreError::Stale)), "{named:?}");
        // Whoever asks anew gets what is in use.
        let keys = keys(&t, scope).await;
        let gone = t.app.documents.get(&keys, early.sha256).await;
        assert!(
            matches!(gone, Err(DocumentsError::Sealed { .. })),
            "{gone:?}"
        );
        let late = t.app.documents.put(&keys, b"early", &entropy).await;
        let late = late.expect("the same bytes again mend it");
        assert_eq!(late.key_version, 2);
        let bytes = t.app.documents.get(&keys, late.sha256).await;
        assert_eq!(bytes.expect("it opens"), b"early");
    });
}

/// The job of a rotation is lost, or its node is: another start takes it up.
#[test]
fn a_rotation_whose_job_is_lost_is_taken_up() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        drop(ann);
        let scope = only(&t).await;
        let caller = operator(&t, scope).await;
        ordered(&t.app, caller, Level::Values)
            .await
            .expect("ordered");
        t.store
            .behind_the_back("DELETE FROM jobs WHERE kind = 'key-rotation';")
            .await;
        t.store.clock.advance(ANNOUNCED_US);
        do_jobs(&t).await;
        assert_eq!(level(&t, scope, Level::Values).await.version, Some(1));
        for wait in [0, GRACE_US] {
            t.store.clock.advance(wait);
            resume(&t.app).await.expect("it reads");
            do_jobs(&t).await;
        }
        let done = level(&t, scope, Level::Values).await;
        assert_eq!((done.version, done.left), (Some(2), 0));
        assert!(done.under_way().is_none());
        is_sound(&t, scope).await;
    });
}

/// A row that somebody changed, or a value that does not open, is left alone, and its key with it.
#[test]
fn what_does_not_open_keeps_its_key() {
    on_both(|store| async move {
        let house = filled(TestApp::with_workers(store).await).await;
        let t = &house.t;
        let scope = Scope::of(organisation(&house).await);
        t.store
            .behind_the_back("UPDATE sso_identities SET subject_sealed = (SELECT secret_sealed FROM sso_settings WHERE secret_sealed IS NOT NULL LIMIT 1);")
            .await;
        let caller = operator(t, scope).await;
        ordered(&t.app, caller, Level::Values)
            .await
            .expect("ordered");
        for wait in [ANNOUNCED_US, GRACE_US, GRACE_US] {
            t.store.clock.advance(wait);
            do_jobs(t).await;
        }
        let standing = level(t, scope, Level::Values).await;
        assert!(
            standing.under_way().is_some() && standing.left >= 1,
            "{standing:?}"
        );
        let destroyed: Vec<(i64, Vec<u8>)> = t
            .app
            .store
            .read::<_, StoreError, _>(scope, |read| read.all(&DESTROYED, []))
            .await
            .expect("it reads");
        assert_eq!(destroyed, []);
    });
}

#[test]
fn of_a_row_that_is_inserted_only_a_sealed_column_alone_may_change() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        drop(ann);
        let scope = only(&t).await;
        let change = async |sql: Sql, sealed: Option<Vec<u8>>| {
            let caller = operator(&t, scope).await;
            let write = t.app.store.write::<_, StoreError, _>(caller, move |tx| {
                let count = match &sealed {
                    Some(sealed) => tx.change(&sql, params![sealed.as_slice()])?,
                    None => tx.change(&sql, [])?,
                };
                tx.commit(Entry::new("row.changed", "row", "x"), count)
            });
            write.await
        };
        let refused = change(ANOTHER_COLUMN, None).await;
        assert!(refused.is_err(), "{refused:?}");
        let refused = change(BOTH_COLUMNS, Some(vec![1; 64])).await;
        assert!(refused.is_err(), "{refused:?}");
        assert_eq!(
            change(THE_SEALED_ONE, Some(vec![1; 64]))
                .await
                .expect("renewed"),
            1
        );
        is_sound(&t, scope).await;
    });
}

pub async fn only(t: &TestApp) -> Scope {
    let all = assurance::keys::rotation::actions::organisations(&t.app).await;
    Scope::of(all.expect("it reads")[0].0)
}
