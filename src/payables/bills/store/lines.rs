//! Lines, their distributions, and the VAT breakdown.

use crate::params;
use crate::payables::ids::{BillId, DistributionId, LineId, VatId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const INSERT: Sql = Sql::change(
    "bill_lines",
    "INSERT INTO bill_lines (org_id, id, bill_id, position, label, description, quantity, unit, unit_price, net_minor, \
     vat_category, vat_rate, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT id, position, label, description, quantity, unit, unit_price, net_minor, vat_category, vat_rate, version \
     FROM bill_lines WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL ORDER BY position, id",
);
const REMOVE: Sql = Sql::change(
    "bill_lines",
    "UPDATE bill_lines SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL RETURNING id",
);
const REMOVE_DISTRIBUTIONS: Sql = Sql::change(
    "distributions",
    "UPDATE distributions SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL RETURNING id",
);
const INSERT_VAT: Sql = Sql::change(
    "bill_vat",
    "INSERT INTO bill_vat (org_id, id, bill_id, position, category, rate, basis_minor, tax_minor, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) RETURNING id",
);
const VAT_OF_BILL: Sql = Sql::read(
    "SELECT id, position, category, rate, basis_minor, tax_minor FROM bill_vat \
     WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL ORDER BY position, id",
);
const REMOVE_VAT: Sql = Sql::change(
    "bill_vat",
    "UPDATE bill_vat SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL RETURNING id",
);
const DISTRIBUTIONS: Sql = Sql::read(
    "SELECT id, line_id, position, gl_account, cost_centre, amount_minor, version FROM distributions \
     WHERE org_id = $1 AND bill_id = $2 AND removed_us IS NULL ORDER BY line_id, position, id",
);

row! {
    /// A line (BG-25), or a document-level allowance (BG-20) or charge (BG-21), so that all that is coded sums to BT-109.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct BillLine {
        pub id: LineId,
        /// From 1.
        pub position: i64,
        /// BT-126; `BG-20[1]` and the like where it is none of the document's lines.
        pub label: String,
        /// BT-153 and BT-154.
        pub description: String,
        /// BT-129, with the digits that the document wrote.
        pub quantity: String,
        /// BT-130.
        pub unit: String,
        /// BT-146, per BT-149.
        pub unit_price: String,
        /// BT-131; none where the currency cannot hold it exactly or the document gives none.
        pub net_minor: Option<i64>,
        /// BT-151.
        pub vat_category: String,
        /// BT-152, in percent.
        pub vat_rate: String,
        pub version: i64,
    }
}

row! {
    /// One entry of the VAT breakdown (BG-23).
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct VatRow {
        pub id: VatId,
        pub position: i64,
        /// BT-118.
        pub category: String,
        /// BT-119, in percent.
        pub rate: String,
        /// BT-116.
        pub basis_minor: Option<i64>,
        /// BT-117.
        pub tax_minor: Option<i64>,
    }
}

row! {
    /// A share of a line's net amount on a general ledger account.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Distribution {
        pub id: DistributionId,
        pub line_id: LineId,
        pub position: i64,
        pub gl_account: String,
        pub cost_centre: String,
        pub amount_minor: i64,
        pub version: i64,
    }
}

/// The lines that count, in the document's order.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<BillLine>, StoreError> {
    reads.all(&OF_BILL, params![bill])
}

/// The VAT breakdown that counts.
pub fn vat_of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<VatRow>, StoreError> {
    reads.all(&VAT_OF_BILL, params![bill])
}

/// How the lines are coded.
pub fn distributions_of_bill(
    reads: &mut impl Reads,
    bill: BillId,
) -> Result<Vec<Distribution>, StoreError> {
    reads.all(&DISTRIBUTIONS, params![bill])
}

/// Adds a line; its id is made by the caller.
pub fn insert(tx: &mut Tx<'_>, bill: BillId, line: &BillLine) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT,
        params![
            line.id,
            bill,
            line.position,
            &line.label,
            &line.description,
            &line.quantity,
            &line.unit,
            &line.unit_price,
            line.net_minor,
            &line.vat_category,
            &line.vat_rate
        ],
    )
}

/// Adds an entry of the VAT breakdown.
pub fn insert_vat(tx: &mut Tx<'_>, bill: BillId, vat: &VatRow) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT_VAT,
        params![
            vat.id,
            bill,
            vat.position,
            &vat.category,
            &vat.rate,
            vat.basis_minor,
            vat.tax_minor
        ],
    )
}

/// Takes away all lines and with them their coding: others come in their place.
pub fn remove_all(tx: &mut Tx<'_>, bill: BillId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change(&REMOVE_DISTRIBUTIONS, params![bill, now])?;
    tx.change(&REMOVE, params![bill, now])?;
    Ok(())
}

/// Takes away the VAT breakdown.
pub fn remove_vat(tx: &mut Tx<'_>, bill: BillId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change(&REMOVE_VAT, params![bill, now])?;
    Ok(())
}
