//! The rows of bills.

pub mod claims;
pub mod digest;
pub mod facts;
pub mod findings;
pub mod lines;
pub mod list;
pub mod search;
pub mod sellers;

use countersign_money::{Currency, Money};
use jiff::civil::Date;

use super::rules::axes::{BillKind, MatchState, NumberSpace, Payment, Posting, Processing, Via};
use super::rules::totals::due;
use crate::identity::access::{HumanId, Reach};
use crate::identity::organisations::EntityId;
use crate::params;
use crate::payables::ids::{BillId, VendorId};
use crate::platform::clock::Micros;
use crate::platform::documents::DocumentId;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

pub use lines::{BillLine, Distribution, VatRow};

const INSERT: Sql = Sql::change(
    "bills",
    "INSERT INTO bills (org_id, id, entity_id, document_id, vendor_id, vendor_name, kind, number, number_key, issue_date, due_date, currency, \
     net_minor, tax_minor, gross_minor, prepaid_minor, rounding_minor, payable_minor, payment_reference, \
     purchase_order, syntax, profile, processing, processing_reason, posting, payment, match_state, received_via, \
     received_us, entered_by_id, entered_human_id, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
     $23, $24, $25, $26, $27, $28, $29, $30, $31, $32) RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, entity_id, document_id, vendor_id, vendor_name, kind, number, number_key, issue_date, due_date, currency, \
     net_minor, tax_minor, gross_minor, prepaid_minor, rounding_minor, payable_minor, payment_reference, \
     purchase_order, syntax, profile, processing, processing_reason, posting, payment, match_state, received_via, \
     received_us, entered_by_id, entered_human_id, version \
     FROM bills WHERE org_id = $1 AND id = $2",
);
const FIND_BY_DOCUMENT: Sql = Sql::read(
    "SELECT id, entity_id, document_id, vendor_id, vendor_name, kind, number, number_key, issue_date, due_date, currency, \
     net_minor, tax_minor, gross_minor, prepaid_minor, rounding_minor, payable_minor, payment_reference, \
     purchase_order, syntax, profile, processing, processing_reason, posting, payment, match_state, received_via, \
     received_us, entered_by_id, entered_human_id, version \
     FROM bills WHERE org_id = $1 AND document_id = $2",
);
const UPDATE: Sql = Sql::change(
    "bills",
    "UPDATE bills SET entity_id = $4, vendor_id = $5, vendor_name = $6, kind = $7, number = $8, number_key = $9, \
     issue_date = $10, due_date = $11, currency = $12, net_minor = $13, tax_minor = $14, gross_minor = $15, \
     prepaid_minor = $16, rounding_minor = $17, payable_minor = $18, payment_reference = $19, purchase_order = $20, \
     processing = $21, processing_reason = $22, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const MOVE: Sql = Sql::change(
    "bills",
    "UPDATE bills SET processing = $4, processing_reason = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const SET_PAYMENT: Sql = Sql::change(
    "bills",
    "UPDATE bills SET payment = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND payment = $3 RETURNING id",
);
const SAME_NUMBER: Sql = Sql::read(
    "SELECT id, number FROM bills WHERE org_id = $1 AND vendor_id = $2 AND number_key = $3 AND id <> $4 \
     AND processing <> 'cancelled' AND processing <> 'rejected' \
     AND CASE WHEN kind = 'credit-note' THEN 'credit-notes' ELSE 'invoices' END = $5 ORDER BY id LIMIT 1",
);
const SAME_AMOUNT: Sql = Sql::read(
    "SELECT id, number FROM bills WHERE org_id = $1 AND vendor_id = $2 AND gross_minor = $3 AND issue_date = $4 \
     AND currency = $5 AND id <> $6 AND processing <> 'cancelled' AND processing <> 'rejected' \
     AND CASE WHEN kind = 'credit-note' THEN 'credit-notes' ELSE 'invoices' END = $7 ORDER BY id LIMIT 1",
);
const OPEN_OF_VENDOR: Sql = Sql::read(
    "SELECT id FROM bills WHERE org_id = $1 AND vendor_id = $2 AND payment = 'unpaid' AND processing <> 'cancelled' \
     AND processing <> 'rejected' ORDER BY id",
);
const VENDOR: Sql = Sql::read(
    "SELECT name, other_names, status, country, vat_id_masked, vat_id_index, legal_id_masked, legal_id_index, terms_days \
     FROM vendors WHERE org_id = $1 AND id = $2",
);

row! {
    /// A bill's header. Amounts are minor units of `currency`; none where they are not known.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Bill {
        pub id: BillId,
        /// Who is to pay.
        pub entity_id: EntityId,
        /// The source document; none for a bill that was typed without one.
        pub document_id: Option<DocumentId>,
        pub vendor_id: Option<VendorId>,
        /// BT-27 as the document has it.
        pub vendor_name: String,
        pub kind: BillKind,
        /// BT-1.
        pub number: String,
        /// [`super::rules::number_key`] of the number.
        pub number_key: String,
        /// BT-2.
        pub issue_date: Option<Date>,
        /// BT-9, or from the vendor's terms.
        pub due_date: Option<Date>,
        /// BT-5.
        pub currency: Option<Currency>,
        /// BT-109.
        pub net_minor: Option<i64>,
        /// BT-110.
        pub tax_minor: Option<i64>,
        /// BT-112.
        pub gross_minor: Option<i64>,
        /// BT-113.
        pub prepaid_minor: Option<i64>,
        /// BT-114.
        pub rounding_minor: Option<i64>,
        /// BT-115.
        pub payable_minor: Option<i64>,
        /// BT-83.
        pub payment_reference: String,
        /// BT-13.
        pub purchase_order: String,
        /// `ubl-invoice` and so on; empty where no reader understood the document.
        pub syntax: String,
        pub profile: String,
        pub processing: Processing,
        /// Why it was sent back, disputed, rejected or cancelled.
        pub processing_reason: String,
        pub posting: Posting,
        pub payment: Payment,
        pub match_state: MatchState,
        pub received_via: Via,
        pub received_us: Micros,
        pub entered_by_id: Option<PersonId>,
        pub entered_human_id: Option<HumanId>,
        pub version: i64,
    }
}

impl Bill {
    /// The amount to pay with its currency, where both are known.
    #[must_use]
    pub fn payable(&self) -> Option<Money> {
        Some(Money::from_minor(self.payable_minor?, self.currency?))
    }

    /// What its other amounts make due, whatever it says itself.
    #[must_use]
    pub fn due_minor(&self) -> Option<i64> {
        due(self.gross_minor, self.prepaid_minor, self.rounding_minor)
    }
}

row! {
    /// What a bill must know of its vendor.
    #[derive(Debug, Clone)]
    pub struct VendorBrief {
        pub name: String,
        /// Others by which it is known, one a line.
        pub other_names: Option<String>,
        pub status: String,
        pub country: String,
        pub vat_id_masked: Option<String>,
        pub vat_id_index: Option<Vec<u8>>,
        pub legal_id_masked: Option<String>,
        pub legal_id_index: Option<Vec<u8>>,
        pub terms_days: i64,
    }
}

/// One bill; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, id: BillId) -> Result<Bill, StoreError> {
    reads.one(&FIND, params![id])
}

/// One bill; `Missing` where it is not there, or lies outside of the reach of who asks.
pub fn within(reads: &mut impl Reads, id: BillId, reach: &Reach) -> Result<Bill, StoreError> {
    let bill = find(reads, id)?;
    reach.check(bill.entity_id)?;
    Ok(bill)
}

/// The bill of a document, if there is one.
pub fn find_by_document(
    reads: &mut impl Reads,
    document: DocumentId,
) -> Result<Option<Bill>, StoreError> {
    reads.maybe(&FIND_BY_DOCUMENT, params![document])
}

/// Inserts a new bill with its header.
pub fn insert(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT,
        params![
            bill.id,
            bill.entity_id,
            bill.document_id,
            bill.vendor_id,
            &bill.vendor_name,
            bill.kind,
            &bill.number,
            &bill.number_key,
            bill.issue_date,
            bill.due_date,
            bill.currency,
            bill.net_minor,
            bill.tax_minor,
            bill.gross_minor,
            bill.prepaid_minor,
            bill.rounding_minor,
            bill.payable_minor,
            &bill.payment_reference,
            &bill.purchase_order,
            &bill.syntax,
            &bill.profile,
            bill.processing,
            &bill.processing_reason,
            bill.posting,
            bill.payment,
            bill.match_state,
            bill.received_via,
            bill.received_us,
            bill.entered_by_id,
            bill.entered_human_id,
            bill.version
        ],
    )
}

/// Writes the header over the one of `bill.version`; `Missing` where that is not the newest. The bill's version is one more then.
pub fn update(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), StoreError> {
    // A change renews the row's code: what somebody altered behind the application's back must not get here.
    tx.authentic("bills", bill.id)?;
    tx.change_one(
        &UPDATE,
        params![
            bill.id,
            bill.version,
            bill.entity_id,
            bill.vendor_id,
            &bill.vendor_name,
            bill.kind,
            &bill.number,
            &bill.number_key,
            bill.issue_date,
            bill.due_date,
            bill.currency,
            bill.net_minor,
            bill.tax_minor,
            bill.gross_minor,
            bill.prepaid_minor,
            bill.rounding_minor,
            bill.payable_minor,
            &bill.payment_reference,
            &bill.purchase_order,
            bill.processing,
            &bill.processing_reason
        ],
    )
}

/// Moves processing on from `bill.version`; `Missing` where that is not the newest. Which ways are legal, [`Processing::may_become`] says.
pub fn move_to(
    tx: &mut Tx<'_>,
    bill: &Bill,
    to: Processing,
    reason: &str,
) -> Result<(), StoreError> {
    tx.authentic("bills", bill.id)?;
    tx.change_one(&MOVE, params![bill.id, bill.version, to, reason])
}

/// Moves payment from one state to the next; `Missing` where it is not in the first: of several who try, one wins.
pub fn set_payment(
    tx: &mut Tx<'_>,
    bill: BillId,
    from: Payment,
    to: Payment,
) -> Result<(), StoreError> {
    tx.authentic("bills", bill)?;
    tx.change_one(&SET_PAYMENT, params![bill, from, to])
}

/// Another bill of this one's number space ([`NumberSpace`]) that it may be a duplicate of: the same vendor and number, or
/// the same vendor, amount and date.
pub fn duplicate_of(
    reads: &mut impl Reads,
    bill: &Bill,
) -> Result<Option<(BillId, String)>, StoreError> {
    let Some(vendor) = bill.vendor_id else {
        return Ok(None);
    };
    let space = bill.kind.number_space();
    let found = same_number(reads, bill, space)?;
    if found.is_some() {
        return Ok(found);
    }
    let (Some(gross), Some(date), Some(currency)) =
        (bill.gross_minor, bill.issue_date, bill.currency)
    else {
        return Ok(None);
    };
    reads.maybe(
        &SAME_AMOUNT,
        params![vendor, gross, date, currency, bill.id, space],
    )
}

/// A bill of the same vendor and number in one of the number spaces.
pub fn same_number(
    reads: &mut impl Reads,
    bill: &Bill,
    space: NumberSpace,
) -> Result<Option<(BillId, String)>, StoreError> {
    let Some(vendor) = bill.vendor_id.filter(|_| !bill.number_key.is_empty()) else {
        return Ok(None);
    };
    reads.maybe(
        &SAME_NUMBER,
        params![vendor, &bill.number_key, bill.id, space],
    )
}

/// Unpaid bills of a vendor that are still worked on.
pub fn open_of_vendor(reads: &mut impl Reads, vendor: VendorId) -> Result<Vec<BillId>, StoreError> {
    let rows: Vec<(BillId,)> = reads.all(&OPEN_OF_VENDOR, params![vendor])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What is known of the vendor.
pub fn vendor_brief(
    reads: &mut impl Reads,
    vendor: VendorId,
) -> Result<Option<VendorBrief>, StoreError> {
    reads.maybe(&VENDOR, params![vendor])
}
