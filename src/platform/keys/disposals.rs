//! Disposal: a subject's key, or all keys of an organisation, are destroyed, and stay destroyed.
//!
//! The ledger of disposals stands in the key store, beside the keys and in each of its backups, so that neither a restore of the
//! database nor one of the key store brings a destroyed key back: every start goes through it before anybody is served.

use super::backups::account;
use super::ring::KeyError;
use crate::platform::clock::Micros;
use crate::platform::ids::{DisposalId, OrgId};
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::journal::declared::{
    Declared, ERASED, ERASED_FIELDS, TellsOurs, disposals,
};
use crate::platform::store::journal::erased::{Erasure, Object};
use crate::platform::store::{Entry, Reads, Sql, Store, StoreError, Tx};
use crate::{params, row};

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
const ORGANISATIONS: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");

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

    /// Takes what it says it erases out of the journal, up to the moment at which the key was destroyed; gives how many openings
    /// show less, and what the entry has to say of it.
    fn erase(&self, tx: &mut Tx<'_>, disposal: &Disposal) -> Result<(usize, String), StoreError> {
        let objects: Vec<Object> = tx.all(&self.erases.objects, params![&disposal.subject])?;
        let erased = tx.erase(Erasure {
            objects: &objects,
            fields: self.erases.fields,
            until: disposal.destroyed,
        })?;
        let objects: Vec<String> = objects
            .iter()
            .map(|(kind, id)| format!("{kind}:{id}"))
            .collect();
        Ok((erased, objects.join(" ")))
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

/// Why a key is not there.
pub(super) fn gone(
    reads: &mut impl Reads,
    subject: &str,
    purpose: &'static str,
) -> Result<KeyError, StoreError> {
    Ok(match of_subject(reads, subject)? {
        Some(_) => KeyError::Destroyed { purpose },
        None => KeyError::Absent { purpose },
    })
}

/// Destroys a subject's key in all its versions, and erases what the journal showed of it. [`Store::scrub_keys`] comes after the
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
    let (_, objects) = of.erase(tx, &disposal)?;
    tx.journal(of.entry("key.destroyed", &disposal, &objects))?;
    Ok(disposal)
}

/// Destroys every key of the transaction's organisation: its own, under both roots, and those of its subjects.
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

/// Goes through the ledger of every organisation: keys that a restore brought back are destroyed again, openings that it brought
/// back are erased again, and a journal that does not know of a disposal, because an older one was put back, is told. Gives how
/// often something had to be done again.
///
/// # Errors
/// The store's: nobody is served before this succeeded.
pub async fn replay(
    store: &Store,
    kinds: &[Disposable],
    caller: impl Fn(Scope) -> Caller,
) -> Result<usize, StoreError> {
    let organisations: Vec<(OrgId,)> = store
        .lookup::<_, StoreError, _>(|lookup| lookup.all(&ORGANISATIONS, []))
        .await?;
    let mut again = 0;
    for (organisation,) in organisations {
        let scope = Scope::of(organisation);
        let (is_empty, lost) = store
            .read::<_, StoreError, _>(scope, |read| {
                let known = ledger(read)?;
                let lost = lost(read, &known)?;
                Ok((known.is_empty() && lost.is_empty(), lost))
            })
            .await?;
        if !is_empty {
            let kinds = kinds.to_vec();
            again += store
                .write::<_, StoreError, _>(caller(scope), move |tx| {
                    for disposal in &lost {
                        enter(tx, disposal)?;
                    }
                    let again = destroy_again(tx, &lost)? + erase_again(tx, &kinds)?;
                    tx.done(again)
                })
                .await?;
        }
    }
    if again > 0 {
        store.scrub_keys().await?;
    }
    Ok(again)
}

/// Disposals of which the journal tells, and the ledger does not: the key store was put back from before them.
pub(super) fn lost(
    reads: &mut impl TellsOurs,
    known: &[Disposal],
) -> Result<Vec<Disposal>, StoreError> {
    let mut lost: Vec<Disposal> = Vec::new();
    for Declared { disposal, facts } in disposals(reads)? {
        let [kind, subject, destroyed, complete] = facts;
        let (Ok(id), Ok(destroyed), Ok(complete)) =
            (disposal.parse(), destroyed.parse(), complete.parse())
        else {
            continue;
        };
        // The ledger has one line for a subject.
        if known
            .iter()
            .chain(&lost)
            .any(|line| line.subject == subject)
        {
            continue;
        }
        lost.push(Disposal {
            id,
            kind,
            subject,
            destroyed: Micros(destroyed),
            complete: Micros(complete),
        });
    }
    Ok(lost)
}

/// Destroys what the ledger names and is there all the same, and tells the journal of it, of lines that it does not know, and of those
/// that were just written again. Gives how many lines that were.
pub(super) fn destroy_again(tx: &mut Tx<'_>, lost: &[Disposal]) -> Result<usize, StoreError> {
    let mut again = 0;
    for disposal in ledger(tx)? {
        let gone = if disposal.subject.is_empty() {
            tx.change(&DELETE_OWN, [])? + tx.change(&DELETE_SUBJECTS, [])?
        } else {
            tx.change(&DELETE_SUBJECT, params![&disposal.subject])?
        };
        let known: Option<(String,)> = tx.maybe(&JOURNALED, params![disposal.id])?;
        if gone > 0 || known.is_none() || lost.contains(&disposal) {
            again += 1;
            tx.journal(disposal.entry("key.destroyed-again").fact("keys", gone))?;
        }
    }
    Ok(again)
}

/// Erases what openings show of subjects that the ledger names: a restore brought it back. Gives of how many subjects.
fn erase_again(tx: &mut Tx<'_>, kinds: &[Disposable]) -> Result<usize, StoreError> {
    let mut again = 0;
    for disposal in ledger(tx)? {
        let Some(of) = kinds.iter().find(|of| of.kind == disposal.kind) else {
            continue;
        };
        let (erased, objects) = of.erase(tx, &disposal)?;
        if erased > 0 {
            again += 1;
            let entry = of.entry("key.destroyed-again", &disposal, &objects);
            tx.journal(entry.fact("openings", erased))?;
        }
    }
    Ok(again)
}
