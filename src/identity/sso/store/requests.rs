//! What an identity provider was asked, and what was accepted once. Any node takes what another gave.

use crate::identity::credential::StoredToken;
use crate::identity::sso::ConnectionId;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::{Lookup, Sql, StoreError};

const GIVE: Sql = Sql::claim(
    "sso_requests",
    "INSERT INTO sso_requests (id, org_id, connection_id, bound, detail, expires_us) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
);
const TAKE: Sql = Sql::claim(
    "sso_requests",
    "DELETE FROM sso_requests WHERE id = $1 AND org_id = $2 AND connection_id = $3 AND bound = $4 AND expires_us > $5 RETURNING detail",
);
const PURGE: Sql = Sql::claim(
    "sso_requests",
    "DELETE FROM sso_requests WHERE expires_us <= $1 RETURNING id",
);
const SEE: Sql = Sql::claim(
    "sso_seen",
    "INSERT INTO sso_seen (id, org_id, until_us) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id",
);
const FORGET: Sql = Sql::claim(
    "sso_seen",
    "DELETE FROM sso_seen WHERE until_us <= $1 RETURNING id",
);

/// What is asked, of whom, and in which browser.
#[derive(Debug, Clone)]
pub(in crate::identity::sso) struct Asked {
    pub state: StoredToken,
    pub organisation: OrgId,
    pub connection: ConnectionId,
    pub bound: String,
}

/// Keeps a request, and forgets those whose time is over.
pub(in crate::identity::sso) fn give(
    claim: &mut Lookup<'_>,
    asked: &Asked,
    detail: &str,
    (now, expires): (Micros, Micros),
) -> Result<(), StoreError> {
    claim.claim::<(String,)>(&PURGE, params![now])?;
    let row = params![
        asked.state.text(),
        asked.organisation,
        asked.connection,
        &asked.bound,
        detail,
        expires
    ];
    claim.claim::<(String,)>(&GIVE, row).map(drop)
}

/// Takes a request, so that nobody else can: its detail, if it was asked of this connection in this browser, and lately.
pub(in crate::identity::sso) fn take(
    claim: &mut Lookup<'_>,
    asked: &Asked,
    now: Micros,
) -> Result<Option<String>, StoreError> {
    let row = params![
        asked.state.text(),
        asked.organisation,
        asked.connection,
        &asked.bound,
        now
    ];
    let taken = claim.claim::<(String,)>(&TAKE, row)?;
    Ok(taken.into_iter().next().map(|(detail,)| detail))
}

/// Remembers that something was accepted; false where it was before. What is too old to be accepted is forgotten.
pub(in crate::identity::sso) fn see(
    claim: &mut Lookup<'_>,
    (organisation, what): (OrgId, &str),
    (now, until): (Micros, Micros),
) -> Result<bool, StoreError> {
    claim.claim::<(String,)>(&FORGET, params![now])?;
    let first = claim.claim::<(String,)>(&SEE, params![what, organisation, until])?;
    Ok(first.len() == 1)
}
