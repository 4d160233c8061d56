//! Which roles groups give, and what was given by it.

use super::tokens::State;
use crate::identity::access::{HumanId, Role};
use crate::identity::provisioning::{DirectoryId, GivenRoleId, GroupId, MappingId, UserId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, group_id, role, state, proposed_by_id, proposed_human_id, created_us, confirm_until_us, version \
     FROM directory_mappings WHERE org_id = $1 AND id = $2",
);
const ALL: Sql = Sql::read(
    "SELECT id, group_id, role, state, proposed_by_id, proposed_human_id, created_us, confirm_until_us, version \
     FROM directory_mappings WHERE org_id = $1 ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "directory_mappings",
    "INSERT INTO directory_mappings (org_id, id, group_id, role, state, proposed_by_id, proposed_human_id, created_us, \
     confirm_until_us, decided_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "directory_mappings",
    "UPDATE directory_mappings SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $6 RETURNING id",
);
// What every group that she is in gives, of whichever directory, while it has her.
const WANTED: Sql = Sql::read(
    "SELECT x.id, x.role FROM directory_users u \
     JOIN directory_members m ON m.org_id = u.org_id AND m.user_id = u.id AND m.removed_us IS NULL \
     JOIN directory_groups g ON g.org_id = m.org_id AND g.id = m.group_id AND g.deleted_us IS NULL \
     JOIN directory_mappings x ON x.org_id = g.org_id AND x.group_id = g.id \
     WHERE u.org_id = $1 AND u.person_id = $2 AND u.deleted_us IS NULL AND (x.state = $3 OR x.state = $4) ORDER BY x.id",
);
const PEOPLE_IN: Sql = Sql::read(
    "SELECT DISTINCT u.person_id FROM directory_members m JOIN directory_users u ON u.org_id = m.org_id AND u.id = m.user_id \
     WHERE m.org_id = $1 AND m.group_id = $2 AND m.removed_us IS NULL AND u.person_id IS NOT NULL AND u.deleted_us IS NULL \
     ORDER BY u.person_id",
);
const GIVEN: Sql = Sql::read(
    "SELECT id, role FROM directory_roles WHERE org_id = $1 AND person_id = $2 AND taken_us IS NULL ORDER BY id",
);
const GIVE: Sql = Sql::change(
    "directory_roles",
    "INSERT INTO directory_roles (org_id, id, person_id, role, given_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const TAKE: Sql = Sql::change(
    "directory_roles",
    "UPDATE directory_roles SET taken_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND taken_us IS NULL RETURNING id",
);
const DIRECTORY_OF: Sql = Sql::read(
    "SELECT directory_id, display_name FROM directory_groups WHERE org_id = $1 AND id = $2 AND deleted_us IS NULL",
);
const MEMBERSHIPS_OF: Sql = Sql::read(
    "SELECT id FROM directory_members WHERE org_id = $1 AND user_id = $2 AND removed_us IS NULL ORDER BY id",
);

row! {
    /// A group's role, as it was proposed.
    #[derive(Debug, Clone)]
    pub struct Mapping {
        pub id: MappingId,
        pub group: GroupId,
        pub role: Role,
        pub state: State,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub confirm_until: Micros,
        pub version: i64,
    }
}

impl Mapping {
    #[must_use]
    pub fn works(&self) -> bool {
        matches!(self.state, State::Confirmed | State::Alone)
    }

    #[must_use]
    pub fn is_open(&self, now: Micros) -> bool {
        self.state == State::Open && now < self.confirm_until
    }
}

/// One that somebody is about to decide on; `Forged` where it is not what was proposed.
pub fn authentic(reads: &mut impl Reads, id: MappingId) -> Result<Mapping, StoreError> {
    let mapping = reads.one(&FIND, params![id])?;
    reads.authentic("directory_mappings", id)?;
    Ok(mapping)
}

pub fn all(reads: &mut impl Reads) -> Result<Vec<Mapping>, StoreError> {
    reads.all(&ALL, [])
}

pub fn insert(tx: &mut Tx<'_>, mapping: &Mapping) -> Result<(), StoreError> {
    let decided = (mapping.state != State::Open).then_some(mapping.created);
    tx.change_one(
        &INSERT,
        params![
            mapping.id,
            mapping.group,
            mapping.role,
            mapping.state,
            mapping.proposed_by,
            mapping.proposed_human,
            mapping.created,
            mapping.confirm_until,
            decided
        ],
    )
}

/// Moves a mapping on; `Stale` where somebody was faster.
pub fn decide(tx: &mut Tx<'_>, mapping: &Mapping, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(
        &DECIDE,
        params![mapping.id, state, by, now, mapping.version],
    )
}

/// The roles that a person's groups give her. `Forged` where a mapping is not what was confirmed.
pub fn wanted(reads: &mut impl Reads, person: PersonId) -> Result<Vec<Role>, StoreError> {
    let rows: Vec<(MappingId, Role)> =
        reads.all(&WANTED, params![person, State::Confirmed, State::Alone])?;
    let mut roles = Vec::new();
    for (mapping, role) in rows {
        reads.authentic("directory_mappings", mapping)?;
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

/// The accounts of those who are in a group.
pub fn people_in(reads: &mut impl Reads, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
    let rows: Vec<(PersonId,)> = reads.all(&PEOPLE_IN, params![group])?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// What mappings gave a person.
pub fn given(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<(GivenRoleId, Role)>, StoreError> {
    reads.all(&GIVEN, params![person])
}

pub fn give(
    tx: &mut Tx<'_>,
    id: GivenRoleId,
    (person, role): (PersonId, Role),
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&GIVE, params![id, person, role, now])
}

pub fn take(tx: &mut Tx<'_>, id: GivenRoleId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&TAKE, params![id, now])
}

/// Whose group it is, and its name; `Missing` where it is gone.
pub fn directory_of(
    reads: &mut impl Reads,
    group: GroupId,
) -> Result<(DirectoryId, String), StoreError> {
    reads.one(&DIRECTORY_OF, params![group])
}

/// Every place of a user in a group.
pub fn memberships(
    reads: &mut impl Reads,
    user: UserId,
) -> Result<Vec<super::super::MembershipId>, StoreError> {
    let rows: Vec<(super::super::MembershipId,)> = reads.all(&MEMBERSHIPS_OF, params![user])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
