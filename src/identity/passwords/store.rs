//! The passwords' SQL.

use crate::params;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};

use super::actions::Hashed;

const FIND: Sql = Sql::read("SELECT id, phc FROM passwords WHERE org_id = $1 AND person_id = $2");
const VERSION: Sql =
    Sql::read("SELECT version FROM passwords WHERE org_id = $1 AND person_id = $2");
const INSERT: Sql = Sql::change(
    "passwords",
    "INSERT INTO passwords (org_id, id, person_id, phc, changed_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const REPLACE: Sql = Sql::change(
    "passwords",
    "UPDATE passwords SET phc = $3, changed_us = $4, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
);

/// The PHC string of a person's password; `Forged` where its row is not ours.
pub(in crate::identity) fn find(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Hashed>, StoreError> {
    let row: Option<(CredentialId, String)> = reads.maybe(&FIND, params![person])?;
    let Some((id, phc)) = row else {
        return Ok(None);
    };
    reads.authentic("passwords", id)?;
    Ok(Some(Hashed(phc)))
}

pub(in crate::identity) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashed: &Hashed,
) -> Result<(), StoreError> {
    let (id, now): (CredentialId, _) = (tx.id(), tx.now());
    tx.change_one(&INSERT, params![id, person, &hashed.0, now])
}

pub(in crate::identity) fn replace(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashed: &Hashed,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REPLACE, params![person, &hashed.0, now])
}

pub(in crate::identity) fn version(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<i64, StoreError> {
    let (version,): (i64,) = reads.one(&VERSION, params![person])?;
    Ok(version)
}
