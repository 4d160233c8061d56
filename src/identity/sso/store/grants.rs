//! Roles that a connection's mapping gave. They are rows of `role_grants` as any other; a row beside each says where it came
//! from, so that what people gave by hand is never taken by a mapping.

use crate::identity::access::Role;
use crate::identity::sso::ConnectionId;
use crate::params;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};

const MAPPED: Sql = Sql::read(
    "SELECT g.id, g.role, s.id FROM sso_grants s JOIN role_grants g ON g.org_id = s.org_id AND g.id = s.grant_id \
     WHERE s.org_id = $1 AND s.person_id = $2 AND s.connection_id = $3 AND g.revoked_us IS NULL ORDER BY g.id",
);
const GRANT: Sql = Sql::change(
    "role_grants",
    "INSERT INTO role_grants (org_id, id, person_id, role, granted_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const NOTE: Sql = Sql::change(
    "sso_grants",
    "INSERT INTO sso_grants (org_id, id, connection_id, grant_id, person_id, created_us) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
);
const REVOKE: Sql = Sql::change(
    "role_grants",
    "UPDATE role_grants SET revoked_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND revoked_us IS NULL RETURNING id",
);

/// The roles that a connection gave somebody and that she still has, each with its grant; `Forged` where a row is not ours.
pub(in crate::identity::sso) fn mapped(
    reads: &mut impl Reads,
    person: PersonId,
    connection: ConnectionId,
) -> Result<Vec<(CredentialId, Role)>, StoreError> {
    let rows: Vec<(CredentialId, Role, CredentialId)> =
        reads.all(&MAPPED, params![person, connection])?;
    for (_, _, note) in &rows {
        reads.authentic("sso_grants", *note)?;
    }
    Ok(rows.into_iter().map(|(id, role, _)| (id, role)).collect())
}

/// Gives a role, and notes which connection gave it.
pub(in crate::identity::sso) fn give(
    tx: &mut Tx<'_>,
    (person, role): (PersonId, Role),
    connection: ConnectionId,
) -> Result<(), StoreError> {
    let (grant, note, now): (CredentialId, CredentialId, _) = (tx.id(), tx.id(), tx.now());
    tx.change_one(&GRANT, params![grant, person, role, now])?;
    tx.change_one(&NOTE, params![note, connection, grant, person, now])
}

pub(in crate::identity::sso) fn revoke(
    tx: &mut Tx<'_>,
    grant: CredentialId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REVOKE, params![grant, now])
}
