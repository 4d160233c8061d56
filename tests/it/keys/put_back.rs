//! The database is put back from before a rotation of documents; the key store and the documents are not.

use std::sync::Arc;

use countersign::assurance::keys::rotation::actions::{ordered, standing_of};
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::documents::{DocumentsError, record};
use countersign::platform::keys::versions::{self, DOCUMENTS};
use countersign::platform::scope::{Caller, CredentialKind, Scope};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::rotation::{do_jobs_of, keys, only, operator};
use crate::disposal::copy;
use crate::support::app::TestApp;
use crate::support::stores::{Home, TestStore, opened_in};
use crate::support::temp::TempDir;

const VERSION: Sql =
    Sql::read("SELECT key_version FROM documents WHERE org_id = $1 AND sha256 = $2");

async fn keep(t: &TestApp, scope: Scope, name: &'static str) -> [u8; 32] {
    let keys = keys(t, scope).await;
    let entropy = Arc::clone(t.app.store.entropy());
    let blob = t.app.documents.put(&keys, name.as_bytes(), &entropy).await;
    let blob = blob.expect("kept");
    let write = t
        .app
        .store
        .write::<_, StoreError, _>(operator(t, scope).await, move |tx| {
            record(tx, &blob, "text/plain", name)?;
            tx.commit(Entry::new("bill.received", "bill", name), ())
        });
    write.await.expect("it is named");
    blob.sha256
}

fn operator_of(app: &App, scope: Scope) -> Caller {
    app.caller(scope, CredentialKind::CommandLine, app.id())
}

async fn rotates(app: &Arc<App>, advance: impl Fn(i64), scope: Scope) {
    let order = ordered(app, operator_of(app, scope), Level::Documents);
    order.await.expect("ordered");
    for wait in [ANNOUNCED_US, GRACE_US] {
        advance(wait);
        do_jobs_of(app).await;
    }
    let all = standing_of(app, scope).await.expect("it reads");
    let documents = all.iter().find(|one| one.level == Level::Documents);
    let documents = documents.expect("every level");
    assert!(documents.under_way().is_none(), "{documents:?}");
}

async fn opens(app: &App, scope: Scope, sha256: [u8; 32]) -> Result<Vec<u8>, DocumentsError> {
    app.keys.look_again(scope.organisation());
    let keys = app.keys.organisation(&app.store, scope).await;
    app.documents.get(&keys.expect("they open"), sha256).await
}

async fn version(app: &App, scope: Scope, sha256: [u8; 32]) -> i64 {
    let read = app.store.read::<_, StoreError, _>(scope, move |read| {
        read.one::<(i64,)>(&VERSION, params![sha256])
    });
    read.await.expect("a row").0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_of_an_older_database_outlive_the_rotations_that_come_after() {
    for is_resealed in [true, false] {
        let t = TestApp::on(Arc::new(TestStore::embedded().await));
        drop(t.set_up().await);
        let scope = only(&t).await;
        let before = keep(&t, scope, "before").await;
        let Home::Embedded(dir) = &t.store.home else {
            panic!("the embedded engine's files are copied")
        };
        let older = TempDir::new("older");
        copy(dir.path(), older.path(), "t.db");
        let advance = |wait| t.store.clock.advance(wait);
        rotates(&t.app, advance, scope).await;
        assert_eq!(version(&t.app, scope, before).await, 2);
        copy(dir.path(), older.path(), "keys.db");

        let app = Arc::new(t.on_another_store(opened_in(older.path())));
        assert_eq!(version(&app, scope, before).await, 1, "the row is older");
        let found = opens(&app, scope, before).await;
        assert_eq!(found.expect("its file says what opens it"), b"before");
        if is_resealed {
            rotates(&app, advance, scope).await;
            assert_eq!(version(&app, scope, before).await, 3);
            let found = opens(&app, scope, before).await;
            assert_eq!(found.expect("it was sealed anew"), b"before");
        } else {
            // The twin: what stands under version 2 by the files, and not by the rows, is not asked for.
            let order = ordered(&app, operator_of(&app, scope), Level::Documents);
            order.await.expect("ordered");
            t.store.clock.advance(ANNOUNCED_US);
            let write = app
                .store
                .write::<_, StoreError, _>(operator_of(&app, scope), move |tx| {
                    for key in versions::stored(tx)? {
                        if key.purpose == DOCUMENTS && key.version == 2 {
                            versions::destroy(tx, &key)?;
                        } else if key.purpose == DOCUMENTS {
                            versions::activate(tx, &key)?;
                        }
                    }
                    tx.commit(Entry::new("keys.destroyed", "key", "2"), ())
                });
            write.await.expect("nothing else keeps it");
            let found = opens(&app, scope, before).await;
            assert!(found.is_err(), "{found:?}");
        }
    }
}
