//! The throttles' SQL.

use super::rules::Tally;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::{Lookup, Reads, Sql, StoreError};

const FIND: Sql =
    Sql::lookup("SELECT failures, blocked_until_us, last_us FROM throttles WHERE id = $1");
const COUNT: Sql = Sql::claim(
    "throttles",
    "INSERT INTO throttles (id, org_id, failures, blocked_until_us, last_us) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (id) DO UPDATE SET failures = excluded.failures, blocked_until_us = excluded.blocked_until_us, \
     last_us = excluded.last_us RETURNING failures",
);
const FORGIVE: Sql = Sql::claim(
    "throttles",
    "UPDATE throttles SET failures = CASE WHEN failures > $2 THEN failures - $2 ELSE 0 END, \
     blocked_until_us = CASE WHEN failures > $2 THEN blocked_until_us ELSE 0 END \
     WHERE id = $1 RETURNING failures",
);

const FORGET: Sql = Sql::claim(
    "throttles",
    "DELETE FROM throttles WHERE last_us <= $1 AND blocked_until_us <= $2 RETURNING id",
);

pub(super) fn find(lookup: &mut Lookup<'_>, id: &str) -> Result<Tally, StoreError> {
    let row: Option<(i64, Micros, Micros)> = lookup.maybe(&FIND, params![id])?;
    Ok(
        row.map_or(Tally::NONE, |(failures, blocked_until, last)| Tally {
            failures,
            blocked_until,
            last,
        }),
    )
}

pub(super) fn count(lookup: &mut Lookup<'_>, id: &str, tally: Tally) -> Result<(), StoreError> {
    lookup
        .claim::<(i64,)>(
            &COUNT,
            params![
                id,
                OrgId::SYSTEM,
                tally.failures,
                tally.blocked_until,
                tally.last
            ],
        )
        .map(drop)
}

pub(super) fn forgive(lookup: &mut Lookup<'_>, id: &str, by: i64) -> Result<(), StoreError> {
    lookup.claim::<(i64,)>(&FORGIVE, params![id, by]).map(drop)
}

/// Deletes what had no attempt since a moment, and is not blocked.
pub(super) fn forget(
    lookup: &mut Lookup<'_>,
    (since, now): (Micros, Micros),
) -> Result<(), StoreError> {
    lookup
        .claim::<(String,)>(&FORGET, params![since, now])
        .map(drop)
}
