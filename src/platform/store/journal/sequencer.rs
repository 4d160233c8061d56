//! The sequencer: gives committed entries their dense numbers and extends the organisation's tree, in batches.
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
    "INSERT INTO journal_heads (org_id, epoch, size, root, frontier, at_us, lease_holder, lease_until_us) \
     VALUES ($1, 1, 0, $2, $3, $4, '', 0) ON CONFLICT (org_id) DO NOTHING",
);
const TAKE_LEASE: Sql = Sql::housekeeping(
    "journal_heads",
    "UPDATE journal_heads SET lease_holder = $2, lease_until_us = $3 \
     WHERE org_id = $1 AND (lease_holder = $2 OR lease_until_us < $4) RETURNING epoch, size, frontier",
);
const PENDING: Sql = Sql::read(
    "SELECT e.id, e.object_kind, e.object_id, e.object_version, e.canonical FROM journal_pending p \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = p.entry_id WHERE p.org_id = $1 ORDER BY p.entry_id LIMIT 512",
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
    "UPDATE journal_heads SET size = $4, root = $5, frontier = $6, at_us = $7 \
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
        object_kind: String,
        object_id: String,
        object_version: i64,
        canonical: Vec<u8>,
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
        while let Sequenced::Entries(count) =
            sequence(store, Scope::of(organisation), holder, now).await?
        {
            total += count;
            if count < BATCH_MAX {
                break;
            }
        }
    }
    Ok(total)
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
    let empty = Frontier::new();
    tx.run(
        &OPEN_HEAD,
        params![*empty.root().as_bytes(), empty.to_bytes(), now],
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
    ascend_versions(&mut entries);
    let mut next = size;
    for entry in &entries {
        let leaf = leaf_hash(&entry.canonical);
        tx.run(&INSERT_LEAF, params![next, &entry.id, *leaf.as_bytes()])?;
        tx.run(&DELETE_PENDING, params![&entry.id])?;
        frontier.push(leaf);
        next += 1;
    }
    if next > size {
        let advanced: [Value; 6] = params![
            epoch,
            size,
            next,
            *frontier.root().as_bytes(),
            frontier.to_bytes(),
            now
        ];
        if tx.run(&ADVANCE, advanced)?.len() != 1 {
            return Err(StoreError::Contended);
        }
    }
    Ok(Sequenced::Entries(entries.len()))
}

/// Clocks of two nodes may disagree, so ids of one object's entries may not ascend as its versions do: the places that
/// an object's entries hold in the batch are given to them in the order of their versions.
fn ascend_versions(entries: &mut [PendingEntry]) {
    let mut places: std::collections::HashMap<(String, String), Vec<usize>> =
        std::collections::HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        places
            .entry((entry.object_kind.clone(), entry.object_id.clone()))
            .or_default()
            .push(index);
    }
    for indexes in places.into_values().filter(|indexes| indexes.len() > 1) {
        // Insertion by swaps within the object's own places; batches are small and nearly sorted.
        for end in 1..indexes.len() {
            let mut at = end;
            while at > 0
                && entries[indexes[at - 1]].object_version > entries[indexes[at]].object_version
            {
                entries.swap(indexes[at - 1], indexes[at]);
                at -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_object_ascend_and_others_keep_their_places() {
        let entry = |object: &str, version| PendingEntry {
            id: format!("{object}{version}"),
            object_kind: "bill".to_owned(),
            object_id: object.to_owned(),
            object_version: version,
            canonical: Vec::new(),
        };
        let mut entries = vec![entry("a", 3), entry("b", 1), entry("a", 1), entry("a", 2)];
        ascend_versions(&mut entries);
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["a1", "b1", "a2", "a3"]);
    }
}
