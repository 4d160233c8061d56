//! Lists of bills: what waits, newest first, by keyset; words by prefix ranges.

use countersign_money::Currency;
use jiff::civil::Date;

use crate::identity::access::Reach;
use crate::params;
use crate::payables::bills::rules::axes::{BillKind, Payment, Processing};
use crate::payables::bills::rules::words::{of_query, prefix_range};
use crate::payables::ids::{BillId, VendorId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Value};
use crate::{row, text_enum};

text_enum! {
    /// What the bills of a list wait for.
    pub enum View {
        All = "all",
        /// Facts are missing, or no reader understood the document.
        Typing = "typing",
        Coding = "coding",
        Approval = "approval",
        Approved = "approved",
        /// An open hold.
        Held = "held",
        Closed = "closed",
    }
}

/// Which bills, in which part of the list.
#[derive(Debug, Clone)]
pub struct Filter {
    pub view: View,
    /// Words that begin a word of the bill each; only the first three count.
    pub text: String,
    pub vendor: Option<VendorId>,
    /// Due on this day or before.
    pub due_until: Option<Date>,
    /// Those alone that wait for the decision of this person, for whom whoever asks decides now.
    pub decided_for: Option<PersonId>,
    /// Behind this bill.
    pub after: Option<BillId>,
    /// Rows at most.
    pub limit: i64,
}

row! {
    /// A bill in a list.
    #[derive(Debug, Clone)]
    pub struct Listed {
        pub id: BillId,
        pub vendor_name: String,
        pub kind: BillKind,
        pub number: String,
        pub issue_date: Option<Date>,
        pub due_date: Option<Date>,
        pub currency: Option<Currency>,
        pub payable_minor: Option<i64>,
        pub processing: Processing,
        pub payment: Payment,
        pub received_us: Micros,
        pub file_name: Option<String>,
        /// How many holds are open.
        pub holds: i64,
    }
}

const LIST: Sql = Sql::read(
    "SELECT b.id, COALESCE(v.name, b.vendor_name), b.kind, b.number, b.issue_date, b.due_date, b.currency, \
     b.payable_minor, b.processing, b.payment, b.received_us, d.file_name, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM holds h \
     WHERE h.org_id = b.org_id AND h.bill_id = b.id AND h.released_us IS NULL) \
     FROM bills b LEFT JOIN vendors v ON v.org_id = b.org_id AND v.id = b.vendor_id \
     LEFT JOIN documents d ON d.org_id = b.org_id AND d.id = b.document_id \
     WHERE b.org_id = $1 \
     AND ($2 = 'all' \
       OR ($2 = 'typing' AND b.processing = 'received') \
       OR ($2 = 'coding' AND (b.processing = 'captured' OR b.processing = 'coding' OR b.processing = 'sent-back')) \
       OR ($2 = 'approval' AND b.processing = 'in-approval') \
       OR ($2 = 'approved' AND b.processing = 'approved') \
       OR ($2 = 'closed' AND (b.processing = 'rejected' OR b.processing = 'cancelled')) \
       OR ($2 = 'held' AND EXISTS (SELECT 1 FROM holds h \
            WHERE h.org_id = b.org_id AND h.bill_id = b.id AND h.released_us IS NULL) \
            AND b.processing <> 'rejected' AND b.processing <> 'cancelled')) \
     AND ($3 = '' OR b.vendor_id = $3) \
     AND ($4 = '' OR (b.due_date <= $4 AND b.payment = 'unpaid' \
            AND b.processing <> 'rejected' AND b.processing <> 'cancelled')) \
     AND ($5 = '' OR b.id < $5) \
     AND ($6 = '' OR EXISTS (SELECT 1 FROM search_tokens s WHERE s.org_id = b.org_id AND s.object_kind = 'bill' \
            AND s.object_id = b.id AND s.token >= $6 AND s.token < $7)) \
     AND ($8 = '' OR EXISTS (SELECT 1 FROM search_tokens s WHERE s.org_id = b.org_id AND s.object_kind = 'bill' \
            AND s.object_id = b.id AND s.token >= $8 AND s.token < $9)) \
     AND ($10 = '' OR EXISTS (SELECT 1 FROM search_tokens s WHERE s.org_id = b.org_id AND s.object_kind = 'bill' \
            AND s.object_id = b.id AND s.token >= $10 AND s.token < $11)) \
     AND ($13 = '' OR REPLACE($13, b.entity_id, '') <> $13) \
     AND ($14 = '' OR (EXISTS (SELECT 1 FROM approval_requests r WHERE r.org_id = b.org_id AND r.bill_id = b.id \
            AND r.status = 'open' AND REPLACE($14, r.requested_human_id, '') = $14 \
            AND NOT EXISTS (SELECT 1 FROM approval_decisions a WHERE a.org_id = b.org_id AND a.request_id = r.id \
              AND (REPLACE($14, a.human_id, '') <> $14 OR REPLACE($14, COALESCE(a.behalf_human_id, ''), '') <> $14))) \
          AND REPLACE($14, COALESCE(b.entered_human_id, ''), '') = $14 \
          AND NOT EXISTS (SELECT 1 FROM bill_facts f JOIN people p ON p.org_id = b.org_id AND p.id = f.person_id \
            WHERE f.org_id = b.org_id AND f.bill_id = b.id AND f.source = 'typed' AND REPLACE($14, p.human_id, '') <> $14))) \
     AND ($15 = '' OR REPLACE($15, b.entity_id, '') <> $15) \
     ORDER BY b.id DESC LIMIT $12",
);

// Of views in which work waits alone: what is done is never counted, however much it grows.
const WAITING: Sql = Sql::read(
    "SELECT CASE WHEN processing = 'received' THEN 'typing' WHEN processing = 'in-approval' THEN 'approval' ELSE 'coding' END AS view, \
     CAST(COUNT(*) AS BIGINT) FROM bills WHERE org_id = $1 AND (processing = 'received' OR processing = 'captured' \
     OR processing = 'coding' OR processing = 'sent-back' OR processing = 'in-approval') \
     AND ($2 = '' OR REPLACE($2, entity_id, '') <> $2) \
     GROUP BY CASE WHEN processing = 'received' THEN 'typing' WHEN processing = 'in-approval' THEN 'approval' ELSE 'coding' END",
);
const HELD: Sql = Sql::read(
    "SELECT CAST(COUNT(DISTINCT h.bill_id) AS BIGINT) FROM holds h \
     JOIN bills b ON b.org_id = h.org_id AND b.id = h.bill_id \
     WHERE h.org_id = $1 AND h.released_us IS NULL AND b.processing <> 'rejected' AND b.processing <> 'cancelled' \
     AND ($2 = '' OR REPLACE($2, b.entity_id, '') <> $2)",
);

/// How many bills within reach wait in each view in which something waits.
pub fn counts(reads: &mut impl Reads, reach: &Reach) -> Result<Vec<(View, i64)>, StoreError> {
    let mut counts: Vec<(View, i64)> = reads.all(&WAITING, params![reach])?;
    let (held,): (i64,) = reads.one(&HELD, params![reach])?;
    counts.push((View::Held, held));
    Ok(counts)
}

/// Whoever decides on somebody's behalf, and the latter (`Humans::listed`), and where.
pub type OnBehalf = (Value, Reach);

/// One part of a list of bills within reach, newest bills first; those alone that wait for a decision on somebody's behalf, where that
/// is asked.
pub fn list(
    reads: &mut impl Reads,
    filter: &Filter,
    reach: &Reach,
    behalf: Option<&OnBehalf>,
) -> Result<Vec<Listed>, StoreError> {
    let (acting, where_she_does) = behalf.map_or_else(
        || (Value::from(""), Value::from("")),
        |(acting, reach)| (acting.clone(), Value::from(reach)),
    );
    let mut ranges = of_query(&filter.text)
        .into_iter()
        .map(|word| prefix_range(&word))
        .take(3);
    let mut range = || ranges.next().unwrap_or_default();
    let (one, two, three) = (range(), range(), range());
    let id = |id: Option<String>| id.unwrap_or_default();
    reads.all(
        &LIST,
        params![
            filter.view,
            id(filter.vendor.map(|v| v.to_string())),
            id(filter.due_until.map(|d| d.to_string())),
            id(filter.after.map(|a| a.to_string())),
            one.0,
            one.1,
            two.0,
            two.1,
            three.0,
            three.1,
            filter.limit,
            reach,
            acting,
            where_she_does
        ],
    )
}
