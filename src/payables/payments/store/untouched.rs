//! Whether rows stand as the application itself wrote them: what no tag, decision or verification binds is believed on
//! this alone.

use crate::params;
use crate::payables::bills::store::Bill;
use crate::payables::ids::{BillId, PaymentId, RunId};
use crate::payables::vendors::VerifiedAccount;
use crate::platform::store::{Reads, Sql, StoreError};

const HOLDS: Sql = Sql::read("SELECT id FROM holds WHERE org_id = $1 AND bill_id = $2");
const CLAIMS: Sql =
    Sql::read("SELECT id FROM bill_account_claims WHERE org_id = $1 AND bill_id = $2");
const SELLERS: Sql = Sql::read("SELECT id FROM bill_sellers WHERE org_id = $1 AND bill_id = $2");
const REQUESTS: Sql =
    Sql::read("SELECT id FROM approval_requests WHERE org_id = $1 AND bill_id = $2");
const PAYMENTS: Sql =
    Sql::read("SELECT id, bill_id FROM payments WHERE org_id = $1 AND run_id = $2");
const STEPS: Sql =
    Sql::read("SELECT id FROM vendor_bank_account_steps WHERE org_id = $1 AND account_id = $2");

/// Whether the application itself wrote these rows as they stand.
pub(super) fn untouched(
    reads: &mut impl Reads,
    table: &'static str,
    ids: impl IntoIterator<Item = impl std::fmt::Display>,
) -> Result<bool, StoreError> {
    for id in ids {
        match reads.authentic(table, id) {
            Ok(()) => {}
            Err(StoreError::Forged { .. } | StoreError::Missing) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Whether the rows that a payment of this bill rests on, and that no decision or verification binds, are the
/// application's own: the bill's states, its holds, the accounts and the seller that its document claims, the state of its approval, its
/// vendor, and what compares the vendor's account with the claims.
///
/// Lines, coding and VAT are bound by the digest of the decision, who typed facts by the tag of the request.
pub(super) fn rests_on_untouched(
    reads: &mut impl Reads,
    bill: &Bill,
    account: Option<&VerifiedAccount>,
) -> Result<bool, StoreError> {
    let mut rows = vec![("bills", bill.id.to_string())];
    rows.extend(bill.vendor_id.map(|vendor| ("vendors", vendor.to_string())));
    let mut of_bill = vec![
        ("holds", &HOLDS, bill.id.to_string()),
        ("bill_account_claims", &CLAIMS, bill.id.to_string()),
        ("bill_sellers", &SELLERS, bill.id.to_string()),
        ("approval_requests", &REQUESTS, bill.id.to_string()),
    ];
    if let Some(account) = account {
        let id = account.account_id.to_string();
        rows.push(("vendor_bank_accounts", id.clone()));
        of_bill.push(("vendor_bank_account_steps", &STEPS, id));
    }
    for (table, sql, of) in of_bill {
        let found: Vec<(String,)> = reads.all(sql, params![of])?;
        rows.extend(found.into_iter().map(|(id,)| (table, id)));
    }
    for (table, id) in rows {
        if !untouched(reads, table, [id])? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Refuses a run of which the application did not write every row as it stands: its own, its payments (taken out or not)
/// and their bills. Whoever acts on a run without checking its payments anew asks this, since a change renews the code of
/// the row that it changes.
pub(in crate::payables::payments) fn ours(
    reads: &mut impl Reads,
    run: RunId,
) -> Result<(), StoreError> {
    reads.authentic("payment_runs", run)?;
    let payments: Vec<(PaymentId, BillId)> = reads.all(&PAYMENTS, params![run])?;
    for (payment, bill) in payments {
        reads.authentic("payments", payment)?;
        reads.authentic("bills", bill)?;
    }
    Ok(())
}
