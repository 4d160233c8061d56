//! Keys of subjects once stood among the organisations': the migration moves them, and the journal still holds them.

use std::sync::Arc;

use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::verify;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use crate::support::stores::{Home, START, TestStore, caller, id, on_both};

const AS_IT_WAS: Sql = Sql::change(
    "data_keys",
    "INSERT INTO data_keys (org_id, id, hierarchy, purpose, subject_id, version, wrapped, created_us) \
     VALUES ($1, 'k', 'field', 'subject', 's', 1, $2, $3) RETURNING id",
);
const MOVED: Sql = Sql::read(
    "SELECT wrapped FROM subject_keys WHERE org_id = $1 AND id = 'k' AND subject_id = 's'",
);
const DESTROY: Sql = Sql::change(
    "subject_keys",
    "DELETE FROM subject_keys WHERE org_id = $1 AND id = 'k' RETURNING id",
);
const LEFT: Sql = Sql::read("SELECT id FROM data_keys WHERE org_id = $1");

async fn reason(t: &TestStore, organisation: OrgId) -> Option<String> {
    let verified = verify(&t.store, Scope::of(organisation), Micros(START.0 + 1)).await;
    verified.expect("it reads").bad.map(|bad| bad.reason)
}

/// A key among the organisation's own, as before there were tables of their own and before there was a key store, which the
/// migrations then move.
async fn moved(t: &TestStore) -> OrgId {
    let organisation = id::<OrgId>();
    t.begin_journal(organisation).await;
    t.store
        .write::<_, StoreError, _>(caller(organisation, START), |tx| {
            tx.change_one(&AS_IT_WAS, params![vec![1u8, 2, 3], START])?;
            tx.commit(Entry::new("vendor.added", "vendor", "s"), ())
        })
        .await
        .expect("written");
    let general = match &t.home {
        Home::Embedded(_) => "main",
        Home::Grown(_) => "public",
    };
    t.behind_the_back(&format!(
        "CREATE TABLE {general}.data_keys AS SELECT * FROM countersign_keys.data_keys; DELETE FROM countersign_keys.data_keys; \
         DROP TABLE key_disposal_requests; \
         DELETE FROM schema_migrations WHERE name IN ('0023_subject_keys', '0024_key_store');"
    ))
    .await;
    t.migrate_again().await;
    organisation
}

#[test]
fn a_key_that_the_migration_moved_is_what_the_journal_says() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = moved(&t).await;
        let (found, left) = t
            .store
            .read::<_, StoreError, _>(Scope::of(organisation), |read| {
                Ok((
                    read.all::<(Vec<u8>,)>(&MOVED, [])?,
                    read.all::<(String,)>(&LEFT, [])?,
                ))
            })
            .await
            .expect("it reads");
        assert_eq!(found, [(vec![1u8, 2, 3],)]);
        assert_eq!(left, []);
        assert_eq!(reason(&t, organisation).await, None);
        t.behind_the_back("UPDATE subject_keys SET version = 2 WHERE id = 'k';")
            .await;
        let reason = reason(&t, organisation).await.expect("it is seen");
        assert!(reason.contains("subject_keys was changed"), "{reason}");
    });
}

/// A rotation made a younger version after the update, and destroyed this one.
#[test]
fn a_moved_key_that_a_rotation_destroyed_is_not_missed() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = moved(&t).await;
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), |tx| {
                tx.change_one(&DESTROY, [])?;
                tx.commit(Entry::new("keys.subject-destroyed", "vendor", "s"), ())
            })
            .await
            .expect("written");
        assert_eq!(reason(&t, organisation).await, None);
        // The twin: one that nobody destroyed is.
        let organisation = moved(&t).await;
        t.behind_the_back("DELETE FROM subject_keys WHERE id = 'k';")
            .await;
        let reason = reason(&t, organisation).await.expect("it is seen");
        assert!(reason.contains("is gone from the table"), "{reason}");
    });
}
