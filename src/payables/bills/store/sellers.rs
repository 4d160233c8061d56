//! What a document says of its seller: names as they stand there, ids as blind indexes and masked. Compared, never believed.

use crate::params;
use crate::payables::ids::{BillId, FactId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const INSERT: Sql = Sql::change(
    "bill_sellers",
    "INSERT INTO bill_sellers (org_id, id, bill_id, name, trading_name, country, vat_id_masked, vat_id_index, \
     legal_id_masked, legal_id_index, claimed_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT name, trading_name, country, vat_id_masked, vat_id_index, legal_id_masked, legal_id_index FROM bill_sellers \
     WHERE org_id = $1 AND bill_id = $2",
);

row! {
    /// The seller as a document names it.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Seller {
        /// BT-27; empty where the document has none, as the other texts are.
        pub name: String,
        /// BT-28.
        pub trading_name: String,
        /// BT-40.
        pub country: String,
        /// BT-31.
        pub vat_id_masked: Option<String>,
        pub vat_id_index: Option<Vec<u8>>,
        /// BT-30. Its index holds the country.
        pub legal_id_masked: Option<String>,
        pub legal_id_index: Option<Vec<u8>>,
    }
}

impl Seller {
    /// Whether the document names a number that can be compared.
    #[must_use]
    pub const fn names_number(&self) -> bool {
        self.vat_id_index.is_some() || self.legal_id_index.is_some()
    }
}

/// Notes the seller of a bill's document.
pub fn insert(tx: &mut Tx<'_>, bill: BillId, seller: &Seller) -> Result<(), StoreError> {
    let (id, now): (FactId, _) = (tx.id(), tx.now());
    tx.change_one(
        &INSERT,
        params![
            id,
            bill,
            &seller.name,
            &seller.trading_name,
            &seller.country,
            seller.vat_id_masked.clone(),
            seller.vat_id_index.clone(),
            seller.legal_id_masked.clone(),
            seller.legal_id_index.clone(),
            now
        ],
    )
}

/// The seller of a bill's document; none where no reader understood one.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Option<Seller>, StoreError> {
    reads.maybe(&OF_BILL, params![bill])
}
