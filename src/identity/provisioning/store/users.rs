//! Users as their directory describes them.

use crate::identity::provisioning::rules::Object;
use crate::identity::provisioning::{DirectoryId, UserId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, person_id, external_id, attributes, inactive_us, suspended_us, created_us, changed_us, version \
     FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND id = $3 AND deleted_us IS NULL",
);
const BY_NAME: Sql = Sql::read(
    "SELECT id, person_id, external_id, attributes, inactive_us, suspended_us, created_us, changed_us, version \
     FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND user_name_key = $3 AND deleted_us IS NULL ORDER BY id",
);
const BY_EXTERNAL_ID: Sql = Sql::read(
    "SELECT id, person_id, external_id, attributes, inactive_us, suspended_us, created_us, changed_us, version \
     FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND external_id = $3 AND deleted_us IS NULL ORDER BY id",
);
const ALL: Sql = Sql::read(
    "SELECT id, person_id, external_id, attributes, inactive_us, suspended_us, created_us, changed_us, version \
     FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND deleted_us IS NULL ORDER BY id",
);
const SOME: Sql = Sql::read(
    "SELECT id, person_id, external_id, attributes, inactive_us, suspended_us, created_us, changed_us, version \
     FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND deleted_us IS NULL ORDER BY id LIMIT $3 OFFSET $4",
);
const COUNT: Sql = Sql::read(
    "SELECT COUNT(*) FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND deleted_us IS NULL",
);
const WAITING: Sql = Sql::read(
    "SELECT COUNT(*) FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND person_id IS NULL AND inactive_us IS NULL \
     AND deleted_us IS NULL",
);
const INSERT: Sql = Sql::change(
    "directory_users",
    "INSERT INTO directory_users (org_id, id, directory_id, person_id, user_name_key, external_id, attributes, inactive_us, \
     created_us, changed_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1) RETURNING id",
);
const UPDATE: Sql = Sql::change(
    "directory_users",
    "UPDATE directory_users SET person_id = $3, user_name_key = $4, external_id = $5, attributes = $6, inactive_us = $7, \
     suspended_us = $8, changed_us = $9, deleted_us = $10, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $11 AND deleted_us IS NULL RETURNING id",
);
// Of this directory, deleted or not: whose account it is that has an address already.
const OF_PERSON: Sql = Sql::read(
    "SELECT id, suspended_us, deleted_us FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND person_id = $3 ORDER BY id DESC",
);
const IDS: Sql = Sql::read(
    "SELECT id FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND deleted_us IS NULL",
);
const WITH_PEOPLE: Sql = Sql::read(
    "SELECT person_id FROM directory_users WHERE org_id = $1 AND directory_id = $2 AND person_id IS NOT NULL AND deleted_us IS NULL",
);

row! {
    /// A user, not deleted.
    #[derive(Debug, Clone)]
    pub struct User {
        pub id: UserId,
        /// Her account.
        pub person: Option<PersonId>,
        pub external_id: Option<String>,
        /// JSON.
        pub attributes: String,
        pub inactive: Option<Micros>,
        /// When the directory suspended the account.
        pub suspended: Option<Micros>,
        pub created: Micros,
        pub changed: Micros,
        pub version: i64,
    }
}

impl User {
    /// What the directory said last of every attribute that is kept.
    #[must_use]
    pub fn object(&self) -> Object {
        serde_json::from_str(&self.attributes).unwrap_or_default()
    }
}

/// Two spellings of one user name are one (RFC 7643, 4.1.1: not case exact).
#[must_use]
pub fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// `Missing` where this directory has no such user (any more).
pub fn find(
    reads: &mut impl Reads,
    directory: DirectoryId,
    id: UserId,
) -> Result<User, StoreError> {
    reads.one(&FIND, params![directory, id])
}

pub fn by_name(
    reads: &mut impl Reads,
    directory: DirectoryId,
    name: &str,
) -> Result<Vec<User>, StoreError> {
    reads.all(&BY_NAME, params![directory, name_key(name)])
}

pub fn by_external_id(
    reads: &mut impl Reads,
    directory: DirectoryId,
    id: &str,
) -> Result<Vec<User>, StoreError> {
    reads.all(&BY_EXTERNAL_ID, params![directory, id])
}

/// All of them, by age.
pub fn all(reads: &mut impl Reads, directory: DirectoryId) -> Result<Vec<User>, StoreError> {
    reads.all(&ALL, params![directory])
}

/// As many of them by age, from the one after `skipped`.
pub fn some(
    reads: &mut impl Reads,
    directory: DirectoryId,
    (skipped, count): (i64, i64),
) -> Result<Vec<User>, StoreError> {
    reads.all(&SOME, params![directory, count, skipped])
}

pub fn count(reads: &mut impl Reads, directory: DirectoryId) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&COUNT, params![directory])?;
    Ok(count)
}

/// How many are active and have no account.
pub fn waiting(reads: &mut impl Reads, directory: DirectoryId) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&WAITING, params![directory])?;
    Ok(count)
}

/// Adds a user. `Unique` where the directory has one of this name.
pub fn insert(
    tx: &mut Tx<'_>,
    directory: DirectoryId,
    user: &User,
    name: &str,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            user.id,
            directory,
            user.person,
            name_key(name),
            user.external_id.clone(),
            &user.attributes,
            user.inactive,
            now
        ],
    )
}

/// Writes a user back as she is now; without a name she is deleted. `Stale` where she was changed in the meantime.
pub fn update(tx: &mut Tx<'_>, user: &User, name: Option<&str>) -> Result<(), StoreError> {
    let now = tx.now();
    let deleted = name.is_none().then_some(now);
    tx.change_one(
        &UPDATE,
        params![
            user.id,
            user.person,
            name.map(name_key),
            user.external_id.clone(),
            &user.attributes,
            user.inactive,
            user.suspended,
            now,
            deleted,
            user.version
        ],
    )
}

row! {
    /// A user that an account was of.
    #[derive(Debug, Clone, Copy)]
    pub struct Earlier {
        pub id: UserId,
        /// When the directory suspended the account.
        pub suspended: Option<Micros>,
        pub deleted: Option<Micros>,
    }
}

/// The users that this account was of in this directory, the newest first.
pub fn of_person(
    reads: &mut impl Reads,
    directory: DirectoryId,
    person: PersonId,
) -> Result<Vec<Earlier>, StoreError> {
    let rows: Vec<Earlier> = reads.all(&OF_PERSON, params![directory, person])?;
    for earlier in &rows {
        reads.authentic("directory_users", earlier.id)?;
    }
    Ok(rows)
}

/// The ids of all of them.
pub fn ids(reads: &mut impl Reads, directory: DirectoryId) -> Result<Vec<UserId>, StoreError> {
    let rows: Vec<(UserId,)> = reads.all(&IDS, params![directory])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many accounts a directory looks after.
pub fn accounts(reads: &mut impl Reads, directory: DirectoryId) -> Result<usize, StoreError> {
    let rows: Vec<(PersonId,)> = reads.all(&WITH_PEOPLE, params![directory])?;
    Ok(rows.len())
}
