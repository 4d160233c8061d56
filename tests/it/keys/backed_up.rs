//! Before a rotation destroys what it replaced, what took its place is in a backup of the key store.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use countersign::assurance::keys::rotation::actions::ordered;
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::platform::clock::Micros;
use countersign::platform::config::KeyBackups;
use countersign::platform::keys::KeyError;
use countersign::platform::keys::backups::{folder, restore};
use countersign::platform::scope::{CredentialKind, Scope};

use super::rotation::{do_jobs, is_sound, level, only, operator};
use super::unguarded::{goes_on, keep, opened, own};
use crate::support::app::TestApp;
use crate::support::stores::{TestStore, on_both};
use crate::support::temp::TempDir;

const LOST: &str =
    "DELETE FROM countersign_keys.data_keys; DELETE FROM countersign_keys.subject_keys;";

async fn founded(store: Arc<TestStore>, folder: Option<PathBuf>) -> (TestApp, Scope) {
    let t = TestApp::changed(store, |app| {
        app.key_backups = KeyBackups { folder, days: 30 };
    });
    drop(t.set_up().await);
    do_jobs(&t).await;
    let scope = only(&t).await;
    t.store.clock.advance(Micros::SECOND);
    (t, scope)
}

pub async fn rotates(t: &TestApp, scope: Scope, at: Level) {
    ordered(&t.app, operator(t, scope).await, at)
        .await
        .expect("ordered");
    goes_on(t, &[ANNOUNCED_US, GRACE_US, GRACE_US]).await;
}

async fn has_ended(t: &TestApp, scope: Scope, at: Level) -> bool {
    let standing = level(t, scope, at).await;
    standing.under_way().is_none() && standing.left == 0
}

#[test]
fn the_new_version_is_in_a_backup_before_the_old_one_is_destroyed() {
    on_both(|store: Arc<TestStore>| async move {
        let to = TempDir::new("key-backups");
        let (t, scope) = founded(store, Some(to.path().to_owned())).await;
        rotates(&t, scope, Level::Values).await;
        assert!(has_ended(&t, scope, Level::Values).await);
        let lies_there = || folder::look(to.path()).expect("our own folder");
        assert_eq!(lies_there().len(), 1, "one is enough");
        let row = keep(&t, scope, &own(&t, scope).await, "kept").await;

        // The key store is lost before the day's backup is made.
        t.store.without_triggers(LOST).await;
        t.app.keys.forget(scope.organisation());
        let lost = t.app.keys.organisation(&t.app.store, scope).await;
        assert!(matches!(lost, Err(KeyError::Absent { .. })), "{lost:?}");
        let file = lies_there().remove(0).path;
        let caller = |scope| t.app.caller(scope, CredentialKind::CommandLine, t.app.id());
        let (store, keys) = (&t.app.store, &t.app.keys);
        restore(store, keys, &file, t.app.now(), caller)
            .await
            .expect("it is put back");
        t.app.keys.forget(scope.organisation());
        assert_eq!(opened(&t, scope, row).await.expect("it opens"), "kept");
        is_sound(&t, scope).await;
    });
}

#[test]
fn while_no_backup_can_be_made_what_was_replaced_is_kept() {
    on_both(|store: Arc<TestStore>| async move {
        let house = TempDir::new("key-backups");
        let in_the_way = house.path().join("file");
        fs::write(&in_the_way, "no folder").expect("ours");
        let (t, scope) = founded(store, Some(in_the_way.join("backups"))).await;
        for at in [Level::Values, Level::Documents, Level::Subjects] {
            rotates(&t, scope, at).await;
            assert!(!has_ended(&t, scope, at).await, "{at}");
        }
        fs::remove_file(&in_the_way).expect("ours");
        goes_on(&t, &[Micros::HOUR, GRACE_US]).await;
        for at in [Level::Values, Level::Documents, Level::Subjects] {
            assert!(has_ended(&t, scope, at).await, "{at}");
        }
        is_sound(&t, scope).await;
    });
}

/// The twin: where no folder is named, nothing waits for a backup.
#[test]
fn without_a_folder_what_was_replaced_is_destroyed() {
    on_both(|store: Arc<TestStore>| async move {
        let (t, scope) = founded(store, None).await;
        for at in [Level::Values, Level::Documents, Level::Subjects] {
            rotates(&t, scope, at).await;
            assert!(has_ended(&t, scope, at).await, "{at}");
        }
        t.store.without_triggers(LOST).await;
        t.app.keys.forget(scope.organisation());
        let lost = t.app.keys.organisation(&t.app.store, scope).await;
        assert!(matches!(lost, Err(KeyError::Absent { .. })), "{lost:?}");
    });
}
