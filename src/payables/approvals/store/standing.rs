//! Whether a bill is approved, computed from what cannot be forged. Payments ask this before each step, and nothing else.

use super::super::rules::{RequestStatus, Verdict, conflict};
use super::{Decision, PolicyTrouble, Request, decisions, newest_request, policy, sight, tags};
use crate::identity::access::HumanId;
use crate::identity::humans::{self, Humans};
use crate::payables::bills::Bill;
use crate::payables::bills::store::{facts, find};
use crate::payables::ids::{ApprovalRequestId, BillId};
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, StoreError};

/// Where a bill stands with its approvers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Enough humans approved exactly what the rows say now.
    Approved {
        /// Those who decided, and those on whose behalf they did.
        by: Vec<HumanId>,
        approvals: usize,
        digest: [u8; 32],
        request: ApprovalRequestId,
    },
    Not(NotApproved),
}

/// Why a bill is not approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    #[error("nobody asked for its approval yet")]
    NotRequested,
    #[error("{have} of {needed} approvals are there")]
    Waiting { have: usize, needed: usize },
    #[error("an approver rejected it or sent it back")]
    Refused,
    #[error("it changed after it was sent to approval")]
    Changed,
    /// Something was written that is not ours: a security incident, not a step of the work.
    #[error("its approval was altered outside of the program")]
    Tampered,
}

/// Computes where a bill stands. Stored states can take an approval away, never make one.
pub fn standing(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    id: BillId,
) -> Result<Standing, StoreError> {
    let Some(request) = newest_request(reads, id)? else {
        return Ok(Standing::Not(NotApproved::NotRequested));
    };
    let bill = find(reads, id)?;
    let approved = match approvers(reads, keys, &bill, &request)? {
        Ok(approved) => approved,
        Err(why) => return Ok(Standing::Not(why)),
    };
    let needed = usize::try_from(request.approvals_needed).unwrap_or(usize::MAX);
    if approved.count < needed {
        let have = approved.count;
        return Ok(Standing::Not(NotApproved::Waiting { have, needed }));
    }
    if request.status != RequestStatus::Approved {
        return Ok(Standing::Not(NotApproved::Changed));
    }
    Ok(Standing::Approved {
        by: approved.humans,
        approvals: approved.count,
        digest: request.digest,
        request: request.id,
    })
}

/// The approvals of a request that count, and the humans who had a part in them.
#[derive(Debug, Default)]
pub(in crate::payables::approvals) struct Approved {
    pub count: usize,
    pub humans: Vec<HumanId>,
}

/// The approvals of this request that count now.
pub(in crate::payables::approvals) fn approvers(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    bill: &Bill,
    request: &Request,
) -> Result<Result<Approved, NotApproved>, StoreError> {
    let entrants = facts::entrants(reads, bill.id)?;
    match request.status {
        RequestStatus::Open | RequestStatus::Approved => {}
        RequestStatus::Voided => return Ok(Err(NotApproved::Changed)),
        RequestStatus::Rejected | RequestStatus::SentBack => return Ok(Err(NotApproved::Refused)),
    }
    if let Err(why) = unchanged(reads, keys, bill, request, &entrants)? {
        return Ok(Err(why));
    }
    let (nobody_joined, joined) = (Humans::default(), humans::load(reads)?);
    let asked = (entrants.as_slice(), request.requested_human);
    let mut approved = Approved::default();
    for decision in decisions(reads, request.id)? {
        let had_another_duty = |humans: &Humans| {
            let had_one = |human| conflict(humans, human, asked, &approved.humans).is_some();
            decision.humans().any(had_one)
        };
        if !counts(keys, request, &decision) || had_another_duty(&nobody_joined) {
            return Ok(Err(NotApproved::Tampered));
        }
        if decision.verdict != Verdict::Approve {
            return Ok(Err(NotApproved::Refused));
        }
        // Two accounts that were found to be one human's later on: what she decided counts no more.
        if had_another_duty(&joined) {
            continue;
        }
        approved.count += 1;
        approved.humans.extend(decision.humans());
    }
    Ok(Ok(approved))
}

/// Whether the request is ours and the bill is what was asked about.
pub(in crate::payables::approvals) fn unchanged(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    bill: &Bill,
    request: &Request,
    entrants: &[HumanId],
) -> Result<Result<(), NotApproved>, StoreError> {
    let policy = match policy(reads, keys, request.policy_version) {
        Ok(policy) => policy,
        Err(PolicyTrouble::Store(error)) => return Err(error),
        Err(_) => return Ok(Err(NotApproved::Tampered)),
    };
    let now = sight(reads, keys, bill, &policy)?;
    if now.is_none_or(|now| now.digest != request.digest) {
        return Ok(Err(NotApproved::Changed));
    }
    if !tags::is_request(keys, request, entrants) {
        return Ok(Err(NotApproved::Tampered));
    }
    Ok(Ok(()))
}

/// A decision counts if it is ours, on this request, about this digest.
fn counts(keys: &OrgKeys, request: &Request, decision: &Decision) -> bool {
    decision.request == request.id
        && decision.bill == request.bill
        && decision.digest == request.digest
        && tags::is_decision(keys, decision)
}
