//! Who did what in a payment, and how far apart that has to be.

use super::check::Payable;
use crate::identity::access::{HumanId, Permission};
use crate::identity::humans;
use crate::identity::organisations::EntityId;
use crate::identity::people::{holders, taking_part};
use crate::payables::bills::store::facts;
use crate::payables::ids::BillId;
use crate::payables::payments::rules::duties::{
    Duties, Duty, HUMANS_FOR_FOUR, LeftToCountersign, Separation,
};
use crate::payables::vendors::VerifiedAccount;
use crate::platform::store::{Reads, StoreError};

/// How far duties are apart in this organisation now. Only people whose rows the application wrote make it smaller.
pub fn now(reads: &mut impl Reads) -> Result<Separation, StoreError> {
    let few = taking_part(reads, HUMANS_FOR_FOUR)?;
    Ok(few.map_or(Separation::Four, |humans| Separation::of(humans.len())))
}

/// Who could countersign payments of these bills if `proposer` proposed them in one run.
pub fn left_to_countersign(
    reads: &mut impl Reads,
    (proposer, entity): (HumanId, EntityId),
    payables: &[Payable],
) -> Result<LeftToCountersign, StoreError> {
    let humans = humans::load(reads)?;
    let others: Vec<HumanId> = holders(reads, Permission::RunsCountersign, Some(entity))?
        .into_iter()
        .filter(|human| !humans.are_one(*human, proposer))
        .collect();
    let per_bill: Vec<(String, Vec<HumanId>)> = payables
        .iter()
        .map(|payable| {
            let is_free = |human: &HumanId| {
                let with = payable.duties.with(Duty::Releasing, *human);
                with.conflicts().is_empty()
            };
            let free = others.iter().copied().filter(is_free).collect();
            (payable.bill.number.clone(), free)
        })
        .collect();
    Ok(LeftToCountersign::of(&others, &per_bill))
}

/// The duties in a payment of this bill to this account, before anybody releases it.
pub(super) fn who_did_what(
    reads: &mut impl Reads,
    separation: Separation,
    (bill, approvers): (BillId, Vec<HumanId>),
    account: &VerifiedAccount,
) -> Result<Duties, StoreError> {
    let mut duties = Duties::new(separation, humans::load(reads)?);
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
