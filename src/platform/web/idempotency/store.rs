//! The keys' SQL.

use countersign_sealing::Sealed;

use crate::platform::clock::Micros;
use crate::platform::ids::CredentialId;
use crate::platform::store::{Housekeeping, Reads as _, Sql, StoreError};
use crate::{params, row};

const RESERVE: Sql = Sql::housekeeping(
    "idempotency_keys",
    "INSERT INTO idempotency_keys (org_id, credential_id, key_hash, request_digest, at_us) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (org_id, credential_id, key_hash) DO NOTHING RETURNING at_us",
);
const FIND: Sql = Sql::read(
    "SELECT request_digest, status, answer_sealed, at_us FROM idempotency_keys \
     WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3",
);
const ANSWER: Sql = Sql::housekeeping(
    "idempotency_keys",
    "UPDATE idempotency_keys SET status = $4, answer_sealed = $5 \
     WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3 AND status IS NULL RETURNING status",
);
const FORGET: Sql = Sql::housekeeping(
    "idempotency_keys",
    "DELETE FROM idempotency_keys \
     WHERE org_id = $1 AND credential_id = $2 AND key_hash = $3 AND status IS NULL RETURNING at_us",
);

/// Whose key it is, and its SHA-256.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub credential: CredentialId,
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
    let params = params![key.credential, key.hash, request, now];
    if !tx.run(&RESERVE, params)?.is_empty() {
        return Ok(None);
    }
    tx.one(&FIND, params![key.credential, key.hash]).map(Some)
}

pub(super) fn answer(
    tx: &mut Housekeeping<'_>,
    key: Key,
    status: u16,
    answer: &Sealed<String>,
) -> Result<(), StoreError> {
    let params = params![key.credential, key.hash, i64::from(status), answer.clone()];
    tx.run(&ANSWER, params).map(drop)
}

pub(super) fn forget(tx: &mut Housekeeping<'_>, key: Key) -> Result<(), StoreError> {
    tx.run(&FORGET, params![key.credential, key.hash]).map(drop)
}
