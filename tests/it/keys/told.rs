//! The key store is ahead of the journal: a server was killed between the commits of the two files, or an older database was put
//! beside it. The next start tells the journal of what a change of ours explains, and of nothing else.

use std::sync::Arc;
use std::time::Duration;

use countersign::assurance::keys::rotation::actions::{ordered, standing_of};
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::keys::KeyError;
use countersign::platform::keys::disposals::destroy_subject;
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::journal::{read, sequence_pending, verify};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::backed_up::rotates;
use super::filled::{filled, organisation};
use super::rotation::{do_jobs, do_jobs_of, level, operator};
use crate::disposal::copy;
use crate::single_sign_on::saml::House;
use crate::support::app::{TestApp, disposables};
use crate::support::stores::{Home, TestStore, opened_in};
use crate::support::temp::TempDir;

const VENDORS: Sql = Sql::read("SELECT id FROM vendors WHERE org_id = $1");

pub(super) const CHANGED: &str = "was changed behind the journal";
const GONE: &str = "is gone from the table";

/// A house whose two files are copied at different moments.
pub(super) struct Cut {
    pub(super) house: House,
    pub(super) scope: Scope,
    files: TempDir,
}

impl Cut {
    pub(super) async fn new() -> Self {
        let store = Arc::new(TestStore::embedded().await);
        let house = filled(TestApp::with_workers(store).await).await;
        let scope = Scope::of(organisation(&house).await);
        house.t.store.clock.advance(Micros::SECOND);
        Self {
            house,
            scope,
            files: TempDir::new("told"),
        }
    }

    pub(super) fn home(&self) -> &TempDir {
        let Home::Embedded(dir) = &self.house.t.store.home else {
            panic!("the embedded engine has two files")
        };
        dir
    }

    pub(super) async fn order(&self, level: Level) {
        let by = operator(&self.house.t, self.scope).await;
        ordered(&self.house.t.app, by, level)
            .await
            .expect("ordered");
    }

    pub(super) async fn goes_on(&self, wait_us: i64) {
        self.house.t.store.clock.advance(wait_us);
        do_jobs(&self.house.t).await;
    }

    pub(super) fn keeps_database(&self) {
        copy(self.home().path(), self.files.path(), "t.db");
    }

    pub(super) fn keeps_key_store(&self) {
        copy(self.home().path(), self.files.path(), "keys.db");
    }

    /// The application on both files as they were kept.
    pub(super) fn opened(&self) -> Arc<App> {
        self.opened_in(&self.files)
    }

    pub(super) fn opened_in(&self, files: &TempDir) -> Arc<App> {
        Arc::new(self.house.t.on_another_store(opened_in(files.path())))
    }

    /// Both files as they were kept, once more.
    pub(super) fn copied(&self, kind: &str) -> TempDir {
        let files = TempDir::new(kind);
        for name in ["t.db", "keys.db"] {
            copy(self.files.path(), files.path(), name);
        }
        files
    }

    /// What `journal verify` says of it.
    pub(super) async fn reason(&self, app: &App) -> Option<String> {
        reason(app, self.scope).await
    }

    pub(super) async fn is_told_by_a_start(&self, app: &App, alarm: &str) {
        let reason = self.reason(app).await;
        let reason = reason.expect("the twin: who tells nothing has an alarm");
        assert!(reason.contains(alarm), "{reason}");
        assert!(tell(app).await > 0);
        assert_eq!(self.reason(app).await, None);
        let entries = self.entries(app).await;
        assert_eq!(tell(app).await, 0, "once is enough");
        assert_eq!(self.entries(app).await, entries);
    }

    async fn entries(&self, app: &App) -> i64 {
        let counted = app.store.read::<_, StoreError, _>(self.scope, |reads| {
            read::count(reads, &read::Filter::default())
        });
        counted.await.expect("it reads")
    }

    async fn ends(&self, app: &Arc<App>, level: Level) {
        for _ in 0..4 {
            self.house.t.store.clock.advance(GRACE_US);
            do_jobs_of(app).await;
        }
        let all = standing_of(app, self.scope).await.expect("it reads");
        let found = all.iter().find(|standing| standing.level == level);
        let found = found.expect("every level");
        assert!(found.under_way().is_none() && found.left == 0, "{found:?}");
        assert_eq!(self.reason(app).await, None);
    }
}

pub(super) async fn tell(app: &App) -> usize {
    tells(app).await.expect("the database answers")
}

pub(super) async fn tells(app: &App) -> Result<usize, KeyError> {
    let caller = |scope| app.caller(scope, CredentialKind::Job, app.id());
    app.keys.tell_again(&app.store, caller).await
}

/// What `journal verify` says of it.
pub(super) async fn reason(app: &App, scope: Scope) -> Option<String> {
    let now = app.now();
    let numbered = sequence_pending(&app.store, "node", now);
    numbered.await.expect("numbers are given");
    let verified = verify(&app.store, scope, now).await;
    verified.expect("it reads").bad.map(|bad| bad.reason)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_was_put_to_use_and_keys_that_were_wrapped_anew_are_told_again() {
    let cut = Cut::new().await;
    cut.order(Level::Values).await;
    cut.keeps_database();
    cut.goes_on(ANNOUNCED_US).await;
    cut.keeps_key_store();
    let app = cut.opened();
    cut.is_told_by_a_start(&app, CHANGED).await;
    cut.ends(&app, Level::Values).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_was_destroyed_is_told_again() {
    let cut = Cut::new().await;
    cut.order(Level::Values).await;
    cut.goes_on(ANNOUNCED_US).await;
    cut.keeps_database();
    cut.goes_on(GRACE_US).await;
    cut.keeps_key_store();
    let app = cut.opened();
    cut.is_told_by_a_start(&app, CHANGED).await;
    cut.ends(&app, Level::Values).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_subjects_that_a_younger_one_took_the_place_of_are_told_to_be_gone() {
    let cut = Cut::new().await;
    cut.order(Level::Subjects).await;
    cut.goes_on(0).await;
    cut.keeps_database();
    cut.goes_on(GRACE_US).await;
    cut.keeps_key_store();
    let app = cut.opened();
    cut.is_told_by_a_start(&app, GONE).await;
    cut.ends(&app, Level::Subjects).await;
}

/// What took the place of a key goes as well before a start has told that the older one went.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_who_was_disposed_of_meanwhile_are_told_to_be_gone() {
    let cut = Cut::new().await;
    cut.order(Level::Subjects).await;
    cut.goes_on(0).await;
    cut.keeps_database();
    cut.goes_on(GRACE_US).await;
    cut.keeps_key_store();
    let app = cut.opened();
    let of = disposables().into_iter().find(|of| of.kind == "vendor");
    let of = of.expect("vendors have keys");
    let caller = app.caller(cut.scope, CredentialKind::CommandLine, app.id());
    let write = app.store.write::<_, KeyError, _>(caller, move |tx| {
        let vendors: Vec<(String,)> = tx.all(&VENDORS, [])?;
        assert!(!vendors.is_empty());
        for (vendor,) in vendors {
            destroy_subject(tx, &of, &vendor)?;
        }
        Ok(tx.done(())?)
    });
    write.await.expect("they are disposed of");
    cut.is_told_by_a_start(&app, GONE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_from_before_rotations_is_told_of_them() {
    let cut = Cut::new().await;
    cut.keeps_database();
    for level in [Level::Values, Level::Subjects] {
        rotates(&cut.house.t, cut.scope, level).await;
    }
    cut.keeps_key_store();
    let app = cut.opened();
    let reason = cut.reason(&app).await;
    assert!(reason.is_some(), "the twin: who tells nothing has an alarm");
    assert!(tell(&app).await > 0);
    assert_eq!(cut.reason(&app).await, None);
    let entries = cut.entries(&app).await;
    assert_eq!(tell(&app).await, 0, "once is enough");
    assert_eq!(cut.entries(&app).await, entries);
}

/// A start serves while it tells. One that is killed before it has told hides nothing from the next by what it did meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_are_made_before_a_start_has_told_hide_nothing_from_the_next() {
    let cut = Cut::new().await;
    cut.keeps_database();
    rotates(&cut.house.t, cut.scope, Level::Subjects).await;
    cut.keeps_key_store();
    let app = cut.opened();
    cut.house.t.store.clock.advance(Micros::SECOND);
    let keys = app.keys.organisation(&app.store, cut.scope).await;
    let keys = keys.expect("they open");
    let caller = app.caller(cut.scope, CredentialKind::CommandLine, app.id());
    let write = app.store.write::<_, KeyError, _>(caller, move |tx| {
        let somebody: PersonId = tx.id();
        keys.create_subject(tx, somebody)?;
        Ok(tx.commit(Entry::new("vendor.added", "vendor", somebody), ())?)
    });
    write.await.expect("somebody was served");
    cut.is_told_by_a_start(&app, GONE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_behind_of_nothing_is_told_nothing() {
    let cut = Cut::new().await;
    let app = &cut.house.t.app;
    let before = cut.entries(app).await;
    assert_eq!(tell(app).await, 0);
    assert_eq!(cut.entries(app).await, before);
    for level in [Level::Values, Level::Subjects] {
        rotates(&cut.house.t, cut.scope, level).await;
        let before = cut.entries(app).await;
        assert_eq!(tell(app).await, 0);
        assert_eq!(cut.entries(app).await, before, "{level:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotations_wait_until_it_is_told() {
    let cut = Cut::new().await;
    let t = &cut.house.t;
    let version = async || level(t, cut.scope, Level::Values).await.version;
    cut.order(Level::Values).await;
    t.app.keys.has_to_tell();
    for _ in 0..3 {
        cut.goes_on(ANNOUNCED_US).await;
        assert_eq!(version().await, Some(1), "nothing was put to use");
    }
    let waiting = t.app.keys.told(None, Duration::from_secs(600));
    let waits = tokio::time::timeout(Duration::from_millis(10), waiting).await;
    assert!(waits.is_err(), "it waits");
    t.app.keys.told(None, Duration::from_millis(10)).await;
    assert!(
        !t.app.keys.is_told(None),
        "and no longer than it was asked to"
    );
    tell(&t.app).await;
    t.app.keys.told(None, Duration::MAX).await;
    cut.goes_on(ANNOUNCED_US).await;
    assert_eq!(version().await, Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_is_under_way_is_no_alarm() {
    let cut = Cut::new().await;
    // The second replaces what the first one made.
    for level in [Level::Subjects, Level::Values, Level::Subjects] {
        cut.order(level).await;
        for wait_us in [ANNOUNCED_US, GRACE_US, GRACE_US] {
            assert_eq!(cut.reason(&cut.house.t.app).await, None, "{level:?}");
            cut.goes_on(wait_us).await;
        }
        assert_eq!(cut.reason(&cut.house.t.app).await, None, "{level:?}");
    }
}
