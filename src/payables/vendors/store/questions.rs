//! The SQL of questions about tax numbers: a row for each human and kind, of the newest hour in which somebody asked.

use crate::identity::access::HumanId;
use crate::params;
use crate::payables::vendors::rules::questions::Asking;
use crate::platform::store::{Housekeeping, Reads as _, Sql, StoreError};

const OWN: Sql = Sql::read(
    "SELECT asked FROM tax_id_questions WHERE org_id = $1 AND human_id = $2 AND kind = $3 AND hour >= $4",
);
const ALL: Sql = Sql::read(
    "SELECT CAST(COALESCE(SUM(asked), 0) AS BIGINT) FROM tax_id_questions WHERE org_id = $1 AND kind = $2 AND hour >= $3",
);
// A server whose clock is behind counts for the newer hour: it must not begin an older one anew.
const COUNT: Sql = Sql::housekeeping(
    "tax_id_questions",
    "INSERT INTO tax_id_questions (org_id, human_id, kind, hour, asked) VALUES ($1, $2, $3, $4, 1) \
     ON CONFLICT (org_id, human_id, kind) DO UPDATE SET \
     asked = CASE WHEN tax_id_questions.hour >= excluded.hour THEN tax_id_questions.asked + 1 ELSE 1 END, \
     hour = CASE WHEN tax_id_questions.hour >= excluded.hour THEN tax_id_questions.hour ELSE excluded.hour END RETURNING asked",
);

/// How many the human has asked in this hour, and how many everybody.
pub fn asked(
    tx: &mut Housekeeping<'_>,
    (human, asking): (HumanId, Asking),
    hour: i64,
) -> Result<(i64, i64), StoreError> {
    let own: Option<(i64,)> = tx.maybe(&OWN, params![human, asking, hour])?;
    let (all,): (i64,) = tx.one(&ALL, params![asking, hour])?;
    Ok((own.map_or(0, |(asked,)| asked), all))
}

pub fn count(
    tx: &mut Housekeeping<'_>,
    (human, asking): (HumanId, Asking),
    hour: i64,
) -> Result<(), StoreError> {
    tx.run(&COUNT, params![human, asking, hour]).map(drop)
}
