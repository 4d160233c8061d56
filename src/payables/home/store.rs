//! The queues' SQL. Each statement gives the first rows and, in its last column, how many there are.

use countersign_money::Currency;
use jiff::civil::Date;

use super::rules::QueueKind;
use crate::identity::access::Reach;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::store::{Reads, Sql, StoreError, Value};
use crate::row;

const APPROVE: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, '', b.kind, b.payable_minor, b.currency, b.due_date, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM approval_requests r JOIN bills b ON b.org_id = $1 AND b.id = r.bill_id \
     WHERE r.org_id = $1 AND r.status = 'open' AND REPLACE($2, r.requested_human_id, '') = $2 \
     AND REPLACE($2, COALESCE(b.entered_human_id, ''), '') = $2 \
     AND NOT EXISTS (SELECT 1 FROM approval_decisions d WHERE d.org_id = $1 AND d.request_id = r.id \
       AND (REPLACE($2, d.human_id, '') <> $2 OR REPLACE($2, COALESCE(d.behalf_human_id, ''), '') <> $2)) \
     AND NOT EXISTS (SELECT 1 FROM bill_facts f JOIN people p ON p.org_id = $1 AND p.id = f.person_id \
       WHERE f.org_id = $1 AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($2, p.human_id, '') <> $2) \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);
// The same on somebody's behalf: $5 is where whoever acts decides for herself, and it waits for her there.
const APPROVE_FOR: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, '', b.kind, b.payable_minor, b.currency, b.due_date, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM approval_requests r JOIN bills b ON b.org_id = $1 AND b.id = r.bill_id \
     WHERE r.org_id = $1 AND r.status = 'open' AND REPLACE($2, r.requested_human_id, '') = $2 \
     AND REPLACE($2, COALESCE(b.entered_human_id, ''), '') = $2 \
     AND NOT EXISTS (SELECT 1 FROM approval_decisions d WHERE d.org_id = $1 AND d.request_id = r.id \
       AND (REPLACE($2, d.human_id, '') <> $2 OR REPLACE($2, COALESCE(d.behalf_human_id, ''), '') <> $2)) \
     AND NOT EXISTS (SELECT 1 FROM bill_facts f JOIN people p ON p.org_id = $1 AND p.id = f.person_id \
       WHERE f.org_id = $1 AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($2, p.human_id, '') <> $2) \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) AND REPLACE($5, b.entity_id, '') = $5 \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);
// Who entered, approved or verified anything in a run neither countersigns nor releases it. The steps themselves compute that
// anew; a list does without keys.
const COUNTERSIGN: Sql = Sql::read(
    "SELECT r.id, r.reference, '', '', '', r.total_minor, r.currency, r.execution_date, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM payment_runs r WHERE r.org_id = $1 AND r.status = 'proposed' AND REPLACE($2, r.proposed_human_id, '') = $2 \
     AND NOT EXISTS (SELECT 1 FROM payments p JOIN bills b ON b.org_id = $1 AND b.id = p.bill_id \
       WHERE p.org_id = $1 AND p.run_id = r.id AND p.removed_us IS NULL AND (REPLACE($2, COALESCE(b.entered_human_id, ''), '') <> $2 \
       OR EXISTS (SELECT 1 FROM bill_facts f JOIN people q ON q.org_id = $1 AND q.id = f.person_id \
         WHERE f.org_id = $1 AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($2, q.human_id, '') <> $2) \
       OR EXISTS (SELECT 1 FROM approval_decisions d JOIN approval_requests a ON a.org_id = $1 AND a.id = d.request_id \
         WHERE d.org_id = $1 AND d.bill_id = b.id AND (REPLACE($2, d.human_id, '') <> $2 OR REPLACE($2, COALESCE(d.behalf_human_id, ''), '') <> $2) AND a.status = 'approved') \
       OR EXISTS (SELECT 1 FROM bank_account_verifications v WHERE v.org_id = $1 AND v.account_id = p.account_id \
         AND (REPLACE($2, v.entered_human_id, '') <> $2 OR REPLACE($2, v.verified_human_id, '') <> $2)))) \
     AND ($4 = '' OR REPLACE($4, r.entity_id, '') <> $4) \
     ORDER BY r.execution_date, r.proposed_us, r.id LIMIT $3",
);
const RELEASE: Sql = Sql::read(
    "SELECT r.id, r.reference, '', '', '', r.total_minor, r.currency, r.execution_date, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM payment_runs r WHERE r.org_id = $1 AND (r.status = 'countersigned' OR r.status = 'file-generated') \
     AND NOT EXISTS (SELECT 1 FROM payments p JOIN bills b ON b.org_id = $1 AND b.id = p.bill_id \
       WHERE p.org_id = $1 AND p.run_id = r.id AND p.removed_us IS NULL AND (REPLACE($2, COALESCE(b.entered_human_id, ''), '') <> $2 \
       OR EXISTS (SELECT 1 FROM bill_facts f JOIN people q ON q.org_id = $1 AND q.id = f.person_id \
         WHERE f.org_id = $1 AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($2, q.human_id, '') <> $2) \
       OR EXISTS (SELECT 1 FROM approval_decisions d JOIN approval_requests a ON a.org_id = $1 AND a.id = d.request_id \
         WHERE d.org_id = $1 AND d.bill_id = b.id AND (REPLACE($2, d.human_id, '') <> $2 OR REPLACE($2, COALESCE(d.behalf_human_id, ''), '') <> $2) AND a.status = 'approved') \
       OR EXISTS (SELECT 1 FROM bank_account_verifications v WHERE v.org_id = $1 AND v.account_id = p.account_id \
         AND (REPLACE($2, v.entered_human_id, '') <> $2 OR REPLACE($2, v.verified_human_id, '') <> $2)))) \
     AND ($4 = '' OR REPLACE($4, r.entity_id, '') <> $4) \
     ORDER BY r.execution_date, r.proposed_us, r.id LIMIT $3",
);
const VERIFY: Sql = Sql::read(
    "SELECT v.id, v.name, a.iban_masked, '', '', NULL, NULL, NULL, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM vendor_bank_accounts a JOIN vendors v ON v.org_id = $1 AND v.id = a.vendor_id \
     JOIN vendor_bank_account_steps s ON s.org_id = $1 AND s.account_id = a.id \
     WHERE a.org_id = $1 AND REPLACE($2, a.entered_human_id, '') = $2 AND (s.status = 'submitted' OR s.status = 'call-back-pending') \
     AND NOT EXISTS (SELECT 1 FROM vendor_bank_account_steps n WHERE n.org_id = $1 AND n.account_id = a.id \
       AND n.position > s.position) AND $4 = '' ORDER BY a.entered_us, a.id LIMIT $3",
);
// $5 is now: what nobody approved in time waits for nobody.
const REVEAL: Sql = Sql::read(
    "SELECT r.id, p.name, '', r.reason, '', NULL, NULL, NULL, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM reveals r JOIN people p ON p.org_id = $1 AND p.id = r.asked_by_id WHERE r.org_id = $1 AND r.state = 'open' \
     AND r.expires_us > $5 AND REPLACE($2, r.asked_human_id, '') = $2 AND $4 = '' ORDER BY r.asked_us, r.id LIMIT $3",
);
const VERIFY_OWN: Sql = Sql::read(
    "SELECT a.id, e.name, a.iban_masked, '', '', NULL, NULL, NULL, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM entity_bank_account_steps s JOIN entity_bank_accounts a ON a.org_id = $1 AND a.id = s.account_id \
     JOIN legal_entities e ON e.org_id = $1 AND e.id = a.entity_id \
     WHERE s.org_id = $1 AND s.status = 'entered' AND REPLACE($2, s.human_id, '') = $2 \
     AND NOT EXISTS (SELECT 1 FROM entity_bank_account_steps n WHERE n.org_id = $1 AND n.account_id = a.id \
       AND n.position > s.position) AND ($4 = '' OR REPLACE($4, a.entity_id, '') <> $4) ORDER BY s.at_us, a.id LIMIT $3",
);
const RELEASE_HOLD: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, MIN(h.kind), b.kind, b.payable_minor, b.currency, b.due_date, \
     CAST(COUNT(*) OVER () AS BIGINT) FROM holds h JOIN bills b ON b.org_id = $1 AND b.id = h.bill_id \
     WHERE h.org_id = $1 AND h.released_us IS NULL AND $2 <> '' AND (h.kind = 'duplicate-suspected' \
     OR h.kind = 'totals-differ' OR h.kind = 'bank-account-differs' OR h.kind = 'document-findings' OR h.kind = 'manual') \
     AND b.processing <> 'rejected' AND b.processing <> 'cancelled' AND b.payment <> 'paid' \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) \
     GROUP BY b.id, b.vendor_name, b.number, b.kind, b.payable_minor, b.currency, b.due_date, b.received_us \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);
const TYPE: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, '', b.kind, b.payable_minor, b.currency, b.due_date, CAST(COUNT(*) OVER () AS BIGINT) \
     FROM bills b WHERE b.org_id = $1 AND b.processing = 'received' AND $2 <> '' \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);
const MEND: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, b.processing_reason, b.kind, b.payable_minor, b.currency, b.due_date, \
     CAST(COUNT(*) OVER () AS BIGINT) FROM bills b WHERE b.org_id = $1 AND $2 <> '' \
     AND b.processing = 'sent-back' \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);

const CODE: Sql = Sql::read(
    "SELECT b.id, b.vendor_name, b.number, b.processing_reason, b.kind, b.payable_minor, b.currency, b.due_date, \
     CAST(COUNT(*) OVER () AS BIGINT) FROM bills b WHERE b.org_id = $1 AND $2 <> '' \
     AND (b.processing = 'captured' OR b.processing = 'coding') \
     AND ($4 = '' OR REPLACE($4, b.entity_id, '') <> $4) \
     ORDER BY COALESCE(b.due_date, '9999-12-31'), b.received_us, b.id LIMIT $3",
);

row! {
    /// One thing that waits.
    #[derive(Debug, Clone)]
    pub struct QueueItem {
        /// The bill's, vendor's or run's id.
        pub id: String,
        pub title: String,
        pub detail: String,
        /// A kind of hold, or what an approver wrote.
        pub note: String,
        /// The bill's kind; empty for what is none.
        pub kind: String,
        pub amount_minor: Option<i64>,
        pub currency: Option<Currency>,
        pub due: Option<Date>,
        /// How many wait in this queue.
        pub count: i64,
    }
}

/// The first `limit` of what waits in a queue for whoever acts (`Humans::listed`) within her reach. A vendor's account is of no entity: whoever does
/// not reach everything has none to verify.
pub fn queue(
    reads: &mut impl Reads,
    kind: QueueKind,
    (acting, reach): (&Value, &Reach),
    (limit, now): (i64, Micros),
) -> Result<Vec<QueueItem>, StoreError> {
    if kind == QueueKind::Reveal {
        return reads.all(&REVEAL, params![acting.clone(), limit, reach, now]);
    }
    let sql = match kind {
        QueueKind::Approve => &APPROVE,
        QueueKind::Countersign => &COUNTERSIGN,
        QueueKind::Release => &RELEASE,
        QueueKind::Verify => &VERIFY,
        QueueKind::Reveal => &REVEAL,
        QueueKind::VerifyOwn => &VERIFY_OWN,
        QueueKind::ReleaseHold => &RELEASE_HOLD,
        QueueKind::Mend => &MEND,
        QueueKind::Type => &TYPE,
        QueueKind::Code => &CODE,
    };
    reads.all(sql, params![acting.clone(), limit, reach])
}

/// The first `limit` of the bills that wait for whoever acts on somebody's behalf, where the latter lets her, and where she does not
/// decide for herself.
pub fn queue_for(
    reads: &mut impl Reads,
    acting: Value,
    (reach, own): (&Reach, &Reach),
    limit: i64,
) -> Result<Vec<QueueItem>, StoreError> {
    if *own == Reach::Everything {
        return Ok(Vec::new());
    }
    reads.all(&APPROVE_FOR, params![acting, limit, reach, own])
}
