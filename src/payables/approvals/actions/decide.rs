//! Deciding on a bill.

use super::submit::check_holds;
use super::{ApprovalError, Who};
use crate::identity::access::{Access, Denied, HumanId, Mandate, Permission};
use crate::identity::delegations;
use crate::identity::humans;
use crate::payables::approvals::rules::{self, RequestStatus, Verdict, conflict};
use crate::payables::approvals::store::standing::{NotApproved, approvers};
use crate::payables::approvals::store::{self, Decision, Request, tags};
use crate::payables::bills::Bill;
use crate::payables::bills::rules::Processing;
use crate::payables::bills::store::{self as bills, facts};
use crate::payables::digests::to_hex;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Committed, Entry, StoreError, Tx};

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

/// Decides on a bill: for oneself where one may, else on behalf of whoever delegated it.
pub async fn decide(app: &App, who: &Access, new: NewDecision) -> Result<Decided, ApprovalError> {
    if !who.decides() {
        return Err(who.lacks(Permission::BillsDecide).into());
    }
    let bill = new.bill;
    let found = app
        .store
        .read(who.scope(), move |read| bills::find(read, bill))
        .await?;
    if who.may_in(Permission::BillsDecide, found.entity_id) {
        return decide_by(app, who, None, &new).await;
    }
    // Whoever decides on another's behalf reads the bill by a role of her own.
    who.sight(Permission::BillsRead).check(found.entity_id)?;
    let mut last = ApprovalError::Store(StoreError::Missing);
    for mandate in who.mandates() {
        if !mandate.reach.includes(found.entity_id) {
            continue;
        }
        match decide_by(app, who, Some(mandate.clone()), &new).await {
            // One principal had another duty in it; the next one may have had none.
            Err(ApprovalError::Duty(duty)) => last = duty.into(),
            other => return other,
        }
    }
    Err(last)
}

async fn decide_by(
    app: &App,
    who: &Access,
    mandate: Option<Mandate>,
    new: &NewDecision,
) -> Result<Decided, ApprovalError> {
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (decider, new) = (Who::from(who), new.clone());
    let own = who.sight(Permission::BillsDecide);
    let mut caller = who.caller();
    caller.actor.on_behalf_of = mandate.as_ref().map(|mandate| mandate.principal);
    app.store
        .write(caller, move |tx| {
            let (now, acting) = (tx.now(), (decider.person, decider.human));
            let mandate = match &mandate {
                Some(shown) => Some(
                    delegations::still_stands(tx, shown, acting, now)?
                        .ok_or(Denied::Lacks(Permission::BillsDecide))?,
                ),
                None => None,
            };
            let reach = mandate.as_ref().map_or(&own, |mandate| &mandate.reach);
            bills::within(tx, new.bill, reach)?;
            decide_as(tx, &keys, (decider, mandate.as_ref()), &new)
        })
        .await
}

/// Deciding for oneself, within a transaction. Whether one may is asked by who opened it.
pub fn decide_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    who: Who,
    new: &NewDecision,
) -> Result<Committed<Decided>, ApprovalError> {
    decide_as(tx, keys, (who, None), new)
}

fn decide_as(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    (who, mandate): (Who, Option<&Mandate>),
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
    let behalf_human = mandate.map(|mandate| mandate.human);
    for human in [Some(who.human), behalf_human].into_iter().flatten() {
        check_duty(tx, human, &request, &approved.humans)?;
    }
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
        behalf: mandate.map(|mandate| mandate.principal),
        behalf_human,
        delegation: mandate.map(|mandate| mandate.delegation),
        behalf_name: None,
    };
    decision.tag = tags::decision(keys, &decision).to_vec();
    store::insert_decision(tx, &decision)?;
    settle(tx, &bill, &request, &decision, approved.count)
}

fn check_duty(
    tx: &mut Tx<'_>,
    human: HumanId,
    request: &Request,
    approved: &[HumanId],
) -> Result<(), ApprovalError> {
    let entrants = facts::entrants(tx, request.bill)?;
    let (humans, asked) = (humans::load(tx)?, (&entrants[..], request.requested_human));
    match conflict(&humans, human, asked, approved) {
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
        .fact("digest", to_hex(&request.digest));
    if let Some(delegation) = decision.delegation {
        entry = entry.fact("delegation", delegation);
    }
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
