//! Backups of the key store: one encrypted file with the wrapped keys of all organisations and subjects and the ledger of
//! disposals. It expires within [`BACKUP_DAYS_MAX`](super::disposals::BACKUP_DAYS_MAX) days, and no root is in it.
//!
//! - The file's key is a fresh one, which the field root wraps for this installation, this moment and this expiry.
//! - An organisation's line in the account of backups is written by the transaction that read its keys, before there is a file:
//!   no disposal misses a backup that has the key.
//! - What any ledger names is never put back: the file's ledger, the key store's, or what the journal tells.

pub mod account;
mod contents;
pub mod daily;
mod file;
pub mod folder;
mod make;
mod restore;

use std::io;
use std::path::{Path, PathBuf};

use super::root::RootError;
use crate::platform::clock::Micros;
use crate::platform::folder::FolderError;
use crate::platform::ids::OrgId;
use crate::platform::store::{Reads as _, Sql, Store, StoreError};

/// The age at which a backup is too old: a server makes one each day.
pub const OLD_US: i64 = 2 * Micros::DAY;

pub use account::Backup;
pub use contents::Contents;
pub use file::{Opened, open};
pub use make::{Made, make};
pub use restore::{Restored, put_back, restore};

const ORGANISATIONS: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");

/// Why a backup was not made or not put back. Nothing was changed then, or only what is done again without harm.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path}: {action} failed: {source}. See that this user may write there and that the disk has room", path = path.display())]
    Io {
        path: PathBuf,
        action: &'static str,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "{path} is no backup of a key store, was cut short, or was made by a newer version of Countersign: give the file as it was made, and install that version or a later one",
        path = path.display()
    )]
    Malformed { path: PathBuf },
    #[error(
        "{path} was made by another installation: its keys open nothing here. Give a backup that this installation made",
        path = path.display()
    )]
    Foreign { path: PathBuf },
    #[error(
        "{path} does not open: it was altered, or the field root that it was made under is another one. Give an unaltered copy; where the root was replaced since, name the former one in keys.field_before",
        path = path.display()
    )]
    Refused { path: PathBuf },
    #[error(
        "{path} expired on {expired}, and it is {today} by {by}: what was disposed of could come back by it, so that it is not put back. Give a younger backup",
        path = path.display(), expired = expires.utc_date(), today = now.utc_date()
    )]
    Expired {
        path: PathBuf,
        expires: Micros,
        now: Micros,
        /// What says so.
        by: &'static str,
    },
    #[error(transparent)]
    Root(RootError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the file was not written to its end: the program was stopped")]
    Stopped,
}

fn io_at(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io {
        path,
        action,
        source,
    }
}

pub(super) async fn organisations(store: &Store) -> Result<Vec<OrgId>, StoreError> {
    let found: Vec<(OrgId,)> = store
        .lookup(|lookup| lookup.all(&ORGANISATIONS, []))
        .await?;
    Ok(found
        .into_iter()
        .map(|(organisation,)| organisation)
        .collect())
}
