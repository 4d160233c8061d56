//! How the backups stand, seen from one organisation.

use crate::identity::access::{Access, Permission};
use crate::platform::app::App;
use crate::platform::keys::backups::{Backup, OLD_US, account, folder};
use crate::platform::store::StoreError;
use crate::platform::web::Problem;

/// What there is to say of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The configuration names no folder.
    NotMade,
    /// One that has expired lies in the folder.
    Expired,
    /// The newest is too old, or there is none.
    Late,
    InTime,
}

/// How they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// The newest that holds the organisation's keys.
    pub newest: Option<Backup>,
}

/// How the backups stand, for whoever reads the journal.
///
/// # Errors
/// Those of the database. A folder that cannot be read is left to the doctor and the log.
pub async fn standing(app: &App, who: &Access) -> Result<Standing, Problem> {
    who.require(Permission::JournalRead)?;
    let newest = app
        .store
        .read::<_, StoreError, _>(who.scope(), |read| account::newest(read))
        .await?;
    let (settings, now) = (app.key_backups.clone(), app.now());
    let Some(path) = settings.folder else {
        let state = State::NotMade;
        return Ok(Standing { state, newest });
    };
    let looked = tokio::task::spawn_blocking(move || folder::look(&path)).await;
    let found = looked.ok().and_then(Result::ok).unwrap_or_default();
    let is_young = |backup: Backup| now.since(backup.made) <= OLD_US;
    let state = if found.iter().any(|file| file.is_expired(now)) {
        State::Expired
    } else if newest.is_some_and(is_young) {
        State::InTime
    } else {
        State::Late
    };
    Ok(Standing { state, newest })
}
