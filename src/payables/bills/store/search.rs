//! The words by which bills are found. Derived from the rows, so their table is housekeeping.

use crate::params;
use crate::payables::bills::rules::words;
use crate::payables::bills::store::Bill;
use crate::platform::store::{Sql, StoreError, Tx};

const FORGET: Sql = Sql::housekeeping(
    "search_tokens",
    "DELETE FROM search_tokens WHERE org_id = $1 AND object_kind = 'bill' AND object_id = $2",
);
const ADD: Sql = Sql::housekeeping(
    "search_tokens",
    "INSERT INTO search_tokens (org_id, token, object_kind, object_id) VALUES ($1, $2, 'bill', $3) ON CONFLICT DO NOTHING",
);

/// Makes the bill findable by its present words, and by no others.
pub fn index(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), StoreError> {
    tx.housekeep(&FORGET, params![bill.id])?;
    let texts = [
        &bill.vendor_name,
        &bill.number,
        &bill.number_key,
        &bill.purchase_order,
        &bill.payment_reference,
    ];
    for word in words::words(texts.map(String::as_str)) {
        tx.housekeep(&ADD, params![word, bill.id])?;
    }
    Ok(())
}
