//! Keeping each journal's newest head in a folder, a file for each, and never an older one in the place of a newer one.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Kept, hold, kept_at};
use crate::assurance::audit::actions::journals;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::folder::{self, FolderError};
use crate::platform::ids::OrgId;
use crate::platform::store::{Read, Store, StoreError};

/// A signed head has some lines; witnesses add theirs.
const HEAD_MAX: u64 = 64 << 10;
/// How often a running server keeps them.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// A head that is older says too little: a journal gets an entry each hour.
pub const OLD_US: i64 = Micros::DAY;

#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("{path} cannot be read", path = path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} cannot be written", path = path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// A journal that is not the one whose head was kept. What was kept stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    pub organisation: OrgId,
    pub file: PathBuf,
    pub kept: Kept,
    /// How many entries the journal's own head counts.
    pub here: u64,
}

/// The file in which the head of a journal is kept.
fn file_of(folder: &Path, organisation: OrgId) -> PathBuf {
    folder.join(format!("{organisation}.head"))
}

/// What a file of a head holds.
///
/// # Errors
/// The system's.
pub fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(HEAD_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps the newest head of every journal in a folder, and gives the journals that are older than what was kept, or others.
///
/// # Errors
/// Where the journals cannot be read, or the folder not be written.
pub async fn keep(store: &Store, folder: &Path) -> Result<Vec<Alarm>, KeepError> {
    folder::make_private(folder)?;
    let mut alarms = Vec::new();
    for (organisation, _) in journals(store).await? {
        let file = file_of(folder, organisation);
        let had = match read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(KeepError::Read { path: file, source }),
        };
        let Some((signed, kept)) = hold(store, organisation, had).await? else {
            continue;
        };
        match kept {
            Kept::Newer => {
                let beside = file.with_extension("new");
                folder::replace(&file, &beside, signed.note.as_bytes())
                    .map_err(|source| KeepError::Write { path: file, source })?;
            }
            Kept::Same => {}
            Kept::Behind { .. } | Kept::Rewritten { .. } | Kept::NoHead => alarms.push(Alarm {
                organisation,
                file,
                kept,
                here: signed.head.size,
            }),
        }
    }
    Ok(alarms)
}

/// Keeps them for as long as the server runs, at its start first: a database that was put back is older then than it ever is.
pub async fn hourly(app: &App) {
    loop {
        keep_now(app).await;
        tokio::time::sleep(EVERY).await;
    }
}

/// Keeps them once, where the configuration names a folder. What is wrong is in the log, and stands on the page Trust.
pub async fn keep_now(app: &App) {
    let Some(heads) = &app.heads else { return };
    let folder = heads.path.display();
    match keep(&app.store, &heads.path).await {
        Ok(alarms) => {
            for Alarm {
                organisation, kept, ..
            } in alarms
            {
                tracing::error!(%organisation, ?kept, %folder, "this journal is not the one whose head was kept; run `countersign journal heads --to` with the folder, which says what to do");
            }
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, %folder, "the journals' heads were not kept; it is tried again in an hour");
        }
    }
}

/// How the head that is kept of a journal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It lies where a backup may put it back, together with the database that it would tell of.
    InData,
    /// There is none, or it cannot be read.
    None,
    /// The journal contains it; of this moment.
    Holds(Micros),
    /// It is of this moment, and the journal is an older one, or another.
    Alarm(Micros),
    /// What lies there is no head of this journal.
    NoHead,
}

/// How the head that is kept of the journal of `reads` stands to it, where the server keeps any.
///
/// # Errors
/// The store's.
pub fn standing(
    reads: &mut Read<'_>,
    kept: Option<(bool, Option<Vec<u8>>)>,
) -> Result<Option<Keeping>, StoreError> {
    Ok(match kept {
        None => None,
        Some((true, _)) => Some(Keeping::InData),
        Some((false, None)) => Some(Keeping::None),
        Some((false, Some(bytes))) => Some(match kept_at(reads, &bytes)? {
            None => Keeping::NoHead,
            Some((Kept::Newer | Kept::Same, at)) => Keeping::Holds(at),
            Some((_, at)) => Keeping::Alarm(at),
        }),
    })
}

/// What is kept of a journal, for [`standing`]: whether the folder lies inside the data, and the head.
#[must_use]
pub fn kept(app: &App, organisation: OrgId) -> Option<(bool, Option<Vec<u8>>)> {
    let heads = app.heads.as_ref()?;
    let head = read(&file_of(&heads.path, organisation)).ok();
    Some((heads.is_within_data, head))
}
