//! Directories and their tokens.

use crate::identity::access::HumanId;
use crate::identity::credential::StoredToken;
use crate::identity::provisioning::DirectoryId;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Housekeeping, Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row, text_enum};

const INSERT_DIRECTORY: Sql = Sql::change(
    "directories",
    "INSERT INTO directories (org_id, id, name, created_us, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const DIRECTORIES: Sql =
    Sql::read("SELECT id, name FROM directories WHERE org_id = $1 ORDER BY id");
const DIRECTORY: Sql = Sql::read("SELECT id, name FROM directories WHERE org_id = $1 AND id = $2");
const FIND: Sql = Sql::lookup("SELECT id, org_id FROM directory_tokens WHERE token_hash = $1");
const LOAD: Sql = Sql::read(
    "SELECT id, directory_id, state, proposed_by_id, proposed_human_id, created_us, confirm_until_us, expires_us, decided_by_id, \
     decided_us, version FROM directory_tokens WHERE org_id = $1 AND id = $2 AND token_hash = $3",
);
const TOKEN: Sql = Sql::read(
    "SELECT id, directory_id, state, proposed_by_id, proposed_human_id, created_us, confirm_until_us, expires_us, decided_by_id, \
     decided_us, version FROM directory_tokens WHERE org_id = $1 AND id = $2",
);
const TOKENS: Sql = Sql::read(
    "SELECT id, directory_id, state, proposed_by_id, proposed_human_id, created_us, confirm_until_us, expires_us, decided_by_id, \
     decided_us, version FROM directory_tokens WHERE org_id = $1 ORDER BY id DESC",
);
const INSERT: Sql = Sql::change(
    "directory_tokens",
    "INSERT INTO directory_tokens (org_id, id, directory_id, token_hash, state, proposed_by_id, proposed_human_id, created_us, \
     confirm_until_us, expires_us, decided_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "directory_tokens",
    "UPDATE directory_tokens SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $6 RETURNING id",
);
const LAST_USED: Sql =
    Sql::read("SELECT token_id, last_used_us FROM directory_token_activity WHERE org_id = $1");
const TOUCH: Sql = Sql::housekeeping(
    "directory_token_activity",
    "INSERT INTO directory_token_activity (org_id, token_id, last_used_us) VALUES ($1, $2, $3) \
     ON CONFLICT (token_id) DO UPDATE SET last_used_us = excluded.last_used_us RETURNING token_id",
);

text_enum! {
    /// Where a token stands.
    pub enum State {
        /// Waits for a second administrator.
        Open = "open",
        Confirmed = "confirmed",
        /// Confirmed by nobody else: nobody else administered the organisation.
        Alone = "alone",
        Refused = "refused",
        Revoked = "revoked",
    }
}

row! {
    /// Whatever sends people.
    #[derive(Debug, Clone)]
    pub struct Directory {
        pub id: DirectoryId,
        pub name: String,
    }
}

row! {
    /// By what a directory shows who it is.
    #[derive(Debug, Clone)]
    pub struct Token {
        pub id: CredentialId,
        pub directory: DirectoryId,
        pub state: State,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub confirm_until: Micros,
        pub expires: Micros,
        pub decided_by: Option<PersonId>,
        pub decided: Option<Micros>,
        pub version: i64,
    }
}

impl Token {
    /// Whether it lets the directory in.
    #[must_use]
    pub fn works(&self, now: Micros) -> bool {
        matches!(self.state, State::Confirmed | State::Alone) && now < self.expires
    }

    /// Whether somebody can still confirm it.
    #[must_use]
    pub fn is_open(&self, now: Micros) -> bool {
        self.state == State::Open && now < self.confirm_until && now < self.expires
    }
}

pub fn insert_directory(tx: &mut Tx<'_>, id: DirectoryId, name: &str) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT_DIRECTORY, params![id, name, now])
}

/// By age.
pub fn directories(reads: &mut impl Reads) -> Result<Vec<Directory>, StoreError> {
    reads.all(&DIRECTORIES, [])
}

/// `Missing` where there is none of this id.
pub fn directory(reads: &mut impl Reads, id: DirectoryId) -> Result<Directory, StoreError> {
    reads.one(&DIRECTORY, params![id])
}

/// Where a token lies. Nothing of it counts before it was loaded and checked there.
pub fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<(CredentialId, OrgId)>, StoreError> {
    lookup.maybe(&FIND, params![token])
}

/// The token, if it is still this one; `Forged` where its row is not ours.
pub fn load(
    reads: &mut impl Reads,
    id: CredentialId,
    token: StoredToken,
) -> Result<Option<Token>, StoreError> {
    let found: Option<Token> = reads.maybe(&LOAD, params![id, token])?;
    if let Some(found) = &found {
        reads.authentic("directory_tokens", id)?;
        reads.authentic("directories", found.directory)?;
    }
    Ok(found)
}

/// A token that somebody is about to decide on; `Forged` where it is not what was proposed.
pub fn authentic(reads: &mut impl Reads, id: CredentialId) -> Result<Token, StoreError> {
    let token = reads.one(&TOKEN, params![id])?;
    reads.authentic("directory_tokens", id)?;
    Ok(token)
}

/// The newest first.
pub fn list(reads: &mut impl Reads) -> Result<Vec<Token>, StoreError> {
    reads.all(&TOKENS, [])
}

/// A token to be made.
#[derive(Debug)]
pub struct New {
    pub id: CredentialId,
    pub directory: DirectoryId,
    pub token: StoredToken,
    pub state: State,
    pub by: (PersonId, HumanId),
    pub confirm_until: Micros,
    pub expires: Micros,
}

pub fn insert(tx: &mut Tx<'_>, new: &New) -> Result<(), StoreError> {
    let now = tx.now();
    let decided = (new.state != State::Open).then_some(now);
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.directory,
            new.token,
            new.state,
            new.by.0,
            new.by.1,
            now,
            new.confirm_until,
            new.expires,
            decided
        ],
    )
}

/// Moves a token on; `Stale` where somebody was faster.
pub fn decide(tx: &mut Tx<'_>, token: &Token, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![token.id, state, by, now, token.version])
}

pub fn last_used(reads: &mut impl Reads) -> Result<Vec<(CredentialId, Micros)>, StoreError> {
    reads.all(&LAST_USED, [])
}

pub fn touch(
    housekeeping: &mut Housekeeping<'_>,
    token: CredentialId,
    now: Micros,
) -> Result<(), StoreError> {
    housekeeping.run(&TOUCH, params![token, now]).map(drop)
}
