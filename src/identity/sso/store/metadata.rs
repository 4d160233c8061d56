//! What identity providers last said of themselves: SAML's metadata, or an OpenID provider's description with its keys.

use crate::identity::sso::ConnectionId;
use crate::platform::clock::Micros;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT address, document, fetched_us, version FROM sso_metadata WHERE org_id = $1 AND id = $2",
);
const INSERT: Sql = Sql::change(
    "sso_metadata",
    "INSERT INTO sso_metadata (org_id, id, address, document, fetched_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const REPLACE: Sql = Sql::change(
    "sso_metadata",
    "UPDATE sso_metadata SET address = $3, document = $4, fetched_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $6 RETURNING id",
);

row! {
    /// What an identity provider said last.
    #[derive(Debug, Clone)]
    pub(in crate::identity::sso) struct Kept {
        pub address: String,
        pub document: Vec<u8>,
        pub fetched: Micros,
        pub version: i64,
    }
}

/// What was fetched for a connection; `Forged` where it is not what was fetched.
pub(in crate::identity::sso) fn find(
    reads: &mut impl Reads,
    connection: ConnectionId,
) -> Result<Option<Kept>, StoreError> {
    let kept: Option<Kept> = reads.maybe(&FIND, params![connection])?;
    if kept.is_some() {
        reads.authentic("sso_metadata", connection)?;
    }
    Ok(kept)
}

/// Keeps what was fetched in the place of what was.
pub(in crate::identity::sso) fn keep(
    tx: &mut Tx<'_>,
    connection: ConnectionId,
    (address, document): (&str, &[u8]),
    before: Option<&Kept>,
) -> Result<(), StoreError> {
    let now = tx.now();
    match before {
        None => tx.change_one(&INSERT, params![connection, address, document, now]),
        Some(kept) => tx.change_one(
            &REPLACE,
            params![connection, address, document, now, kept.version],
        ),
    }
}
