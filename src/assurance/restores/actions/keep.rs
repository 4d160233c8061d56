//! Keeping each journal's newest head in a folder, a file for each, and never an older one in the place of a newer one.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Kept, hold, kept_at};
use crate::assurance::audit::actions::journals;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::folder::{self, FolderError, Locked};
use crate::platform::ids::OrgId;
use crate::platform::store::{Read, Store, StoreError};

/// A signed head has some lines; witnesses add theirs.
const HEAD_MAX: u64 = 64 << 10;
/// Who holds the lock on this file compares and replaces.
const LOCK: &str = "LOCK";
/// A pass takes milliseconds for a journal; a server that ends waits no longer than its stop allows.
const LOCK_TRIES: u32 = 1_000;
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// How often a running server keeps them.
const EVERY: Duration = Duration::from_secs(60 * 60);

#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "another process keeps heads there and holds {path}: wait for it, or end it, and try again", path = path.display()
    )]
    Busy { path: PathBuf },
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

/// A head that was not kept, or a journal that is not the one whose head was kept. What was kept stays.
#[derive(Debug)]
pub struct Alarm {
    /// None where the name of the file says none.
    pub organisation: Option<OrgId>,
    pub file: PathBuf,
    pub wrong: Wrong,
}

#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error(
        "the journal, which counts {here} entries, is not the one whose head was kept: {kept:?}"
    )]
    Journal {
        kept: Kept,
        /// How many entries the journal's own head counts.
        here: u64,
    },
    #[error("a head was kept, and the database has no journal to it, or an empty one")]
    Gone,
    #[error(transparent)]
    Failed(#[from] KeepError),
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

/// Keeps the newest head of every journal in a folder, and gives what is wrong: journals that are older than what was kept, or
/// others, or gone, and those that could not be compared. One that is wrong keeps no other from being looked at.
///
/// # Errors
/// Where it is not known which journals there are, or the folder cannot be used.
pub async fn keep(store: &Store, folder: &Path) -> Result<Vec<Alarm>, KeepError> {
    folder::make_private(folder)?;
    let _alone = alone(folder).await?;
    let listed = journals(store).await?;
    let mut wanted: BTreeSet<OrgId> = listed.into_iter().map(|(id, _)| id).collect();
    let there = heads_in(folder).map_err(|source| KeepError::Read {
        path: folder.to_owned(),
        source,
    })?;
    let mut alarms = Vec::new();
    // A database that was put back does not know the journals that began after it: their heads alone tell of them.
    for file in there {
        match named(&file).filter(|organisation| file == file_of(folder, *organisation)) {
            Some(organisation) => {
                wanted.insert(organisation);
            }
            None => alarms.push(Alarm {
                organisation: None,
                file,
                wrong: Wrong::Gone,
            }),
        }
    }
    for organisation in wanted {
        let file = file_of(folder, organisation);
        if let Err(wrong) = keep_one(store, organisation, &file).await {
            alarms.push(Alarm {
                organisation: Some(organisation),
                file,
                wrong,
            });
        }
    }
    Ok(alarms)
}

async fn keep_one(store: &Store, organisation: OrgId, file: &Path) -> Result<(), Wrong> {
    let had = match read(file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => {
            let path = file.to_owned();
            return Err(KeepError::Read { path, source }.into());
        }
    };
    let is_kept = had.is_some();
    let held = hold(store, organisation, had).await;
    let Some((signed, kept)) = held.map_err(KeepError::from)? else {
        return if is_kept { Err(Wrong::Gone) } else { Ok(()) };
    };
    match kept {
        Kept::Newer => {
            // A name that no other process has: a file system may not know the lock on all machines.
            let mut random = [0; 8];
            store.entropy().fill(&mut random);
            let beside = file.with_extension(format!("{:016x}.new", u64::from_be_bytes(random)));
            folder::replace(file, &beside, signed.note.as_bytes()).map_err(|source| {
                let path = file.to_owned();
                KeepError::Write { path, source }.into()
            })
        }
        Kept::Same => Ok(()),
        Kept::Behind { .. } | Kept::Rewritten { .. } | Kept::NoHead => {
            let here = signed.head.size;
            Err(Wrong::Journal { kept, here })
        }
    }
}

/// The right to compare and replace heads in the folder. Without it a slow process, another node or the operator's timer, could
/// put what it read before into the place of what a quick one wrote meanwhile.
async fn alone(folder: &Path) -> Result<Locked, KeepError> {
    let path = folder.join(LOCK);
    for _ in 0..LOCK_TRIES {
        match folder::lock(&path) {
            Ok(Some(locked)) => return Ok(locked),
            Ok(None) => tokio::time::sleep(LOCK_PAUSE).await,
            Err(source) => return Err(KeepError::Write { path, source }),
        }
    }
    Err(KeepError::Busy { path })
}

/// The heads that lie in the folder. What somebody left half-written who was killed goes: nobody else writes now.
fn heads_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut heads = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.extension().and_then(OsStr::to_str) {
            Some("head") => heads.push(path),
            Some("new") if named(&path).is_some() => {
                // It is no head, whether it goes or not.
                let _ = std::fs::remove_file(&path);
            }
            _ => {}
        }
    }
    Ok(heads)
}

/// The organisation that the name of a file begins with.
fn named(file: &Path) -> Option<OrgId> {
    let (organisation, _) = file.file_name()?.to_str()?.split_once('.')?;
    organisation.parse().ok()
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
                organisation,
                file,
                wrong,
            } in alarms
            {
                let organisation = organisation.map(tracing::field::display);
                let (error, file) = (&wrong as &dyn std::error::Error, file.display());
                tracing::error!(organisation, error, %file, %folder, "this journal is not the one whose head was kept, or cannot be held against it; run `countersign journal heads --to` with the folder, which says what to do");
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
