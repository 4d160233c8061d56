//! The tokens' SQL.

use crate::identity::access::HumanId;
use crate::identity::credential::StoredToken;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::lookup("SELECT id, org_id FROM api_tokens WHERE token_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, org_id, person_id, permissions, expires_us, revoked_us FROM api_tokens \
     WHERE org_id = $1 AND id = $2 AND token_hash = $3",
);
const HOLDER: Sql =
    Sql::read("SELECT human_id, status, locale FROM people WHERE org_id = $1 AND id = $2");

row! {
    /// A token found by its hash.
    #[derive(Debug, Clone)]
    pub(super) struct Found {
        pub id: CredentialId,
        pub organisation: OrgId,
        pub person: PersonId,
        pub permissions: String,
        pub expires: Micros,
        pub revoked: Option<Micros>,
    }
}

row! {
    /// The person a token acts for.
    #[derive(Debug, Clone)]
    pub(super) struct Holder {
        pub human: HumanId,
        pub status: String,
        pub locale: Option<String>,
    }
}

/// Where a token lies. Nothing of it counts before it was loaded and checked there.
pub(super) fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<(CredentialId, OrgId)>, StoreError> {
    lookup.maybe(&FIND, params![token])
}

/// The token, if it is still this one; `Forged` where its row is not ours.
pub(super) fn load(
    reads: &mut impl Reads,
    id: CredentialId,
    token: StoredToken,
) -> Result<Option<Found>, StoreError> {
    let found = reads.maybe(&LOAD, params![id, token])?;
    if found.is_some() {
        reads.authentic("api_tokens", id)?;
    }
    Ok(found)
}

/// The person of a token; `Forged` where her row is not ours.
pub(super) fn holder(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Holder>, StoreError> {
    let found = reads.maybe(&HOLDER, params![person])?;
    if found.is_some() {
        reads.authentic("people", person)?;
    }
    Ok(found)
}

const INSERT: Sql = Sql::change(
    "api_tokens",
    "INSERT INTO api_tokens (org_id, id, token_hash, person_id, name, permissions, created_us, expires_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) RETURNING id",
);
const REVOKE: Sql = Sql::change(
    "api_tokens",
    "UPDATE api_tokens SET revoked_us = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND person_id = $3 AND revoked_us IS NULL RETURNING id",
);
const STANDING: Sql = Sql::read(
    "SELECT id FROM api_tokens WHERE org_id = $1 AND person_id = $2 AND revoked_us IS NULL AND expires_us > $3 ORDER BY id",
);
const LIST: Sql = Sql::read(
    "SELECT id, name, permissions, created_us, expires_us, revoked_us FROM api_tokens \
     WHERE org_id = $1 AND person_id = $2 ORDER BY id DESC",
);

row! {
    /// A token as its owner's list shows it.
    #[derive(Debug, Clone)]
    pub struct Listed {
        pub id: CredentialId,
        pub name: String,
        pub permissions: String,
        pub created: Micros,
        pub expires: Micros,
        pub revoked: Option<Micros>,
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    (id, token): (CredentialId, StoredToken),
    person: PersonId,
    (name, permissions): (&str, &str),
    expires: Micros,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![id, token, person, name, permissions, now, expires],
    )
}

/// Revokes a token of this person; `Missing` where it is not hers or was revoked before.
pub(super) fn revoke(
    tx: &mut Tx<'_>,
    id: CredentialId,
    person: PersonId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REVOKE, params![id, person, now])
}

/// Her tokens that still work.
pub(super) fn standing(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<CredentialId>, StoreError> {
    let now = tx.now();
    let rows: Vec<(CredentialId,)> = tx.all(&STANDING, params![person, now])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) fn list(reads: &mut impl Reads, person: PersonId) -> Result<Vec<Listed>, StoreError> {
    reads.all(&LIST, params![person])
}
