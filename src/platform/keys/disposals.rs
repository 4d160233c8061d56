//! Disposal: a subject's key, or all keys of an organisation, are destroyed, and stay destroyed.
//!
//! The ledger of disposals stands in the key store, beside the keys and in each of its backups, so that neither a restore of the
//! database nor one of the key store brings a destroyed key back: every start goes through it before anybody is served.

use super::backups::account;
use super::ring::KeyError;
use crate::platform::clock::Micros;
use crate::platform::ids::DisposalId;
use crate::platform::store::journal::declared::{ERASED, ERASED_FIELDS};
use crate::platform::store::journal::erased::{Erasure, Object, is_shown};
use crate::platform::store::{Entry, Reads, Sql, StoreError, Tx};
use crate::{params, row};

mod replay;
pub mod scrub;

pub use replay::replay;
pub(super) use replay::{destroy_again, lost};

/// How long a backup of the key store is kept at most.
pub const BACKUP_DAYS_MAX: i64 = 30;

const INSERT: Sql = Sql::change(
    "key_disposals",
    "INSERT INTO key_disposals (org_id, id, subject_kind, subject_id, key_ids, destroyed_us, complete_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);
const LEDGER: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, destroyed_us, complete_us FROM key_disposals WHERE org_id = $1 ORDER BY id DESC",
);
const FIND: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, destroyed_us, complete_us FROM key_disposals WHERE org_id = $1 AND id = $2",
);
const OF_SUBJECT: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, destroyed_us, complete_us FROM key_disposals \
     WHERE org_id = $1 AND (subject_id = $2 OR subject_id = '')",
);
const KEYS_OF: Sql =
    Sql::read("SELECT id FROM subject_keys WHERE org_id = $1 AND subject_id = $2 ORDER BY id");
const DELETE_SUBJECT: Sql = Sql::change(
    "subject_keys",
    "DELETE FROM subject_keys WHERE org_id = $1 AND subject_id = $2 RETURNING id",
);
const DELETE_SUBJECTS: Sql = Sql::change(
    "subject_keys",
    "DELETE FROM subject_keys WHERE org_id = $1 RETURNING id",
);
const DELETE_OWN: Sql = Sql::change(
    "data_keys",
    "DELETE FROM data_keys WHERE org_id = $1 RETURNING id",
);
const JOURNALED: Sql = Sql::read(
    "SELECT id FROM journal_entries WHERE org_id = $1 AND object_kind = 'key-disposal' AND object_id = $2 LIMIT 1",
);

/// The kind of a disposal of all keys of an organisation.
pub const ORGANISATION: &str = "organisation";

row! {
    /// A line of the ledger.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Disposal {
        pub id: DisposalId,
        /// What the subject was: `vendor`, `person`, [`ORGANISATION`].
        pub kind: String,
        /// Empty for the whole organisation.
        pub subject: String,
        pub destroyed: Micros,
        /// When the last backup of the key store that may hold the key has expired.
        pub complete: Micros,
    }
}

impl Disposal {
    fn entry(&self, action: &'static str) -> Entry {
        Entry::new(action, "key-disposal", self.id)
            .fact("kind", &self.kind)
            .fact("subject", &self.subject)
            .fact("destroyed_us", self.destroyed.0)
            .fact("complete_us", self.complete.0)
    }
}

/// Where something that has a key of its own stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Missing,
    /// The message that says what needs the key.
    Needed(&'static str),
    /// Nothing needs it; what it is called.
    Free(String),
}

/// A place in which something about the subject stays, and why it does.
#[derive(Debug, Clone, Copy)]
pub struct Stays {
    /// The message that says what and why.
    pub why: &'static str,
    /// The columns, as `table.column`.
    pub columns: &'static [&'static str],
}

/// What the journal shows no more of a subject that was disposed of.
#[derive(Debug, Clone, Copy)]
pub struct Erases {
    /// Reads kind and id of every object that is told of the one whose id is `$2`.
    pub objects: Sql,
    /// The fields of their entries whose values go.
    pub fields: &'static [&'static str],
}

/// What a field registers of a kind of subject whose key can be destroyed.
#[derive(Debug, Clone, Copy)]
pub struct Disposable {
    pub kind: &'static str,
    /// The message of what such a subject is called.
    pub label: &'static str,
    /// Reads id and name of those whose key nothing needs.
    pub candidates: Sql,
    /// Reads the name of the one whose id is `$2`.
    pub name: Sql,
    /// Within the transaction that destroys.
    pub standing: fn(&mut Tx<'_>, &str) -> Result<Standing, StoreError>,
    /// The columns that open no more, as `table.column`.
    pub destroys: &'static [&'static str],
    pub erases: Erases,
    pub stays: &'static [Stays],
}

impl Disposable {
    /// Those whose key nothing needs, by id and name.
    ///
    /// # Errors
    /// The store's.
    pub fn candidates(&self, reads: &mut impl Reads) -> Result<Vec<(String, String)>, StoreError> {
        reads.all(&self.candidates, [])
    }

    /// What a subject is called; none where it is gone.
    ///
    /// # Errors
    /// The store's.
    pub fn name(&self, reads: &mut impl Reads, id: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(String,)> = reads.maybe(&self.name, params![id])?;
        Ok(found.map(|(name,)| name))
    }

    /// Takes what it says it erases out of the journal; gives how many openings show less, and what the entry has to say of it.
    fn erase(
        &self,
        tx: &mut Tx<'_>,
        disposal: &Disposal,
        until: Micros,
    ) -> Result<(usize, String), StoreError> {
        let objects: Vec<Object> = tx.all(&self.erases.objects, params![&disposal.subject])?;
        let erased = tx.erase(Erasure {
            objects: &objects,
            fields: self.erases.fields,
            until,
        })?;
        let objects: Vec<String> = objects
            .iter()
            .map(|(kind, id)| format!("{kind}:{id}"))
            .collect();
        Ok((erased, objects.join(" ")))
    }

    /// Whether the journal shows what a disposal erased: a restore brought it back.
    fn is_shown(&self, reads: &mut impl Reads, disposal: &Disposal) -> Result<bool, StoreError> {
        let objects: Vec<Object> = reads.all(&self.erases.objects, params![&disposal.subject])?;
        let erasure = Erasure {
            objects: &objects,
            fields: self.erases.fields,
            until: Self::until(disposal),
        };
        is_shown(reads, erasure)
    }

    /// Up to when entries are told of the subject as it was: one that was being written when the key was destroyed may bear a later
    /// time than that.
    fn until(disposal: &Disposal) -> Micros {
        disposal.destroyed.plus_us(Micros::MINUTE)
    }

    fn entry(&self, action: &'static str, disposal: &Disposal, objects: &str) -> Entry {
        disposal
            .entry(action)
            .fact(ERASED, objects)
            .fact(ERASED_FIELDS, self.erases.fields.join(" "))
    }
}

/// The ledger of an organisation, the newest line first.
///
/// # Errors
/// The store's.
pub fn ledger(reads: &mut impl Reads) -> Result<Vec<Disposal>, StoreError> {
    reads.all(&LEDGER, [])
}

/// One line of it; `Missing` where there is none.
///
/// # Errors
/// The store's.
pub fn find(reads: &mut impl Reads, id: DisposalId) -> Result<Disposal, StoreError> {
    reads.one(&FIND, params![id])
}

/// The disposal that took a subject's key, if one did.
///
/// # Errors
/// The store's.
pub fn of_subject(reads: &mut impl Reads, subject: &str) -> Result<Option<Disposal>, StoreError> {
    reads.maybe(&OF_SUBJECT, params![subject])
}

/// Refuses a key that the ledger names: a row that somebody puts back opens nothing, also where no start
/// has deleted it yet.
pub(super) fn refuse_destroyed(
    reads: &mut impl Reads,
    subject: &str,
    purpose: &'static str,
) -> Result<(), KeyError> {
    match of_subject(reads, subject)? {
        Some(_) => Err(KeyError::Destroyed { purpose }),
        None => Ok(()),
    }
}

/// Destroys a subject's key in all its versions, and erases what the journal showed of it. [`scrub::try_now`] comes after the
/// transaction.
///
/// # Errors
/// `Absent` where it has none.
pub fn destroy_subject(
    tx: &mut Tx<'_>,
    of: &Disposable,
    subject: &str,
) -> Result<Disposal, KeyError> {
    let disposal = new(tx, of.kind, subject)?;
    if enter(tx, &disposal)? == 0 {
        return Err(KeyError::Absent { purpose: "subject" });
    }
    tx.change(&DELETE_SUBJECT, params![subject])?;
    // All that this transaction sees, whatever its clock said.
    let (_, objects) = of.erase(tx, &disposal, Micros(i64::MAX))?;
    tx.journal(of.entry("key.destroyed", &disposal, &objects))?;
    scrub::queue(tx)?;
    Ok(disposal)
}

/// Destroys every key of the transaction's organisation: its own, under both roots, and those of its subjects. [`scrub::try_now`] comes
/// after the transaction.
///
/// # Errors
/// `Absent` where it has none.
pub fn destroy_organisation(tx: &mut Tx<'_>) -> Result<Disposal, KeyError> {
    let disposal = new(tx, ORGANISATION, "")?;
    enter(tx, &disposal)?;
    if tx.change(&DELETE_OWN, [])? == 0 {
        return Err(KeyError::Absent { purpose: "values" });
    }
    tx.change(&DELETE_SUBJECTS, [])?;
    tx.journal(disposal.entry("key.destroyed"))?;
    scrub::queue(tx)?;
    Ok(disposal)
}

fn new(tx: &mut Tx<'_>, kind: &str, subject: &str) -> Result<Disposal, StoreError> {
    Ok(Disposal {
        id: tx.id(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        destroyed: tx.now(),
        complete: account::gone_by(tx)?,
    })
}

/// Writes a line of the ledger, with the rows of keys that go; gives how many go.
fn enter(tx: &mut Tx<'_>, disposal: &Disposal) -> Result<usize, StoreError> {
    let keys = keys_of(tx, &disposal.subject)?;
    write_line(tx, disposal, &keys.join(" "))?;
    Ok(keys.len())
}

/// The rows of a subject's keys.
pub(super) fn keys_of(reads: &mut impl Reads, subject: &str) -> Result<Vec<String>, StoreError> {
    let ids: Vec<(String,)> = reads.all(&KEYS_OF, params![subject])?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Writes a line of the ledger, which says that these rows are gone.
pub(super) fn write_line(
    tx: &mut Tx<'_>,
    disposal: &Disposal,
    key_ids: &str,
) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT,
        params![
            disposal.id,
            &disposal.kind,
            &disposal.subject,
            key_ids,
            disposal.destroyed,
            disposal.complete
        ],
    )
}
