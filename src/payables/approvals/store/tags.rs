//! What somebody with the database alone cannot write: the tags of policies, requests and decisions.

use super::{Decision, PolicyId, Request};
use crate::identity::access::HumanId;
use crate::platform::keys::OrgKeys;

const POLICY: &str = "approval-policy/v1";
const REQUEST: &str = "approval-request/v1";
const DECISION: &str = "approval-decision/v1";

pub(super) fn policy(keys: &OrgKeys, id: PolicyId, version: i64, bands: &str) -> [u8; 32] {
    keys.authenticate(
        POLICY,
        &[id.as_bytes(), &version.to_be_bytes(), bands.as_bytes()],
    )
}

pub(super) fn is_policy(
    keys: &OrgKeys,
    id: PolicyId,
    version: i64,
    bands: &str,
    tag: &[u8],
) -> bool {
    let version = version.to_be_bytes();
    keys.is_authentic(POLICY, &[id.as_bytes(), &version, bands.as_bytes()], tag)
}

/// A request binds who had entered the bill, so that nobody stops having entered it.
pub fn request(keys: &OrgKeys, request: &Request, entrants: &[HumanId]) -> [u8; 32] {
    with_request(request, entrants, |parts| keys.authenticate(REQUEST, parts))
}

#[must_use]
pub fn is_request(keys: &OrgKeys, request: &Request, entrants: &[HumanId]) -> bool {
    with_request(request, entrants, |parts| {
        keys.is_authentic(REQUEST, parts, &request.tag)
    })
}

fn with_request<T>(request: &Request, entrants: &[HumanId], run: impl FnOnce(&[&[u8]]) -> T) -> T {
    let mut sorted = entrants.to_vec();
    sorted.sort();
    let mut parts: Vec<&[u8]> = Vec::with_capacity(9 + sorted.len());
    let version = request.policy_version.to_be_bytes();
    let needed = request.approvals_needed.to_be_bytes();
    let requested = request.requested.0.to_be_bytes();
    let round = request.round.to_be_bytes();
    parts.push(request.id.as_bytes());
    parts.push(request.bill.as_bytes());
    parts.push(&version);
    parts.push(&request.digest);
    parts.push(&needed);
    parts.push(request.requested_by.as_bytes());
    parts.push(request.requested_human.as_bytes());
    parts.push(&requested);
    parts.push(&round);
    parts.extend(sorted.iter().map(|human| human.as_bytes().as_slice()));
    run(&parts)
}

#[must_use]
pub fn decision(keys: &OrgKeys, decision: &Decision) -> [u8; 32] {
    with_decision(decision, |parts| keys.authenticate(DECISION, parts))
}

#[must_use]
pub fn is_decision(keys: &OrgKeys, decision: &Decision) -> bool {
    with_decision(decision, |parts| {
        keys.is_authentic(DECISION, parts, &decision.tag)
    })
}

fn with_decision<T>(decision: &Decision, run: impl FnOnce(&[&[u8]]) -> T) -> T {
    let (behalf, human, delegation) = (
        decision.behalf.map(|person| *person.as_bytes()),
        decision.behalf_human.map(|human| *human.as_bytes()),
        decision.delegation.map(|delegation| *delegation.as_bytes()),
    );
    let decided = decision.decided.0.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![
        decision.id.as_bytes(),
        decision.request.as_bytes(),
        decision.bill.as_bytes(),
        decision.person.as_bytes(),
        decision.human.as_bytes(),
        decision.verdict.as_str().as_bytes(),
        decision.reason.as_bytes(),
        &decision.digest,
        &decided,
    ];
    // What somebody decides for herself has the form of before there were delegations.
    let on_behalf = [&behalf, &human, &delegation];
    if on_behalf.iter().any(|part| part.is_some()) {
        parts.extend(on_behalf.map(|part| part.as_ref().map_or(&[][..], |bytes| &bytes[..])));
    }
    run(&parts)
}
