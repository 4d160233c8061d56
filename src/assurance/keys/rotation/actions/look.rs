//! How each level stands.

use super::{RotationError, count};
use crate::assurance::keys::rotation::rules::{Level, of_level};
use crate::assurance::keys::rotation::store::{self, Rotation};
use crate::identity::access::{Access, Permission};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::versions::{self, StoredKey};
use crate::platform::keys::{RootInUse, roots_in_use, subjects};
use crate::platform::scope::Scope;
use crate::platform::store::{Reads, StoreError};

/// How one level stands.
#[derive(Debug, Clone)]
pub struct Standing {
    pub level: Level,
    /// The version in use; none for subjects, each of whom has their own.
    pub version: Option<i64>,
    /// Since when the key, or the oldest of the subjects' keys, is in use; none where there is none.
    pub since: Option<Micros>,
    /// What is left under retired keys: values and keys, documents, or subjects and retired keys of theirs.
    pub left: i64,
    /// The newest rotation that was ordered.
    pub rotation: Option<Rotation>,
}

impl Standing {
    /// When the key must be replaced, where it may be in use for `days`.
    #[must_use]
    pub fn due(&self, days: u32) -> Option<Micros> {
        self.since.map(|since| since.plus_days(days))
    }

    /// The rotation that is under way.
    #[must_use]
    pub fn under_way(&self) -> Option<&Rotation> {
        self.rotation
            .as_ref()
            .filter(|rotation| rotation.finished.is_none())
    }
}

/// Every level, for somebody who reads the journal.
///
/// # Errors
/// Those of the database.
pub async fn standing(app: &App, who: &Access) -> Result<Vec<Standing>, RotationError> {
    who.require(Permission::JournalRead)?;
    standing_of(app, who.scope()).await
}

/// Every level of one organisation, for the operator.
///
/// # Errors
/// Those of the database.
pub async fn standing_of(app: &App, scope: Scope) -> Result<Vec<Standing>, RotationError> {
    let read = app.store.read::<_, StoreError, _>(scope, |read| {
        let stored = versions::stored(read)?;
        let levels = Level::ALL.iter().copied();
        levels.map(|level| of(read, &stored, level)).collect()
    });
    Ok(read.await?)
}

/// Both roots, for somebody who reads the journal: they are the same for every organisation.
///
/// # Errors
/// Those of the database.
pub async fn roots(app: &App, who: &Access) -> Result<Vec<RootInUse>, RotationError> {
    who.require(Permission::JournalRead)?;
    roots_of(app).await
}

/// Both roots, for the operator.
///
/// # Errors
/// Those of the database.
pub async fn roots_of(app: &App) -> Result<Vec<RootInUse>, RotationError> {
    let read = app
        .store
        .read::<_, StoreError, _>(Scope::SYSTEM, |read| roots_in_use(read));
    Ok(read.await?)
}

fn of(reads: &mut impl Reads, stored: &[StoredKey], level: Level) -> Result<Standing, StoreError> {
    let rotation = store::newest(reads, level)?;
    if level == Level::Subjects {
        let open = rotation
            .as_ref()
            .filter(|rotation| rotation.finished.is_none());
        let older = match open {
            Some(rotation) => subjects::count_older(reads, rotation.ordered)?,
            None => 0,
        };
        return Ok(Standing {
            level,
            version: None,
            since: subjects::oldest(reads)?,
            left: older + subjects::count_superseded(reads)?,
            rotation,
        });
    }
    let versions = of_level(stored, level);
    let in_use = versions.iter().rev().find(|key| key.is_active());
    let at = in_use.map(|key| key.version);
    let old: Vec<StoredKey> = versions
        .iter()
        .filter(|key| Some(key.version) < at)
        .cloned()
        .collect();
    Ok(Standing {
        level,
        version: at,
        since: in_use.map(StoredKey::in_use_since),
        left: count(reads, level, &old)?,
        rotation,
    })
}
