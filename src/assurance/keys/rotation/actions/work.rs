//! What the job of a rotation does: a step at a time, so that other jobs are not kept waiting.

use super::{RotationError, again, count};
use crate::assurance::keys::rotation::rules::{
    ANNOUNCED_US, GRACE_US, Level, Next, next, of_level,
};
use crate::assurance::keys::rotation::store::{self, Rotation, RotationId};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::jobs::Job;
use crate::platform::keys::backups::{BackupError, daily};
use crate::platform::keys::disposals;
use crate::platform::keys::reseal::{self, Done};
use crate::platform::keys::subjects;
use crate::platform::keys::versions::{self, StoredKey};
use crate::platform::scope::{Caller, CredentialKind};
use crate::platform::store::{Entry, StoreError};

/// The kind of a rotation's job; its payload is the rotation's id.
pub const ROTATION_JOB: &str = "key-rotation";

/// Transactions of some hundred values in one step.
const PAGES: usize = 5;
/// Documents in one step.
const DOCUMENTS: usize = 10;
/// Subjects in one step.
const SUBJECTS: usize = 500;
/// The journal is still to be told of keys. Other jobs are not kept waiting for that.
const TOLD_US: i64 = 2 * Micros::SECOND;
/// Something does not open; somebody may have mended it by then.
const PATIENT_US: i64 = Micros::HOUR;

/// Does the next step, and queues the one after it.
///
/// # Errors
/// Those of the database, of keys and of documents: the job is tried again then.
pub async fn work(app: &App, job: &Job) -> Result<(), RotationError> {
    let Ok(id) = job.payload.parse::<RotationId>() else {
        // Nobody else writes such jobs; there is nothing that it could go on with.
        tracing::error!("the job of a rotation names none");
        return Ok(());
    };
    let caller = app.caller(job.scope, CredentialKind::Job, app.id());
    if !app.keys.is_told(Some(job.scope.organisation())) {
        return again(app, caller, id, caller.now.plus_us(TOLD_US)).await;
    }
    if let Some(at) = step(app, caller, id).await? {
        again(app, caller, id, at).await?;
    }
    Ok(())
}

/// One step; says when the next one is due, or that there is none.
///
/// # Errors
/// As [`work`].
pub(super) async fn step(
    app: &App,
    caller: Caller,
    id: RotationId,
) -> Result<Option<Micros>, RotationError> {
    let (rotation, stored, disposal) = app
        .store
        .read::<_, StoreError, _>(caller.scope, move |read| {
            let disposal = disposals::of_subject(read, "")?;
            Ok((store::find(read, id)?, versions::stored(read)?, disposal))
        })
        .await?;
    if rotation.finished.is_some() {
        // The job is tried again where somebody read the key store as the rotation ended.
        app.store.scrub_keys().await?;
        return Ok(None);
    }
    if disposal.is_some() {
        tracing::warn!(
            level = rotation.level.as_str(),
            "the organisation's keys were destroyed: nothing is left to rotate, and the rotation ends"
        );
        finish(app, caller, rotation).await?;
        return Ok(None);
    }
    if rotation.level == Level::Subjects {
        return of_subjects(app, caller, rotation).await;
    }
    let versions = of_level(&stored, rotation.level);
    match next(&versions, caller.now) {
        Next::Wait(until) => Ok(Some(until)),
        Next::Activate(key) => {
            activate(app, caller, &rotation, with(&versions, &key)).await?;
            Ok(Some(caller.now))
        }
        Next::Replace { old, not_before } => {
            let mut refused = 0;
            for key in &old {
                let key = with(&versions, key);
                let done = replace(app, caller, rotation.level, &key).await?;
                if done.more {
                    return Ok(Some(caller.now));
                }
                refused += done.refused;
            }
            if refused > 0 {
                tracing::error!(
                    refused,
                    "values that do not open keep an old key from being destroyed: restore their rows from a backup"
                );
                return Ok(Some(caller.now.plus_us(PATIENT_US)));
            }
            if caller.now < not_before {
                return Ok(Some(not_before));
            }
            if let Some(at) = awaits_backup(app, caller, not_before).await? {
                return Ok(Some(at));
            }
            for key in old {
                destroy(app, caller, &rotation, with(&versions, &key)).await?;
            }
            Ok(Some(caller.now))
        }
        Next::Finished => {
            finish(app, caller, rotation).await?;
            Ok(None)
        }
    }
}

/// Subjects need no announcement: a key's new version is read where it is wanted, in the transaction that made it or after.
async fn of_subjects(
    app: &App,
    caller: Caller,
    rotation: Rotation,
) -> Result<Option<Micros>, RotationError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    let work = (rotation.ordered, SUBJECTS);
    let done = reseal::subjects::replace(&app.store, &keys, caller, work).await?;
    if done.more {
        return Ok(Some(caller.now));
    }
    let before = caller.now.plus_us(-GRACE_US);
    let in_place = app
        .store
        .read::<_, StoreError, _>(caller.scope, move |read| {
            subjects::in_place_since(read, before)
        });
    if let Some(since) = in_place.await?
        && let Some(at) = awaits_backup(app, caller, since.plus_us(GRACE_US)).await?
    {
        return Ok(Some(at));
    }
    let destroyed = reseal::subjects::destroy(&app.store, &keys, caller, before).await?;
    let refused = done.refused + destroyed.refused;
    if refused > 0 {
        tracing::error!(
            refused,
            "subjects keep old keys: values of theirs do not open"
        );
        return Ok(Some(caller.now.plus_us(PATIENT_US)));
    }
    let left = app
        .store
        .read::<_, StoreError, _>(caller.scope, |read| subjects::count_superseded(read));
    if left.await? > 0 {
        return Ok(Some(caller.now.plus_us(GRACE_US)));
    }
    finish(app, caller, rotation).await?;
    Ok(None)
}

/// What takes a key's place is in a backup before that key is destroyed: a key store that is lost in between takes nothing with it.
/// Gives when the rotation goes on: at once where a backup was made, later where that fails, and none where there is one or where
/// the configuration names no folder.
async fn awaits_backup(
    app: &App,
    caller: Caller,
    not_before: Micros,
) -> Result<Option<Micros>, RotationError> {
    // A step makes many keys and dates all of them at its beginning: the last may be committed long after that.
    let since = not_before.plus_us(-ANNOUNCED_US);
    match daily::see_to_one_since(app, since).await {
        Ok(false) => Ok(None),
        Ok(true) => Ok(Some(caller.now)),
        Err(BackupError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(
                %error,
                "no backup of the key store can be made: a rotation keeps what it replaced until there is one"
            );
            Ok(Some(caller.now.plus_us(PATIENT_US)))
        }
    }
}

fn with(versions: &[StoredKey], id: &str) -> StoredKey {
    let found = versions.iter().find(|key| key.id == id);
    found.expect("the rules name what they were given").clone()
}

async fn activate(
    app: &App,
    caller: Caller,
    rotation: &Rotation,
    key: StoredKey,
) -> Result<(), RotationError> {
    let (id, level) = (rotation.id, rotation.level);
    let write = app.store.write::<_, RotationError, _>(caller, move |tx| {
        versions::activate(tx, &key)?;
        let entry = Entry::new("keys.activated", "key-rotation", id)
            .version(2)
            .fact("level", level)
            .fact("version", key.version);
        Ok(tx.commit(entry, ())?)
    });
    taken(write.await)?;
    app.keys.look_again(caller.scope.organisation());
    Ok(())
}

/// Another node may have done the same step.
fn taken(done: Result<(), RotationError>) -> Result<(), RotationError> {
    match done {
        Err(RotationError::Store(StoreError::Stale)) => Ok(()),
        other => other,
    }
}

async fn replace(
    app: &App,
    caller: Caller,
    level: Level,
    key: &StoredKey,
) -> Result<Done, RotationError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    match level {
        Level::Values => Ok(reseal::own(&app.store, &keys, caller, (key.number(), PAGES)).await?),
        Level::Documents => {
            let documents = &app.documents;
            Ok(documents
                .reseal(&app.store, &keys, caller, (key.version, DOCUMENTS))
                .await?)
        }
        Level::Subjects => Ok(Done::default()),
    }
}

async fn destroy(
    app: &App,
    caller: Caller,
    rotation: &Rotation,
    key: StoredKey,
) -> Result<(), RotationError> {
    let (id, level) = (rotation.id, rotation.level);
    let write = app.store.write::<_, RotationError, _>(caller, move |tx| {
        // Within this transaction: whoever seals under this version at the same time has read that it was there.
        if count(tx, level, std::slice::from_ref(&key))? > 0 {
            return Ok(tx.done(())?);
        }
        versions::destroy(tx, &key)?;
        let entry = Entry::new("keys.destroyed", "key-rotation", id)
            .version(3)
            .fact("level", level)
            .fact("version", key.version);
        Ok(tx.commit(entry, ())?)
    });
    taken(write.await)?;
    app.keys.look_again(caller.scope.organisation());
    app.store.scrub_keys().await?;
    Ok(())
}

async fn finish(app: &App, caller: Caller, rotation: Rotation) -> Result<(), RotationError> {
    let write = app.store.write::<_, RotationError, _>(caller, move |tx| {
        store::finish(tx, rotation.id)?;
        let entry = Entry::new("keys.rotation-finished", "key-rotation", rotation.id)
            .version(4)
            .fact("level", rotation.level);
        Ok(tx.commit(entry, ())?)
    });
    taken(write.await)?;
    // Whatever was deleted on the way is not in the key store's files any more.
    Ok(app.store.scrub_keys().await?)
}
