//! The head as a stranger takes it: a signed note (C2SP tlog-checkpoint) that any holder can hold the journal against later.
//!
//! The keys that sign are the organisation's own, made from the installation's integrity key; so a head that somebody kept
//! and a bundle of years later are compared under one key. Two sign each head: Ed25519, which every reader of such notes
//! knows, and ML-DSA-44, which stays sound where a quantum computer breaks the first.

use countersign_translog::entry::View;
use countersign_translog::epoch::{self, origin};
use countersign_translog::merkle::Frontier;
use countersign_translog::note::{Kind, Note, SigningKey, VerifyingKey};
use countersign_translog::{Hash, Refused};

use super::head::Head;
use super::witnessed::with_cosignatures;
use crate::params;
use crate::platform::ids::OrgId;
use crate::platform::store::error::StoreError;
use crate::platform::store::integrity::Integrity;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};

const LAST: Sql = Sql::read(
    "SELECT e.canonical, e.mac FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq = $2",
);

pub(super) const FIRST_EPOCH: u64 = 1;

/// The newest head, signed.
#[derive(Debug, Clone)]
pub struct SignedHead {
    pub head: epoch::Head,
    /// The journal's name: the note's origin without the epoch.
    pub journal: String,
    pub key: VerifyingKey,
    /// The key that signs as well, by ML-DSA-44. It has the name of the first epoch in every epoch.
    pub second_key: VerifyingKey,
    /// The signed note.
    pub note: String,
    /// The tree's right edge.
    pub tree: Frontier,
}

/// The name of an organisation's journal. It is the same for ever, wherever the server runs.
#[must_use]
pub fn journal_name(organisation: OrgId) -> String {
    format!("countersign/journal/{organisation}")
}

/// Signs the newest head. None before the first entry has its number. The time is that of the last entry, which the root
/// vouches for.
///
/// # Errors
/// [`StoreError::Head`] where the head, or the entry that it ends with, was not written by this installation.
pub fn signed_head(read: &mut Read<'_>) -> Result<Option<SignedHead>, StoreError> {
    let scope = read.scope();
    let Some(stored) = Head::stored(read)? else {
        return Ok(None);
    };
    let tree = stored.goes_on_from(read.integrity()?, scope)?;
    let Some(last) = stored.size.checked_sub(1).filter(|last| *last >= 0) else {
        return Ok(None);
    };
    let gone = StoreError::Head("the last entry that it counts is not there as it was written");
    let Some((canonical, mac)): Option<(Vec<u8>, Vec<u8>)> = read.maybe(&LAST, params![last])?
    else {
        return Err(gone);
    };
    let integrity = read.integrity()?;
    let is_ours = integrity.is_entry(scope.organisation(), &canonical, &mac);
    let canonical = std::str::from_utf8(&canonical).ok().filter(|_| is_ours);
    let Some(last) = canonical.and_then(|text| View::of(text).ok()) else {
        return Err(gone);
    };
    let head = epoch::Head {
        epoch: stored.epoch.unsigned_abs(),
        size: tree.size(),
        root: Hash::from_slice(&stored.root).ok_or(StoreError::Head("its root is no hash"))?,
        time: last.time,
    };
    let journal = journal_name(scope.organisation());
    let unsigned = StoreError::Head("it cannot be signed");
    let [key, second] = keys(integrity, scope.organisation(), head.epoch)
        .map_err(|_| StoreError::Head("it has no key"))?;
    let text = head.to_checkpoint(&journal).to_text();
    let note = text
        .ok()
        .and_then(|text| Note::sign(&text, &[&key, &second]).ok());
    let note = note.ok_or(unsigned)?;
    let note = with_cosignatures(read, note, (stored.epoch, stored.size))?;
    Ok(Some(SignedHead {
        head,
        journal,
        key: key.verifying_key().clone(),
        second_key: second.verifying_key().clone(),
        note,
        tree,
    }))
}

/// The keys that sign the heads of an epoch. The first has the log's name, as tlog-checkpoint wants it. Verifiers look for the second
/// by its exact name, as they do for a witness: it keeps the first epoch's, so that one that was kept holds after a restore.
pub(super) fn keys(
    integrity: &Integrity,
    organisation: OrgId,
    epoch: u64,
) -> Result<[SigningKey; 2], Refused> {
    let journal = journal_name(organisation);
    let seed = integrity.signing_seed(organisation);
    let first = SigningKey::from_seed(&origin(&journal, epoch), &seed)?;
    let seed = integrity.second_signing_seed(organisation);
    let second = SigningKey::of(Kind::MlDsa44, &origin(&journal, FIRST_EPOCH), &seed)?;
    Ok([first, second])
}
