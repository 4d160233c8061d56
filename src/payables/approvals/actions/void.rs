//! What happens to approvals when a bill changes.

use crate::payables::approvals::store;
use crate::payables::bills::rules::Processing;
use crate::payables::bills::store as bills;
use crate::payables::ids::BillId;
use crate::payables::payments;
use crate::platform::store::{Entry, StoreError, Tx};

/// Voids what was asked and decided about a bill, after `cause` changed it in this transaction. A bill that is still in
/// approval or approved goes back to coding, it leaves the payment run that it stood in, and its version grows: read it
/// again. Journals by itself; returns whether there was
/// something to void.
///
/// The standing of a bill does not rest on this call: its digest has changed already. The call tells people.
pub fn void(tx: &mut Tx<'_>, id: BillId, cause: &'static str) -> Result<bool, StoreError> {
    if store::void_requests(tx, id)? == 0 {
        return Ok(false);
    }
    payments::remove_from_open_runs(tx, id, cause)?;
    let bill = bills::find(tx, id)?;
    let mut version = bill.version;
    let mut entry = Entry::new("approval.voided", "bill", id).fact("cause", cause);
    if matches!(
        bill.processing,
        Processing::InApproval | Processing::Approved
    ) {
        bills::move_to(tx, &bill, Processing::Coding, "")?;
        version += 1;
        entry = entry.change(
            "processing",
            Some(bill.processing),
            Some(Processing::Coding),
        );
    }
    tx.journal(entry.version(version))?;
    Ok(true)
}
