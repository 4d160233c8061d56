//! The key store commits before the database: a server that is killed between the two has a younger key, and not what it was made
//! for.

use std::sync::Arc;

use countersign::assurance::keys::rotation::actions::{ordered, standing_of};
use countersign::assurance::keys::rotation::rules::{GRACE_US, Level};
use countersign::platform::clock::Micros;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, verify};

use super::filled::{filled, organisation};
use super::rotation::{do_jobs, do_jobs_of, operator};
use crate::disposal::copy;
use crate::support::app::TestApp;
use crate::support::stores::{Home, TestStore, opened_in};
use crate::support::temp::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_kill_left_under_older_keys_is_sealed_again_and_the_rotation_ends() {
    let store = Arc::new(TestStore::embedded().await);
    let house = filled(TestApp::with_workers(store).await).await;
    let t = &house.t;
    let scope = Scope::of(organisation(&house).await);
    t.store.clock.advance(Micros::SECOND);
    let order = ordered(&t.app, operator(t, scope).await, Level::Subjects);
    order.await.expect("ordered");
    let Home::Embedded(dir) = &t.store.home else {
        panic!("the embedded engine has two files")
    };
    let cut = TempDir::new("cut-off");
    copy(dir.path(), cut.path(), "t.db");
    do_jobs(t).await;
    copy(dir.path(), cut.path(), "keys.db");

    let app = Arc::new(t.on_another_store(opened_in(cut.path())));
    let left = async || {
        let all = standing_of(&app, scope).await.expect("it reads");
        let mut all = all.into_iter();
        let found = all.find(|standing| standing.level == Level::Subjects);
        let found = found.expect("every level");
        (found.under_way().is_some(), found.left)
    };
    let (is_under_way, before) = left().await;
    assert!(
        is_under_way && before > 2,
        "{before} keys have a younger one"
    );
    // Sealed again, then destroyed, each after its grace.
    for _ in 0..3 {
        do_jobs_of(&app).await;
        t.store.clock.advance(GRACE_US);
    }
    do_jobs_of(&app).await;
    assert_eq!(left().await, (false, 0));

    let now = app.now();
    sequence_pending(&app.store, "node", now)
        .await
        .expect("numbers are given");
    let verified = verify(&app.store, scope, now).await.expect("it reads");
    assert_eq!(verified.bad, None);
}
