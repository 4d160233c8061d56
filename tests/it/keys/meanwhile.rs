//! Between the moment in which a rotation looks at a value and that in which it seals it anew, somebody changes the value: hers stays.
//! On the embedded engine, whose one writer takes what is queued in its order.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use countersign::params;
use countersign::platform::ids::{Id as _, PersonId};
use countersign::platform::keys::KeyError;
use countersign::platform::keys::fields::SSO_SUBJECT;
use countersign::platform::keys::reseal;
use countersign::platform::keys::versions::StoredKey;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_sealing::Sealed;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::rotation::{keys, only, operator};
use super::unguarded::{half_way, keep, opened, own};
use crate::support::app::TestApp;
use crate::support::stores::TestStore;

const FOUND: Sql =
    Sql::read("SELECT subject_sealed FROM sso_identities WHERE org_id = $1 AND id = $2");
/// Whatever the row holds by then.
const PUT: Sql = Sql::change(
    "sso_identities",
    "UPDATE sso_identities SET subject_sealed = $3 WHERE org_id = $1 AND id = $2 RETURNING id",
);
/// So long a task takes at most to get to where it waits for the writer.
const QUEUED: Duration = Duration::from_millis(400);

struct Scene {
    t: Arc<TestApp>,
    scope: Scope,
    old: StoredKey,
    row: PersonId,
}

impl Scene {
    /// A value under the retired version, and nothing else that a rotation has to do.
    async fn new() -> Self {
        let t = Arc::new(TestApp::on(Arc::new(TestStore::embedded().await)));
        drop(t.set_up().await);
        let scope = only(&t).await;
        let before = own(&t, scope).await;
        let old = half_way(&t, scope).await;
        let keys = keys(&t, scope).await;
        let caller = operator(&t, scope).await;
        let all = (old.number(), usize::MAX);
        let done = reseal::own(&t.app.store, &keys, caller, all).await;
        assert!(done.expect("all opens").resealed > 0);
        let row = keep(&t, scope, &before, "hers of before").await;
        Self { t, scope, old, row }
    }

    /// Holds the one writer until the sender is used.
    async fn held(&self) -> (mpsc::Sender<()>, JoinHandle<Result<(), StoreError>>) {
        let (release, released) = mpsc::channel::<()>();
        let (t, caller) = (Arc::clone(&self.t), operator(&self.t, self.scope).await);
        let holds = tokio::spawn(async move {
            let write = t.app.store.write::<_, StoreError, _>(caller, move |tx| {
                released.recv().expect("it is released");
                tx.done(())
            });
            write.await
        });
        sleep(QUEUED).await;
        (release, holds)
    }

    /// She changes the value. What she writes is under the version in use.
    async fn changes(&self) -> JoinHandle<Result<(), KeyError>> {
        let (t, scope, row) = (Arc::clone(&self.t), self.scope, self.row);
        let keys = keys(&t, scope).await;
        let changes = tokio::spawn(async move {
            let caller = operator(&t, scope).await;
            let write = t.app.store.write::<_, KeyError, _>(caller, move |tx| {
                let (place, value) = (*row.uuid().as_bytes(), "hers of now".to_owned());
                let sealed = keys.own(tx)?.seal(SSO_SUBJECT, place, &value, tx.entropy());
                tx.change_one(&PUT, params![row, sealed])?;
                Ok(tx.commit(Entry::new("test.changed", "sso-identity", row), ())?)
            });
            write.await
        });
        sleep(QUEUED).await;
        changes
    }

    /// Seals what was found anew, and puts it whatever is there: a rotation without its compare-and-set.
    async fn puts_blindly(&self) -> Result<(), KeyError> {
        let (scope, row) = (self.scope, self.row);
        let (keys, store) = (keys(&self.t, scope).await, &self.t.app.store);
        let place = *row.uuid().as_bytes();
        let found = store.read::<_, StoreError, _>(scope, move |read| {
            let (sealed,): (Sealed<String>,) = read.one(&FOUND, params![row])?;
            Ok(sealed)
        });
        let open = keys.open(SSO_SUBJECT, place, &found.await?)?;
        let value = open.expose().clone();
        let caller = operator(&self.t, scope).await;
        let write = store.write::<_, KeyError, _>(caller, move |tx| {
            let sealed = keys.own(tx)?.seal(SSO_SUBJECT, place, &value, tx.entropy());
            tx.change_one(&PUT, params![row, sealed])?;
            Ok(tx.commit(Entry::new("test.put", "sso-identity", row), ())?)
        });
        write.await
    }
}

/// What the row holds when all of it is over.
async fn stands(is_compared: bool) -> String {
    let scene = Arc::new(Scene::new().await);
    let (release, holds) = scene.held().await;
    let changes = scene.changes().await;
    let its = Arc::clone(&scene);
    let rotates = tokio::spawn(async move {
        if !is_compared {
            return its.puts_blindly().await;
        }
        let caller = operator(&its.t, its.scope).await;
        let (keys, store) = (keys(&its.t, its.scope).await, &its.t.app.store);
        let done = reseal::own(store, &keys, caller, (its.old.number(), 5)).await?;
        assert_eq!(
            (done.resealed, done.refused),
            (0, 0),
            "it holds another value"
        );
        Ok(())
    });
    sleep(QUEUED).await;
    release.send(()).expect("it is waited for");
    holds.await.expect("no panic").expect("nothing was changed");
    changes.await.expect("no panic").expect("she was first");
    rotates.await.expect("no panic").expect("it is done");
    let value = opened(&scene.t, scene.scope, scene.row).await;
    value.expect("it opens")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_that_somebody_changed_meanwhile_is_not_put_back() {
    assert_eq!(stands(true).await, "hers of now");
}

/// The guard taken away: a value is put whatever its row holds by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_comparison_what_she_changed_is_lost() {
    assert_eq!(stands(false).await, "hers of before");
}
