//! The streams' SQL.

mod positions;
mod secrets;

pub(super) use positions::{
    Claimed, Held, advance, all_positions, begin, claim, due, due_now, fail, halt, mark, move_to,
    position, renew, told,
};
pub use positions::{Due, Position};
pub(super) use secrets::{make, rotate, signing};

use super::StreamId;
use super::rules::{Begins, Kind, Reason, State};
use crate::assurance::audit::rules::Format;
use crate::identity::access::HumanId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, name, kind, address, format, begins, state, reason, replaces_id, proposed_by_id, proposed_human_id, created_us, \
     expires_us, decided_by_id, decided_us, version FROM journal_streams WHERE org_id = $1 AND id = $2",
);
const LIST: Sql = Sql::read(
    "SELECT id, name, kind, address, format, begins, state, reason, replaces_id, proposed_by_id, proposed_human_id, created_us, \
     expires_us, decided_by_id, decided_us, version FROM journal_streams WHERE org_id = $1 ORDER BY id DESC LIMIT 100",
);
const STANDING: Sql = Sql::read(
    "SELECT id FROM journal_streams WHERE org_id = $1 AND (state = 'active' OR state = 'paused' \
     OR (state = 'proposed' AND expires_us > $2)) ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "journal_streams",
    "INSERT INTO journal_streams (org_id, id, name, kind, address, format, begins, state, replaces_id, proposed_by_id, \
     proposed_human_id, created_us, expires_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "journal_streams",
    "UPDATE journal_streams SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $6 RETURNING id",
);
const MOVE: Sql = Sql::change(
    "journal_streams",
    "UPDATE journal_streams SET state = $3, reason = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5 RETURNING id",
);

row! {
    /// A stream as it is kept.
    #[derive(Debug, Clone)]
    pub struct Stream {
        pub id: StreamId,
        pub name: String,
        pub kind: Kind,
        pub address: String,
        pub format: Format,
        pub begins: Begins,
        pub state: State,
        /// Why it is paused.
        pub reason: Option<Reason>,
        /// In whose place it comes.
        pub replaces: Option<StreamId>,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub expires: Micros,
        pub decided_by: Option<PersonId>,
        pub decided: Option<Micros>,
        pub version: i64,
    }
}

/// The newest first.
pub(super) fn list(reads: &mut impl Reads) -> Result<Vec<Stream>, StoreError> {
    reads.all(&LIST, [])
}

pub(super) fn find(reads: &mut impl Reads, id: StreamId) -> Result<Stream, StoreError> {
    reads.one(&FIND, params![id])
}

/// A stream that somebody is about to act on or send to; `Forged` where it is not what two agreed on.
pub(super) fn authentic(reads: &mut impl Reads, id: StreamId) -> Result<Stream, StoreError> {
    let stream = find(reads, id)?;
    reads.authentic("journal_streams", id)?;
    Ok(stream)
}

/// How many streams there are or may come to be.
pub(super) fn standing(reads: &mut impl Reads, now: Micros) -> Result<usize, StoreError> {
    let rows: Vec<(StreamId,)> = reads.all(&STANDING, params![now])?;
    Ok(rows.len())
}

/// What somebody asks for.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub id: StreamId,
    pub name: &'a str,
    pub kind: Kind,
    pub address: &'a str,
    pub format: Format,
    pub begins: Begins,
    pub replaces: Option<StreamId>,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.name,
            new.kind,
            new.address,
            new.format,
            new.begins,
            State::Proposed,
            new.replaces,
            new.by.0,
            new.by.1,
            now,
            new.expires
        ],
    )
}

/// Closes what waits; `Stale` where somebody was faster.
pub(super) fn decide(tx: &mut Tx<'_>, stream: &Stream, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![stream.id, state, by, now, stream.version])
}

/// Moves a confirmed stream on; `Stale` where somebody was faster.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    stream: &Stream,
    (state, reason): (State, Option<Reason>),
) -> Result<(), StoreError> {
    tx.change_one(&MOVE, params![stream.id, state, reason, stream.version])
}
