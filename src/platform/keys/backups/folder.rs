//! The folder that backups are made into: what lies there by its own words, and the removal of what has expired.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::account::Backup;
use super::file::{HEAD_LENGTH, Head};
use super::{BackupError, io_at};
use crate::platform::clock::Micros;
use crate::platform::folder::{make_private, replace};
use crate::platform::keys::disposals::BACKUP_DAYS_MAX;

const PREFIX: &str = "countersign-keys-";
const SUFFIX: &str = ".backup";
/// Of a file that is being written.
const PART: &str = ".part";
/// Nobody writes one file for so long: who began it was killed.
const ABANDONED_US: i64 = Micros::HOUR;

/// A file of the folder, as its head says. Only whoever opens it knows that this is true.
#[derive(Debug, Clone)]
pub struct Found {
    pub path: PathBuf,
    pub backup: Backup,
    /// It was not written to its end, or is not yet.
    pub is_part: bool,
}

impl Found {
    /// Whether it has no business being there any more. No head makes a file live longer than backups may.
    #[must_use]
    pub fn is_expired(&self, now: Micros) -> bool {
        let longest = self.backup.made.plus_us(BACKUP_DAYS_MAX * Micros::DAY);
        now >= self.backup.expires.min(longest)
    }

    fn is_abandoned(&self, now: Micros) -> bool {
        self.is_part && now.since(self.backup.made) >= ABANDONED_US
    }
}

/// What a backup's file is called.
pub(super) fn name(backup: &Backup) -> String {
    let id = backup.id.to_string();
    // The last characters of an id are random.
    let own = id.rsplit('-').next().unwrap_or(&id);
    format!("{PREFIX}{}-{own}{SUFFIX}", backup.made.utc_date())
}

/// The backups in a folder, the newest first; none where there is no such folder yet.
///
/// # Errors
/// Where the folder cannot be read.
pub fn look(folder: &Path) -> io::Result<Vec<Found>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(is_part) = name.and_then(kind) else {
            continue;
        };
        if let Some(backup) = said_by(&path)? {
            all.push(Found {
                path,
                backup,
                is_part,
            });
        }
    }
    all.sort_by_key(|found| std::cmp::Reverse(found.backup.made));
    Ok(all)
}

/// Whether a name is that of a part; none where it is not one of ours.
fn kind(name: &str) -> Option<bool> {
    let name = name.strip_prefix(PREFIX)?;
    let is_part = name.ends_with(PART);
    (is_part || name.ends_with(SUFFIX)).then_some(is_part)
}

fn said_by(path: &Path) -> io::Result<Option<Backup>> {
    let mut head = Vec::with_capacity(HEAD_LENGTH);
    let file = match File::open(path) {
        // Another node removed it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    file.take(HEAD_LENGTH as u64).read_to_end(&mut head)?;
    Ok(Head::parse(&head).map(|head| head.backup))
}

/// Removes what has expired, and what was left by somebody who was killed while writing; gives how many.
///
/// # Errors
/// Where the folder cannot be read, or a file not be removed.
pub fn remove_expired(folder: &Path, now: Micros) -> io::Result<usize> {
    let mut removed = 0;
    for found in look(folder)? {
        if found.is_expired(now) || found.is_abandoned(now) {
            match fs::remove_file(&found.path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => {
                    other?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}

/// Puts a backup into a folder, which is made where it is missing: written beside, and there at once and whole.
pub(super) fn put(folder: &Path, backup: &Backup, bytes: &[u8]) -> Result<PathBuf, BackupError> {
    make_private(folder)?;
    let path = folder.join(name(backup));
    let part = folder.join(format!("{}{PART}", name(backup)));
    replace(&path, &part, bytes).map_err(io_at(&path, "writing it"))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{BackupId, Id as _};

    fn found(made: i64, expires: i64, is_part: bool) -> Found {
        Found {
            path: PathBuf::new(),
            backup: Backup {
                id: BackupId::from_uuid(uuid::Uuid::from_bytes([1; 16])),
                made: Micros(made),
                expires: Micros(expires),
            },
            is_part,
        }
    }

    #[test]
    fn a_file_expires_when_it_says_and_never_later_than_backups_may() {
        assert!(!found(0, 100, false).is_expired(Micros(99)));
        assert!(found(0, 100, false).is_expired(Micros(100)));
        let month = BACKUP_DAYS_MAX * Micros::DAY;
        let forged = found(0, i64::MAX, false);
        assert!(!forged.is_expired(Micros(month - 1)) && forged.is_expired(Micros(month)));
        let at = Micros(ABANDONED_US);
        assert!(found(0, month, true).is_abandoned(at) && !found(1, month, true).is_abandoned(at));
        assert!(!found(0, month, false).is_abandoned(at));
    }

    #[test]
    fn names_of_others_are_left_alone() {
        let name = name(&found(0, 1, false).backup);
        assert_eq!(name, "countersign-keys-1970-01-01-010101010101.backup");
        assert_eq!(kind(&name), Some(false));
        assert_eq!(kind(&format!("{name}.part")), Some(true));
        assert_eq!(kind("countersign-keys-notes.txt"), None);
        assert_eq!(kind("keys.backup"), None);
    }
}
