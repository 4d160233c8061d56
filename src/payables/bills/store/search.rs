//! The words by which bills are found. Derived from the rows, so their table is housekeeping.

use crate::params;
use crate::payables::bills::rules::words;
use crate::payables::bills::store::{Bill, find};
use crate::payables::ids::BillId;
use crate::platform::ids::OrgId;
use crate::platform::store::{Housekeeping, Lookup, Reads, Sql, StoreError, Tx};

const FORGET: Sql = Sql::housekeeping(
    "search_tokens",
    "DELETE FROM search_tokens WHERE org_id = $1 AND object_kind = 'bill' AND object_id = $2",
);
const ADD: Sql = Sql::housekeeping(
    "search_tokens",
    "INSERT INTO search_tokens (org_id, token, object_kind, object_id) VALUES ($1, $2, 'bill', $3) ON CONFLICT DO NOTHING",
);
const ORGANISATIONS: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");
// The way of indexing stands among the tokens of an object that no search asks for.
const WAY: Sql = Sql::read(
    "SELECT token FROM search_tokens WHERE org_id = $1 AND object_kind = 'way' AND object_id = 'bill' AND token = $2",
);
const NOTE_WAY: Sql = Sql::housekeeping(
    "search_tokens",
    "INSERT INTO search_tokens (org_id, token, object_kind, object_id) VALUES ($1, $2, 'way', 'bill') ON CONFLICT DO NOTHING",
);
const NEXT: Sql =
    Sql::read("SELECT id FROM bills WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3");

/// How bills are indexed now. Raised when [`tokens`] finds more words: each organisation's bills are then indexed anew.
const PRESENT_WAY: &str = "2";

fn tokens(bill: &Bill) -> Vec<String> {
    let texts = [
        &bill.vendor_name,
        &bill.number,
        &bill.number_key,
        &bill.purchase_order,
        &bill.payment_reference,
    ];
    let amounts = [bill.net_minor, bill.gross_minor, bill.payable_minor];
    words::of_bill(
        texts.map(String::as_str),
        bill.currency,
        amounts.into_iter().flatten(),
    )
}

/// Makes the bill findable by its present words and amounts, and by no others.
pub fn index(tx: &mut Tx<'_>, bill: &Bill) -> Result<(), StoreError> {
    tx.housekeep(&FORGET, params![bill.id])?;
    for token in tokens(bill) {
        tx.housekeep(&ADD, params![token, bill.id])?;
    }
    Ok(())
}

/// Every organisation of the installation.
pub fn organisations(lookup: &mut Lookup<'_>) -> Result<Vec<OrgId>, StoreError> {
    let all: Vec<(OrgId,)> = lookup.all(&ORGANISATIONS, [])?;
    Ok(all.into_iter().map(|(id,)| id).collect())
}

/// Whether all bills of the organisation were indexed in the present way.
pub fn is_present(reads: &mut impl Reads) -> Result<bool, StoreError> {
    let found: Option<(String,)> = reads.maybe(&WAY, params![PRESENT_WAY])?;
    Ok(found.is_some())
}

/// Indexes up to `limit` bills behind `after` anew; gives the last of them, or notes that there are no more.
pub fn rebuild(
    keep: &mut Housekeeping<'_>,
    after: &str,
    limit: i64,
) -> Result<Option<BillId>, StoreError> {
    let next: Vec<(BillId,)> = keep.all(&NEXT, params![after, limit])?;
    for (id,) in &next {
        let bill = find(keep, *id)?;
        for token in tokens(&bill) {
            keep.run(&ADD, params![token, *id])?;
        }
    }
    if next.is_empty() {
        keep.run(&NOTE_WAY, params![PRESENT_WAY])?;
    }
    Ok(next.last().map(|(id,)| *id))
}
