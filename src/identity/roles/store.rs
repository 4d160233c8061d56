//! The roles' SQL, and what the roles of somebody's grants give.

use super::RoleChangeId;
use crate::identity::access::{CustomRoleId, Grant, HumanId, PermissionSet, Right, Role};
use crate::identity::forged::unless_forged;
use crate::identity::powers::State;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{DecodeError, FromValue, Reads, Sql, StoreError, Tx, Value};
use crate::{params, row};

const ALL: Sql = Sql::read(
    "SELECT id, name, permissions, administered_us, retired_us, version FROM custom_roles WHERE org_id = $1 ORDER BY name, id",
);
const INSERT: Sql = Sql::change(
    "custom_roles",
    "INSERT INTO custom_roles (org_id, id, name, name_key, permissions, made_us, made_by_id, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
);
const SET: Sql = Sql::change(
    "custom_roles",
    "UPDATE custom_roles SET name = $3, name_key = $4, permissions = $5, administered_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $7 AND retired_us IS NULL RETURNING id",
);
const GIVE: Sql = Sql::change(
    "custom_roles",
    "UPDATE custom_roles SET permissions = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $4 AND retired_us IS NULL RETURNING id",
);
const RETIRE: Sql = Sql::change(
    "custom_roles",
    "UPDATE custom_roles SET retired_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $4 AND retired_us IS NULL RETURNING id",
);
const FIND_CHANGE: Sql = Sql::read(
    "SELECT id, role_id, gains, state, proposed_by_id, proposed_human_id, created_us, expires_us, version \
     FROM role_changes WHERE org_id = $1 AND id = $2",
);
const OPEN: Sql = Sql::read(
    "SELECT id, role_id, gains, state, proposed_by_id, proposed_human_id, created_us, expires_us, version \
     FROM role_changes WHERE org_id = $1 AND state = $2 AND expires_us > $3 ORDER BY id",
);
const INSERT_CHANGE: Sql = Sql::change(
    "role_changes",
    "INSERT INTO role_changes (org_id, id, role_id, gains, state, proposed_by_id, proposed_human_id, created_us, expires_us, \
     decided_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id",
);
const DECIDE: Sql = Sql::change(
    "role_changes",
    "UPDATE role_changes SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND state = $6 RETURNING id",
);

impl From<PermissionSet> for Value {
    fn from(set: PermissionSet) -> Self {
        Self::Text(set.to_string())
    }
}

impl FromValue for PermissionSet {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Text(text) => Ok(Self::parse(&text)),
            _ => Err(DecodeError::expected("permissions")),
        }
    }
}

row! {
    /// A role that the organisation has made.
    #[derive(Debug, Clone)]
    pub struct CustomRole {
        pub id: CustomRoleId,
        pub name: String,
        pub permissions: PermissionSet,
        pub administered: Option<Micros>,
        pub retired: Option<Micros>,
        pub version: i64,
    }
}

/// The organisation's own roles, by name.
#[derive(Debug, Clone, Default)]
pub struct CustomRoles(Vec<CustomRole>);

impl CustomRoles {
    #[must_use]
    pub fn all(&self) -> &[CustomRole] {
        &self.0
    }

    #[must_use]
    pub fn find(&self, role: Role) -> Option<&CustomRole> {
        self.0.iter().find(|one| Some(one.id) == role.custom())
    }

    /// What a role gives, of either kind. One that is not there gives nothing.
    #[must_use]
    pub fn gives(&self, role: Role) -> PermissionSet {
        match role {
            Role::Custom(_) => self
                .find(role)
                .map_or_else(PermissionSet::default, |one| one.permissions),
            built_in => PermissionSet::of(built_in),
        }
    }

    #[must_use]
    pub fn right(&self, grant: Grant) -> Right {
        Right {
            grant,
            gives: self.gives(grant.role),
        }
    }

    /// Whether a role may be given to somebody who does not have it.
    #[must_use]
    pub fn is_given(&self, role: Role) -> bool {
        role.custom().is_none() || self.find(role).is_some_and(|one| one.retired.is_none())
    }

    /// The roles that somebody new may have: those that are built in, then the organisation's own.
    pub fn given(&self) -> impl Iterator<Item = Role> {
        let own = self.0.iter().filter(|one| one.retired.is_none());
        let built_in = Role::ALL.iter().copied();
        built_in.chain(own.map(|one| Role::Custom(one.id)))
    }
}

/// The organisation's own roles. What somebody else wrote into a row gives nothing.
pub(in crate::identity) fn load(reads: &mut impl Reads) -> Result<CustomRoles, StoreError> {
    let mut roles: Vec<CustomRole> = reads.all(&ALL, [])?;
    for role in &mut roles {
        if unless_forged(reads.authentic("custom_roles", role.id))?.is_none() {
            role.permissions = PermissionSet::default();
        }
    }
    Ok(CustomRoles(roles))
}

/// What grants give.
pub(in crate::identity) fn rights(
    reads: &mut impl Reads,
    grants: &[Grant],
) -> Result<Vec<Right>, StoreError> {
    let is_own = |grant: &Grant| grant.role.custom().is_some();
    let roles = if grants.iter().any(is_own) {
        load(reads)?
    } else {
        CustomRoles::default()
    };
    Ok(grants.iter().map(|grant| roles.right(*grant)).collect())
}

/// A role that somebody is about to change; `Forged` where its row is not ours.
pub(super) fn authentic(
    reads: &mut impl Reads,
    id: CustomRoleId,
) -> Result<CustomRole, StoreError> {
    reads.authentic("custom_roles", id)?;
    let roles = load(reads)?;
    roles
        .find(Role::Custom(id))
        .cloned()
        .ok_or(StoreError::Missing)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: CustomRoleId,
    (name, key): (&str, &str),
    permissions: PermissionSet,
    by: PersonId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, name, key, permissions, now, by])
}

/// Writes a name and permissions; `Stale` where somebody was faster.
pub(super) fn set(
    tx: &mut Tx<'_>,
    role: &CustomRole,
    (name, key): (&str, &str),
    permissions: PermissionSet,
    administered: Option<Micros>,
) -> Result<(), StoreError> {
    tx.change_one(
        &SET,
        params![role.id, name, key, permissions, administered, role.version],
    )
}

/// Writes what a role gives.
pub(super) fn give(
    tx: &mut Tx<'_>,
    role: &CustomRole,
    permissions: PermissionSet,
) -> Result<(), StoreError> {
    tx.change_one(&GIVE, params![role.id, permissions, role.version])
}

pub(super) fn retire(tx: &mut Tx<'_>, role: &CustomRole) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&RETIRE, params![role.id, now, role.version])
}

row! {
    /// Power that a role shall gain.
    #[derive(Debug, Clone)]
    pub struct RoleChange {
        pub id: RoleChangeId,
        pub role: CustomRoleId,
        pub gains: PermissionSet,
        pub state: State,
        pub proposed_by: PersonId,
        pub proposed_human: HumanId,
        pub created: Micros,
        pub expires: Micros,
        pub version: i64,
    }
}

/// A change that somebody is about to decide on; `Forged` where it is not what was proposed.
pub(super) fn authentic_change(
    reads: &mut impl Reads,
    id: RoleChangeId,
) -> Result<RoleChange, StoreError> {
    let change = reads.one(&FIND_CHANGE, params![id])?;
    reads.authentic("role_changes", id)?;
    Ok(change)
}

/// A change, to tell of it.
pub(in crate::identity) fn change_of(
    reads: &mut impl Reads,
    id: RoleChangeId,
) -> Result<RoleChange, StoreError> {
    reads.one(&FIND_CHANGE, params![id])
}

/// What waits, the oldest first.
pub(super) fn open(reads: &mut impl Reads, now: Micros) -> Result<Vec<RoleChange>, StoreError> {
    reads.all(&OPEN, params![State::Open, now])
}

pub(super) fn insert_change(tx: &mut Tx<'_>, change: &RoleChange) -> Result<(), StoreError> {
    let decided = (change.state != State::Open).then_some(change.created);
    tx.change_one(
        &INSERT_CHANGE,
        params![
            change.id,
            change.role,
            change.gains,
            change.state,
            change.proposed_by,
            change.proposed_human,
            change.created,
            change.expires,
            decided
        ],
    )
}

/// Closes an open change; `Stale` where somebody was faster.
pub(super) fn decide(tx: &mut Tx<'_>, id: RoleChangeId, state: State) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&DECIDE, params![id, state, by, now, State::Open])
}
