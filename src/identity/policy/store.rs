//! The policy's SQL.

use super::PolicyRequestId;
use super::rules::{Policy, Terms};
use crate::identity::access::HumanId;
use crate::identity::organisations::{Decided, is_decided, may_be_missing};
use crate::identity::powers::State;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const IN_FORCE: Sql = Sql::read(
    "SELECT id, terms, passkeys_only_us, pci_us, version FROM security_policies WHERE org_id = $1 ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "security_policies",
    "INSERT INTO security_policies (org_id, id, terms, passkeys_only_us, pci_us, set_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, 1) RETURNING id",
);
const REPLACE: Sql = Sql::change(
    "security_policies",
    "UPDATE security_policies SET terms = $3, passkeys_only_us = $4, pci_us = $5, set_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $7 RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, terms, base_version, state, proposed_by_id, proposed_human_id, created_us, expires_us, version \
     FROM policy_requests WHERE org_id = $1 AND id = $2",
);
const OPEN: Sql = Sql::read(
    "SELECT id, terms, base_version, state, proposed_by_id, proposed_human_id, created_us, expires_us, version \
     FROM policy_requests WHERE org_id = $1 AND state = $2 AND expires_us > $3 ORDER BY id",
);
const INSERT_REQUEST: Sql = Sql::change(
    "policy_requests",
    "INSERT INTO policy_requests (org_id, id, terms, base_version, state, proposed_by_id, proposed_human_id, created_us, \
     expires_us, decided_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "policy_requests",
    "UPDATE policy_requests SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND state = $6 RETURNING id",
);

row! {
    /// The policy as its row keeps it.
    #[derive(Debug)]
    struct Kept {
        id: CredentialId,
        terms: String,
        passkeys_only: Option<Micros>,
        pci: Option<Micros>,
        version: i64,
    }
}

row! {
    /// A request as it is kept.
    #[derive(Debug, Clone)]
    pub struct Request {
        pub id: PolicyRequestId,
        pub terms: String,
        pub base_version: i64,
        pub state: State,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub expires: Micros,
        pub version: i64,
    }
}

fn forged(id: impl ToString) -> StoreError {
    StoreError::Forged {
        table: "security_policies",
        row: id.to_string(),
    }
}

/// The policy in force and its row; `Forged` where the row is not ours.
fn kept(reads: &mut impl Reads) -> Result<Option<(CredentialId, Policy)>, StoreError> {
    let Some(row) = reads.maybe::<Kept>(&IN_FORCE, [])? else {
        return Ok(None);
    };
    reads.authentic("security_policies", row.id)?;
    let policy = Policy {
        terms: Terms::parse(&row.terms).ok_or_else(|| forged(row.id))?,
        passkeys_only_since: row.passkeys_only,
        pci_since: row.pci,
        version: row.version,
    };
    Ok(Some((row.id, policy)))
}

/// The policy in force: the standard where nobody has ever decided anything; `Forged` where what was decided is gone.
pub(in crate::identity) fn of(reads: &mut impl Reads) -> Result<Policy, StoreError> {
    if let Some((_, policy)) = kept(reads)? {
        return Ok(policy);
    }
    may_be_missing(reads, Decided::Policy, "security_policies")?;
    Ok(Policy::STANDARD)
}

/// How many sealed values somebody may see in full within an hour without a second human.
pub fn reveals_per_hour(reads: &mut impl Reads) -> Result<i64, StoreError> {
    Ok(of(reads)?.terms.reveals_per_hour)
}

/// Puts a policy in force in place of the one it was made from; `Stale` where another came in between. Gives its row.
pub(super) fn put(tx: &mut Tx<'_>, policy: &Policy) -> Result<CredentialId, StoreError> {
    let now = tx.now();
    let (terms, keys, pci) = (
        policy.terms.text(),
        policy.passkeys_only_since,
        policy.pci_since,
    );
    match kept(tx)? {
        Some((id, before)) if before.version + 1 == policy.version => {
            tx.change_one(&REPLACE, params![id, terms, keys, pci, now, before.version])?;
            Ok(id)
        }
        None if policy.version == 1 => {
            let id: CredentialId = tx.id();
            tx.change_one(&INSERT, params![id, terms, keys, pci, now])?;
            is_decided(tx, Decided::Policy)?;
            Ok(id)
        }
        _ => Err(StoreError::Stale),
    }
}

/// A request that somebody is about to act on; `Forged` where it is not what was proposed.
pub(super) fn authentic(
    reads: &mut impl Reads,
    id: PolicyRequestId,
) -> Result<Request, StoreError> {
    let request = reads.one(&FIND, params![id])?;
    reads.authentic("policy_requests", id)?;
    Ok(request)
}

/// What waits, the oldest first.
pub(super) fn open(reads: &mut impl Reads, now: Micros) -> Result<Vec<Request>, StoreError> {
    reads.all(&OPEN, params![State::Open, now])
}

/// A request to be made.
#[derive(Debug)]
pub(super) struct New {
    pub id: PolicyRequestId,
    pub terms: String,
    pub base_version: i64,
    pub state: State,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New) -> Result<(), StoreError> {
    let now = tx.now();
    let decided = (new.state != State::Open).then_some(now);
    tx.change_one(
        &INSERT_REQUEST,
        params![
            new.id,
            &new.terms,
            new.base_version,
            new.state,
            new.by.0,
            new.by.1,
            now,
            new.expires,
            decided
        ],
    )
}

/// Closes an open request; `Stale` where somebody was faster.
pub(super) fn decide(tx: &mut Tx<'_>, id: PolicyRequestId, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![id, state, by, now, State::Open])
}
