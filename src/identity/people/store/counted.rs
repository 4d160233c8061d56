//! Who there is: what raises a guard, or lowers it where humans are few.

use super::{Person, grants, list};
use crate::identity::access::{Grant, HumanId, Permission, Reach, Right, Role, reach};
use crate::identity::organisations::EntityId;
use crate::identity::people::rules::{Status, TAKING_PART as BUILT_IN};
use crate::identity::roles::{self, CustomRoles, DUTIES};
use crate::params;
use crate::platform::store::{Reads, Sql, StoreError};

// As many as the caller wants to know of: an organisation of thousands is not read for it.
const TAKING_PART: Sql = Sql::read(
    "SELECT DISTINCT p.human_id FROM people p JOIN role_grants g ON g.org_id = p.org_id AND g.person_id = p.id \
     WHERE p.org_id = $1 AND p.status = $2 AND g.revoked_us IS NULL \
     AND (g.role = $3 OR g.role = $4 OR g.role = $5 OR g.role = $6 OR REPLACE($7, g.role, '') <> $7) ORDER BY p.human_id LIMIT $8",
);
const ROWS: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1");
const GRANT_ROWS: Sql = Sql::read("SELECT id FROM role_grants WHERE org_id = $1");
const ROLE_ROWS: Sql = Sql::read("SELECT id FROM custom_roles WHERE org_id = $1");

/// Every active human who has the built-in role of an administrator in the whole organisation: the one that nobody can narrow.
pub(in crate::identity) fn who_administer_for_good(
    reads: &mut impl Reads,
) -> Result<Vec<HumanId>, StoreError> {
    let administers = Grant::everywhere(Role::Administrator);
    let grants = grants(reads)?;
    let mut people = list(reads)?;
    people.retain(|person| {
        let mut own = grants.iter().filter(|(of, _)| *of == person.id);
        person.status == Status::Active && own.any(|(_, held)| held.grant == administers)
    });
    Ok(people.into_iter().map(|person| person.human).collect())
}

/// Every active human who has a permission by one of her roles: in this entity, or in the whole organisation where none is named.
pub fn holders(
    reads: &mut impl Reads,
    permission: Permission,
    entity: Option<EntityId>,
) -> Result<Vec<HumanId>, StoreError> {
    let mut humans: Vec<HumanId> = who_hold(reads, permission, entity)?
        .iter()
        .map(|person| person.human)
        .collect();
    humans.sort();
    humans.dedup();
    Ok(humans)
}

/// Every account of somebody who can sign in and has a permission in the whole organisation.
pub fn accounts_with(
    reads: &mut impl Reads,
    permission: Permission,
) -> Result<Vec<Person>, StoreError> {
    let mut people = who_hold(reads, permission, None)?;
    people.retain(|person| !person.is_service());
    Ok(people)
}

fn who_hold(
    reads: &mut impl Reads,
    permission: Permission,
    entity: Option<EntityId>,
) -> Result<Vec<Person>, StoreError> {
    let grants = grants(reads)?;
    let holds = |person: &Person| {
        let own = grants.iter().filter(|(of, _)| *of == person.id);
        let own: Vec<Right> = own.map(|(_, held)| held.right).collect();
        match (reach(&own, permission), entity) {
            (Some(reach), Some(entity)) => reach.includes(entity),
            (reach, None) => reach == Some(Reach::Everything),
            (None, Some(_)) => false,
        }
    };
    let mut people = list(reads)?;
    people.retain(|person| person.status == Status::Active && holds(person));
    Ok(people)
}

/// Every active human with a part in payments, where they are fewer than `enough`; none where they are that many. Whoever
/// lowers a guard because humans are few asks this: a row that the application did not write counts as enough.
pub fn taking_part(
    reads: &mut impl Reads,
    enough: usize,
) -> Result<Option<Vec<HumanId>>, StoreError> {
    let [a, b, c, d] = BUILT_IN;
    let limit = i64::try_from(enough).unwrap_or(i64::MAX);
    let own = own_with_a_duty(&roles::load(reads)?);
    let humans: Vec<(HumanId,)> = reads.all(
        &TAKING_PART,
        params![Status::Active, a, b, c, d, own, limit],
    )?;
    if humans.len() >= enough {
        return Ok(None);
    }
    Ok(are_all_ours(reads)?.then(|| humans.into_iter().map(|(human,)| human).collect()))
}

/// The organisation's own roles by which somebody takes part, as [`TAKING_PART`] asks for them: of one length and apart, so that
/// none is found in another or across two.
fn own_with_a_duty(roles: &CustomRoles) -> String {
    let has_one = |role: &Role| {
        let given = roles.gives(*role);
        DUTIES
            .iter()
            .any(|(permission, _)| given.contains(*permission))
    };
    let own = roles.all().iter().map(|role| Role::Custom(role.id));
    let words: Vec<String> = own.filter(has_one).map(|role| role.to_string()).collect();
    format!("|{}|", words.join("|"))
}

/// Whether every row that says who there is and who has which role, and what that gives, is what the application wrote. Whoever lowers a guard
/// because humans are few asks this.
pub(in crate::identity) fn are_all_ours(reads: &mut impl Reads) -> Result<bool, StoreError> {
    for (table, sql) in [
        ("people", &ROWS),
        ("role_grants", &GRANT_ROWS),
        ("custom_roles", &ROLE_ROWS),
    ] {
        let ids: Vec<(String,)> = reads.all(sql, [])?;
        for (id,) in ids {
            match reads.authentic(table, id) {
                Ok(()) => {}
                Err(StoreError::Forged { .. } | StoreError::Missing) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(true)
}
