//! Arrivals that were refused lately.

use crate::identity::sso::ConnectionId;
use crate::identity::sso::rules::Reason;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;
use crate::platform::store::{Housekeeping, Reads, Sql, StoreError};
use crate::{params, row};

/// How many are kept for each connection.
const KEPT: i64 = 20;

const LIST: Sql = Sql::read(
    "SELECT id, at_us, reason, checks FROM sso_failures WHERE org_id = $1 AND connection_id = $2 ORDER BY at_us DESC, id DESC",
);
const NOTE: Sql = Sql::housekeeping(
    "sso_failures",
    "INSERT INTO sso_failures (org_id, id, connection_id, at_us, reason, checks) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (id) DO NOTHING RETURNING id",
);
const NEWEST: Sql = Sql::read(
    "SELECT id FROM sso_failures WHERE org_id = $1 AND connection_id = $2 ORDER BY at_us DESC, id DESC LIMIT $3",
);
const FORGET: Sql = Sql::housekeeping(
    "sso_failures",
    "DELETE FROM sso_failures WHERE org_id = $1 AND connection_id = $2 AND id < $3 RETURNING id",
);

row! {
    /// An arrival that was refused.
    #[derive(Debug, Clone)]
    pub struct Failure {
        /// The request's number, which the person was told.
        pub reference: RequestId,
        pub at: Micros,
        pub reason: Reason,
        /// What each check of the protocol found: JSON.
        pub checks: String,
    }
}

pub(in crate::identity::sso) fn list(
    reads: &mut impl Reads,
    connection: ConnectionId,
) -> Result<Vec<Failure>, StoreError> {
    reads.all(&LIST, params![connection])
}

/// Notes a failure, and forgets all but the newest of the connection.
pub(in crate::identity::sso) fn note(
    tx: &mut Housekeeping<'_>,
    connection: ConnectionId,
    failure: &Failure,
) -> Result<(), StoreError> {
    let Failure {
        reference,
        at,
        reason,
        checks,
    } = failure;
    tx.run(&NOTE, params![*reference, connection, *at, *reason, checks])?;
    // Ids ascend with time.
    let newest: Vec<(String,)> = tx.all(&NEWEST, params![connection, KEPT])?;
    if let (KEPT, Some((oldest,))) = (newest.len() as i64, newest.last()) {
        tx.run(&FORGET, params![connection, oldest])?;
    }
    Ok(())
}
