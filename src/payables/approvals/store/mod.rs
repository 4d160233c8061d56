//! Policies, requests and decisions as rows, and the tags over them.

pub mod context;
pub mod inbox;
mod policies;
pub mod standing;
pub mod tags;

pub(super) use policies::insert_policy;
pub use policies::{
    PolicyId, PolicyTrouble, PolicyVersion, currencies, newest_policy, policy, versions,
};

use countersign_money::{Currency, Money};

use super::rules::{Asked, Policy, RequestStatus, Verdict, decision_digest};
use crate::identity::access::HumanId;
use crate::identity::delegations::DelegationId;
use crate::identity::organisations::EntityId;
use crate::payables::bills::{Bill, facts_digest_under};
use crate::payables::ids::{ApprovalRequestId, BillId, DecisionId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const ENTITY_CURRENCY: Sql =
    Sql::read("SELECT currency FROM legal_entities WHERE org_id = $1 AND id = $2");
const NEWEST_REQUEST: Sql = Sql::read(
    "SELECT id, bill_id, policy_version, digest, approvals_needed, status, requested_by_id, requested_human_id, \
     requested_us, tag, version, round FROM approval_requests WHERE org_id = $1 AND bill_id = $2 ORDER BY round DESC LIMIT 1",
);
const INSERT_REQUEST: Sql = Sql::change(
    "approval_requests",
    "INSERT INTO approval_requests (org_id, id, bill_id, policy_version, digest, approvals_needed, status, \
     requested_by_id, requested_human_id, requested_us, tag, version, round) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12) RETURNING id",
);
const CLOSE_REQUEST: Sql = Sql::change(
    "approval_requests",
    "UPDATE approval_requests SET status = $4, closed_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND closed_us IS NULL RETURNING id",
);
const VOID_REQUESTS: Sql = Sql::change(
    "approval_requests",
    "UPDATE approval_requests SET status = 'voided', closed_us = COALESCE(closed_us, $3), version = version + 1 \
     WHERE org_id = $1 AND bill_id = $2 AND (status = 'open' OR status = 'approved') RETURNING id",
);
const DECISIONS: Sql = Sql::read(
    "SELECT d.id, d.request_id, d.bill_id, d.person_id, p.name, d.human_id, d.verdict, d.reason, d.digest, d.decided_us, \
     d.tag, d.behalf_id, d.behalf_human_id, d.delegation_id, q.name FROM approval_decisions d \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = d.person_id \
     LEFT JOIN people q ON q.org_id = $1 AND q.id = d.behalf_id \
     WHERE d.org_id = $1 AND d.request_id = $2 ORDER BY d.id",
);
const INSERT_DECISION: Sql = Sql::change(
    "approval_decisions",
    "INSERT INTO approval_decisions (org_id, id, request_id, bill_id, person_id, human_id, verdict, reason, digest, \
     decided_us, tag, behalf_id, behalf_human_id, delegation_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
);

row! {
    /// A bill's way to its approvers.
    #[derive(Debug, Clone)]
    pub struct Request {
        pub id: ApprovalRequestId,
        pub bill: BillId,
        pub policy_version: i64,
        pub digest: [u8; 32],
        pub approvals_needed: i64,
        pub status: RequestStatus,
        pub requested_by: PersonId,
        pub requested_human: HumanId,
        pub requested: Micros,
        pub tag: Vec<u8>,
        pub version: i64,
        /// From 1: how often the bill was sent to approval.
        pub round: i64,
    }
}

row! {
    /// What one human decided.
    #[derive(Debug, Clone)]
    pub struct Decision {
        pub id: DecisionId,
        pub request: ApprovalRequestId,
        pub bill: BillId,
        pub person: PersonId,
        pub person_name: Option<String>,
        pub human: HumanId,
        pub verdict: Verdict,
        pub reason: String,
        pub digest: [u8; 32],
        pub decided: Micros,
        pub tag: Vec<u8>,
        /// On whose behalf, by which delegation; none where she decided for herself.
        pub behalf: Option<PersonId>,
        pub behalf_human: Option<HumanId>,
        pub delegation: Option<DelegationId>,
        pub behalf_name: Option<String>,
    }
}

impl Decision {
    /// The humans whose duty it was: who decided, and on whose behalf.
    pub(in crate::payables::approvals) fn humans(&self) -> impl Iterator<Item = HumanId> {
        [Some(self.human), self.behalf_human].into_iter().flatten()
    }
}

/// The currency that a legal entity counts in.
pub fn entity_currency(reads: &mut impl Reads, entity: EntityId) -> Result<Currency, StoreError> {
    let (currency,): (Currency,) = reads.one(&ENTITY_CURRENCY, params![entity])?;
    Ok(currency)
}

/// What would be decided now: by which part of the policy, and the digest that a decision binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    pub asked: Asked,
    pub digest: [u8; 32],
}

/// None where the bill has no amounts yet.
pub fn sight(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    bill: &Bill,
    policy: &Policy,
) -> Result<Option<Sight>, StoreError> {
    // A prepayment makes the payable amount small; the bill is as large as ever.
    let amounts = [bill.gross_minor, bill.payable_minor];
    let largest = amounts
        .into_iter()
        .flatten()
        .max_by_key(|minor| minor.unsigned_abs());
    let (Some(minor), Some(currency)) = (largest, bill.currency) else {
        return Ok(None);
    };
    let own = entity_currency(reads, bill.entity_id)?;
    let asked = policy.band(Money::from_minor(minor, currency), own);
    let facts = facts_digest_under(reads, keys, bill.id, policy.version)?;
    let digest = decision_digest(&facts, asked.approvals);
    Ok(Some(Sight { asked, digest }))
}

/// The newest request of a bill, whatever its status.
pub fn newest_request(reads: &mut impl Reads, bill: BillId) -> Result<Option<Request>, StoreError> {
    reads.maybe(&NEWEST_REQUEST, params![bill])
}

pub(super) fn insert_request(tx: &mut Tx<'_>, request: &Request) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT_REQUEST,
        params![
            request.id,
            request.bill,
            request.policy_version,
            request.digest,
            request.approvals_needed,
            request.status,
            request.requested_by,
            request.requested_human,
            request.requested,
            request.tag.as_slice(),
            request.round
        ],
    )
}

pub(super) fn close_request(
    tx: &mut Tx<'_>,
    request: &Request,
    status: RequestStatus,
) -> Result<(), StoreError> {
    // A change renews the row's code: a voided request that says open behind the application's back must not get here.
    tx.authentic("approval_requests", request.id)?;
    let now = tx.now();
    tx.change_one(
        &CLOSE_REQUEST,
        params![request.id, request.version, status, now],
    )
}

/// Voids what is open or approved; returns how many requests that were.
pub(super) fn void_requests(tx: &mut Tx<'_>, bill: BillId) -> Result<usize, StoreError> {
    let now = tx.now();
    tx.change(&VOID_REQUESTS, params![bill, now])
}

/// The decisions on a request, in their order.
pub fn decisions(
    reads: &mut impl Reads,
    request: ApprovalRequestId,
) -> Result<Vec<Decision>, StoreError> {
    reads.all(&DECISIONS, params![request])
}

pub(super) fn insert_decision(tx: &mut Tx<'_>, decision: &Decision) -> Result<(), StoreError> {
    tx.change_one(
        &INSERT_DECISION,
        params![
            decision.id,
            decision.request,
            decision.bill,
            decision.person,
            decision.human,
            decision.verdict,
            &decision.reason,
            decision.digest,
            decision.decided,
            decision.tag.as_slice(),
            decision.behalf,
            decision.behalf_human,
            decision.delegation
        ],
    )
}
