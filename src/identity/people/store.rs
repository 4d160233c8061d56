//! The people's SQL.

mod counted;
pub mod disposal;

pub use counted::{accounts_with, holders, taking_part};
pub(in crate::identity) use counted::{are_all_ours, who_administer_for_good};

use super::rules::{Kind, Status};
use crate::identity::access::{Grant, HumanId, Right, Role};
use crate::identity::organisations::{EntityId, find_entity};
use crate::identity::provisioning::DirectoryId;
use crate::identity::roles::{self, CustomRoles};
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "people",
    "INSERT INTO people (org_id, id, human_id, name, email, sign_in_name, status, locale, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) RETURNING id",
);
const INSERT_SERVICE: Sql = Sql::change(
    "people",
    "INSERT INTO people (org_id, id, human_id, name, email, sign_in_name, status, kind, created_us, version) \
     VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, 1) RETURNING id",
);
const SET_HUMAN: Sql = Sql::change(
    "people",
    "UPDATE people SET human_id = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4 RETURNING id",
);
const ACTIVATE: Sql = Sql::change(
    "people",
    "UPDATE people SET name = $3, status = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND status = $5 RETURNING id",
);
const SET_STATUS: Sql = Sql::change(
    "people",
    "UPDATE people SET status = $3, suspended_by_id = $5, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4 RETURNING id",
);
const SET_LOCALE: Sql = Sql::change(
    "people",
    "UPDATE people SET locale = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const RENAME: Sql = Sql::change(
    "people",
    "UPDATE people SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4 RETURNING id",
);
const READDRESS: Sql = Sql::change(
    "people",
    "UPDATE people SET email = $3, sign_in_name = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $5 AND status = $6 RETURNING id",
);
const BY_ADDRESS: Sql =
    Sql::read("SELECT id FROM people WHERE org_id = $1 AND sign_in_name = $2 ORDER BY id");
const MARK_FACTOR: Sql = Sql::change(
    "people",
    "UPDATE people SET factor_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND factor_us IS NULL RETURNING id",
);
const FACTOR_MARK: Sql = Sql::read("SELECT factor_us FROM people WHERE org_id = $1 AND id = $2");
const BY_SIGN_IN_NAME: Sql = Sql::lookup(
    "SELECT p.id, p.org_id, p.status, o.slug FROM people p JOIN organisations o ON o.id = p.org_id \
     WHERE p.sign_in_name = $1 AND p.kind IS NULL ORDER BY p.id",
);
const FIND: Sql = Sql::read(
    "SELECT id, human_id, name, email, status, suspended_by_id, kind, version FROM people WHERE org_id = $1 AND id = $2",
);
const LOCALE: Sql = Sql::read("SELECT locale FROM people WHERE org_id = $1 AND id = $2");
const LIST: Sql = Sql::read(
    "SELECT p.id, p.human_id, p.name, p.email, p.status, p.suspended_by_id, p.kind, p.version FROM people p WHERE p.org_id = $1 ORDER BY p.name, p.id",
);
const LAST_SEEN: Sql = Sql::read(
    "SELECT s.person_id, MAX(a.last_seen_us) FROM sessions s JOIN session_activity a ON a.session_id = s.id AND a.org_id = $1 \
     WHERE s.org_id = $1 GROUP BY s.person_id",
);
const INSERT_GRANT: Sql = Sql::change(
    "role_grants",
    "INSERT INTO role_grants (org_id, id, person_id, role, entity_id, granted_by_id, granted_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
);
const REVOKE: Sql = Sql::change(
    "role_grants",
    "UPDATE role_grants SET revoked_us = $4, version = version + 1 \
     WHERE org_id = $1 AND person_id = $2 AND role = $3 AND revoked_us IS NULL AND entity_id IS NULL RETURNING id",
);
const REVOKE_WITHIN: Sql = Sql::change(
    "role_grants",
    "UPDATE role_grants SET revoked_us = $4, version = version + 1 \
     WHERE org_id = $1 AND person_id = $2 AND role = $3 AND entity_id = $5 AND revoked_us IS NULL RETURNING id",
);
const GRANTS: Sql = Sql::read(
    "SELECT g.person_id, g.role, g.entity_id, e.name FROM role_grants g \
     LEFT JOIN legal_entities e ON e.org_id = $1 AND e.id = g.entity_id \
     WHERE g.org_id = $1 AND g.revoked_us IS NULL ORDER BY g.role, COALESCE(e.name, ''), g.id",
);

row! {
    /// A person's account.
    #[derive(Debug, Clone)]
    pub struct Person {
        pub id: PersonId,
        pub human: HumanId,
        pub name: String,
        pub email: String,
        pub status: Status,
        /// The directory that suspended it. None where it is in use, or where a person or the operator suspended it.
        pub suspended_by: Option<DirectoryId>,
        /// None for a person's.
        pub kind: Option<Kind>,
        pub version: i64,
    }
}

impl Person {
    /// Whether programs use it.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.kind == Some(Kind::Service)
    }
}

row! {
    /// Who signs in by a name.
    #[derive(Debug, Clone)]
    pub(in crate::identity) struct Candidate {
        pub person: PersonId,
        pub organisation: OrgId,
        pub status: Status,
        pub slug: String,
    }
}

/// A person's account to be made.
#[derive(Debug, Clone)]
pub(in crate::identity) struct New<'a> {
    pub id: PersonId,
    pub name: &'a str,
    pub email: &'a str,
    pub status: Status,
    pub locale: Option<&'a str>,
}

pub(in crate::identity) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let (human, now): (HumanId, _) = (tx.id(), tx.now());
    let sign_in_name = super::rules::sign_in_name(new.email);
    tx.change_one(
        &INSERT,
        params![
            new.id,
            human,
            new.name,
            new.email,
            sign_in_name,
            new.status,
            new.locale.map(str::to_owned),
            now
        ],
    )
}

/// Makes a service account, for which `human` answers. Its sign-in name is of a form that no address has.
pub(in crate::identity) fn insert_service(
    tx: &mut Tx<'_>,
    (id, name): (PersonId, &str),
    human: HumanId,
) -> Result<(), StoreError> {
    let (sign_in_name, now) = (format!("service:{id}"), tx.now());
    tx.change_one(
        &INSERT_SERVICE,
        params![
            id,
            human,
            name,
            sign_in_name,
            Status::Active,
            Kind::Service,
            now
        ],
    )
}

/// Says which human an account is of.
pub(in crate::identity) fn set_human(
    tx: &mut Tx<'_>,
    person: &Person,
    human: HumanId,
) -> Result<(), StoreError> {
    tx.change_one(&SET_HUMAN, params![person.id, human, person.version])
}

/// Makes an invited person active under the name she chose; `Missing` where she is not invited any more.
pub(super) fn activate(tx: &mut Tx<'_>, id: PersonId, name: &str) -> Result<(), StoreError> {
    tx.change_one(
        &ACTIVATE,
        params![id, name, Status::Active, Status::Invited],
    )
}

/// `by`: the directory whose suspension it is.
pub(super) fn set_status(
    tx: &mut Tx<'_>,
    person: &Person,
    (status, by): (Status, Option<DirectoryId>),
) -> Result<(), StoreError> {
    tx.change_one(&SET_STATUS, params![person.id, status, person.version, by])
}

pub(super) fn set_locale(tx: &mut Tx<'_>, id: PersonId, locale: &str) -> Result<(), StoreError> {
    tx.change_one(&SET_LOCALE, params![id, locale])
}

pub(super) fn rename(tx: &mut Tx<'_>, person: &Person, name: &str) -> Result<(), StoreError> {
    tx.change_one(&RENAME, params![person.id, name, person.version])
}

/// `Stale` where the person is not invited any more: her account is in use.
pub(super) fn readdress(tx: &mut Tx<'_>, person: &Person, email: &str) -> Result<(), StoreError> {
    let name = super::rules::sign_in_name(email);
    tx.change_one(
        &READDRESS,
        params![person.id, email, name, person.version, Status::Invited],
    )
}

/// Whose account has this address, if anybody's has.
pub(in crate::identity) fn by_address(
    reads: &mut impl Reads,
    email: &str,
) -> Result<Option<PersonId>, StoreError> {
    let name = super::rules::sign_in_name(email);
    let found: Option<(PersonId,)> = reads.maybe(&BY_ADDRESS, params![name])?;
    Ok(found.map(|(id,)| id))
}

/// Remembers in her own row that she has a second factor; `Stale` where she had one before.
pub(in crate::identity) fn mark_factor(tx: &mut Tx<'_>, id: PersonId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&MARK_FACTOR, params![id, now])
}

/// Whether she ever confirmed a second factor; `Forged` where her row is not ours.
pub(in crate::identity) fn has_factor_mark(
    reads: &mut impl Reads,
    id: PersonId,
) -> Result<bool, StoreError> {
    reads.authentic("people", id)?;
    let (mark,): (Option<i64>,) = reads.one(&FACTOR_MARK, params![id])?;
    Ok(mark.is_some())
}

pub(in crate::identity) fn by_sign_in_name(
    lookup: &mut Lookup<'_>,
    name: &str,
) -> Result<Vec<Candidate>, StoreError> {
    lookup.all(&BY_SIGN_IN_NAME, params![name])
}

/// One person, for names beside what she did.
pub fn find(reads: &mut impl Reads, id: PersonId) -> Result<Person, StoreError> {
    reads.one(&FIND, params![id])
}

/// The language she has chosen, if she has.
pub(in crate::identity) fn locale_of(
    reads: &mut impl Reads,
    id: PersonId,
) -> Result<Option<String>, StoreError> {
    let (locale,): (Option<String>,) = reads.one(&LOCALE, params![id])?;
    Ok(locale)
}

/// All people by name.
pub fn list(reads: &mut impl Reads) -> Result<Vec<Person>, StoreError> {
    reads.all(&LIST, [])
}

pub(super) fn last_seen(reads: &mut impl Reads) -> Result<Vec<(PersonId, Micros)>, StoreError> {
    reads.all(&LAST_SEEN, [])
}

/// A role that somebody holds, with the name of the legal entity that it is held in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub grant: Grant,
    /// None for the whole organisation.
    pub entity: Option<String>,
    /// What the role gives at this moment.
    pub right: Right,
    /// The name of a role that the organisation has made.
    pub role_name: Option<String>,
}

impl Held {
    fn of(grant: Grant, entity: Option<String>, roles: &CustomRoles) -> Self {
        Self {
            grant,
            entity,
            right: roles.right(grant),
            role_name: roles.find(grant.role).map(|role| role.name.clone()),
        }
    }
}

/// Who holds what.
pub fn grants(reads: &mut impl Reads) -> Result<Vec<(PersonId, Held)>, StoreError> {
    let rows: Vec<(PersonId, Role, Option<EntityId>, Option<String>)> = reads.all(&GRANTS, [])?;
    let roles = roles::load(reads)?;
    let held = rows.into_iter().map(|(person, role, entity, name)| {
        let grant = Grant { role, entity };
        (person, Held::of(grant, name, &roles))
    });
    Ok(held.collect())
}

/// These grants with the names of their entities.
pub(in crate::identity) fn held(
    reads: &mut impl Reads,
    grants: &[Grant],
) -> Result<Vec<Held>, StoreError> {
    let roles = roles::load(reads)?;
    let mut held = Vec::with_capacity(grants.len());
    for grant in grants {
        let entity = match grant.entity {
            Some(entity) => Some(find_entity(reads, entity)?.name),
            None => None,
        };
        held.push(Held::of(*grant, entity, &roles));
    }
    Ok(held)
}

pub(in crate::identity) fn insert_grant(
    tx: &mut Tx<'_>,
    person: PersonId,
    grant: Grant,
) -> Result<(), StoreError> {
    let (id, now): (CredentialId, _) = (tx.id(), tx.now());
    let by = tx.caller().actor.person;
    tx.change_one(
        &INSERT_GRANT,
        params![id, person, grant.role, grant.entity, by, now],
    )
}

pub(super) fn revoke(tx: &mut Tx<'_>, person: PersonId, grant: Grant) -> Result<usize, StoreError> {
    let now = tx.now();
    match grant.entity {
        None => tx.change(&REVOKE, params![person, grant.role, now]),
        Some(entity) => tx.change(&REVOKE_WITHIN, params![person, grant.role, now, entity]),
    }
}
