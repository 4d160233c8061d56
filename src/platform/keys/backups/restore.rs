//! Putting a backup back. The ledgers come first: the file's, the key store's and what the journal tells become one, and what it names
//! stays away. Of the rest only what is missing comes back.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::account::{self, Backup};
use super::contents::{Contents, OfOrganisation, OwnKeyRow, SubjectKeyRow};
use super::file::{self, Opened};
use super::{BackupError, organisations};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::keys::Keyring;
use crate::platform::keys::disposals::{self, Disposal, scrub};
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::{Committed, Entry, Reads, Sql, Store, StoreError, Tx};

/// Subjects' keys in one transaction: each is a commitment in its entry.
const PAGE: usize = 500;

const JOURNALS: Sql = Sql::lookup("SELECT org_id FROM journal_heads ORDER BY org_id");
const NEWEST_ENTRY: Sql = Sql::read("SELECT MAX(at_us) FROM journal_entries WHERE org_id = $1");
const HIGHEST: Sql = Sql::read(
    "SELECT hierarchy, purpose, subject_id, MAX(version) FROM data_keys WHERE org_id = $1 GROUP BY hierarchy, purpose, subject_id",
);
const HIGHEST_OF_SUBJECT: Sql =
    Sql::read("SELECT MAX(version) FROM subject_keys WHERE org_id = $1 AND subject_id = $2");
const LIVING: Sql =
    Sql::read("SELECT id FROM data_keys WHERE org_id = $1 AND destroyed_us IS NULL");
const FIND_OF_SUBJECT: Sql = Sql::read("SELECT id FROM subject_keys WHERE org_id = $1 AND id = $2");
const OPENING: Sql = Sql::read(
    "SELECT version FROM data_keys WHERE org_id = $1 AND purpose = 'values' AND destroyed_us IS NULL",
);
const PUT_OWN: Sql = Sql::change(
    "data_keys",
    "INSERT INTO data_keys (org_id, id, hierarchy, purpose, subject_id, version, wrapped, created_us, activated_us, destroyed_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
);
const PUT_SUBJECT: Sql = Sql::change(
    "subject_keys",
    "INSERT INTO subject_keys (org_id, id, subject_id, version, wrapped, created_us, parent_version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Keys that are there again.
    pub keys: usize,
    /// Lines that the ledger did not have.
    pub disposals: usize,
    /// Keys of the file that a ledger names.
    pub disposed: usize,
    /// Keys of the file whose organisation's key was replaced and destroyed since.
    pub superseded: usize,
    /// Keys of the file that are not here, while as young a version or a younger one is.
    pub left_out: usize,
    /// Organisations of the file that this database does not know.
    pub unknown: usize,
}

impl Restored {
    fn add(&mut self, other: Self) {
        self.keys += other.keys;
        self.disposals += other.disposals;
        self.disposed += other.disposed;
        self.superseded += other.superseded;
        self.left_out += other.left_out;
    }
}

/// Puts back what a file has and the key store has not. No server may run: it would keep what it opened.
///
/// # Errors
/// Where the file is not to be used, and those of the database; what was put back before stays, and it may be done again.
pub async fn restore(
    store: &Store,
    keys: &Keyring,
    path: &Path,
    now: Micros,
    caller: impl Fn(Scope) -> Caller,
) -> Result<(Backup, Restored), BackupError> {
    let Opened { backup, contents } =
        file::open(keys.roots(), path, &store.installation()?).await?;
    judge(path, &backup, now, newest_entry(store).await?)?;
    let restored = put_back(store, &backup, contents, caller).await?;
    scrub::try_now(store).await;
    Ok((backup, restored))
}

/// When the newest entry of all journals was written.
async fn newest_entry(store: &Store) -> Result<Option<Micros>, StoreError> {
    let journals: Vec<(OrgId,)> = store
        .lookup::<_, StoreError, _>(|lookup| lookup.all(&JOURNALS, []))
        .await?;
    let mut newest: Option<Micros> = None;
    for (organisation,) in journals {
        let read = store.read::<_, StoreError, _>(Scope::of(organisation), |read| {
            read.one::<(Option<Micros>,)>(&NEWEST_ENTRY, [])
        });
        newest = newest.max(read.await?.0);
    }
    Ok(newest)
}

/// Refuses a backup that has expired, by this machine's clock or by the journal: a clock that was turned back makes nothing young.
fn judge(
    path: &Path,
    backup: &Backup,
    now: Micros,
    newest_entry: Option<Micros>,
) -> Result<(), BackupError> {
    let (now, by) = match newest_entry {
        Some(entry) if entry > now => (entry, "the newest entry of the journal"),
        _ => (now, "this machine's clock"),
    };
    if now < backup.expires {
        return Ok(());
    }
    Err(BackupError::Expired {
        path: path.to_owned(),
        expires: backup.expires,
        now,
        by,
    })
}

/// The same without the question whether it has expired: whoever calls has asked it.
///
/// # Errors
/// The store's.
pub async fn put_back(
    store: &Store,
    backup: &Backup,
    contents: Contents,
    caller: impl Fn(Scope) -> Caller,
) -> Result<Restored, StoreError> {
    let known = organisations(store).await?;
    let mut restored = Restored::default();
    for of in contents.organisations {
        if !known.contains(&of.organisation) {
            restored.unknown += 1;
            continue;
        }
        let (backup, of) = (*backup, Arc::new(of));
        for from in (0..of.subjects.len().max(1)).step_by(PAGE) {
            let own = caller(Scope::of(of.organisation));
            let of = Arc::clone(&of);
            let write = store.write(own, move |tx| page(tx, &backup, &of, from));
            restored.add(write.await?);
        }
    }
    Ok(restored)
}

/// One transaction's part of an organisation: the ledger and the organisation's own keys with the first of them, then subjects' keys.
fn page(
    tx: &mut Tx<'_>,
    backup: &Backup,
    of: &OfOrganisation,
    from: usize,
) -> Result<Committed<Restored>, StoreError> {
    let mut done = Restored {
        disposals: join_ledgers(tx, of)?,
        ..Restored::default()
    };
    disposals::destroy_again(tx, &[])?;
    let named: HashSet<String> = disposals::ledger(tx)?
        .into_iter()
        .map(|line| line.subject)
        .collect();
    let subjects = of.subjects.iter().skip(from).take(PAGE);
    let own: &[OwnKeyRow] = if from == 0 { &of.keys } else { &[] };
    if named.contains("") {
        done.disposed = own.len() + subjects.count();
    } else {
        put_own(tx, own, &mut done)?;
        for key in subjects {
            if named.contains(&key.subject) {
                done.disposed += 1;
            } else {
                put_subject(tx, key, &mut done)?;
            }
        }
    }
    if done.keys == 0 && done.disposals == 0 {
        return tx.done(done);
    }
    account::remember(tx, backup)?;
    let entry = Entry::new("keys.restored", "key-backup", backup.id)
        .fact("made_us", backup.made.0)
        .fact("keys", done.keys)
        .fact("disposals", done.disposals);
    tx.commit(entry, done)
}

/// Writes the lines that the key store's ledger lacks, from the file and from the journal; gives how many.
fn join_ledgers(tx: &mut Tx<'_>, of: &OfOrganisation) -> Result<usize, StoreError> {
    let known = disposals::ledger(tx)?;
    let mut missing: Vec<(Disposal, String)> = Vec::new();
    for line in &of.ledger {
        let Some(disposal) = line.disposal() else {
            continue;
        };
        if !known.iter().any(|one| one.subject == disposal.subject) {
            missing.push((disposal, line.key_ids.clone()));
        }
    }
    for disposal in disposals::lost(tx, &known)? {
        if !missing
            .iter()
            .any(|(one, _)| one.subject == disposal.subject)
        {
            let mut ids = disposals::keys_of(tx, &disposal.subject)?;
            ids.extend(of.ids_of(&disposal.subject).map(str::to_owned));
            missing.push((disposal, ids.join(" ")));
        }
    }
    for (disposal, key_ids) in &missing {
        disposals::write_line(tx, disposal, key_ids)?;
    }
    Ok(missing.len())
}

/// Only versions above those that are here: an older one was replaced, and destroyed for that.
fn put_own(tx: &mut Tx<'_>, keys: &[OwnKeyRow], done: &mut Restored) -> Result<(), StoreError> {
    let highest: Vec<(String, String, String, i64)> = tx.all(&HIGHEST, [])?;
    let living: Vec<(String,)> = tx.all(&LIVING, [])?;
    for key in keys {
        let is_here = highest
            .iter()
            .any(|(hierarchy, purpose, subject, version)| {
                let same = *hierarchy == key.hierarchy && *purpose == key.purpose;
                same && *subject == key.subject && *version >= key.version
            });
        if is_here {
            let is_itself_here = living.iter().any(|(id,)| *id == key.id);
            if key.destroyed_us.is_none() && !is_itself_here {
                done.left_out += 1;
            }
            continue;
        }
        tx.change_one(
            &PUT_OWN,
            params![
                &key.id,
                &key.hierarchy,
                &key.purpose,
                &key.subject,
                key.version,
                key.wrapped.as_slice(),
                key.created_us,
                key.activated_us,
                key.destroyed_us
            ],
        )?;
        done.keys += 1;
    }
    Ok(())
}

fn put_subject(
    tx: &mut Tx<'_>,
    key: &SubjectKeyRow,
    done: &mut Restored,
) -> Result<(), StoreError> {
    let (here,): (Option<i64>,) = tx.one(&HIGHEST_OF_SUBJECT, params![&key.subject])?;
    if here.is_some_and(|version| version >= key.version) {
        let itself: Option<(String,)> = tx.maybe(&FIND_OF_SUBJECT, params![&key.id])?;
        if itself.is_none() {
            done.left_out += 1;
        }
        return Ok(());
    }
    let opening: Vec<(i64,)> = tx.all(&OPENING, [])?;
    if !opening.contains(&(key.parent_version.unwrap_or(1),)) {
        done.superseded += 1;
        return Ok(());
    }
    tx.change_one(
        &PUT_SUBJECT,
        params![
            &key.id,
            &key.subject,
            key.version,
            key.wrapped.as_slice(),
            key.created_us,
            key.parent_version
        ],
    )?;
    done.keys += 1;
    Ok(())
}
