//! The joins' SQL.

use super::{HumanJoinId, Humans};
use crate::identity::access::HumanId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

// Those that were dissolved as well: whoever ends one in the database alone has changed a row of ours.
const ALL: Sql = Sql::read(
    "SELECT j.id, j.one_id, j.other_id, p.human_id, q.human_id, j.ended_us FROM human_joins j \
     JOIN people p ON p.org_id = $1 AND p.id = j.one_id JOIN people q ON q.org_id = $1 AND q.id = j.other_id \
     WHERE j.org_id = $1 ORDER BY j.id",
);
const FIND: Sql = Sql::read(
    "SELECT id, one_id, other_id, joined_us, joined_by_id, split_by_id, split_human_id, split_until_us, ended_us, version \
     FROM human_joins WHERE org_id = $1 AND id = $2",
);
const OF_PERSON: Sql = Sql::read(
    "SELECT id, one_id, other_id, joined_us, joined_by_id, split_by_id, split_human_id, split_until_us, ended_us, version \
     FROM human_joins WHERE org_id = $1 AND (one_id = $2 OR other_id = $2) AND ended_us IS NULL ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "human_joins",
    "INSERT INTO human_joins (org_id, id, one_id, other_id, joined_us, joined_by_id, version) VALUES ($1, $2, $3, $4, $5, $6, 1) \
     RETURNING id",
);
const PROPOSE_SPLIT: Sql = Sql::change(
    "human_joins",
    "UPDATE human_joins SET split_by_id = $3, split_human_id = $4, split_us = $5, split_until_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $7 AND ended_us IS NULL RETURNING id",
);
const KEEP: Sql = Sql::change(
    "human_joins",
    "UPDATE human_joins SET split_by_id = NULL, split_human_id = NULL, split_us = NULL, split_until_us = NULL, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND ended_us IS NULL RETURNING id",
);
const END: Sql = Sql::change(
    "human_joins",
    "UPDATE human_joins SET ended_us = $3, ended_by_id = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $5 AND ended_us IS NULL RETURNING id",
);

row! {
    /// A join as it is kept.
    #[derive(Debug, Clone)]
    pub struct HumanJoin {
        pub id: HumanJoinId,
        pub one: PersonId,
        pub other: PersonId,
        pub joined: Micros,
        pub joined_by: PersonId,
        pub split_by: Option<PersonId>,
        pub split_human: Option<HumanId>,
        pub split_until: Option<Micros>,
        pub ended: Option<Micros>,
        pub version: i64,
    }
}

row! {
    /// Who is one with whom, or was.
    #[derive(Debug)]
    struct Pair {
        id: HumanJoinId,
        one: PersonId,
        other: PersonId,
        one_human: HumanId,
        other_human: HumanId,
        ended: Option<Micros>,
    }
}

/// Which humans of the organisation are one, at this moment.
///
/// # Errors
/// `Forged` where a row of it, or of an account that it names, is not ours: nobody's duties are compared then.
pub fn load(reads: &mut impl Reads) -> Result<Humans, StoreError> {
    let mut pairs = Vec::new();
    for pair in reads.all::<Pair>(&ALL, [])? {
        reads.authentic("human_joins", pair.id)?;
        reads.authentic("people", pair.one)?;
        reads.authentic("people", pair.other)?;
        if pair.ended.is_none() {
            pairs.push((pair.one_human, pair.other_human));
        }
    }
    Ok(Humans::of_pairs(&pairs))
}

/// A join that somebody is about to act on; `Forged` where its row is not ours.
pub(super) fn authentic(reads: &mut impl Reads, id: HumanJoinId) -> Result<HumanJoin, StoreError> {
    let join = reads.one(&FIND, params![id])?;
    reads.authentic("human_joins", id)?;
    Ok(join)
}

/// A join, to tell of it.
pub(in crate::identity) fn join_of(
    reads: &mut impl Reads,
    id: HumanJoinId,
) -> Result<HumanJoin, StoreError> {
    reads.one(&FIND, params![id])
}

/// The joins of an account that stand.
pub(super) fn of_person(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<HumanJoin>, StoreError> {
    reads.all(&OF_PERSON, params![person])
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: HumanJoinId,
    (one, other): (PersonId, PersonId),
    by: PersonId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, one, other, now, by])
}

/// Notes that somebody asks for the end of a join; `Stale` where somebody was faster.
pub(super) fn propose_split(
    tx: &mut Tx<'_>,
    join: &HumanJoin,
    (by, human): (PersonId, HumanId),
    until: Micros,
) -> Result<(), StoreError> {
    let now = tx.now();
    let params = params![join.id, by, human, now, until, join.version];
    tx.change_one(&PROPOSE_SPLIT, params)
}

/// The join stays; nobody asks for its end any more.
pub(super) fn keep(tx: &mut Tx<'_>, join: &HumanJoin) -> Result<(), StoreError> {
    tx.change_one(&KEEP, params![join.id, join.version])
}

pub(super) fn end(tx: &mut Tx<'_>, join: &HumanJoin, by: PersonId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&END, params![join.id, now, by, join.version])
}
