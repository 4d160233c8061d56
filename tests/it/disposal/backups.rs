//! Backups of the key store that the program makes: what they bring back, and what they never do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use countersign::assurance;
use countersign::identity::access::Role;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::config::KeyBackups;
use countersign::platform::jobs::{self, Job};
use countersign::platform::keys::backups::{
    Backup, BackupError, Made, Opened, Restored, daily, folder, make, open, put_back, restore,
};
use countersign::platform::keys::{KeyError, Keyring, Roots, disposals};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::Store;
use countersign::platform::store::schema::compare;
use countersign_sealing::SeededEntropy;

use super::{Former, is_destroyed};
use crate::support::app::TestApp;
use crate::support::stores::{Home, TestStore, on_both};
use crate::support::temp::TempDir;

const DAYS: u32 = 30;

/// Everything in the key store but the lines of the ledger and of the account of backups.
const KEYS: &str =
    "DELETE FROM countersign_keys.data_keys; DELETE FROM countersign_keys.subject_keys;";
/// Those as well.
const LINES: &str =
    "DELETE FROM countersign_keys.key_disposals; DELETE FROM countersign_keys.key_backups;";
/// What the journal says of disposals and backups.
const TOLD: &str = "DELETE FROM journal_openings WHERE entry_id IN \
     (SELECT id FROM journal_entries WHERE object_kind IN ('key-disposal', 'key-backup'));";

impl Former {
    pub(super) async fn back_up(&self, to: &TempDir, days: u32) -> Made {
        let app = &self.world().app;
        let caller = |scope| app.caller(scope, CredentialKind::CommandLine, app.id());
        make(&app.store, &app.keys, to.path(), days, caller)
            .await
            .expect("it is made")
    }

    async fn restore_at(
        &self,
        file: &Path,
        now: Micros,
    ) -> Result<(Backup, Restored), BackupError> {
        let app = &self.world().app;
        let caller = |scope| app.caller(scope, CredentialKind::CommandLine, app.id());
        let restored = restore(&app.store, &app.keys, file, now, caller).await;
        app.keys.forget(self.world().organisation);
        restored
    }

    pub(super) async fn restore(&self, file: &Path) -> Restored {
        let now = self.world().app.now();
        self.restore_at(file, now).await.expect("it is put back").1
    }

    async fn lose(&self, what: &str) {
        self.world().t.without_triggers(what).await;
        self.world().app.keys.forget(self.world().organisation);
    }

    async fn are_lost(&self) -> bool {
        let app = &self.world().app;
        let scope = Scope::of(self.world().organisation);
        let keys = app.keys.organisation(&app.store, scope).await;
        matches!(keys, Err(KeyError::Absent { .. }))
    }

    /// Days later: sessions have ended, and the two sign in again.
    async fn days_later(&mut self, days: i64) {
        let world = &self.office.world;
        world.t.clock.advance(days * Micros::DAY);
        let (asks, confirms) = (
            world.somebody("Asa again", &[Role::Administrator]).await,
            world.somebody("Bo again", &[Role::Administrator]).await,
        );
        (self.asks, self.confirms) = (asks, confirms);
    }

    async fn line(&self) -> disposals::Disposal {
        let (store, vendor) = (&self.world().app.store, self.vendor.to_string());
        let scope = Scope::of(self.world().organisation);
        let read = store.read(scope, move |read| disposals::of_subject(read, &vendor));
        read.await.expect("it reads").expect("a line")
    }
}

#[test]
fn a_key_store_that_was_lost_comes_back_and_an_expired_backup_does_not_bring_it() {
    on_both(|t: Arc<TestStore>| async move {
        let (former, to) = (Former::new(&t).await, TempDir::new("key-backups"));
        let made = former.back_up(&to, DAYS).await;
        let mode = fs::metadata(&made.path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            made.backup.expires.since(made.backup.made),
            30 * Micros::DAY
        );
        let nothing = former.restore(&made.path).await;
        assert_eq!(nothing, Restored::default(), "nothing is missing");
        former.is_sound(&former.world().app.store).await;

        former.lose(&format!("{KEYS} {LINES}")).await;
        assert!(former.are_lost().await, "without their keys nothing opens");
        let last = Micros(made.backup.expires.0 - 1);
        let (_, restored) = former
            .restore_at(&made.path, last)
            .await
            .expect("the last moment");
        assert!(
            restored.keys > 2 && restored.keys == made.keys,
            "{restored:?}"
        );
        former.reveal().await.expect("the account opens");
        former.is_sound(&former.world().app.store).await;

        former.lose(&format!("{KEYS} {LINES}")).await;
        let late = former.restore_at(&made.path, made.backup.expires).await;
        let is_clock = |by: &str| by.contains("clock");
        let is_refused = matches!(&late, Err(BackupError::Expired { by, .. }) if is_clock(by));
        assert!(is_refused && former.are_lost().await, "{late:?}");

        // Somebody works until after the expiry, and then turns the clock back.
        t.clock.advance(DAYS_LATER);
        former.world().somebody("Late", &[Role::Clerk]).await;
        let turned_back = made.backup.made;
        let late = former.restore_at(&made.path, turned_back).await;
        let is_refused = matches!(&late, Err(BackupError::Expired { by, .. }) if !is_clock(by));
        assert!(is_refused && former.are_lost().await, "{late:?}");
        // The twin: who does not ask when it expires has everything back.
        let app = &former.world().app;
        let installation = app.store.installation().expect("it has a key");
        let opened = open(app.keys.roots(), &made.path, &installation).await;
        let Opened { backup, contents } = opened.expect("it is whole");
        let caller = |scope| app.caller(scope, CredentialKind::CommandLine, app.id());
        let put = put_back(&app.store, &backup, contents, caller).await;
        assert_eq!(put.expect("it is put back").keys, made.keys);
        assert!(!former.are_lost().await);
    });
}

const DAYS_LATER: i64 = 31 * Micros::DAY;

#[test]
fn what_was_disposed_of_stays_so_whatever_backup_is_put_back() {
    on_both(|t: Arc<TestStore>| async move {
        let (former, to) = (Former::new(&t).await, TempDir::new("key-backups"));
        let store = former.world().app.store.clone();
        former.archive().await;
        let before = former.back_up(&to, DAYS).await;
        former.destroy().await;
        let after = former.back_up(&to, DAYS).await;

        // The key store's own ledger.
        let restored = former.restore(&before.path).await;
        assert_eq!((restored.keys, restored.disposed), (0, 1), "{restored:?}");
        let gone = former.opens_in(&store).await;
        assert!(is_destroyed(&gone), "{gone:?}");

        // The journal's word, where the key store is gone with its ledger.
        former.lose(&format!("{KEYS} {LINES}")).await;
        let restored = former.restore(&before.path).await;
        assert_eq!(
            (restored.disposals, restored.disposed),
            (1, 1),
            "{restored:?}"
        );
        assert_eq!(restored.keys, before.keys - 1);
        let gone = former.opens_in(&store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        former.is_sound(&store).await;
        assert_eq!(former.replay(&store).await, 0, "nothing is left to do");

        // The file's ledger, where the journal is from before as well.
        former.lose(&format!("{KEYS} {LINES} {TOLD}")).await;
        let restored = former.restore(&after.path).await;
        assert_eq!(
            (restored.disposals, restored.disposed),
            (1, 0),
            "{restored:?}"
        );
        let restored = former.restore(&before.path).await;
        assert_eq!(restored.disposed, 1, "{restored:?}");
        let gone = former.opens_in(&store).await;
        assert!(is_destroyed(&gone), "{gone:?}");

        // The twin: where no ledger knows of it, the key comes back.
        former.lose(&format!("{KEYS} {LINES} {TOLD}")).await;
        former.restore(&before.path).await;
        former.opens_in(&store).await.expect("it is back");
    });
}

#[test]
fn keys_of_an_organisation_that_was_disposed_of_do_not_come_back() {
    on_both(|t: Arc<TestStore>| async move {
        let (former, to) = (Former::new(&t).await, TempDir::new("key-backups"));
        let (app, organisation) = (&former.world().app, former.world().organisation);
        let beside = former.world().beside().await;
        let before = former.back_up(&to, DAYS).await;
        assurance::keys::disposal::actions::dispose_organisation(app, organisation)
            .await
            .expect("it has keys");
        former.lose(&format!("{KEYS} {LINES}")).await;
        app.keys.forget(beside.organisation);
        former.restore(&before.path).await;
        beside.keys().await;
        let keys = app
            .keys
            .organisation(&app.store, Scope::of(organisation))
            .await;
        assert!(is_destroyed(&keys), "{keys:?}");
    });
}

/// The key store is from before the disposal, and from before the key as well.
#[test]
fn a_line_of_the_ledger_is_written_again_also_where_its_key_is_not_there() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let store = &former.world().app.store;
        former.archive().await;
        former.destroy().await;
        former
            .lose("DELETE FROM countersign_keys.key_disposals;")
            .await;
        assert_eq!(former.replay(store).await, 1);
        assert_eq!(former.replay(store).await, 0);
        let gone = former.opens_in(store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        former.is_sound(store).await;
    });
}

#[test]
fn a_receipt_counts_on_the_last_backup_that_was_made_before() {
    on_both(|t: Arc<TestStore>| async move {
        let to = TempDir::new("key-backups");
        let lines = "DELETE FROM countersign_keys.key_backups;";
        let both = format!("{lines} {TOLD}");
        // What is lost of the account, and how many days are left when five have passed.
        for (lost, left) in [("", 15), (lines, 15), (TOLD, 15), (both.as_str(), 30)] {
            let mut former = Former::new(&t).await;
            former.archive().await;
            former.back_up(&to, 20).await;
            former.back_up(&to, 3).await;
            former.days_later(5).await;
            if !lost.is_empty() {
                former.lose(lost).await;
            }
            former.destroy().await;
            let line = former.line().await;
            let days = line.complete.since(line.destroyed) / Micros::DAY;
            assert_eq!(days, left, "{lost}");
        }
        // One that has expired holds nothing up.
        let mut former = Former::new(&t).await;
        former.archive().await;
        former.back_up(&to, 3).await;
        former.days_later(5).await;
        former.destroy().await;
        let line = former.line().await;
        assert_eq!(line.complete, line.destroyed);
    });
}

/// Whether it opens for the installation and the roots that it was made by.
async fn opens(app: &App, file: &Path) -> Result<usize, BackupError> {
    let installation = app.store.installation().expect("it has a key");
    let opened = open(app.keys.roots(), file, &installation).await?;
    Ok(opened.contents.count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_altered_or_is_of_another_installation_or_root_is_refused() {
    let t = Arc::new(TestStore::embedded().await);
    let (former, to) = (Former::new(&t).await, TempDir::new("key-backups"));
    let app = &former.world().app;
    let made = former.back_up(&to, DAYS).await;
    let bytes = fs::read(&made.path).expect("it is there");
    assert_eq!(
        opens(app, &made.path).await.expect("as it was made"),
        made.keys
    );

    let altered = to.path().join("altered.backup");
    // Head, wrapped key, and the contents here and there.
    for at in (0..200).chain((200..bytes.len()).step_by(61)) {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        fs::write(&altered, other).expect("our own folder");
        let opened = opens(app, &altered).await;
        assert!(opened.is_err(), "byte {at}");
    }
    for length in [0, 7, 72, 73, 100, bytes.len() - 1] {
        fs::write(&altered, &bytes[..length]).expect("our own folder");
        assert!(opens(app, &altered).await.is_err(), "{length} bytes");
    }

    let foreign = open(app.keys.roots(), &made.path, &[1; 32]).await;
    let is_foreign = matches!(&foreign, Err(BackupError::Foreign { .. }));
    assert!(is_foreign, "{foreign:?}");
    let others = TempDir::new("roots");
    let at = |name: &str| others.path().join(name);
    let roots = Roots::open(&at("a"), &at("b"), true, &SeededEntropy::new(99));
    let other = Keyring::new(roots.expect("a fresh folder"));
    let installation = app.store.installation().expect("it has a key");
    let refused = open(other.roots(), &made.path, &installation).await;
    let is_refused = matches!(&refused, Err(BackupError::Refused { .. }));
    assert!(is_refused, "{refused:?}");
}

/// It was put back from a raw copy that an older version made.
#[test]
fn a_key_store_that_lacks_a_table_is_completed_at_the_next_start() {
    on_both(|t: Arc<TestStore>| async move {
        let dropped = "DROP TABLE countersign_keys.key_backups;";
        t.behind_the_back(dropped).await;
        let compared = compare(&t.store).await.expect("it reads");
        assert!(!compared.wrong.is_empty());
        t.migrate_again().await;
        let compared = compare(&t.store).await.expect("it reads");
        assert_eq!(compared.wrong, Vec::<String>::new());
    });
}

pub(super) async fn does_jobs(app: &Arc<App>, store: &Store) -> usize {
    let mut done = 0;
    let its = Arc::clone(app);
    let handler = move |job: Job| {
        let app = Arc::clone(&its);
        Box::pin(async move {
            let done = assurance::do_job(&app, &job).await;
            done.unwrap_or(Ok(()))
        }) as std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
    };
    while jobs::run_one(store, "node", app.now(), &handler)
        .await
        .expect("the queue reads")
    {
        done += 1;
    }
    done
}

#[test]
fn one_node_makes_a_backup_a_day_and_removes_those_that_have_expired() {
    on_both(|t: Arc<TestStore>| async move {
        let to = TempDir::new("key-backups");
        let path = to.path().to_owned();
        let a = TestApp::changed(Arc::clone(&t), |app| {
            app.key_backups = KeyBackups {
                folder: Some(path),
                days: 2,
            };
        });
        let app = &a.app;
        let lies_there = || folder::look(to.path()).expect("our own folder").len();
        assert!(
            !daily::round(app).await.expect("it looks"),
            "nobody is there"
        );
        a.set_up().await;
        let (one, two) = tokio::join!(daily::round(app), daily::round(app));
        let (one, two) = (one.expect("it looks"), two.expect("it looks"));
        assert!(one ^ two, "one of them queues it");
        does_jobs(app, &app.store).await;
        assert_eq!(lies_there(), 1);
        // A job that another node queued in between finds that it is done.
        daily::work(app).await.expect("nothing to do");
        assert!(!daily::round(app).await.expect("it looks"));
        assert_eq!(lies_there(), 1);

        t.clock.advance(Micros::DAY);
        assert!(daily::round(app).await.expect("it looks"), "a day later");
        does_jobs(app, &app.store).await;
        assert_eq!(lies_there(), 2);
        t.clock.advance(Micros::DAY);
        daily::round(app).await.expect("it looks");
        assert_eq!(lies_there(), 1, "the first one has expired");
        if let Home::Embedded(_) = t.home {
            fs::write(to.path().join("countersign-keys-notes.txt"), "mine").expect("ours");
            t.clock.advance(Micros::DAY);
            daily::round(app).await.expect("it looks");
            assert!(to.path().join("countersign-keys-notes.txt").exists());
        }
    });
}
