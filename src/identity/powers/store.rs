//! The requests' SQL.

use super::PowerRequestId;
use super::rules::{Kind, State};
use crate::identity::access::{HumanId, Permission, PermissionSet, Role};
use crate::identity::people::{self, Status};
use crate::identity::roles::{self, CustomRole};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, person_id, kind, roles, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM power_requests WHERE org_id = $1 AND id = $2",
);
const OPEN: Sql = Sql::read(
    "SELECT id, person_id, kind, roles, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM power_requests WHERE org_id = $1 AND state = $2 AND expires_us > $3 ORDER BY id",
);
const CLOSED: Sql = Sql::read(
    "SELECT id, person_id, kind, roles, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM power_requests WHERE org_id = $1 AND (state <> $2 OR expires_us <= $3) ORDER BY id DESC LIMIT $4",
);
const INSERT: Sql = Sql::change(
    "power_requests",
    "INSERT INTO power_requests (org_id, id, person_id, kind, roles, state, proposed_by_id, proposed_human_id, created_us, \
     expires_us, decided_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "power_requests",
    "UPDATE power_requests SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND state = $6 RETURNING id",
);
// Who was suspended still counts, and who gave the role up lately.
const ADMINISTER: Sql = Sql::read(
    "SELECT p.human_id, p.status, g.revoked_us FROM people p JOIN role_grants g ON g.org_id = p.org_id AND g.person_id = p.id \
     WHERE p.org_id = $1 AND g.role = $2 AND g.entity_id IS NULL AND p.status <> $3 AND (g.revoked_us IS NULL OR g.revoked_us > $4) \
     ORDER BY p.id, g.id",
);
const WITH_ROLE: Sql = Sql::read(
    "SELECT DISTINCT p.id FROM people p JOIN role_grants g ON g.org_id = p.org_id AND g.person_id = p.id \
     WHERE p.org_id = $1 AND p.status = $2 AND g.revoked_us IS NULL ORDER BY p.id",
);

row! {
    /// A request as it is kept.
    #[derive(Debug, Clone)]
    pub struct Request {
        pub id: PowerRequestId,
        pub person: PersonId,
        pub kind: Kind,
        pub roles: String,
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

/// A request to be made.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub id: PowerRequestId,
    pub person: PersonId,
    pub kind: Kind,
    pub roles: &'a str,
    pub state: State,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    let decided = (new.state != State::Open).then_some(now);
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.person,
            new.kind,
            new.roles,
            new.state,
            new.by.0,
            new.by.1,
            now,
            new.expires,
            decided
        ],
    )
}

/// A request that somebody is about to act on; `Forged` where it is not what was proposed.
pub(super) fn authentic(reads: &mut impl Reads, id: PowerRequestId) -> Result<Request, StoreError> {
    let request = reads.one(&FIND, params![id])?;
    reads.authentic("power_requests", id)?;
    Ok(request)
}

/// A request, to tell of it.
pub(super) fn find(reads: &mut impl Reads, id: PowerRequestId) -> Result<Request, StoreError> {
    reads.one(&FIND, params![id])
}

/// What waits, the oldest first.
pub(super) fn open(reads: &mut impl Reads, now: Micros) -> Result<Vec<Request>, StoreError> {
    reads.all(&OPEN, params![State::Open, now])
}

/// What does not wait any more, the newest first.
pub(super) fn closed(
    reads: &mut impl Reads,
    now: Micros,
    limit: i64,
) -> Result<Vec<Request>, StoreError> {
    reads.all(&CLOSED, params![State::Open, now, limit])
}

/// Closes an open request; `Stale` where somebody was faster.
pub(super) fn decide(tx: &mut Tx<'_>, id: PowerRequestId, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![id, state, by, now, State::Open])
}

/// A human who has, or lately had, the right to administer people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Administrator {
    pub human: HumanId,
    /// Whether she can act now.
    pub is_active: bool,
}

/// Who administers, and who did after `since`.
pub(super) fn administrators(
    reads: &mut impl Reads,
    since: Micros,
) -> Result<Vec<Administrator>, StoreError> {
    let mut found = Vec::new();
    for (role, is_now) in administering(reads, since)? {
        let rows: Vec<(HumanId, Status, Option<Micros>)> =
            reads.all(&ADMINISTER, params![role, Status::Invited, since])?;
        found.extend(
            rows.into_iter()
                .map(|(human, status, revoked)| Administrator {
                    human,
                    is_active: is_now && status == Status::Active && revoked.is_none(),
                }),
        );
    }
    Ok(found)
}

/// The roles that administer people, and those that did after `since`; each with whether it does now.
fn administering(reads: &mut impl Reads, since: Micros) -> Result<Vec<(Role, bool)>, StoreError> {
    let administers = |set: PermissionSet| set.contains(Permission::PeopleAdminister);
    let built_in = Role::ALL.iter().copied();
    let built_in = built_in.filter(|role| administers(PermissionSet::of(*role)));
    let mut found: Vec<(Role, bool)> = built_in.map(|role| (role, true)).collect();
    let own = roles::load(reads)?;
    let state = |role: &CustomRole| {
        let did = role.administered.is_some_and(|at| at > since);
        let does = administers(role.permissions);
        (does || did).then_some((Role::Custom(role.id), does))
    };
    found.extend(own.all().iter().filter_map(state));
    Ok(found)
}

/// Everybody who can sign in and has a role.
pub(in crate::identity) fn with_role(reads: &mut impl Reads) -> Result<Vec<PersonId>, StoreError> {
    let rows: Vec<(PersonId,)> = reads.all(&WITH_ROLE, params![Status::Active])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The accounts of those who administer now.
pub fn accounts_of_administrators(reads: &mut impl Reads) -> Result<Vec<PersonId>, StoreError> {
    let humans = people::holders(reads, Permission::PeopleAdminister, None)?;
    let people = people::everybody(reads)?;
    Ok(people
        .into_iter()
        .filter(|person| person.status == Status::Active && humans.contains(&person.human))
        .map(|person| person.id)
        .collect())
}
