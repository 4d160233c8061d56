//! The rotations that were ordered.

use super::rules::Level;
use crate::platform::clock::Micros;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};
use crate::{ids, params, row};

ids! {
    /// A rotation of one level in one organisation.
    RotationId,
}

const INSERT: Sql = Sql::change(
    "key_rotations",
    "INSERT INTO key_rotations (org_id, id, level, total, ordered_us, ordered_by_id) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
);
const FINISH: Sql = Sql::change(
    "key_rotations",
    "UPDATE key_rotations SET finished_us = $3 WHERE org_id = $1 AND id = $2 AND finished_us IS NULL RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, level, total, ordered_us, finished_us FROM key_rotations WHERE org_id = $1 AND id = $2",
);
const NEWEST: Sql = Sql::read(
    "SELECT id, level, total, ordered_us, finished_us FROM key_rotations WHERE org_id = $1 AND level = $2 \
     ORDER BY ordered_us DESC, id DESC LIMIT 1",
);
const UNFINISHED: Sql = Sql::read(
    "SELECT id, level, total, ordered_us, finished_us FROM key_rotations WHERE org_id = $1 AND finished_us IS NULL ORDER BY id",
);
const ORGANISATIONS: Sql =
    Sql::lookup("SELECT id, slug FROM organisations WHERE slug > $1 ORDER BY slug LIMIT 500");

row! {
    /// A rotation that somebody ordered.
    #[derive(Debug, Clone)]
    pub struct Rotation {
        pub id: RotationId,
        pub level: Level,
        /// What there was to do when it was ordered.
        pub total: i64,
        pub ordered: Micros,
        pub finished: Option<Micros>,
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: RotationId,
    (level, total): (Level, i64),
    by: Option<PersonId>,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, level, total, now, by])
}

pub(super) fn finish(tx: &mut Tx<'_>, id: RotationId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&FINISH, params![id, now])
}

pub(super) fn find(reads: &mut impl Reads, id: RotationId) -> Result<Rotation, StoreError> {
    reads.one(&FIND, params![id])
}

/// The newest rotation of a level.
pub(super) fn newest(reads: &mut impl Reads, level: Level) -> Result<Option<Rotation>, StoreError> {
    reads.maybe(&NEWEST, params![level])
}

pub(super) fn unfinished(reads: &mut impl Reads) -> Result<Vec<Rotation>, StoreError> {
    reads.all(&UNFINISHED, [])
}

/// The next organisations by their short names.
pub(super) fn organisations(
    lookup: &mut Lookup<'_>,
    after: &str,
) -> Result<Vec<(OrgId, String)>, StoreError> {
    lookup.all(&ORGANISATIONS, params![after])
}
