//! The sequencer: gives committed entries their dense numbers and extends the organisation's tree, in batches.
//!
//! Entries get their numbers in the order of their ordinals, which were drawn while the changes' locks were held: the
//! versions of one object, and the digests of one row, ascend.
//!
//! One holder per organisation by a lease in the database; a stale one loses, since the head advances by compare-and-set
//! on (epoch, size) in the transaction that writes the leaves.

use countersign_translog::merkle::leaf_hash;

use super::{head::Head, nodes};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Scope;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Housekeeping, Reads};
use crate::platform::store::{FromRow as _, Store, Value};
use crate::row;

/// Entries in one transaction of the sequencer.
pub const BATCH_MAX: usize = 512;
/// How long a holder keeps an organisation without coming back.
const LEASE_US: i64 = 5 * Micros::SECOND;
/// No holder asks for more, whatever its clock says: a lease beyond this would keep entries without numbers for good.
const LEASE_MAX_US: i64 = 10 * 60 * Micros::SECOND;

const ORGANISATIONS: Sql =
    Sql::lookup("SELECT DISTINCT org_id FROM journal_pending ORDER BY org_id LIMIT 500");
const TAKE_LEASE: Sql = Sql::housekeeping(
    "journal_heads",
    "UPDATE journal_heads SET lease_holder = $2, lease_until_us = $3 \
     WHERE org_id = $1 AND (lease_holder = $2 OR lease_until_us < $4 OR lease_until_us > $5) \
     RETURNING epoch, size, root, frontier, mac",
);
pub(super) const RELEASE: Sql = Sql::housekeeping(
    "journal_heads",
    "UPDATE journal_heads SET lease_until_us = 0 WHERE org_id = $1 AND lease_holder = $2",
);
const HEAD: Sql = Sql::read("SELECT size FROM journal_heads WHERE org_id = $1");
const PENDING: Sql = Sql::read(
    "SELECT e.id, e.canonical, e.mac FROM journal_pending p \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = p.entry_id WHERE p.org_id = $1 ORDER BY p.ordinal LIMIT 512",
);
const INSERT_LEAF: Sql = Sql::housekeeping(
    "journal_leaves",
    "INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) VALUES ($1, $2, $3, $4)",
);
const DELETE_PENDING: Sql = Sql::housekeeping(
    "journal_pending",
    "DELETE FROM journal_pending WHERE org_id = $1 AND entry_id = $2",
);
const ADVANCE: Sql = Sql::housekeeping(
    "journal_heads",
    "UPDATE journal_heads SET size = $4, root = $5, frontier = $6, at_us = $7, mac = $8, epoch = $9 \
     WHERE org_id = $1 AND epoch = $2 AND size = $3 RETURNING size",
);

/// What one pass did for one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequenced {
    /// So many entries got their numbers.
    Entries(usize),
    /// Another node holds the lease.
    HeldElsewhere,
}

row! {
    struct PendingEntry {
        id: String,
        canonical: Vec<u8>,
        mac: Vec<u8>,
    }
}

/// What one round over all organisations did.
#[derive(Debug, Default)]
pub struct Round {
    /// Entries that got their numbers.
    pub numbered: usize,
    /// Organisations whose lease this holder may have now.
    pub held: Vec<OrgId>,
    /// Journals that could not be extended. They do not keep the others from their numbers.
    pub refused: Vec<(OrgId, StoreError)>,
}

/// Sequences every organisation that has something pending.
pub async fn sequence_round(store: &Store, holder: &str, now: Micros) -> Result<Round, StoreError> {
    let organisations: Vec<(OrgId,)> = store
        .lookup(|lookup| lookup.all(&ORGANISATIONS, []))
        .await?;
    let mut round = Round::default();
    for (organisation,) in organisations {
        let result = sequence_all(store, organisation, holder, now, &mut round.numbered).await;
        match result {
            Ok(()) => round.held.push(organisation),
            Err(error) => round.refused.push((organisation, error)),
        }
    }
    Ok(round)
}

/// One round, which logs what it could not do; returns how many entries got their numbers.
pub async fn sequence_pending(
    store: &Store,
    holder: &str,
    now: Micros,
) -> Result<usize, StoreError> {
    let round = sequence_round(store, holder, now).await?;
    for (organisation, error) in &round.refused {
        log_refusal(*organisation, error);
    }
    Ok(round.numbered)
}

/// Gives a lease back, so that the next server need not wait until it runs out.
pub async fn release(store: &Store, organisation: OrgId, holder: &str) -> Result<(), StoreError> {
    let holder = holder.to_owned();
    store
        .housekeep(Scope::of(organisation), move |tx| {
            tx.run(&RELEASE, params![&holder]).map(|_| ())
        })
        .await
}

/// Says that a journal cannot be extended.
pub fn log_refusal(organisation: OrgId, error: &StoreError) {
    tracing::error!(%organisation, %error, "this organisation's journal cannot be extended; run `countersign journal verify`");
}

async fn sequence_all(
    store: &Store,
    organisation: OrgId,
    holder: &str,
    now: Micros,
    total: &mut usize,
) -> Result<(), StoreError> {
    while let Sequenced::Entries(count) =
        sequence(store, Scope::of(organisation), holder, now).await?
    {
        *total += count;
        if count < BATCH_MAX {
            break;
        }
    }
    Ok(())
}

/// Sequences one batch of one organisation. `holder` names this process.
pub async fn sequence(
    store: &Store,
    scope: Scope,
    holder: &str,
    now: Micros,
) -> Result<Sequenced, StoreError> {
    let holder = holder.to_owned();
    store
        .housekeep(scope, move |tx| batch(tx, &holder, now, None))
        .await
}

/// One batch. With `opens` the entries that get their numbers begin this epoch.
pub(super) fn batch(
    tx: &mut Housekeeping<'_>,
    holder: &str,
    now: Micros,
    opens: Option<i64>,
) -> Result<Sequenced, StoreError> {
    let scope = tx.scope();
    let organisation = scope.organisation();
    let lease = params![
        holder,
        now.plus_us(LEASE_US),
        now,
        now.plus_us(LEASE_MAX_US)
    ];
    let Some(mut row) = tx.run(&TAKE_LEASE, lease)?.into_iter().next() else {
        let head: Option<(i64,)> = tx.maybe(&HEAD, [])?;
        return match head {
            Some(_) => Ok(Sequenced::HeldElsewhere),
            None => Err(StoreError::Head("it is missing")),
        };
    };
    // Whoever holds the database can recompute a tree, but not sign it; nor may the sequencer do it for her.
    let head = Head::from_row(&mut row)?;
    let mut frontier = head.goes_on_from(tx.integrity()?, scope)?;
    let Head { epoch, size, .. } = head;
    let mut entries: Vec<PendingEntry> = tx.all(&PENDING, [])?;
    // What was put there without the installation's key gets no number; the verifier names it.
    let integrity = tx.integrity()?;
    entries.retain(|entry| integrity.is_entry(organisation, &entry.canonical, &entry.mac));
    let mut next = size;
    for entry in &entries {
        let leaf = leaf_hash(&entry.canonical);
        tx.run(&INSERT_LEAF, params![next, &entry.id, *leaf.as_bytes()])?;
        tx.run(&DELETE_PENDING, params![&entry.id])?;
        nodes::push(tx, &mut frontier, leaf)?;
        next += 1;
    }
    if next > size {
        let (root, now_in) = (frontier.root(), opens.unwrap_or(epoch));
        let mac = tx
            .integrity()?
            .head(organisation, now_in, next, root.as_bytes());
        let advanced: [Value; 8] = params![
            epoch,
            size,
            next,
            *root.as_bytes(),
            frontier.to_bytes(),
            now,
            mac,
            now_in
        ];
        if tx.run(&ADVANCE, advanced)?.len() != 1 {
            return Err(StoreError::Contended);
        }
    }
    Ok(Sequenced::Entries(entries.len()))
}
