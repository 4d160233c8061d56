//! The SQL of payment runs.

pub mod check;
pub mod file;
pub mod seal;
pub mod separation;
pub(super) mod untouched;
pub mod writable;

use countersign_money::Currency;
use jiff::civil::Date;

use super::rules::{PaymentStatus, RunStatus};
use crate::identity::access::{HumanId, Reach};
use crate::identity::organisations::{EntityAccountId, EntityId};
use crate::payables::ids::{AccountId, BillId, PaymentId, RunId, VendorId};
use crate::platform::clock::Micros;
use crate::platform::documents::DocumentId;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, entity_id, account_id, reference, status, execution_date, currency, total_minor, payment_count, \
     proposed_by_id, proposed_human_id, proposed_us, countersigned_by_id, countersigned_human_id, countersigned_us, \
     digest, countersign_tag, file_document_id, file_sha256, file_tag, released_by_id, released_us, settled_us, \
     voided_us, version FROM payment_runs WHERE org_id = $1 AND id = $2",
);
const LIST: Sql = Sql::read(
    "SELECT id, entity_id, account_id, reference, status, execution_date, currency, total_minor, payment_count, \
     proposed_by_id, proposed_human_id, proposed_us, countersigned_by_id, countersigned_human_id, countersigned_us, \
     digest, countersign_tag, file_document_id, file_sha256, file_tag, released_by_id, released_us, settled_us, \
     voided_us, version FROM payment_runs \
     WHERE org_id = $1 AND ($2 = '' OR id < $2) \
     AND ($4 = '' OR REPLACE($4, entity_id, '') <> $4) ORDER BY id DESC LIMIT $3",
);
const INSERT: Sql = Sql::change(
    "payment_runs",
    "INSERT INTO payment_runs (org_id, id, entity_id, account_id, reference, status, execution_date, currency, total_minor, \
     payment_count, proposed_by_id, proposed_human_id, proposed_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) RETURNING id",
);
const SET_CONTENT: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'proposed', total_minor = $4, payment_count = $5, digest = NULL, \
     countersigned_by_id = NULL, countersigned_human_id = NULL, countersigned_us = NULL, countersign_tag = NULL, \
     file_document_id = NULL, file_sha256 = NULL, file_tag = NULL, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const COUNTERSIGN: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'countersigned', digest = $4, countersigned_by_id = $5, \
     countersigned_human_id = $6, countersigned_us = $7, countersign_tag = $8, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND status = 'proposed' RETURNING id",
);
const SET_FILE: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'file-generated', file_document_id = $4, file_sha256 = $5, file_tag = $6, \
     version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 AND status = 'countersigned' RETURNING id",
);
const RELEASE: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'released', released_by_id = $4, released_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND status = 'file-generated' RETURNING id",
);
const SETTLE: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = $5, settled_us = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND status = 'released' RETURNING id",
);
const VOID: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = 'voided', voided_us = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const PAYMENTS: Sql = Sql::read(
    "SELECT id, run_id, bill_id, vendor_id, account_id, amount_minor, currency, end_to_end_id, remittance, status, tag, version \
     FROM payments WHERE org_id = $1 AND run_id = $2 AND removed_us IS NULL ORDER BY id",
);
const REMOVED: Sql = Sql::read(
    "SELECT p.bill_id, b.vendor_name, b.number, p.amount_minor, p.removed_reason, p.status FROM payments p \
     JOIN bills b ON b.org_id = p.org_id AND b.id = p.bill_id \
     WHERE p.org_id = $1 AND p.run_id = $2 AND p.removed_us IS NOT NULL ORDER BY p.id",
);
const ROWS: Sql = Sql::read(
    "SELECT p.id, p.bill_id, v.name, b.number, p.remittance, a.iban_masked, p.status, p.amount_minor FROM payments p \
     JOIN bills b ON b.org_id = p.org_id AND b.id = p.bill_id \
     JOIN vendors v ON v.org_id = p.org_id AND v.id = p.vendor_id \
     JOIN vendor_bank_accounts a ON a.org_id = p.org_id AND a.id = p.account_id \
     WHERE p.org_id = $1 AND p.run_id = $2 AND p.removed_us IS NULL ORDER BY p.id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT id, run_id, bill_id, vendor_id, account_id, amount_minor, currency, end_to_end_id, remittance, status, tag, version \
     FROM payments WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL",
);
const OF_VENDOR: Sql = Sql::read(
    "SELECT p.bill_id FROM payments p JOIN payment_runs r ON r.org_id = p.org_id AND r.id = p.run_id \
     WHERE p.org_id = $1 AND p.vendor_id = $2 AND p.removed_us IS NULL \
     AND (r.status = 'proposed' OR r.status = 'countersigned' OR r.status = 'file-generated') ORDER BY p.id",
);
const INSERT_PAYMENT: Sql = Sql::change(
    "payments",
    "INSERT INTO payments (org_id, id, run_id, bill_id, vendor_id, account_id, amount_minor, currency, end_to_end_id, \
     remittance, status, removed_us, removed_reason, tag, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', $12, 1) RETURNING id",
);
const REMOVE_PAYMENT: Sql = Sql::change(
    "payments",
    "UPDATE payments SET status = 'removed', removed_us = $3, removed_reason = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND removed_us IS NULL RETURNING id",
);
const RETURN_PAYMENT: Sql = Sql::change(
    "payments",
    "UPDATE payments SET status = 'returned', removed_us = $3, removed_reason = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND removed_us IS NULL RETURNING id",
);
const SET_RUN_STATUS: Sql = Sql::change(
    "payment_runs",
    "UPDATE payment_runs SET status = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const IN_FILE: Sql = Sql::read(
    "SELECT id, run_id, bill_id, vendor_id, account_id, amount_minor, currency, end_to_end_id, remittance, status, tag, version \
     FROM payments WHERE org_id = $1 AND run_id = $2 AND status <> 'removed' ORDER BY id",
);
const SET_STATUS: Sql = Sql::change(
    "payments",
    "UPDATE payments SET status = $3, version = version + 1 \
     WHERE org_id = $1 AND run_id = $2 AND removed_us IS NULL RETURNING id",
);
const DUE: Sql = Sql::read(
    "SELECT id FROM bills WHERE org_id = $1 AND entity_id = $2 AND payment = 'unpaid' AND processing <> 'rejected' \
     AND processing <> 'cancelled' AND (currency = $3 OR currency IS NULL) \
     AND (due_date IS NULL OR due_date <= $4 OR kind = 'credit-note') \
     ORDER BY COALESCE(due_date, ''), id LIMIT $5",
);

row! {
    /// A run as stored. Nothing of it is believed that `digest` and the tags do not cover.
    #[derive(Debug, Clone)]
    pub struct Run {
        pub id: RunId,
        pub entity: EntityId,
        pub account: EntityAccountId,
        /// Unique in the organisation; the bank sees it.
        pub reference: String,
        pub status: RunStatus,
        pub execution_date: Date,
        /// ISO 4217.
        pub currency: String,
        pub total_minor: i64,
        pub payment_count: i64,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub proposed: Micros,
        pub countersigned_by: Option<PersonId>,
        pub countersigned_human: Option<HumanId>,
        pub countersigned: Option<Micros>,
        /// What was countersigned; none before.
        pub digest: Option<[u8; 32]>,
        pub countersign_tag: Option<Vec<u8>>,
        pub file_document: Option<DocumentId>,
        pub file_sha256: Option<[u8; 32]>,
        pub file_tag: Option<Vec<u8>>,
        pub released_by: Option<PersonId>,
        pub released: Option<Micros>,
        pub settled: Option<Micros>,
        pub voided: Option<Micros>,
        pub version: i64,
    }
}

row! {
    /// What one bill (above zero) or credit note (below) adds to a run.
    #[derive(Debug, Clone)]
    pub struct Payment {
        pub id: PaymentId,
        pub run: RunId,
        pub bill: BillId,
        pub vendor: VendorId,
        pub account: AccountId,
        pub amount_minor: i64,
        pub currency: String,
        pub end_to_end_id: String,
        pub remittance: String,
        pub status: PaymentStatus,
        /// See [`seal::payment_tag`].
        pub tag: Vec<u8>,
        pub version: i64,
    }
}

row! {
    /// A payment that was taken out of its run, or that the bank returned.
    #[derive(Debug, Clone)]
    pub struct Removed {
        pub bill: BillId,
        pub vendor_name: String,
        pub number: String,
        pub amount_minor: i64,
        pub reason: String,
        pub status: PaymentStatus,
    }
}

row! {
    /// A payment as the run's page shows it: the account masked.
    #[derive(Debug, Clone)]
    pub struct PaymentRow {
        pub id: PaymentId,
        pub bill: BillId,
        pub vendor: String,
        pub number: String,
        pub remittance: String,
        pub account_masked: String,
        pub status: PaymentStatus,
        pub amount_minor: i64,
    }
}

/// The payments of a run with the names that people know them by.
pub fn rows(reads: &mut impl Reads, run: RunId) -> Result<Vec<PaymentRow>, StoreError> {
    reads.all(&ROWS, params![run])
}

/// One run; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, id: RunId) -> Result<Run, StoreError> {
    reads.one(&FIND, params![id])
}

/// Runs within reach before `after`, the newest first.
pub fn list(
    reads: &mut impl Reads,
    (after, reach): (&str, &Reach),
    limit: i64,
) -> Result<Vec<Run>, StoreError> {
    reads.all(&LIST, params![after, limit, reach])
}

/// The payments that stand in a run.
pub fn payments(reads: &mut impl Reads, run: RunId) -> Result<Vec<Payment>, StoreError> {
    reads.all(&PAYMENTS, params![run])
}

/// The payments that were taken out of it.
pub fn removed(reads: &mut impl Reads, run: RunId) -> Result<Vec<Removed>, StoreError> {
    reads.all(&REMOVED, params![run])
}

/// The payment of a bill in whatever run it stands.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Option<Payment>, StoreError> {
    reads.maybe(&OF_BILL, params![bill])
}

/// The bills of a vendor that stand in runs which were not released.
pub(super) fn open_of_vendor(
    reads: &mut impl Reads,
    vendor: VendorId,
) -> Result<Vec<BillId>, StoreError> {
    let rows: Vec<(BillId,)> = reads.all(&OF_VENDOR, params![vendor])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Unpaid bills of an entity in a currency (or in none yet) that are due until a day, and its credit notes. What has no due
/// date is due at once, and comes first on both engines.
pub fn due(
    reads: &mut impl Reads,
    (entity, currency): (EntityId, Currency),
    until: Date,
    limit: i64,
) -> Result<Vec<BillId>, StoreError> {
    let rows: Vec<(BillId,)> = reads.all(&DUE, params![entity, currency, until, limit])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) fn insert(tx: &mut Tx<'_>, run: &Run) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT,
        params![
            run.id,
            run.entity,
            run.account,
            &run.reference,
            run.status,
            run.execution_date,
            &run.currency,
            run.total_minor,
            run.payment_count,
            run.proposed_by,
            run.proposed_human,
            run.proposed
        ],
    )
}

pub(super) fn insert_payment(tx: &mut Tx<'_>, payment: &Payment) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT_PAYMENT,
        params![
            payment.id,
            payment.run,
            payment.bill,
            payment.vendor,
            payment.account,
            payment.amount_minor,
            &payment.currency,
            &payment.end_to_end_id,
            &payment.remittance,
            payment.status,
            &payment.tag[..]
        ],
    )
}

/// Writes what a run holds after a payment was taken out: it waits for its second human again.
pub(super) fn set_content(
    tx: &mut Tx<'_>,
    run: &Run,
    (total_minor, count): (i64, i64),
) -> Result<(), StoreError> {
    let params = params![run.id, run.version, total_minor, count];
    tx.change_one(&SET_CONTENT, params)
}

pub(super) fn countersign(tx: &mut Tx<'_>, run: &Run, tag: [u8; 32]) -> Result<(), StoreError> {
    tx.change_one(
        &COUNTERSIGN,
        params![
            run.id,
            run.version,
            run.digest,
            run.countersigned_by,
            run.countersigned_human,
            run.countersigned,
            tag
        ],
    )
}

pub(super) fn set_file(
    tx: &mut Tx<'_>,
    run: &Run,
    document: DocumentId,
    sha256: [u8; 32],
    tag: [u8; 32],
) -> Result<(), StoreError> {
    tx.change_one(
        &SET_FILE,
        params![run.id, run.version, document, sha256, tag],
    )
}

pub(super) fn release(tx: &mut Tx<'_>, run: &Run, person: PersonId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&RELEASE, params![run.id, run.version, person, now])
}

/// Settles a released run: `to` says whether all of it was paid.
pub(super) fn settle(tx: &mut Tx<'_>, run: &Run, to: RunStatus) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&SETTLE, params![run.id, run.version, now, to])
}

/// Moves a run that the bank has to another state, or to the same in a new version.
pub(super) fn set_run_status(tx: &mut Tx<'_>, run: &Run, to: RunStatus) -> Result<(), StoreError> {
    tx.change_one(&SET_RUN_STATUS, params![run.id, run.version, to])
}

/// Frees the bill of a payment that the bank returned.
pub(super) fn set_returned(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    reason: &str,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&RETURN_PAYMENT, params![payment, now, reason])
}

/// The payments that a run's file was written from, those that the bank returned since among them.
pub(super) fn in_file(reads: &mut impl Reads, run: RunId) -> Result<Vec<Payment>, StoreError> {
    reads.all(&IN_FILE, params![run])
}

pub(super) fn void(tx: &mut Tx<'_>, run: &Run) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&VOID, params![run.id, run.version, now])
}

pub(super) fn remove(tx: &mut Tx<'_>, payment: PaymentId, reason: &str) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REMOVE_PAYMENT, params![payment, now, reason])
}

pub(super) fn set_status(
    tx: &mut Tx<'_>,
    run: RunId,
    status: PaymentStatus,
) -> Result<usize, StoreError> {
    tx.change(&SET_STATUS, params![run, status])
}
