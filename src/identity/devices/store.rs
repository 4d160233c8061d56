//! The devices' SQL.

use crate::identity::credential::StoredToken;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};

const FIND: Sql = Sql::lookup("SELECT id, org_id FROM known_devices WHERE token_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT person_id FROM known_devices \
     WHERE org_id = $1 AND id = $2 AND token_hash = $3 AND ended_us IS NULL AND created_us > $4",
);
const OPEN_OF_PERSON: Sql = Sql::read(
    "SELECT id FROM known_devices WHERE org_id = $1 AND person_id = $2 AND ended_us IS NULL ORDER BY id",
);
const LIST: Sql = Sql::read(
    "SELECT id, created_us FROM known_devices \
     WHERE org_id = $1 AND person_id = $2 AND ended_us IS NULL AND created_us > $3 ORDER BY id DESC",
);
const EVER_OF_PERSON: Sql = Sql::read(
    "SELECT id FROM known_devices WHERE org_id = $1 AND person_id = $2 ORDER BY id LIMIT 1",
);
const INSERT: Sql = Sql::change(
    "known_devices",
    "INSERT INTO known_devices (org_id, id, person_id, token_hash, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const END: Sql = Sql::change(
    "known_devices",
    "UPDATE known_devices SET ended_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND ended_us IS NULL RETURNING id",
);

/// Where the device of a token lies. Nothing of it counts before it was loaded and checked there.
pub(super) fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<(CredentialId, OrgId)>, StoreError> {
    lookup.maybe(&FIND, params![token])
}

/// Whose device it is, if it still is one; `Forged` where its row is not ours.
pub(super) fn load(
    reads: &mut impl Reads,
    id: CredentialId,
    token: StoredToken,
    since: Micros,
) -> Result<Option<PersonId>, StoreError> {
    let found: Option<(PersonId,)> = reads.maybe(&LOAD, params![id, token, since])?;
    let Some((person,)) = found else {
        return Ok(None);
    };
    reads.authentic("known_devices", id)?;
    Ok(Some(person))
}

pub(super) fn open_of_person(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<CredentialId>, StoreError> {
    let rows: Vec<(CredentialId,)> = reads.all(&OPEN_OF_PERSON, params![person])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Her devices that were remembered after `since`, the newest first, each with its moment.
pub(super) fn list(
    reads: &mut impl Reads,
    person: PersonId,
    since: Micros,
) -> Result<Vec<(CredentialId, Micros)>, StoreError> {
    reads.all(&LIST, params![person, since])
}

/// Whether any device was ever remembered for her.
pub(super) fn had_one(reads: &mut impl Reads, person: PersonId) -> Result<bool, StoreError> {
    let row: Option<(CredentialId,)> = reads.maybe(&EVER_OF_PERSON, params![person])?;
    Ok(row.is_some())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: CredentialId,
    person: PersonId,
    token: StoredToken,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, person, token, now])
}

/// False where it had ended before.
pub(super) fn end(tx: &mut Tx<'_>, id: CredentialId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.change(&END, params![id, now])? == 1)
}
