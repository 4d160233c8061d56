//! The requests' SQL.

use super::DisposalRequestId;
use super::rules::State;
use crate::identity::access::HumanId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, reason, state, proposed_by_id, proposed_human_id, created_us, expires_us, \
     decided_by_id, decided_us, version FROM key_disposal_requests WHERE org_id = $1 AND id = $2",
);
const LIST: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, reason, state, proposed_by_id, proposed_human_id, created_us, expires_us, \
     decided_by_id, decided_us, version FROM key_disposal_requests WHERE org_id = $1 ORDER BY id DESC LIMIT 100",
);
const OPEN: Sql = Sql::read(
    "SELECT id FROM key_disposal_requests WHERE org_id = $1 AND subject_id = $2 AND state = 'open' AND expires_us > $3 LIMIT 1",
);
const INSERT: Sql = Sql::change(
    "key_disposal_requests",
    "INSERT INTO key_disposal_requests (org_id, id, subject_kind, subject_id, reason, state, proposed_by_id, \
     proposed_human_id, created_us, expires_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "key_disposal_requests",
    "UPDATE key_disposal_requests SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND state = $6 RETURNING id",
);

row! {
    /// A request as it is kept.
    #[derive(Debug, Clone)]
    pub struct Request {
        pub id: DisposalRequestId,
        pub kind: String,
        pub subject: String,
        pub reason: String,
        pub state: State,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub expires: Micros,
        pub decided_by: Option<PersonId>,
        pub decided: Option<Micros>,
        pub version: i64,
    }
}

pub(super) fn list(reads: &mut impl Reads) -> Result<Vec<Request>, StoreError> {
    reads.all(&LIST, [])
}

pub(super) fn find(reads: &mut impl Reads, id: DisposalRequestId) -> Result<Request, StoreError> {
    reads.one(&FIND, params![id])
}

/// A request that somebody is about to act on; `Forged` where it is not what was asked for.
pub(super) fn authentic(
    reads: &mut impl Reads,
    id: DisposalRequestId,
) -> Result<Request, StoreError> {
    let request = find(reads, id)?;
    reads.authentic("key_disposal_requests", id)?;
    Ok(request)
}

/// Whether the same is asked for already.
pub(super) fn is_asked(tx: &mut Tx<'_>, subject: &str) -> Result<bool, StoreError> {
    let now = tx.now();
    let open: Option<(String,)> = tx.maybe(&OPEN, params![subject, now])?;
    Ok(open.is_some())
}

/// What is asked for, and by whom.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub id: DisposalRequestId,
    pub kind: &'a str,
    pub subject: &'a str,
    pub reason: &'a str,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.kind,
            new.subject,
            new.reason,
            State::Open,
            new.by.0,
            new.by.1,
            now,
            new.expires
        ],
    )
}

/// Closes an open request; `Stale` where somebody was faster.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: DisposalRequestId,
    state: State,
) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![id, state, by, now, State::Open])
}
