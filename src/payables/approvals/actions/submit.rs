//! Sending a bill to its approvers.

use super::{ApprovalError, Who, blocks_approval};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals::rules::RequestStatus;
use crate::payables::approvals::store::{self, Request, tags};
use crate::payables::bills::rules::{Payment, Processing, missing};
use crate::payables::bills::store::{self as bills, facts};
use crate::payables::bills::{Bill, holds};
use crate::payables::coding;
use crate::payables::digests::to_hex;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Committed, Entry, Reads, StoreError, Tx};

/// Sends a bill of this version to approval; returns the bill's version afterwards.
pub async fn submit(app: &App, who: &Access, bill: (BillId, i64)) -> Result<i64, ApprovalError> {
    let reach = who.reach(Permission::BillsCode)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let asker = Who::from(who);
    app.store
        .write(who.caller(), move |tx| {
            bills::within(tx, bill.0, &reach)?;
            submit_in(tx, &keys, asker, bill)
        })
        .await
}

/// [`submit`] within a transaction.
pub fn submit_in(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    who: Who,
    (id, version): (BillId, i64),
) -> Result<Committed<i64>, ApprovalError> {
    let bill = bills::find(tx, id)?;
    if bill.version != version {
        return Err(ApprovalError::Conflict);
    }
    check_ready(tx, &bill)?;
    let policy = store::newest_policy(tx, keys)?;
    // The digest speaks of the bill's facts, not of its processing, so that it is the same before and after this.
    let sight = store::sight(tx, keys, &bill, &policy)?
        .ok_or_else(|| ApprovalError::Incomplete(missing(&bill)))?;
    let round = store::newest_request(tx, id)?.map_or(1, |last| last.round + 1);
    let mut request = Request {
        id: tx.id(),
        bill: id,
        policy_version: policy.version,
        digest: sight.digest,
        approvals_needed: i64::from(sight.asked.approvals),
        status: RequestStatus::Open,
        requested_by: who.person,
        requested_human: who.human,
        requested: tx.now(),
        tag: Vec::new(),
        version: 1,
        round,
    };
    let entrants = facts::entrants(tx, id)?;
    request.tag = tags::request(keys, &request, &entrants).to_vec();
    store::insert_request(tx, &request).map_err(once)?;
    bills::move_to(tx, &bill, Processing::InApproval, "")?;
    let entry = Entry::new("bill.submitted", "bill", id)
        .version(version + 1)
        .change(
            "processing",
            Some(bill.processing),
            Some(Processing::InApproval),
        )
        .fact("request", request.id)
        .fact("policy", policy.version)
        .fact("needed", sight.asked.approvals)
        .fact("digest", to_hex(&sight.digest));
    Ok(tx.commit(entry, version + 1)?)
}

/// The index on open requests: somebody else sent it a moment ago.
fn once(error: StoreError) -> ApprovalError {
    match error {
        StoreError::Unique { .. } => ApprovalError::Conflict,
        other => other.into(),
    }
}

/// Whether the bill may go to approval as it is.
fn check_ready(reads: &mut impl Reads, bill: &Bill) -> Result<(), ApprovalError> {
    if bill.payment != Payment::Unpaid || !bill.processing.may_become(Processing::InApproval) {
        return Err(ApprovalError::NotNow(bill.processing));
    }
    let missing = missing(bill);
    if !missing.is_empty() {
        return Err(ApprovalError::Incomplete(missing));
    }
    coding::store::check_coded(reads, bill.id)?.map_err(ApprovalError::Uncoded)?;
    check_holds(reads, bill)
}

/// Whether holds keep the bill from being approved.
pub(super) fn check_holds(reads: &mut impl Reads, bill: &Bill) -> Result<(), ApprovalError> {
    let held: Vec<_> = holds::standing(reads, bill)?
        .into_iter()
        .map(|hold| hold.kind)
        .filter(|kind| blocks_approval(*kind))
        .collect();
    if held.is_empty() {
        Ok(())
    } else {
        Err(ApprovalError::Held(held))
    }
}
