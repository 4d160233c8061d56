//! What the checks said about a document, and the sealed reading itself.

use countersign_sealing::Sealed;

use crate::params;
use crate::payables::ids::{BillId, FindingId, ReadingId};
use crate::platform::clock::Micros;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{row, text_enum};

const INSERT: Sql = Sql::change(
    "bill_findings",
    "INSERT INTO bill_findings (org_id, id, bill_id, rule, level, term, line, message, found_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT rule, level, term, line, message, found_us FROM bill_findings WHERE org_id = $1 AND bill_id = $2 ORDER BY id",
);
const INSERT_READING: Sql = Sql::change(
    "bill_readings",
    "INSERT INTO bill_readings (org_id, id, bill_id, reading_sealed, read_us) VALUES ($1, $2, $3, $4, $5) RETURNING id",
);
const READING: Sql = Sql::read(
    "SELECT id, reading_sealed FROM bill_readings WHERE org_id = $1 AND bill_id = $2 ORDER BY id DESC LIMIT 1",
);

text_enum! {
    /// How much a finding weighs.
    pub enum FindingLevel {
        Fatal = "fatal",
        Warning = "warning",
        Information = "information",
    }
}

row! {
    /// One finding: what is wrong, where, and what to do. Its message names no account and no tax number.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FindingRow {
        pub rule: String,
        pub level: FindingLevel,
        /// The business term with its place, such as `BG-25[3]/BT-131`; may be empty.
        pub term: String,
        /// Line in the document, from 1.
        pub line: Option<i64>,
        pub message: String,
        pub found_us: Micros,
    }
}

/// Adds a finding; its `found_us` is the transaction's moment.
pub fn insert(tx: &mut Tx<'_>, bill: BillId, finding: &FindingRow) -> Result<(), StoreError> {
    let (id, now): (FindingId, _) = (tx.id(), tx.now());
    tx.change_one(
        &INSERT,
        params![
            id,
            bill,
            &finding.rule,
            finding.level,
            &finding.term,
            finding.line,
            &finding.message,
            now
        ],
    )
}

/// All findings of a bill, in the order they were found.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<FindingRow>, StoreError> {
    reads.all(&OF_BILL, params![bill])
}

/// Keeps what a reader found, sealed for this row.
pub fn insert_reading(
    tx: &mut Tx<'_>,
    id: ReadingId,
    bill: BillId,
    reading: Sealed<Vec<u8>>,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT_READING, params![id, bill, reading, now])
}

/// A reading as it is stored, with the row that it is sealed for.
pub type StoredReading = (ReadingId, Sealed<Vec<u8>>);

/// The newest reading with the row that it is sealed for.
pub fn reading_of(
    reads: &mut impl Reads,
    bill: BillId,
) -> Result<Option<StoredReading>, StoreError> {
    reads.maybe(&READING, params![bill])
}
