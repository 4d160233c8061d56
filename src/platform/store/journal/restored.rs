//! Declaring a restore: the database was put back, and the journal says so itself.
//!
//! Whoever holds a head from before the restore would otherwise find entries missing, and could not tell a backup that was
//! put back from somebody who removed them. The declaration is the first entry of a new epoch. It names the head that was
//! given up, whose signature is checked, and from which entry on; verifiers print it (`countersign_translog::epoch`).

use countersign_translog::checkpoint::Checkpoint;
use countersign_translog::entry::View;
use countersign_translog::epoch::{Head as Known, Rollback};
use countersign_translog::note::Note;

use super::checkpoint::{FIRST_EPOCH, journal_name, keys};
use super::entry::Entry;
use super::head::Head;
use super::proofs::proof;
use super::sequencer::{RELEASE, Sequenced, batch};
use crate::params;
use crate::platform::ids::OrgId;
use crate::platform::store::error::{BodyError, StoreError};
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Committed, Housekeeping, Read, Reads as _, Tx};

/// The entry that declares a restore.
pub const RESTORED: &str = "journal.restored";

const DECLARED: Sql = Sql::read(
    "SELECT l.seq FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND e.action = $2 ORDER BY l.seq",
);

/// Why a restore is not declared.
#[derive(Debug, thiserror::Error)]
pub enum NotDeclared {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "it is no head of a journal: give a file that `countersign journal checkpoint` printed, or the page Journal gave"
    )]
    NoHead,
    #[error(
        "it was not signed by this installation: nothing is given up on the word of somebody else"
    )]
    Foreign,
    #[error("this database has no journal of organisation {0}")]
    NoJournal(OrgId),
    #[error(
        "it is of epoch {head}, and the journal is in epoch {journal}: a restore that gave it up is declared already"
    )]
    Declared { head: u64, journal: u64 },
    #[error(
        "it counts {head} entries, and the journal has {journal}: nothing is missing that it would name. Whether the journal still \
         holds it says `countersign journal verify --org NAME --head EPOCH:SIZE:ROOT`. Where it does not, more was written since \
         the restore than was lost: put the backup back once more, and declare it before the server starts"
    )]
    NothingLost { head: u64, journal: u64 },
    #[error("another server is at work on this database: stop every server first")]
    Busy,
}

impl BodyError for NotDeclared {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// A restore that was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub organisation: OrgId,
    /// The head that was given up.
    pub old: Known,
    /// How many of its entries are still there: from this number on they are lost.
    pub kept: u64,
    /// The epoch that begins.
    pub epoch: u64,
}

/// Whose journal a signed head says that it is of; nothing is checked yet.
///
/// # Errors
/// [`NotDeclared::NoHead`].
pub fn claimed(note: &[u8]) -> Result<OrgId, NotDeclared> {
    let note = Note::parse(note).map_err(|_| NotDeclared::NoHead)?;
    let claimed = Checkpoint::parse_text(note.text).map_err(|_| NotDeclared::NoHead)?;
    let (journal, _) = claimed.origin.rsplit_once('/').ok_or(NotDeclared::NoHead)?;
    let organisation = journal.rsplit('/').next().and_then(|id| id.parse().ok());
    organisation
        .filter(|organisation| journal_name(*organisation) == journal)
        .ok_or(NotDeclared::NoHead)
}

/// Declares in one transaction that everything behind what is here was given up: what waits gets its numbers, then the
/// declaration, with which the new epoch begins.
///
/// # Errors
/// [`NotDeclared`]; nothing is written then.
pub fn declare(tx: &mut Tx<'_>, note: &[u8]) -> Result<Committed<Restored>, NotDeclared> {
    let (scope, now) = (tx.scope(), tx.now());
    let organisation = scope.organisation();
    let old = signed(tx, note)?;
    let holder = format!("restored-{}", tx.id::<OrgId>());
    let mut journal = Housekeeping {
        conn: tx.conn,
        scope,
        integrity: Some(tx.integrity),
    };
    if Head::stored(&mut journal)?.is_none() {
        return Err(NotDeclared::NoJournal(organisation));
    }
    loop {
        match batch(&mut journal, &holder, now, None)? {
            Sequenced::Entries(0) => break,
            Sequenced::Entries(_) => {}
            Sequenced::HeldElsewhere => return Err(NotDeclared::Busy),
        }
    }
    let Some(here) = Head::stored(&mut journal)? else {
        return Err(NotDeclared::NoJournal(organisation));
    };
    let (epoch, kept) = (here.epoch.unsigned_abs(), here.size.unsigned_abs());
    if old.epoch < epoch {
        return Err(NotDeclared::Declared {
            head: old.epoch,
            journal: epoch,
        });
    }
    let rollback = Rollback::new(old, kept)
        .filter(|rollback| !rollback.lost().is_empty())
        .ok_or(NotDeclared::NothingLost {
            head: old.size,
            journal: kept,
        })?;
    let begun = old.epoch + 1;
    let entry = Entry::new(RESTORED, "journal", organisation)
        .gives_up(rollback)
        .fact("epoch", begun)
        .fact("lost_from", kept)
        .fact("lost_until", old.size)
        .fact("root", old.root);
    tx.journal(entry)?;
    let opens = i64::try_from(begun).map_err(|_| NotDeclared::NoHead)?;
    if batch(&mut journal, &holder, now, Some(opens))? != Sequenced::Entries(1) {
        return Err(StoreError::Contended.into());
    }
    journal.run(&RELEASE, params![&holder])?;
    Ok(tx.done(Restored {
        organisation,
        old,
        kept,
        epoch: begun,
    })?)
}

/// The restores that the journal declares, in their order. Each is proved to be in its tree: a declaration that somebody took
/// over from another copy of the database gives nothing up.
///
/// # Errors
/// The store's, and where the entry of one is not what the tree has in its place.
pub fn rollbacks(read: &mut Read<'_>) -> Result<Vec<Rollback>, StoreError> {
    let numbers: Vec<(i64,)> = read.all(&DECLARED, params![RESTORED])?;
    let mut declared = Vec::new();
    for (number,) in numbers {
        let number = number.unsigned_abs();
        let entry = proof(read, number)?.and_then(|proof| proof.extra);
        let text = entry.and_then(|entry| String::from_utf8(entry).ok());
        let view = text.as_deref().and_then(|text| View::of(text).ok());
        let rollback = view.and_then(|view| view.rollbacks.first().copied());
        // One that does not begin where it stands is none, as for who verifies the whole journal.
        declared.extend(rollback.filter(|rollback| rollback.lost().start == number));
    }
    Ok(declared)
}

/// The head, which this installation signed; the key goes by any name, since each epoch gives it another.
fn signed(tx: &Tx<'_>, note: &[u8]) -> Result<Known, NotDeclared> {
    let organisation = tx.scope().organisation();
    let journal = journal_name(organisation);
    let [key, _] =
        keys(tx.integrity, organisation, FIRST_EPOCH).map_err(|_| NotDeclared::NoHead)?;
    let (of, head, _) = Known::open(note, std::slice::from_ref(key.verifying_key()))
        .map_err(|_| NotDeclared::Foreign)?;
    if of == journal {
        Ok(head)
    } else {
        Err(NotDeclared::NoHead)
    }
}
