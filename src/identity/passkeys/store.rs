//! The passkeys' SQL.

use std::fmt;

use super::rules::{Challenge, Made, Purpose};
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::lookup("SELECT org_id, person_id FROM passkeys WHERE credential_id = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, person_id, credential_id, public_key, sign_count, name, created_us, used_us, version FROM passkeys \
     WHERE org_id = $1 AND credential_id = $2 AND removed_us IS NULL",
);
const OF_PERSON: Sql = Sql::read(
    "SELECT id, person_id, credential_id, public_key, sign_count, name, created_us, used_us, version FROM passkeys \
     WHERE org_id = $1 AND person_id = $2 AND removed_us IS NULL ORDER BY id",
);
const ALL_OF: Sql = Sql::read(
    "SELECT id, removed_us FROM passkeys WHERE org_id = $1 AND person_id = $2 ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "passkeys",
    "INSERT INTO passkeys (org_id, id, person_id, credential_id, public_key, sign_count, name, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) RETURNING id",
);
const USE: Sql = Sql::change(
    "passkeys",
    "UPDATE passkeys SET sign_count = $3, used_us = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $5 AND removed_us IS NULL RETURNING id",
);
const RENAME: Sql = Sql::change(
    "passkeys",
    "UPDATE passkeys SET name = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $4 AND removed_us IS NULL RETURNING id",
);
const REMOVE: Sql = Sql::change(
    "passkeys",
    "UPDATE passkeys SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $4 AND removed_us IS NULL RETURNING id",
);
const GIVE: Sql = Sql::claim(
    "passkey_challenges",
    "INSERT INTO passkey_challenges (id, org_id, purpose, bound, expires_us) VALUES ($1, $2, $3, $4, $5) RETURNING id",
);
const TAKE: Sql = Sql::claim(
    "passkey_challenges",
    "DELETE FROM passkey_challenges WHERE id = $1 AND purpose = $2 AND bound = $3 AND expires_us > $4 RETURNING id",
);
const PURGE: Sql = Sql::claim(
    "passkey_challenges",
    "DELETE FROM passkey_challenges WHERE expires_us <= $1 RETURNING id",
);

row! {
    /// A passkey that stands.
    #[derive(Clone)]
    pub struct Passkey {
        pub id: CredentialId,
        pub person: PersonId,
        pub credential: Vec<u8>,
        pub key: Vec<u8>,
        pub counter: i64,
        pub name: String,
        pub created: Micros,
        pub used: Option<Micros>,
        pub version: i64,
    }
}

/// A name is for its person, not for a log.
impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passkey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Where the passkey of a credential lies. Nothing of it counts before it was loaded and checked there.
pub(super) fn find(
    lookup: &mut Lookup<'_>,
    credential: &[u8],
) -> Result<Option<(OrgId, PersonId)>, StoreError> {
    lookup.maybe(&FIND, params![credential.to_vec()])
}

/// The standing passkey of a credential; `Forged` where its row is not ours.
pub(super) fn load(
    reads: &mut impl Reads,
    credential: &[u8],
) -> Result<Option<Passkey>, StoreError> {
    let found: Option<Passkey> = reads.maybe(&LOAD, params![credential.to_vec()])?;
    if let Some(passkey) = &found {
        reads.authentic("passkeys", passkey.id)?;
    }
    Ok(found)
}

pub(super) fn of_person(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<Passkey>, StoreError> {
    reads.all(&OF_PERSON, params![person])
}

/// What she calls her passkeys, each with the moment in which it was made.
pub(in crate::identity) fn names(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<(String, Micros)>, StoreError> {
    let passkeys = of_person(reads, person)?.into_iter();
    Ok(passkeys
        .map(|passkey| (passkey.name, passkey.created))
        .collect())
}

/// How many passkeys somebody has and had.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Counted {
    pub standing: usize,
    pub removed: usize,
}

/// How many of a person's passkeys stand. Every one that she ever had must be ours: one that was taken away behind our back
/// would let her password alone set up another factor.
pub(in crate::identity) fn counted(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Counted, StoreError> {
    let all: Vec<(CredentialId, Option<Micros>)> = reads.all(&ALL_OF, params![person])?;
    for (id, _) in &all {
        reads.authentic("passkeys", *id)?;
    }
    let standing = all.iter().filter(|(_, removed)| removed.is_none()).count();
    Ok(Counted {
        standing,
        removed: all.len() - standing,
    })
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: CredentialId,
    person: PersonId,
    made: &Made,
    name: &str,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            id,
            person,
            made.credential.clone(),
            made.key.clone(),
            made.counter,
            name,
            now
        ],
    )
}

/// Remembers a use and the authenticator's counter; `Stale` where somebody was faster or it is removed.
pub(super) fn use_once(tx: &mut Tx<'_>, passkey: &Passkey, counter: i64) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&USE, params![passkey.id, counter, now, passkey.version])
}

pub(super) fn rename(tx: &mut Tx<'_>, passkey: &Passkey, name: &str) -> Result<(), StoreError> {
    tx.change_one(&RENAME, params![passkey.id, name, passkey.version])
}

pub(super) fn remove(tx: &mut Tx<'_>, passkey: &Passkey) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REMOVE, params![passkey.id, now, passkey.version])
}

/// Keeps a challenge, and forgets those whose time is over.
pub(super) fn give(
    claim: &mut Lookup<'_>,
    challenge: Challenge,
    (organisation, purpose, bound): (OrgId, Purpose, &str),
    (now, expires): (Micros, Micros),
) -> Result<(), StoreError> {
    claim.claim::<(String,)>(&PURGE, params![now])?;
    let row = params![
        challenge.stored(),
        organisation,
        purpose.as_str(),
        bound,
        expires
    ];
    claim.claim::<(String,)>(&GIVE, row).map(drop)
}

/// Takes a challenge, so that nobody else can; false where it was not given for this, or was taken, or is old.
pub(super) fn take(
    claim: &mut Lookup<'_>,
    challenge: Challenge,
    (purpose, bound): (Purpose, &str),
    now: Micros,
) -> Result<bool, StoreError> {
    let row = params![challenge.stored(), purpose.as_str(), bound, now];
    let taken = claim.claim::<(String,)>(&TAKE, row)?;
    Ok(taken.len() == 1)
}
