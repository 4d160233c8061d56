//! What follows when payments to a vendor would go to another account than before, or to none.

use crate::payables::approvals;
use crate::payables::bills::holds;
use crate::payables::bills::store::open_of_vendor;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::payments::remove_vendor_from_open_runs;
use crate::payables::vendors::{VendorError, chosen_account_digest};
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Tx};

/// A step of an account, told for those whom it concerns.
pub(super) struct Step {
    pub account: AccountId,
    /// The account's version after it.
    pub version: i64,
    /// For the journal of the bills whose approval it voids.
    pub cause: &'static str,
    /// For whoever finds a payment missing from her run.
    pub reason: &'static str,
}

/// Brings a vendor's bills in line with the account that it has now, given the digest of the one it had before.
///
/// A decision binds the account that it would be paid to (invariant 6). Where that is another one, the bills leave
/// unreleased runs and their approvals are void: they can be sent to approval again, which nobody could tell that it is
/// needed if the bill went on saying that it is approved.
pub(super) fn account_changed(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    vendor: VendorId,
    before: Option<[u8; 32]>,
    step: &Step,
) -> Result<(), VendorError> {
    if chosen_account_digest(tx, keys, vendor)? != before {
        remove_vendor_from_open_runs(tx, vendor, step.reason)?;
        for bill in open_of_vendor(tx, vendor)? {
            approvals::void(tx, bill, step.cause)?;
        }
    }
    let changed = holds::recheck_vendor(tx, vendor)?;
    if changed > 0 {
        let entry = Entry::new("bank-account.holds-rechecked", "bank-account", step.account)
            .version(step.version)
            .fact("bills", changed);
        tx.journal(entry)?;
    }
    Ok(())
}
