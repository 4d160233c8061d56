//! The links' SQL.

use super::rules::{Kind, Link};
use crate::identity::credential::StoredToken;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};

const FIND: Sql = Sql::lookup("SELECT id, org_id FROM links WHERE token_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, org_id, kind, person_id, expires_us, used_us FROM links \
     WHERE org_id = $1 AND id = $2 AND token_hash = $3",
);
const OPEN_OF_KIND: Sql =
    Sql::lookup("SELECT id, org_id FROM links WHERE kind = $1 AND used_us IS NULL ORDER BY id");
const OPEN_OF_PERSON: Sql = Sql::read(
    "SELECT id FROM links WHERE org_id = $1 AND person_id = $2 AND used_us IS NULL ORDER BY id",
);
const OPEN_OF_PERSON_AND_KIND: Sql = Sql::read(
    "SELECT id FROM links WHERE org_id = $1 AND person_id = $2 AND kind = $3 AND used_us IS NULL ORDER BY id",
);
const BEGAN: Sql = Sql::read(
    "SELECT l.id, s.id FROM links l JOIN sessions s ON s.org_id = l.org_id AND s.person_id = l.person_id \
     AND s.created_us = l.used_us WHERE l.org_id = $1 AND l.person_id = $2 AND s.id = $3 AND l.kind = $4 ORDER BY l.id",
);
const INSERT: Sql = Sql::change(
    "links",
    "INSERT INTO links (org_id, id, kind, token_hash, person_id, created_us, expires_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
);
const SPEND: Sql = Sql::change(
    "links",
    "UPDATE links SET used_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND used_us IS NULL AND expires_us > $4 RETURNING id",
);

/// Where a link lies. Nothing of it counts before it was loaded and checked there.
pub(super) fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<(CredentialId, OrgId)>, StoreError> {
    lookup.maybe(&FIND, params![token])
}

/// The link, if it is still this one; `Forged` where its row is not ours.
pub(super) fn load(
    reads: &mut impl Reads,
    id: CredentialId,
    token: StoredToken,
) -> Result<Option<Link>, StoreError> {
    let found = reads.maybe(&LOAD, params![id, token])?;
    if found.is_some() {
        reads.authentic("links", id)?;
    }
    Ok(found)
}

pub(in crate::identity) fn open_of_kind(
    lookup: &mut Lookup<'_>,
    kind: Kind,
) -> Result<Vec<(CredentialId, OrgId)>, StoreError> {
    lookup.all(&OPEN_OF_KIND, params![kind])
}

pub(in crate::identity) fn open_of_person(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<CredentialId>, StoreError> {
    let rows: Vec<(CredentialId,)> = reads.all(&OPEN_OF_PERSON, params![person])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(in crate::identity) fn open_of_person_and_kind(
    reads: &mut impl Reads,
    person: PersonId,
    kind: Kind,
) -> Result<Vec<CredentialId>, StoreError> {
    let rows: Vec<(CredentialId,)> = reads.all(&OPEN_OF_PERSON_AND_KIND, params![person, kind])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether the session began in the very transaction in which a link to a new factor was used.
pub(in crate::identity) fn began(
    reads: &mut impl Reads,
    person: PersonId,
    session: CredentialId,
) -> Result<bool, StoreError> {
    let found: Option<(CredentialId, CredentialId)> =
        reads.maybe(&BEGAN, params![person, session, Kind::NewFactor])?;
    let Some((link, session)) = found else {
        return Ok(false);
    };
    reads.authentic("links", link)?;
    reads.authentic("sessions", session)?;
    Ok(true)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: CredentialId,
    kind: Kind,
    token: StoredToken,
    person: Option<PersonId>,
    expires: Micros,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, kind, token, person, now, expires])
}

pub(super) fn spend(
    tx: &mut Tx<'_>,
    id: CredentialId,
    good_after: Micros,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&SPEND, params![id, now, good_after])
}
