//! A wrapped key opens in its own place and whole, or not at all: what is stored is changed behind the application, and its own
//! ways of opening it are asked.

use countersign::platform::ids::{Id as _, OrgId, PersonId};
use countersign::platform::keys::KeyError;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use uuid::Uuid;

use crate::support::app::{TestApp, on_both_apps};
use crate::support::stores::Home;

/// Where wrapped keys are. The installation's own is tried in `src/platform/keys` and by the doctor's tests.
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

struct Stored {
    id: String,
    subject: Option<Uuid>,
    wrapped: Vec<u8>,
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

async fn put(t: &TestApp, key: &Stored, bytes: &[u8]) {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (id, bytes) = match &t.store.home {
        Home::Embedded(_) => (&key.id, format!("x'{hex}'")),
        Home::Grown(_) => (&key.id, format!("'\\x{hex}'::bytea")),
    };
    let table = key.subject.map_or("data_keys", |_| "subject_keys");
    let change = format!("UPDATE {table} SET wrapped = {bytes} WHERE id = '{id}';");
    t.store.behind_the_back(&change).await;
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
            // The format, the nonce, the key and the tag.
            for at in (0..key.wrapped.len()).step_by(if key.subject.is_some() { 12 } else { 3 }) {
                let mut bytes = key.wrapped.clone();
                bytes[at] ^= 1 << (at % 8);
                put(&t, key, &bytes).await;
                assert!(!opens(&t, key).await, "byte {at}");
            }
            put(&t, key, &key.wrapped).await;
            assert!(opens(&t, key).await, "it was mended");
        }
    });
}
