//! The sessions' SQL.

use std::fmt;

use super::rules::{Life, Stage};
use crate::identity::access::{Grant, HumanId, Right, Role};
use crate::identity::credential::StoredToken;
use crate::identity::organisations::EntityId;
use crate::identity::roles;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Housekeeping, Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::lookup("SELECT id, org_id FROM sessions WHERE token_hash = $1");
const FIND_FORMER: Sql = Sql::lookup("SELECT id, org_id FROM sessions WHERE former_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, org_id, person_id, stage, created_us, factor_us, expires_us, ended_us, token_hash, rights_mark FROM sessions \
     WHERE org_id = $1 AND id = $2 AND (token_hash = $3 OR (former_hash = $3 AND former_until_us > $4))",
);
const CONTEXT: Sql = Sql::read(
    "SELECT p.human_id, p.name, p.email, p.locale, p.status, p.kind, o.name, o.slug, o.time_zone, \
     (SELECT a.last_seen_us FROM session_activity a WHERE a.org_id = $1 AND a.session_id = $3) \
     FROM people p JOIN organisations o ON o.id = p.org_id WHERE p.org_id = $1 AND p.id = $2",
);
const GRANTS: Sql = Sql::read(
    "SELECT id, role, entity_id FROM role_grants \
     WHERE org_id = $1 AND person_id = $2 AND revoked_us IS NULL ORDER BY role, id",
);
const TOUCH: Sql = Sql::housekeeping(
    "session_activity",
    "INSERT INTO session_activity (org_id, session_id, last_seen_us) VALUES ($1, $2, $3) \
     ON CONFLICT (session_id) DO UPDATE SET last_seen_us = excluded.last_seen_us RETURNING session_id",
);
const INSERT: Sql = Sql::change(
    "sessions",
    "INSERT INTO sessions (org_id, id, token_hash, person_id, stage, device, address, created_us, factor_us, expires_us, \
     not_after_us, rights_mark, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) RETURNING id",
);
const PROMOTE: Sql = Sql::change(
    "sessions",
    "UPDATE sessions SET token_hash = $3, stage = $4, factor_us = $5, expires_us = $6, rights_mark = $8, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND stage = $7 AND ended_us IS NULL RETURNING id",
);
const SHOW_FACTOR: Sql = Sql::change(
    "sessions",
    "UPDATE sessions SET factor_us = $3, token_hash = $4, rights_mark = $6, former_hash = NULL, former_until_us = NULL, \
     version = version + 1 WHERE org_id = $1 AND id = $2 AND stage = $5 AND ended_us IS NULL RETURNING id",
);
const RENEW: Sql = Sql::change(
    "sessions",
    "UPDATE sessions SET token_hash = $3, rights_mark = $4, former_hash = $5, former_until_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND token_hash = $8 AND stage = $7 AND ended_us IS NULL RETURNING id",
);
const END: Sql = Sql::change(
    "sessions",
    "UPDATE sessions SET ended_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND ended_us IS NULL RETURNING id",
);
const OPEN_OF_PERSON: Sql = Sql::read(
    "SELECT id, version FROM sessions WHERE org_id = $1 AND person_id = $2 AND ended_us IS NULL AND expires_us > $3 \
     ORDER BY id",
);
const FACTOR_AT: Sql = Sql::read("SELECT factor_us FROM sessions WHERE org_id = $1 AND id = $2");
const NOT_AFTER: Sql = Sql::read("SELECT not_after_us FROM sessions WHERE org_id = $1 AND id = $2");
const PERSON: Sql = Sql::read("SELECT person_id FROM sessions WHERE org_id = $1 AND id = $2");
const VERSION: Sql = Sql::read("SELECT version FROM sessions WHERE org_id = $1 AND id = $2");

row! {
    /// A session found by its token.
    #[derive(Debug, Clone)]
    pub(super) struct Found {
        pub id: CredentialId,
        pub organisation: OrgId,
        pub person: PersonId,
        pub stage: Stage,
        pub created: Micros,
        pub factor_at: Option<Micros>,
        pub expires: Micros,
        pub ended: Option<Micros>,
        /// The token it has now: whoever came by another came by the one before.
        pub token: StoredToken,
        /// What its person might do when she got that token.
        pub mark: Option<Vec<u8>>,
    }
}

impl Found {
    pub(super) fn life(&self, last_seen: Option<Micros>) -> Life {
        Life {
            created: self.created,
            expires: self.expires,
            ended: self.ended,
            last_seen,
        }
    }
}

row! {
    /// Who a session belongs to.
    #[derive(Clone)]
    pub(super) struct Context {
        pub human: HumanId,
        pub name: String,
        pub email: String,
        pub locale: Option<String>,
        pub status: String,
        /// None for a person's.
        pub kind: Option<String>,
        pub organisation_name: String,
        pub organisation_slug: String,
        pub time_zone: String,
        pub last_seen: Option<Micros>,
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// Where the session of a token lies. Nothing of it counts before it was loaded and checked there.
pub(super) fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<(CredentialId, OrgId)>, StoreError> {
    match lookup.maybe(&FIND, params![token])? {
        None => lookup.maybe(&FIND_FORMER, params![token]),
        found => Ok(found),
    }
}

/// The session, if it is still the one of this token, or was a moment ago; `Forged` where it is not ours.
pub(super) fn load(
    reads: &mut impl Reads,
    (id, token): (CredentialId, StoredToken),
    now: Micros,
) -> Result<Option<Found>, StoreError> {
    let found = reads.maybe(&LOAD, params![id, token, now])?;
    if found.is_some() {
        reads.authentic("sessions", id)?;
    }
    Ok(found)
}

/// Who the session's person is; `Forged` where her row is not ours.
pub(super) fn context(
    reads: &mut impl Reads,
    person: PersonId,
    session: CredentialId,
) -> Result<Option<Context>, StoreError> {
    let found = reads.maybe(&CONTEXT, params![person, session])?;
    if found.is_some() {
        reads.authentic("people", person)?;
    }
    Ok(found)
}

/// What a person holds, and where; `Forged` where one of it was not granted by us.
pub(in crate::identity) fn grants(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<Grant>, StoreError> {
    let rows: Vec<(CredentialId, Role, Option<EntityId>)> = reads.all(&GRANTS, params![person])?;
    let mut grants = Vec::with_capacity(rows.len());
    for (id, role, entity) in rows {
        reads.authentic("role_grants", id)?;
        let grant = Grant { role, entity };
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    Ok(grants)
}

/// The same with what each grant gives at this moment.
pub(in crate::identity) fn rights(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<Right>, StoreError> {
    let grants = grants(reads, person)?;
    roles::rights(reads, &grants)
}

pub(super) fn touch(
    housekeeping: &mut Housekeeping<'_>,
    session: CredentialId,
    now: Micros,
) -> Result<(), StoreError> {
    housekeeping.run(&TOUCH, params![session, now]).map(drop)
}

/// A session to be made.
#[derive(Debug, Clone)]
pub(super) struct New<'a> {
    pub id: CredentialId,
    pub token: StoredToken,
    pub person: PersonId,
    pub stage: Stage,
    pub device: &'a str,
    pub address: &'a str,
    pub factor_at: Option<Micros>,
    pub expires: Micros,
    pub not_after: Option<Micros>,
    pub mark: Option<Vec<u8>>,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.token,
            new.person,
            new.stage,
            new.device,
            new.address,
            now,
            new.factor_at,
            new.expires,
            new.not_after,
            new.mark.clone()
        ],
    )
}

/// When whoever vouched for a session's person ends theirs; `Forged` where its row is not ours.
pub(super) fn not_after(
    reads: &mut impl Reads,
    id: CredentialId,
) -> Result<Option<Micros>, StoreError> {
    let (not_after,): (Option<Micros>,) = reads.one(&NOT_AFTER, params![id])?;
    reads.authentic("sessions", id)?;
    Ok(not_after)
}

/// Moves a session on from the stage `from`; `Missing` where somebody else did so first.
pub(super) fn promote(
    tx: &mut Tx<'_>,
    id: CredentialId,
    (token, mark): (StoredToken, Option<Vec<u8>>),
    (from, to): (Stage, Stage),
    factor_at: Option<Micros>,
    expires: Micros,
) -> Result<(), StoreError> {
    // A change renews the row's code, so that a forged row must not get here.
    tx.authentic("sessions", id)?;
    let row = params![id, token, to, factor_at, expires, from, mark];
    tx.change_one(&PROMOTE, row)
}

/// Notes that the factor was shown again in a full session, which has another token from now on; `Stale` where it has ended.
pub(super) fn show_factor(
    tx: &mut Tx<'_>,
    id: CredentialId,
    (token, mark): (StoredToken, Option<Vec<u8>>),
) -> Result<(), StoreError> {
    let now = tx.now();
    let row = params![id, now, token, Stage::Full, mark];
    tx.change_one(&SHOW_FACTOR, row)
}

/// Gives a full session another token and lets the one before count until then; false where it has another already, or has ended.
pub(super) fn renew(
    tx: &mut Tx<'_>,
    id: CredentialId,
    (was, token): (StoredToken, StoredToken),
    (mark, until): (Vec<u8>, Micros),
) -> Result<bool, StoreError> {
    let row = params![id, token, mark, was, until, Stage::Full, was];
    Ok(tx.change(&RENEW, row)? == 1)
}

/// Ends a session; false where it had ended before.
pub(super) fn end(tx: &mut Tx<'_>, id: CredentialId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.change(&END, params![id, now])? == 1)
}

pub(super) fn open_of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<(CredentialId, i64)>, StoreError> {
    let now = tx.now();
    tx.all(&OPEN_OF_PERSON, params![person, now])
}

/// When a factor was shown in a session; `Forged` where its row is not ours.
pub(in crate::identity) fn factor_of(
    reads: &mut impl Reads,
    id: CredentialId,
) -> Result<Option<Micros>, StoreError> {
    let (shown,): (Option<Micros>,) = reads.one(&FACTOR_AT, params![id])?;
    reads.authentic("sessions", id)?;
    Ok(shown)
}

/// Whose session it is; `Forged` where its row is not ours.
pub(super) fn person_of(reads: &mut impl Reads, id: CredentialId) -> Result<PersonId, StoreError> {
    let (person,): (PersonId,) = reads.one(&PERSON, params![id])?;
    reads.authentic("sessions", id)?;
    Ok(person)
}

pub(super) fn version(reads: &mut impl Reads, id: CredentialId) -> Result<i64, StoreError> {
    let (version,): (i64,) = reads.one(&VERSION, params![id])?;
    Ok(version)
}
