//! The jobs table.

use crate::platform::store::Sql;

pub(super) const INSERT: Sql = Sql::housekeeping(
    "jobs",
    "INSERT INTO jobs (org_id, id, kind, payload, secret_sealed, run_after_us, attempts, lease_until_us) \
     VALUES ($1, $2, $3, $4, $5, $6, 0, 0)",
);
/// The next try is put off in the same statement: a job that takes its process down with it comes back later and later,
/// as one does that fails. `$4` is the first delay, `$5` that of a job whose `$6` tries are used up.
pub(super) const TAKE: Sql = Sql::claim(
    "jobs",
    "UPDATE jobs SET lease_holder = $1, lease_until_us = $2, attempts = attempts + 1, run_after_us = $3 + \
     CASE WHEN attempts + 1 >= $6 THEN $5 ELSE CAST($4 AS BIGINT) << CAST(attempts + 1 AS INTEGER) END WHERE id = \
     (SELECT id FROM jobs WHERE run_after_us <= $3 AND lease_until_us < $3 ORDER BY run_after_us, id LIMIT 1) \
     RETURNING id, org_id, kind, payload, secret_sealed, attempts",
);
/// Whoever was too slow has lost the lease, and what it says of the job counts no more: holder and attempt must be hers.
pub(super) const DELETE: Sql = Sql::housekeeping(
    "jobs",
    "DELETE FROM jobs WHERE org_id = $1 AND id = $2 AND lease_holder = $3 AND attempts = $4 RETURNING id",
);
pub(super) const FAIL: Sql = Sql::housekeeping(
    "jobs",
    "UPDATE jobs SET run_after_us = $5, lease_until_us = 0, last_error = $6 \
     WHERE org_id = $1 AND id = $2 AND lease_holder = $3 AND attempts = $4 RETURNING id",
);
