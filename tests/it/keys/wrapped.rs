//! A wrapped key opens in its own place and whole, or not at all: what is stored is changed behind the application, and its own
//! ways of opening it are asked.

use countersign::platform::ids::{Id as _, OrgId, PersonId};
use countersign::platform::keys::KeyError;
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Reads as _, Sql, StoreError};
use uuid::Uuid;

use crate::support::app::{TestApp, on_both_apps};
use crate::support::stores::START;

/// Where wrapped keys are. All of them are tried here.
pub const COLUMNS: [&str; 3] = [
    "data_keys.wrapped",
    "installation_keys.wrapped",
    "subject_keys.wrapped",
];

const STORED: Sql = Sql::read(
    "SELECT id, subject_id, wrapped FROM data_keys WHERE org_id = $1 \
     UNION ALL SELECT id, subject_id, wrapped FROM subject_keys WHERE org_id = $1",
);
const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations");
const INSTALLATION: Sql = Sql::lookup("SELECT name, wrapped FROM installation_keys ORDER BY name");
const INTEGRITY: &str = "integrity";
/// The last one has the first one's lower 32 bits.
const OTHER_VERSIONS: [&str; 4] = ["2", "0", "-1", "4294967297"];

struct Stored {
    id: String,
    subject: Option<Uuid>,
    wrapped: Vec<u8>,
}

impl Stored {
    fn table(&self) -> &'static str {
        self.subject.map_or("data_keys", |_| "subject_keys")
    }

    /// The columns that say of which version it is, and under which one of its organisation's key. In both stands the first.
    fn versions(&self) -> &'static [&'static str] {
        match self.subject {
            None => &["version"],
            Some(_) => &["version", "parent_version"],
        }
    }
}

async fn scope(t: &TestApp) -> Scope {
    let found: Result<(OrgId,), StoreError> = t
        .app
        .store
        .lookup(|lookup| lookup.one(&ORGANISATION, []))
        .await;
    Scope::of(found.expect("it was set up").0)
}

async fn stored(t: &TestApp) -> Vec<Stored> {
    let rows = t
        .app
        .store
        .read::<_, StoreError, _>(scope(t).await, |read| {
            read.all::<(String, String, Vec<u8>)>(&STORED, [])
        });
    let rows = rows.await.expect("the database answers");
    rows.into_iter()
        .map(|(id, subject, wrapped)| Stored {
            id,
            subject: subject.parse().ok(),
            wrapped,
        })
        .collect()
}

/// Whether this key opens as it is stored now, by keys that were not opened before.
async fn opens(t: &TestApp, key: &Stored) -> bool {
    let (scope, ring) = (scope(t).await, t.fresh_keys());
    let Ok(keys) = ring.organisation(&t.app.store, scope).await else {
        return false;
    };
    let Some(subject) = key.subject else {
        return true;
    };
    let opened = t.app.store.read::<_, KeyError, _>(scope, move |read| {
        keys.subject(read, PersonId::from_uuid(subject)).map(|_| ())
    });
    opened.await.is_ok()
}

async fn set(t: &TestApp, key: &Stored, column: &str, value: &str) {
    let (table, id) = (key.table(), &key.id);
    let change = format!("UPDATE {table} SET {column} = {value} WHERE id = '{id}';");
    t.store.behind_the_back(&change).await;
}

async fn put(t: &TestApp, key: &Stored, bytes: &[u8]) {
    set(t, key, "wrapped", &t.store.blob(bytes)).await;
}

/// What is wrong with the bytes: each bit of the format, the nonce, the key and the tag; what is cut, and what is longer.
fn altered(wrapped: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let flipped = (0..wrapped.len() * 8).map(move |bit| {
        let mut bytes = wrapped.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        (format!("bit {bit}"), bytes)
    });
    let cut = [0, 1, wrapped.len() - 1].map(|at| (format!("{at} bytes"), wrapped[..at].to_vec()));
    let longer = ("longer".to_owned(), [wrapped, &[0]].concat());
    flipped.chain(cut).chain([longer])
}

#[test]
fn a_wrapped_key_that_was_changed_or_moved_opens_nothing() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        drop(ann);
        let all = stored(&t).await;
        assert!(all.iter().filter(|key| key.subject.is_none()).count() == 2);
        assert!(all.iter().filter(|key| key.subject.is_some()).count() >= 2);
        for key in &all {
            assert!(opens(&t, key).await, "as it was made");
            for there in all.iter().filter(|there| there.id != key.id) {
                put(&t, key, &there.wrapped).await;
                assert!(!opens(&t, key).await, "another key's place");
            }
            for (what, bytes) in altered(&key.wrapped) {
                put(&t, key, &bytes).await;
                assert!(!opens(&t, key).await, "{}: {what}", key.table());
            }
            put(&t, key, &key.wrapped).await;
            assert!(opens(&t, key).await, "it was mended");
            for column in key.versions() {
                for other in OTHER_VERSIONS {
                    set(&t, key, column, other).await;
                    assert!(!opens(&t, key).await, "{}: {column} {other}", key.table());
                }
                set(&t, key, column, "1").await;
                assert!(opens(&t, key).await, "it was mended");
            }
        }
    });
}

/// The rows of the installation's own keys.
async fn installation(t: &TestApp) -> Vec<(String, Vec<u8>)> {
    let store = &t.app.store;
    let rows = store.lookup::<_, StoreError, _>(|lookup| lookup.all(&INSTALLATION, []));
    rows.await.expect("the database answers")
}

async fn put_own(t: &TestApp, bytes: &[u8]) {
    let bytes = t.store.blob(bytes);
    let change =
        format!("UPDATE installation_keys SET wrapped = {bytes} WHERE name = '{INTEGRITY}';");
    t.store.behind_the_back(&change).await;
}

#[test]
fn the_integrity_key_that_was_changed_or_is_another_rows_opens_nothing() {
    on_both_apps(|t| async move {
        let (store, keys) = (&t.app.store, t.fresh_keys());
        let caller = t.app.caller(Scope::SYSTEM, CredentialKind::Job, t.app.id());
        keys.note_roots(store, caller).await.expect("noted");
        // The key is made where no journal has begun.
        let begun = "DELETE FROM journal_heads; DELETE FROM journal_entries;";
        t.store.without_triggers(begun).await;
        keys.make_integrity(store, START).await.expect("made");
        let rows = installation(&t).await;
        let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["field-root", INTEGRITY, "storage-root"]);
        let own = rows[1].1.as_slice();
        keys.integrity(store).await.expect("as it was made");
        for (name, wrapped) in [&rows[0], &rows[2]] {
            put_own(&t, wrapped).await;
            assert!(keys.integrity(store).await.is_err(), "{name}'s");
        }
        for (what, bytes) in altered(own) {
            put_own(&t, &bytes).await;
            assert!(keys.integrity(store).await.is_err(), "{what}");
        }
        put_own(&t, own).await;
        keys.integrity(store).await.expect("it was mended");
    });
}
