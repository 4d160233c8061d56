//! Ordering a rotation, and taking up those that are under way.

mod look;
mod work;

pub use look::{Standing, roots, roots_of, standing, standing_of};
pub use work::{ROTATION_JOB, work};

use super::rules::{ANNOUNCED_US, Level, of_level};
use super::store::{self, Rotation, RotationId};
use crate::identity::access::{Access, Denied, Permission};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::documents;
use crate::platform::ids::OrgId;
use crate::platform::jobs;
use crate::platform::keys::versions::{self, NewVersion, StoredKey};
use crate::platform::keys::{KeyError, reseal, subjects};
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, Reads, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("a rotation of this level is under way: wait until it is finished")]
    UnderWay,
    #[error("there is no such level: it is values, documents or subjects")]
    UnknownLevel,
    #[error("there is no organisation {0:?}: `--org` takes the short name that is in its address")]
    UnknownOrganisation(String),
    #[error("a key cannot be used")]
    Key(#[from] KeyError),
    #[error("a document cannot be sealed anew")]
    Document(#[from] documents::ResealError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RotationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl BodyError for RotationError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<RotationError> for Problem {
    fn from(error: RotationError) -> Self {
        match error {
            RotationError::Denied(denied) => denied.into(),
            RotationError::Store(error) => error.into(),
            RotationError::UnderWay => Self::conflict(msg!("keys-under-way")),
            RotationError::UnknownOrganisation(_) | RotationError::UnknownLevel => {
                Self::not_found()
            }
            other => Self::internal(other),
        }
    }
}

/// Orders a rotation for somebody who may: it is done by the server that answers, or another one.
///
/// # Errors
/// [`RotationError::UnderWay`] while one of this level is.
pub async fn order(app: &App, who: &Access, level: Level) -> Result<RotationId, RotationError> {
    who.require(Permission::SettingsEdit)?;
    who.require_fresh()?;
    ordered(app, who.caller(), level).await
}

/// Orders a rotation for whoever may act as `caller`: the operator's command line, after it found the organisation.
///
/// # Errors
/// As [`order`].
pub async fn ordered(app: &App, caller: Caller, level: Level) -> Result<RotationId, RotationError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    let now = caller.now;
    let (stored, total) = app
        .store
        .read::<_, StoreError, _>(caller.scope, move |read| {
            let stored = versions::stored(read)?;
            let total = match level {
                Level::Subjects => subjects::count_older(read, now)?,
                _ => count(read, level, &of_level(&stored, level))?,
            };
            Ok((stored, total))
        })
        .await?;
    // The root may be somewhere else: it is asked before the transaction begins.
    let new = match level.purpose() {
        Some(purpose) => {
            let new = app
                .keys
                .next_version(&keys, &stored, purpose, app.entropy());
            Some(new.await?)
        }
        None => None,
    };
    let written = app.store.write::<_, RotationError, _>(caller, move |tx| {
        if store::unfinished(tx)?
            .iter()
            .any(|other| other.level == level)
        {
            return Err(RotationError::UnderWay);
        }
        if let Some(new) = &new {
            new.insert(tx)?;
        }
        let id: RotationId = tx.id();
        let by = tx.caller().actor.person;
        store::insert(tx, id, (level, total), by)?;
        let wait_us = if new.is_some() { ANNOUNCED_US } else { 0 };
        let at = tx.now().plus_us(wait_us);
        jobs::queue_later(tx, ROTATION_JOB, &id.to_string(), at)?;
        let version = new.as_ref().map(NewVersion::version);
        let entry = Entry::new("keys.rotation-ordered", "key-rotation", id)
            .fact("level", level)
            .change("version", None::<&str>, version)
            .fact("values", total);
        Ok(tx.commit(entry, id)?)
    });
    let id = match written.await {
        // Two who order at once make the same version.
        Err(RotationError::Store(error)) if error.is_unique("data_keys_once") => {
            return Err(RotationError::UnderWay);
        }
        other => other?,
    };
    app.keys.look_again(caller.scope.organisation());
    Ok(id)
}

/// How much the given versions of a level seal: values and keys, or documents.
fn count(reads: &mut impl Reads, level: Level, versions: &[StoredKey]) -> Result<i64, StoreError> {
    match level {
        Level::Values => {
            let mut all = 0;
            for key in versions {
                all += reseal::count_own(reads, key.number())?;
            }
            Ok(all)
        }
        // Counted up to a version: documents of an older one are among them.
        Level::Documents => match versions.iter().map(|key| key.version).max() {
            Some(version) => documents::count(reads, version),
            None => Ok(0),
        },
        Level::Subjects => Ok(0),
    }
}

/// Takes up every rotation that is not finished: a server that died may hold the job of one for minutes yet.
///
/// # Errors
/// Those of the database.
pub async fn resume(app: &App) -> Result<(), RotationError> {
    for (organisation, _) in organisations(app).await? {
        let scope = Scope::of(organisation);
        let open: Vec<Rotation> = app
            .store
            .read(scope, |read| store::unfinished(read))
            .await?;
        let caller = app.caller(scope, CredentialKind::Job, app.id());
        for rotation in open {
            again(app, caller, rotation.id, app.now()).await?;
        }
    }
    Ok(())
}

/// Wraps what former roots wrap under the roots in use, everywhere but where the journal is still to be told of keys. Nothing where the
/// configuration names none.
///
/// # Errors
/// Those of the database and of the roots; what was done before stays done.
pub async fn rewrap(app: &App) -> Result<(), RotationError> {
    if !app.keys.has_former_root() {
        return Ok(());
    }
    let system = app.caller(Scope::SYSTEM, CredentialKind::Job, app.id());
    app.keys.rewrap_own(&app.store, system).await?;
    let mut failed = Ok(());
    for (organisation, _) in organisations(app).await? {
        if !app.keys.is_told(Some(organisation)) {
            continue;
        }
        let caller = app.caller(Scope::of(organisation), CredentialKind::Job, app.id());
        // One whose keys are damaged keeps nobody else's under the former root.
        if let Err(error) = app.keys.rewrap_organisation(&app.store, caller).await {
            failed = Err(error.into());
        }
    }
    failed
}

/// How many keys of the organisation a former root wraps; none where the configuration names no former root.
///
/// # Errors
/// Those of the database and of the roots.
pub async fn under_former(app: &App, who: &Access) -> Result<Option<usize>, RotationError> {
    who.require(Permission::JournalRead)?;
    if !app.keys.has_former_root() {
        return Ok(None);
    }
    let found = app.keys.under_former(&app.store, who.scope()).await?;
    Ok(Some(found.len()))
}

async fn again(app: &App, caller: Caller, id: RotationId, at: Micros) -> Result<(), RotationError> {
    let write = app.store.write::<_, RotationError, _>(caller, move |tx| {
        jobs::queue_later(tx, ROTATION_JOB, &id.to_string(), at)?;
        Ok(tx.done(())?)
    });
    write.await
}

/// Every organisation with its short name.
///
/// # Errors
/// Those of the database.
pub async fn organisations(app: &App) -> Result<Vec<(OrgId, String)>, RotationError> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let from = after.clone();
        let page = app
            .store
            .lookup::<_, StoreError, _>(move |lookup| store::organisations(lookup, &from))
            .await?;
        let Some((_, last)) = page.last() else {
            return Ok(all);
        };
        after.clone_from(last);
        all.extend(page);
    }
}

/// The organisation with a short name.
///
/// # Errors
/// [`RotationError::UnknownOrganisation`].
pub async fn named(app: &App, slug: &str) -> Result<OrgId, RotationError> {
    let found = organisations(app).await?;
    let found = found.into_iter().find(|(_, name)| name == slug);
    found
        .map(|(id, _)| id)
        .ok_or_else(|| RotationError::UnknownOrganisation(slug.to_owned()))
}
