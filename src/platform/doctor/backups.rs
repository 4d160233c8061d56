//! Whether the key store is backed up, apart from everything else, and whether no backup outlives its time.

use super::{Check, Context};
use crate::platform::clock::Micros;
use crate::platform::folder::is_within;
use crate::platform::keys::backups::OLD_US;
use crate::platform::keys::backups::folder::{Found, look};

const ID: &str = "key-backup";
pub(super) fn key_backups(context: &Context<'_>) -> Vec<Check> {
    let Some(folder) = &context.config.keys.backups.folder else {
        let mend = "set keys.backup_folder to a folder on another disk: without a backup of the key store, every sealed value is lost with its disk (docs/disposal.md)";
        return vec![Check::warn(
            ID,
            "this installation makes no backup of its key store",
            mend,
        )];
    };
    let shown = folder.display();
    if is_within(folder, &context.config.data) {
        let mend = "name a folder outside of the data folder as keys.backup_folder, and remove the backups from this one: in the general backup they would outlive their time";
        return vec![Check::fail(
            ID,
            format!("{shown} is inside the data folder"),
            mend,
        )];
    }
    match look(folder) {
        Ok(found) => vec![verdict(&shown.to_string(), &found, context.now)],
        Err(error) => vec![Check::fail(
            ID,
            format!("{shown}: {error}"),
            "give the folder back to this program's user, or name another as keys.backup_folder",
        )],
    }
}

/// The verdict on the backups of a folder.
fn verdict(shown: &str, found: &[Found], now: Micros) -> Check {
    let expired = found.iter().filter(|file| file.is_expired(now)).count();
    if expired > 0 {
        return Check::fail(
            ID,
            format!(
                "{expired} backups in {shown} have expired: what was disposed of opens by them"
            ),
            "start the server, which removes them, and see in its log why it could not; remove other copies of them as well",
        );
    }
    let Some(newest) = found.iter().find(|file| !file.is_part) else {
        let mend = "start the server: it makes the first one within minutes of the first organisation, and its log says why it could not";
        return Check::warn(ID, format!("there is no backup in {shown}"), mend);
    };
    let what = format!(
        "the newest in {shown} is of {} and expires on {}",
        newest.backup.made.utc_date(),
        newest.backup.expires.utc_date()
    );
    if now.since(newest.backup.made) > OLD_US {
        let mend = "see that the server runs, and in its log why it makes no backup: keys that are younger than this one would be lost";
        return Check::warn(ID, what, mend);
    }
    Check::ok(ID, what)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::platform::doctor::Outcome;
    use crate::platform::ids::{BackupId, Id as _};
    use crate::platform::keys::backups::Backup;

    fn file(made_us: i64, expires_us: i64) -> Found {
        Found {
            path: PathBuf::new(),
            backup: Backup {
                id: BackupId::from_uuid(uuid::Uuid::from_bytes([1; 16])),
                made: Micros(made_us),
                expires: Micros(expires_us),
            },
            is_part: false,
        }
    }

    #[test]
    fn no_backup_an_old_one_and_one_that_has_expired_are_found() {
        let (day, month) = (Micros::DAY, 30 * Micros::DAY);
        let outcome = |found: &[Found], now| verdict("there", found, Micros(now)).outcome;
        assert_eq!(outcome(&[], day), Outcome::Warn);
        let first = file(0, month);
        assert_eq!(outcome(std::slice::from_ref(&first), 2 * day), Outcome::Ok);
        assert_eq!(
            outcome(std::slice::from_ref(&first), 2 * day + 1),
            Outcome::Warn
        );
        let both = [file(month - day, 2 * month - day), first];
        assert_eq!(outcome(&both, month - 1), Outcome::Ok);
        assert_eq!(outcome(&both, month), Outcome::Fail);
        let part = Found {
            is_part: true,
            ..file(0, month)
        };
        assert_eq!(outcome(&[part], day), Outcome::Warn);
    }
}
