//! The sequencer: gives committed entries their dense numbers and extends the organisation's tree, in batches.
//!
//! Entries get their numbers in the order of their ordinals, which were drawn while the changes' locks were held: the
//! versions of one object, and the digests of one row, ascend.
//!
//! One holder per organisation by a lease in the database; a stale one loses, since the head advances by compare-and-set
//! on (epoch, size) in the transaction that writes the leaves.

use countersign_translog::merkle::{Frontier, leaf_hash};

use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Scope;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Housekeeping, Reads};
use crate::platform::store::{Store, Value};
use crate::row;

/// Entries in one transaction of the sequencer.
pub const BATCH_MAX: usize = 512;
/// How long a holder keeps an organisation without coming back.
const LEASE_US: i64 = 5 * Micros::SECOND;

const ORGANISATIONS: Sql =
    Sql::lookup("SELECT DISTINCT org_id FROM journal_pending ORDER BY org_id LIMIT 500");
const OPEN_HEAD: Sql = Sql::housekeeping(
    "journal_heads",
    "INSERT INTO journal_heads (org_id, epoch, size, root, frontier, at_us, mac, lease_holder, lease_until_us) \
     VALUES ($1, 1, 0, $2, $3, $4, $5, '', 0) ON CONFLICT (org_id) DO NOTHING",
);
const TAKE_LEASE: Sql = Sql::housekeeping(
    "journal_heads",
    "UPDATE journal_heads SET lease_holder = $2, lease_until_us = $3 \
     WHERE org_id = $1 AND (lease_holder = $2 OR lease_until_us < $4) RETURNING epoch, size, frontier",
);
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
    "UPDATE journal_heads SET size = $4, root = $5, frontier = $6, at_us = $7, mac = $8 \
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

/// Sequences every organisation that has something pending; returns how many entries got their numbers.
pub async fn sequence_pending(
    store: &Store,
    holder: &str,
    now: Micros,
) -> Result<usize, StoreError> {
    let organisations: Vec<(OrgId,)> = store
        .lookup(|lookup| lookup.all(&ORGANISATIONS, []))
        .await?;
    let mut total = 0;
    for (organisation,) in organisations {
        // One organisation whose journal is damaged does not keep the others from their numbers.
        if let Err(error) = sequence_all(store, organisation, holder, now, &mut total).await {
            tracing::error!(%organisation, %error, "this organisation's journal cannot be extended; run `countersign journal verify`");
        }
    }
    Ok(total)
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
        .housekeep(scope, move |tx| batch(tx, &holder, now))
        .await
}

fn batch(tx: &mut Housekeeping<'_>, holder: &str, now: Micros) -> Result<Sequenced, StoreError> {
    let organisation = tx.scope().organisation();
    let empty = Frontier::new();
    let mac = tx
        .integrity()?
        .head(organisation, 1, 0, empty.root().as_bytes());
    tx.run(
        &OPEN_HEAD,
        params![*empty.root().as_bytes(), empty.to_bytes(), now, mac],
    )?;
    let lease = params![holder, now.plus_us(LEASE_US), now];
    let Some(mut head) = tx.run(&TAKE_LEASE, lease)?.into_iter().next() else {
        return Ok(Sequenced::HeldElsewhere);
    };
    let (epoch, size): (i64, i64) = (head.take()?, head.take()?);
    let frontier: Vec<u8> = head.take()?;
    let mut frontier = Frontier::from_bytes(&frontier)
        .map_err(|_| StoreError::Misuse("the journal's frontier is damaged"))?;
    let mut entries: Vec<PendingEntry> = tx.all(&PENDING, [])?;
    // What was put there without the installation's key gets no number; the verifier names it.
    let integrity = tx.integrity()?;
    entries.retain(|entry| integrity.is_entry(organisation, &entry.canonical, &entry.mac));
    let mut next = size;
    for entry in &entries {
        let leaf = leaf_hash(&entry.canonical);
        tx.run(&INSERT_LEAF, params![next, &entry.id, *leaf.as_bytes()])?;
        tx.run(&DELETE_PENDING, params![&entry.id])?;
        frontier.push(leaf);
        next += 1;
    }
    if next > size {
        let root = frontier.root();
        let mac = tx
            .integrity()?
            .head(organisation, epoch, next, root.as_bytes());
        let advanced: [Value; 7] = params![
            epoch,
            size,
            next,
            *root.as_bytes(),
            frontier.to_bytes(),
            now,
            mac
        ];
        if tx.run(&ADVANCE, advanced)?.len() != 1 {
            return Err(StoreError::Contended);
        }
    }
    Ok(Sequenced::Entries(entries.len()))
}
