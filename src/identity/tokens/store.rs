//! The tokens' SQL.

use super::rules::ApiToken;
use crate::identity::access::HumanId;
use crate::identity::credential::StoredToken;
use crate::identity::people::Kind;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Housekeeping, Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::lookup("SELECT id, org_id FROM api_tokens WHERE token_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, org_id, person_id, permissions, expires_us, revoked_us, \
     (SELECT a.last_used_us FROM token_activity a WHERE a.org_id = $1 AND a.token_id = $2) \
     FROM api_tokens WHERE org_id = $1 AND id = $2 AND token_hash = $3",
);
const HOLDER: Sql =
    Sql::read("SELECT human_id, status, kind, locale FROM people WHERE org_id = $1 AND id = $2");

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
        pub last_used: Option<Micros>,
    }
}

row! {
    /// The person a token acts for.
    #[derive(Debug, Clone)]
    pub(super) struct Holder {
        pub human: HumanId,
        pub status: String,
        pub kind: Option<Kind>,
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
    "INSERT INTO api_tokens (org_id, id, token_hash, person_id, name, permissions, created_us, expires_us, last_four, made_by_id, \
     version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id",
);
const TOUCH: Sql = Sql::housekeeping(
    "token_activity",
    "INSERT INTO token_activity (org_id, token_id, last_used_us) VALUES ($1, $2, $3) \
     ON CONFLICT (token_id) DO UPDATE SET last_used_us = excluded.last_used_us RETURNING token_id",
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
    "SELECT t.id, t.name, t.permissions, t.created_us, t.expires_us, t.revoked_us, t.last_four, \
     (SELECT a.last_used_us FROM token_activity a WHERE a.org_id = $1 AND a.token_id = t.id) \
     FROM api_tokens t WHERE t.org_id = $1 AND t.person_id = $2 ORDER BY t.id DESC",
);

const UNTIL: Sql = Sql::read(
    "SELECT id, person_id, name FROM api_tokens WHERE org_id = $1 AND id = $2 AND revoked_us IS NULL AND expires_us = $3",
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
        /// The end of the token; none for one of before they were kept.
        pub last_four: Option<String>,
        pub last_used: Option<Micros>,
    }
}

impl Listed {
    /// Whether it works at this moment, as far as it is up to the token.
    #[must_use]
    pub fn works(&self, now: Micros) -> bool {
        self.revoked.is_none() && now < self.expires
    }
}

/// A token to be made.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub id: CredentialId,
    pub token: &'a ApiToken,
    pub person: PersonId,
    pub name: &'a str,
    pub permissions: &'a str,
    pub expires: Micros,
    /// Who made it, where that is not its holder.
    pub made_by: Option<PersonId>,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.token.0.stored(),
            new.person,
            new.name,
            new.permissions,
            now,
            new.expires,
            new.token.last_four(),
            new.made_by
        ],
    )
}

/// Notes when a token was used; whoever asks does so at most once a minute.
pub(super) fn touch(
    housekeeping: &mut Housekeeping<'_>,
    token: CredentialId,
    now: Micros,
) -> Result<(), StoreError> {
    housekeeping.run(&TOUCH, params![token, now]).map(drop)
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

/// Whose a token is that works until then, and what it is called; `Forged` where its row is not ours.
pub(in crate::identity) fn standing_until(
    reads: &mut impl Reads,
    id: CredentialId,
    ends: Micros,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let found: Option<(CredentialId, PersonId, String)> = reads.maybe(&UNTIL, params![id, ends])?;
    let Some((id, holder, name)) = found else {
        return Ok(None);
    };
    reads.authentic("api_tokens", id)?;
    Ok(Some((holder, name)))
}

pub(super) fn list(reads: &mut impl Reads, person: PersonId) -> Result<Vec<Listed>, StoreError> {
    reads.all(&LIST, params![person])
}
