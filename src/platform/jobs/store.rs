//! The jobs table.

use crate::platform::store::Sql;

pub(super) const INSERT: Sql = Sql::housekeeping(
    "jobs",
    "INSERT INTO jobs (org_id, id, kind, payload, run_after_us, attempts, lease_until_us) VALUES ($1, $2, $3, $4, $5, 0, 0)",
);
pub(super) const TAKE: Sql = Sql::claim(
    "jobs",
    "UPDATE jobs SET lease_holder = $1, lease_until_us = $2, attempts = attempts + 1 WHERE id = \
     (SELECT id FROM jobs WHERE run_after_us <= $3 AND lease_until_us < $3 ORDER BY run_after_us, id LIMIT 1) \
     RETURNING id, org_id, kind, payload, attempts",
);
pub(super) const DELETE: Sql =
    Sql::housekeeping("jobs", "DELETE FROM jobs WHERE org_id = $1 AND id = $2");
pub(super) const FAIL: Sql = Sql::housekeeping(
    "jobs",
    "UPDATE jobs SET run_after_us = $3, lease_until_us = 0, last_error = $4 WHERE org_id = $1 AND id = $2",
);
