//! What waits for whom.

use countersign_money::Currency;
use jiff::civil::Date;

use crate::identity::access::{HumanId, Reach};
use crate::identity::organisations::EntityId;
use crate::params;
use crate::payables::ids::{ApprovalRequestId, BillId};
use crate::platform::clock::Micros;
use crate::platform::store::{Reads, Sql, StoreError, Value};
use crate::row;

/// Sorts bills without a due date behind all others.
const NO_DATE: &str = "9999-12-31";

const WAITING: Sql = Sql::read(
    "SELECT b.id, b.entity_id, r.id, b.vendor_name, b.number, b.payable_minor, b.gross_minor, b.currency, b.due_date, \
     r.policy_version, r.approvals_needed, q.name, r.requested_us, l.description, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM approval_decisions d WHERE d.org_id = $1 AND d.request_id = r.id), \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM holds h WHERE h.org_id = $1 AND h.bill_id = b.id AND h.released_us IS NULL) \
     FROM approval_requests r JOIN bills b ON b.org_id = $1 AND b.id = r.bill_id \
     LEFT JOIN people q ON q.org_id = $1 AND q.id = r.requested_by_id \
     LEFT JOIN bill_lines l ON l.org_id = $1 AND l.bill_id = b.id AND l.position = 1 AND l.removed_us IS NULL \
     WHERE r.org_id = $1 AND r.status = 'open' AND REPLACE($2, r.requested_human_id, '') = $2 \
     AND REPLACE($2, COALESCE(b.entered_human_id, ''), '') = $2 \
     AND NOT EXISTS (SELECT 1 FROM approval_decisions d WHERE d.org_id = $1 AND d.request_id = r.id \
       AND (REPLACE($2, d.human_id, '') <> $2 OR REPLACE($2, COALESCE(d.behalf_human_id, ''), '') <> $2)) \
     AND NOT EXISTS (SELECT 1 FROM bill_facts f JOIN people p ON p.org_id = $1 AND p.id = f.person_id \
       WHERE f.org_id = $1 AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($2, p.human_id, '') <> $2) \
     AND (COALESCE(b.due_date, '9999-12-31') > $3 OR COALESCE(b.due_date, '9999-12-31') = $3 AND b.id > $4) \
     AND ($6 = '' OR REPLACE($6, b.entity_id, '') <> $6) \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.id LIMIT $5",
);
const DECIDED: Sql = Sql::read(
    "SELECT d.id, d.bill_id, b.vendor_name, b.number, b.payable_minor, b.currency, d.verdict, d.reason, d.decided_us \
     FROM approval_decisions d JOIN bills b ON b.org_id = $1 AND b.id = d.bill_id \
     WHERE d.org_id = $1 AND d.human_id = $2 AND d.id < $3 \
     AND ($5 = '' OR REPLACE($5, b.entity_id, '') <> $5) ORDER BY d.id DESC LIMIT $4",
);

row! {
    /// A bill that waits for this human's decision.
    #[derive(Debug, Clone)]
    pub struct Waiting {
        pub bill: BillId,
        pub entity: EntityId,
        pub request: ApprovalRequestId,
        pub vendor_name: String,
        pub number: String,
        pub payable_minor: Option<i64>,
        pub gross_minor: Option<i64>,
        pub currency: Option<Currency>,
        pub due_date: Option<Date>,
        pub policy_version: i64,
        pub approvals_needed: i64,
        pub requested_by: Option<String>,
        pub requested: Micros,
        /// The first line's text.
        pub purpose: Option<String>,
        pub decisions: i64,
        pub holds: i64,
    }
}

impl Waiting {
    /// Where the next page begins.
    #[must_use]
    pub fn after(&self) -> (String, String) {
        let date = self
            .due_date
            .map_or_else(|| NO_DATE.to_owned(), |date| date.to_string());
        (date, self.bill.to_string())
    }
}

/// Bills within reach that wait for a human, the earliest due first, behind `after`. `acting` lists everybody who she is, and on
/// whose behalf she decides (`Humans::listed`).
pub fn waiting(
    reads: &mut impl Reads,
    (acting, reach): (Value, &Reach),
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<Vec<Waiting>, StoreError> {
    let (date, bill) = after.map_or(("", ""), |(date, bill)| (date, bill));
    reads.all(&WAITING, params![acting, date, bill, limit, reach])
}

row! {
    /// What a human decided.
    #[derive(Debug, Clone)]
    pub struct DecidedRow {
        pub id: String,
        pub bill: BillId,
        pub vendor_name: String,
        pub number: String,
        pub payable_minor: Option<i64>,
        pub currency: Option<Currency>,
        pub verdict: super::super::rules::Verdict,
        pub reason: String,
        pub decided: Micros,
    }
}

/// What a human decided, the newest first, before the decision `before`.
pub fn decided(
    reads: &mut impl Reads,
    (human, reach): (HumanId, &Reach),
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<DecidedRow>, StoreError> {
    reads.all(
        &DECIDED,
        params![human, before.unwrap_or("g"), limit, reach],
    )
}
