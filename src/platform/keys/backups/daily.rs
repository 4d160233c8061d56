//! A backup a day: every node looks whether one is due and queues it, one of them makes it. And one before a rotation destroys what it
//! replaced.

use std::path::Path;

use super::{BackupError, account, folder, make};
use crate::params;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::jobs;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Reads, Sql, StoreError, Tx};

/// The kind of the job.
pub const JOB: &str = "key-backup";

const ANY: Sql = Sql::lookup("SELECT id FROM organisations LIMIT 1");
const QUEUED: Sql = Sql::read("SELECT id FROM jobs WHERE org_id = $1 AND kind = $2 LIMIT 1");

/// Whether the last day saw none. The system's own line is written when a file is whole.
fn is_due(reads: &mut impl Reads, now: Micros) -> Result<bool, StoreError> {
    let day_ago = now.plus_us(-Micros::DAY);
    Ok(!account::is_any_between(reads, day_ago, now)?)
}

/// Removes what has expired from the configured folder, and queues a backup where one is due; says whether it did.
///
/// # Errors
/// Those of the folder and of the database.
pub async fn round(app: &App) -> Result<bool, BackupError> {
    let Some(folder) = &app.key_backups.folder else {
        return Ok(false);
    };
    let (path, now) = (folder.clone(), app.now());
    let removed = tokio::task::spawn_blocking(move || folder::remove_expired(&path, now));
    let removed = removed.await.map_err(|_| BackupError::Stopped)?;
    let removed = removed.map_err(super::io_at(folder, "removing expired backups from it"))?;
    if removed > 0 {
        tracing::info!(removed, "expired backups of the key store were removed");
    }
    if !is_anybody_there(app).await? || !looks_due(app).await? {
        return Ok(false);
    }
    let caller = app.caller(Scope::SYSTEM, CredentialKind::Job, app.id());
    let queued = app.store.write::<_, StoreError, _>(caller, |tx| {
        let now = tx.now();
        let queues = is_due(tx, now)? && !is_queued(tx)?;
        if queues {
            jobs::queue(tx, JOB, "")?;
        }
        tx.done(queues)
    });
    Ok(queued.await?)
}

/// Before the setup there is nothing to back up.
async fn is_anybody_there(app: &App) -> Result<bool, StoreError> {
    let any: Option<(String,)> = app.store.lookup(|lookup| lookup.maybe(&ANY, [])).await?;
    Ok(any.is_some())
}

async fn looks_due(app: &App) -> Result<bool, StoreError> {
    let now = app.now();
    app.store
        .read(Scope::SYSTEM, move |read| is_due(read, now))
        .await
}

/// Another node may have found the same: the engine puts the two in an order, and the second one sees the job.
fn is_queued(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let found: Option<(String,)> = tx.maybe(&QUEUED, params![JOB])?;
    Ok(found.is_some())
}

/// Does the job: makes a backup, where it is still due.
///
/// # Errors
/// Those of [`make`]: the job is tried again then.
pub async fn work(app: &App) -> Result<(), BackupError> {
    let day_ago = app.now().plus_us(-Micros::DAY);
    see_to_one_since(app, day_ago).await.map(drop)
}

/// Sees to it that a backup was made after this moment, where the configuration names a folder; says whether one had to be made now.
///
/// # Errors
/// Those of [`make`].
pub async fn see_to_one_since(app: &App, since: Micros) -> Result<bool, BackupError> {
    let Some(folder) = &app.key_backups.folder else {
        return Ok(false);
    };
    let now = app.now();
    // The system's own line alone says that a file is whole.
    let is_made = app
        .store
        .read::<_, StoreError, _>(Scope::SYSTEM, move |read| {
            account::is_any_between(read, since, now)
        });
    if is_made.await? {
        return Ok(false);
    }
    make_now(app, folder).await?;
    Ok(true)
}

async fn make_now(app: &App, folder: &Path) -> Result<(), BackupError> {
    let caller = |scope| app.caller(scope, CredentialKind::Job, app.id());
    let made = make(&app.store, &app.keys, folder, app.key_backups.days, caller).await?;
    tracing::info!(
        file = %made.path.display(),
        organisations = made.organisations,
        keys = made.keys,
        expires = %made.backup.expires.utc_date(),
        "the key store was backed up"
    );
    Ok(())
}
