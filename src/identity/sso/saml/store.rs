//! Our keys towards identity providers.

use countersign_sealing::Sealed;

use crate::identity::sso::{ConnectionId, SsoKeyId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const KEYS: Sql = Sql::read(
    "SELECT id, key_sealed, certificate, version FROM sso_keys \
     WHERE org_id = $1 AND connection_id = $2 AND retired_us IS NULL ORDER BY id",
);
const INSERT_KEY: Sql = Sql::change(
    "sso_keys",
    "INSERT INTO sso_keys (org_id, id, connection_id, key_sealed, certificate, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, 1) RETURNING id",
);
const RETIRE_KEY: Sql = Sql::change(
    "sso_keys",
    "UPDATE sso_keys SET retired_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND retired_us IS NULL RETURNING id",
);
row! {
    /// A key of ours. Its certificate is public.
    #[derive(Debug, Clone)]
    pub(super) struct Key {
        pub id: SsoKeyId,
        pub sealed: Sealed<Vec<u8>>,
        pub certificate: Vec<u8>,
        pub version: i64,
    }
}

/// Our keys towards a connection, the oldest first; `Forged` where one is not ours.
pub(super) fn keys(
    reads: &mut impl Reads,
    connection: ConnectionId,
) -> Result<Vec<Key>, StoreError> {
    let keys: Vec<Key> = reads.all(&KEYS, params![connection])?;
    for key in &keys {
        reads.authentic("sso_keys", key.id)?;
    }
    Ok(keys)
}

pub(super) fn insert_key(
    tx: &mut Tx<'_>,
    (id, connection): (SsoKeyId, ConnectionId),
    sealed: Sealed<Vec<u8>>,
    certificate: &[u8],
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT_KEY,
        params![id, connection, sealed, certificate, now],
    )
}

pub(super) fn retire_key(tx: &mut Tx<'_>, id: SsoKeyId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&RETIRE_KEY, params![id, now])
}
