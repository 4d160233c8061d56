//! The account of backups: for each organisation, when its keys were put into one, and when that one expires.

use crate::platform::clock::Micros;
use crate::platform::ids::BackupId;
use crate::platform::keys::disposals::BACKUP_DAYS_MAX;
use crate::platform::store::journal::declared;
use crate::platform::store::{Entry, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "key_backups",
    "INSERT INTO key_backups (org_id, id, made_us, expires_us) VALUES ($1, $2, $3, $4) RETURNING id",
);
const NEWEST: Sql = Sql::read(
    "SELECT id, made_us, expires_us FROM key_backups WHERE org_id = $1 ORDER BY made_us DESC, id DESC LIMIT 1",
);
const BETWEEN: Sql = Sql::read(
    "SELECT id FROM key_backups WHERE org_id = $1 AND made_us > $2 AND made_us <= $3 LIMIT 1",
);
const FIND: Sql = Sql::read("SELECT id FROM key_backups WHERE org_id = $1 AND id = $2");
const LAST_EXPIRY: Sql = Sql::read("SELECT MAX(expires_us) FROM key_backups WHERE org_id = $1");

row! {
    /// A backup of the key store.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Backup {
        pub id: BackupId,
        pub made: Micros,
        /// From here on it is not put back, and is removed.
        pub expires: Micros,
    }
}

/// Writes the line of a backup that the account has lost; whoever calls journals it.
pub(super) fn remember(tx: &mut Tx<'_>, backup: &Backup) -> Result<(), StoreError> {
    let known: Option<(String,)> = tx.maybe(&FIND, params![backup.id])?;
    if known.is_some() {
        return Ok(());
    }
    tx.change_one(&INSERT, params![backup.id, backup.made, backup.expires])
}

/// Takes a backup into the account of the transaction's organisation, so many of whose keys it holds.
pub(super) fn enter(tx: &mut Tx<'_>, backup: &Backup, keys: usize) -> Result<(), StoreError> {
    tx.change_one(&INSERT, params![backup.id, backup.made, backup.expires])?;
    let entry = Entry::new("keys.backed-up", "key-backup", backup.id)
        .fact("made_us", backup.made.0)
        .fact("expires_us", backup.expires.0)
        .fact("keys", keys);
    tx.journal(entry)
}

/// The newest backup of the organisation's keys.
///
/// # Errors
/// The store's.
pub fn newest(reads: &mut impl Reads) -> Result<Option<Backup>, StoreError> {
    reads.maybe(&NEWEST, [])
}

/// Whether one was made in this time. One that a wrong clock made in the future is none.
pub(super) fn is_any_between(
    reads: &mut impl Reads,
    after: Micros,
    until: Micros,
) -> Result<bool, StoreError> {
    let found: Option<(String,)> = reads.maybe(&BETWEEN, params![after, until])?;
    Ok(found.is_some())
}

/// When no backup has a key any more that is destroyed in this transaction: when the last one expires that was made before. Where the
/// program never made one, the operator's own copies count, which are kept as long as backups may be.
///
/// # Errors
/// The store's.
pub fn gone_by(tx: &mut Tx<'_>) -> Result<Micros, StoreError> {
    let now = tx.now();
    let (known,): (Option<Micros>,) = tx.one(&LAST_EXPIRY, [])?;
    // A key store that was put back from before has lost lines of its account.
    let longest = BACKUP_DAYS_MAX * Micros::DAY;
    let told = declared::last_expiry(tx, now.plus_us(-longest))?;
    Ok(match known.max(told) {
        Some(expires) => expires.max(now),
        None => now.plus_us(longest),
    })
}
