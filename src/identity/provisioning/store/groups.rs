//! Groups, who is in them, and the roles that they give.

use crate::identity::provisioning::{DirectoryId, GroupId, MembershipId, UserId};
use crate::platform::clock::Micros;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, display_name, external_id, created_us, changed_us, version FROM directory_groups \
     WHERE org_id = $1 AND directory_id = $2 AND id = $3 AND deleted_us IS NULL",
);
const ALL: Sql = Sql::read(
    "SELECT id, display_name, external_id, created_us, changed_us, version FROM directory_groups \
     WHERE org_id = $1 AND directory_id = $2 AND deleted_us IS NULL ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "directory_groups",
    "INSERT INTO directory_groups (org_id, id, directory_id, display_name, external_id, created_us, changed_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $6, 1) RETURNING id",
);
const UPDATE: Sql = Sql::change(
    "directory_groups",
    "UPDATE directory_groups SET display_name = $3, external_id = $4, changed_us = $5, deleted_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $7 AND deleted_us IS NULL RETURNING id",
);
const MEMBERS: Sql = Sql::read(
    "SELECT id, user_id FROM directory_members WHERE org_id = $1 AND group_id = $2 AND removed_us IS NULL ORDER BY id",
);
const GROUPS_OF: Sql = Sql::read(
    "SELECT m.id, g.id, g.display_name FROM directory_members m JOIN directory_groups g ON g.org_id = m.org_id AND g.id = m.group_id \
     WHERE m.org_id = $1 AND m.user_id = $2 AND m.removed_us IS NULL AND g.deleted_us IS NULL ORDER BY m.id",
);
const JOIN: Sql = Sql::change(
    "directory_members",
    "INSERT INTO directory_members (org_id, id, group_id, user_id, added_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const LEAVE: Sql = Sql::change(
    "directory_members",
    "UPDATE directory_members SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND removed_us IS NULL RETURNING id",
);

row! {
    /// A group, not deleted.
    #[derive(Debug, Clone)]
    pub struct Group {
        pub id: GroupId,
        pub name: String,
        pub external_id: Option<String>,
        pub created: Micros,
        pub changed: Micros,
        pub version: i64,
    }
}

row! {
    /// A user's place in a group.
    #[derive(Debug, Clone, Copy)]
    pub struct Membership {
        pub id: MembershipId,
        pub user: UserId,
    }
}

row! {
    /// A group that a user is in.
    #[derive(Debug, Clone)]
    pub struct Place {
        pub membership: MembershipId,
        pub group: GroupId,
        pub name: String,
    }
}

/// `Missing` where this directory has no such group (any more).
pub fn find(
    reads: &mut impl Reads,
    directory: DirectoryId,
    id: GroupId,
) -> Result<Group, StoreError> {
    reads.one(&FIND, params![directory, id])
}

/// All of them, by age.
pub fn all(reads: &mut impl Reads, directory: DirectoryId) -> Result<Vec<Group>, StoreError> {
    reads.all(&ALL, params![directory])
}

pub fn insert(tx: &mut Tx<'_>, directory: DirectoryId, group: &Group) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            group.id,
            directory,
            &group.name,
            group.external_id.clone(),
            now
        ],
    )
}

/// Writes a group back as it is now; `Stale` where it was changed in the meantime.
pub fn update(tx: &mut Tx<'_>, group: &Group, is_deleted: bool) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &UPDATE,
        params![
            group.id,
            &group.name,
            group.external_id.clone(),
            now,
            is_deleted.then_some(now),
            group.version
        ],
    )
}

/// Who is in a group.
pub fn members(reads: &mut impl Reads, group: GroupId) -> Result<Vec<Membership>, StoreError> {
    reads.all(&MEMBERS, params![group])
}

/// The groups that a user is in.
pub fn places(reads: &mut impl Reads, user: UserId) -> Result<Vec<Place>, StoreError> {
    reads.all(&GROUPS_OF, params![user])
}

pub fn join(
    tx: &mut Tx<'_>,
    id: MembershipId,
    group: GroupId,
    user: UserId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&JOIN, params![id, group, user, now])
}

/// Ends a membership; nothing happens where it has ended.
pub fn leave(tx: &mut Tx<'_>, id: MembershipId) -> Result<usize, StoreError> {
    let now = tx.now();
    tx.change(&LEAVE, params![id, now])
}
