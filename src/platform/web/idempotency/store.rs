//! The keys' SQL.

use countersign_sealing::Sealed;

use crate::platform::clock::Micros;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::store::{Housekeeping, Lookup, Reads as _, Sql, StoreError};
use crate::{params, row};

const RESERVE: Sql = Sql::housekeeping(
    "idempotency_keys",
    "INSERT INTO idempotency_keys (org_id, person_id, key_hash, request_digest, at_us) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (org_id, person_id, key_hash) DO NOTHING RETURNING at_us",
);
const FIND: Sql = Sql::read(
    "SELECT request_digest, status, answer_sealed, at_us FROM idempotency_keys \
     WHERE org_id = $1 AND person_id = $2 AND key_hash = $3",
);
const ANSWER: Sql = Sql::housekeeping(
    "idempotency_keys",
    "UPDATE idempotency_keys SET status = $4, answer_sealed = $5 \
     WHERE org_id = $1 AND person_id = $2 AND key_hash = $3 AND status IS NULL RETURNING status",
);
const FORGET: Sql = Sql::housekeeping(
    "idempotency_keys",
    "DELETE FROM idempotency_keys \
     WHERE org_id = $1 AND person_id = $2 AND key_hash = $3 AND status IS NULL RETURNING at_us",
);

const PURGE: Sql = Sql::housekeeping(
    "idempotency_keys",
    "DELETE FROM idempotency_keys WHERE org_id = $1 AND at_us < $2 RETURNING at_us",
);
const ORGANISATIONS: Sql =
    Sql::lookup("SELECT id FROM organisations WHERE id > $1 ORDER BY id LIMIT 500");

/// Whose key it is, and its SHA-256.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub person: PersonId,
    pub hash: [u8; 32],
}

row! {
    /// What is known of a key that was used before. Status and answer are there once the work was done.
    #[derive(Debug)]
    pub(super) struct Kept {
        pub request: [u8; 32],
        pub status: Option<i64>,
        pub answer: Option<Sealed<String>>,
        pub at: Micros,
    }
}

/// None: the key is ours now. Some: what was kept under it.
pub(super) fn reserve(
    tx: &mut Housekeeping<'_>,
    key: Key,
    request: [u8; 32],
    now: Micros,
) -> Result<Option<Kept>, StoreError> {
    let params = params![key.person, key.hash, request, now];
    if !tx.run(&RESERVE, params)?.is_empty() {
        return Ok(None);
    }
    tx.one(&FIND, params![key.person, key.hash]).map(Some)
}

pub(super) fn answer(
    tx: &mut Housekeeping<'_>,
    key: Key,
    status: u16,
    answer: &Sealed<String>,
) -> Result<(), StoreError> {
    let params = params![key.person, key.hash, i64::from(status), answer.clone()];
    tx.run(&ANSWER, params).map(drop)
}

pub(super) fn forget(tx: &mut Housekeeping<'_>, key: Key) -> Result<(), StoreError> {
    tx.run(&FORGET, params![key.person, key.hash]).map(drop)
}

/// Forgets keys that were first used before `until`; gives how many.
pub(super) fn purge(tx: &mut Housekeeping<'_>, until: Micros) -> Result<usize, StoreError> {
    Ok(tx.run(&PURGE, params![until])?.len())
}

/// The next organisations by their ids.
pub(super) fn organisations(
    lookup: &mut Lookup<'_>,
    after: &str,
) -> Result<Vec<OrgId>, StoreError> {
    let found: Vec<(OrgId,)> = lookup.all(&ORGANISATIONS, params![after])?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
