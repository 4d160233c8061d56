//! Who did what in a payment, and how far apart that has to be.

use crate::identity::access::HumanId;
use crate::identity::people::taking_part;
use crate::payables::bills::store::facts;
use crate::payables::ids::BillId;
use crate::payables::payments::rules::duties::{Duties, Duty, HUMANS_FOR_FOUR, Separation};
use crate::payables::vendors::VerifiedAccount;
use crate::platform::store::{Reads, StoreError};

/// How far duties are apart in this organisation now. Only people whose rows the application wrote make it smaller.
pub fn now(reads: &mut impl Reads) -> Result<Separation, StoreError> {
    let few = taking_part(reads, HUMANS_FOR_FOUR)?;
    Ok(few.map_or(Separation::Four, |humans| Separation::of(humans.len())))
}

/// The duties in a payment of this bill to this account, before anybody releases it.
pub(super) fn who_did_what(
    reads: &mut impl Reads,
    separation: Separation,
    (bill, approvers): (BillId, Vec<HumanId>),
    account: &VerifiedAccount,
) -> Result<Duties, StoreError> {
    let mut duties = Duties::new(separation);
    for human in facts::entrants(reads, bill)? {
        duties.add(Duty::Entering, human);
    }
    duties.add(Duty::Entering, account.entered_human);
    for human in approvers {
        duties.add(Duty::Approving, human);
    }
    duties.add(Duty::Verifying, account.verified_human);
    Ok(duties)
}
