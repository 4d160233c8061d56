//! The delegations' SQL.

use jiff::civil::Date;

use super::DelegationId;
use crate::identity::access::HumanId;
use crate::identity::organisations::EntityId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, principal_id, delegate_id, entity_id, from_date, until_date, ended_us, waits_until_us, asked_human_id, \
     made_by_id, version FROM delegations \
     WHERE org_id = $1 AND id = $2",
);
const TO_DELEGATE: Sql = Sql::read(
    "SELECT id, principal_id, delegate_id, entity_id, from_date, until_date, ended_us, waits_until_us, asked_human_id, \
     made_by_id, version FROM delegations \
     WHERE org_id = $1 AND delegate_id = $2 AND ended_us IS NULL AND waits_until_us IS NULL AND from_date <= $3 AND until_date >= $3 ORDER BY id",
);
const OF_PERSON: Sql = Sql::read(
    "SELECT id, principal_id, delegate_id, entity_id, from_date, until_date, ended_us, waits_until_us, asked_human_id, \
     made_by_id, version FROM delegations \
     WHERE org_id = $1 AND (principal_id = $2 OR delegate_id = $2) ORDER BY id DESC LIMIT $3",
);
const NEWEST: Sql = Sql::read(
    "SELECT id, principal_id, delegate_id, entity_id, from_date, until_date, ended_us, waits_until_us, asked_human_id, \
     made_by_id, version FROM delegations \
     WHERE org_id = $1 ORDER BY id DESC LIMIT $2",
);
const INSERT: Sql = Sql::change(
    "delegations",
    "INSERT INTO delegations (org_id, id, principal_id, delegate_id, entity_id, from_date, until_date, made_by_id, made_us, \
     waits_until_us, asked_human_id, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) RETURNING id",
);
const CONFIRM: Sql = Sql::change(
    "delegations",
    "UPDATE delegations SET waits_until_us = NULL, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 AND ended_us IS NULL AND waits_until_us IS NOT NULL RETURNING id",
);
const END: Sql = Sql::change(
    "delegations",
    "UPDATE delegations SET ended_us = $3, ended_by_id = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND ended_us IS NULL RETURNING id",
);

row! {
    /// A delegation as it is kept.
    #[derive(Debug, Clone)]
    pub struct Delegation {
        pub id: DelegationId,
        pub principal: PersonId,
        pub delegate: PersonId,
        /// None for every legal entity that the principal decides in.
        pub entity: Option<EntityId>,
        pub from: Date,
        /// The last day.
        pub until: Date,
        pub ended: Option<Micros>,
        /// Until when a second administrator can confirm it; none for one that nobody has to confirm any more.
        pub waits: Option<Micros>,
        /// Which administrator asked for it, where the principal did not make it herself.
        pub asked_human: Option<HumanId>,
        pub made_by: Option<PersonId>,
        pub version: i64,
    }
}

pub(in crate::identity) fn find(
    reads: &mut impl Reads,
    id: DelegationId,
) -> Result<Delegation, StoreError> {
    reads.one(&FIND, params![id])
}

/// Those to a person that have begun and not ended on a day.
pub(super) fn to_delegate(
    reads: &mut impl Reads,
    delegate: PersonId,
    today: Date,
) -> Result<Vec<Delegation>, StoreError> {
    reads.all(&TO_DELEGATE, params![delegate, today])
}

/// Those from or to a person, the newest first.
pub(super) fn of_person(
    reads: &mut impl Reads,
    person: PersonId,
    limit: i64,
) -> Result<Vec<Delegation>, StoreError> {
    reads.all(&OF_PERSON, params![person, limit])
}

/// Those of the whole organisation, the newest first.
pub(super) fn newest(reads: &mut impl Reads, limit: i64) -> Result<Vec<Delegation>, StoreError> {
    reads.all(&NEWEST, params![limit])
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &Delegation) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.principal,
            new.delegate,
            new.entity,
            new.from,
            new.until,
            by,
            now,
            new.waits,
            new.asked_human
        ],
    )
}

/// Puts one that waits in force; `Stale` where somebody was faster.
pub(super) fn confirm(tx: &mut Tx<'_>, waiting: &Delegation) -> Result<(), StoreError> {
    tx.change_one(&CONFIRM, params![waiting.id, waiting.version])
}

/// Ends a delegation; `Stale` where it has ended before.
pub(super) fn end(tx: &mut Tx<'_>, id: DelegationId) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&END, params![id, now, by])
}
