//! Deciding on a bill.

use super::submit::check_holds;
use super::{ApprovalError, Who};
use crate::identity::access::{Access, HumanId, Permission};
use crate::payables::approvals::rules::{self, RequestStatus, Verdict, conflict};
use crate::payables::approvals::store::standing::{NotApproved, approvers};
use crate::payables::approvals::store::{self, Decision, Request, tags};
use crate::payables::bills::Bill;
use crate::payables::bills::rules::Processing;
use crate::payables::bills::store::{self as bills, facts};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Committed, Entry, Tx};

/// What somebody decides about the bill as she saw it.
#[derive(Debug, Clone)]
pub struct NewDecision {
    pub bill: BillId,
    pub verdict: Verdict,
    /// Needed to reject and to send back.
    pub reason: String,
    /// The digest of the page that she read.
    pub seen: [u8; 32],
}

/// What a decision led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub processing: Processing,
    pub approvals: usize,
    pub needed: usize,
}

/// Decides on a bill.
pub async fn decide(app: &App, who: &Access, new: NewDecision) -> Result<Decided, ApprovalError> {
    let reach = who.reach(Permission::BillsDecide)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let decider = Who::from(who);
    app.store
        .write(who.caller(), move |tx| {
            bills::within(tx, new.bill, &reach)?;
            decide_in(tx, &keys, decider, &new)
        })
        .await
}

/// [`decide`] within a transaction.
pub fn decide_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    who: Who,
    new: &NewDecision,
) -> Result<Committed<Decided>, ApprovalError> {
    let reason = rules::reason(&new.reason).ok_or(ApprovalError::ReasonUnusable)?;
    if reason.is_empty() && new.verdict != Verdict::Approve {
        return Err(ApprovalError::ReasonMissing);
    }
    let bill = bills::find(tx, new.bill)?;
    let request = store::newest_request(tx, new.bill)?
        .filter(|request| request.status == RequestStatus::Open)
        .ok_or(ApprovalError::NotOpen)?;
    let approved = approvers(tx, keys, &bill, &request)?.map_err(|why| match why {
        NotApproved::Tampered => ApprovalError::Tampered,
        _ => ApprovalError::Stale,
    })?;
    if new.seen != request.digest {
        return Err(ApprovalError::Stale);
    }
    check_duty(tx, who.human, &request, &approved)?;
    if new.verdict == Verdict::Approve {
        check_holds(tx, &bill)?;
    }
    let mut decision = Decision {
        id: tx.id(),
        request: request.id,
        bill: bill.id,
        person: who.person,
        person_name: None,
        human: who.human,
        verdict: new.verdict,
        reason,
        digest: request.digest,
        decided: tx.now(),
        tag: Vec::new(),
    };
    decision.tag = tags::decision(keys, &decision).to_vec();
    store::insert_decision(tx, &decision)?;
    settle(tx, &bill, &request, &decision, approved.len())
}

fn check_duty(
    tx: &mut Tx<'_>,
    human: HumanId,
    request: &Request,
    approved: &[HumanId],
) -> Result<(), ApprovalError> {
    let entrants = facts::entrants(tx, request.bill)?;
    match conflict(human, &entrants, request.requested_human, approved) {
        Some(duty) => Err(duty.into()),
        None => Ok(()),
    }
}

/// Moves request and bill on. The bill's version grows with every decision, so that somebody who still edits the bill as
/// it was before learns of it.
fn settle(
    tx: &mut Tx<'_>,
    bill: &Bill,
    request: &Request,
    decision: &Decision,
    approved_before: usize,
) -> Result<Committed<Decided>, ApprovalError> {
    let needed = usize::try_from(request.approvals_needed).unwrap_or(usize::MAX);
    let approvals = approved_before + usize::from(decision.verdict == Verdict::Approve);
    let (action, processing, status) = match decision.verdict {
        Verdict::Approve if approvals >= needed => (
            "bill.approved",
            Processing::Approved,
            Some(RequestStatus::Approved),
        ),
        Verdict::Approve => ("bill.approved", bill.processing, None),
        Verdict::Reject => (
            "bill.rejected",
            Processing::Rejected,
            Some(RequestStatus::Rejected),
        ),
        Verdict::SendBack => (
            "bill.sent-back",
            Processing::SentBack,
            Some(RequestStatus::SentBack),
        ),
    };
    if let Some(status) = status {
        store::close_request(tx, request, status)?;
    }
    let told = match decision.verdict {
        Verdict::Approve => "",
        Verdict::Reject | Verdict::SendBack => &decision.reason,
    };
    bills::move_to(tx, bill, processing, told)?;
    let mut entry = Entry::new(action, "bill", bill.id)
        .version(bill.version + 1)
        .change("processing", Some(bill.processing), Some(processing))
        .fact("decision", decision.id)
        .fact("request", request.id)
        .fact("approvals", format!("{approvals}/{needed}"))
        .fact("digest", rules::to_hex(&request.digest));
    if !decision.reason.is_empty() {
        entry = entry.fact("reason", &decision.reason);
    }
    let decided = Decided {
        processing,
        approvals,
        needed,
    };
    Ok(tx.commit(entry, decided)?)
}
