//! Giving and taking roles.

use super::PeopleError;
use crate::identity::access::{Access, Grant, Permission, Role};
use crate::identity::humans;
use crate::identity::organisations::find_entity;
use crate::identity::people::rules::Status;
use crate::identity::people::store;
use crate::identity::powers;
use crate::identity::roles as custom;
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, StoreError, Tx};

/// Gives a role, within the transaction that has found that it may be given.
///
/// # Errors
/// `Missing` for a role of another organisation, and for one that was retired.
pub(in crate::identity) fn grant(
    tx: &mut Tx<'_>,
    id: PersonId,
    grant: impl Into<Grant>,
) -> Result<(), StoreError> {
    let (grant, version) = (grant.into(), store::find(tx, id)?.version);
    if grant.role.custom().is_some() && !custom::load(tx)?.is_given(grant.role) {
        return Err(StoreError::Missing);
    }
    store::insert_grant(tx, id, grant)?;
    let entry = Entry::new("role.granted", "person", id)
        .version(version)
        .fact("role", grant.role);
    tx.journal(match grant.entity {
        Some(entity) => entry.fact("entity", entity),
        None => entry,
    })
}

/// These grants, those with power apart from the others.
///
/// # Errors
/// `Missing` for a role that is given to nobody new.
pub(super) fn apart(
    tx: &mut Tx<'_>,
    grants: &[Grant],
) -> Result<(Vec<Grant>, Vec<Grant>), StoreError> {
    let roles = custom::load(tx)?;
    if !grants.iter().all(|grant| roles.is_given(grant.role)) {
        return Err(StoreError::Missing);
    }
    let has_power = |grant: &Grant| powers::has_power(roles.gives(grant.role));
    Ok(grants.iter().copied().partition(has_power))
}

/// Gives a person exactly these roles, in the whole organisation: [`set_grants`].
pub async fn set_roles(
    app: &App,
    access: &Access,
    id: PersonId,
    roles: &[Role],
) -> Result<(), PeopleError> {
    let grants: Vec<Grant> = roles.iter().copied().map(Grant::everywhere).collect();
    set_grants(app, access, id, &grants).await
}

/// Gives a person exactly these roles, each in the whole organisation or in one legal entity. What she loses takes effect at
/// once, and ends her sessions; what carries power waits for a second administrator.
pub async fn set_grants(
    app: &App,
    access: &Access,
    id: PersonId,
    grants: &[Grant],
) -> Result<(), PeopleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let (by, grants) = (access.clone(), grants.to_vec());
    app.store
        .write(access.caller(), move |tx| {
            let person = store::find(tx, id)?;
            for entity in grants.iter().filter_map(|grant| grant.entity) {
                find_entity(tx, entity)?;
            }
            let before: Vec<Grant> = store::grants(tx)?
                .iter()
                .filter(|(of, _)| *of == id)
                .map(|(_, held)| held.grant)
                .collect();
            let new: Vec<Grant> = grants
                .iter()
                .copied()
                .filter(|grant| !before.contains(grant))
                .collect();
            let (powerful, plain) = apart(tx, &new)?;
            let is_given = !powerful.is_empty() || !plain.is_empty();
            if person.is_service() && !powerful.is_empty() {
                return Err(PeopleError::NotForService);
            }
            // Whoever answers for a service account has its duties, but not its roles: none of them carries power.
            let is_hers = humans::load(tx)?.are_one(person.human, by.human());
            if is_given && is_hers && !person.is_service() {
                return Err(PeopleError::Oneself);
            }
            for new in plain {
                grant(tx, id, new)?;
            }
            powers::give(tx, &by, id, &powerful)?;
            let taken = before.into_iter().filter(|grant| !grants.contains(grant));
            take(tx, id, taken.collect(), person.version)?;
            Ok(tx.done(())?)
        })
        .await
}

pub(super) fn take(
    tx: &mut Tx<'_>,
    id: PersonId,
    taken: Vec<Grant>,
    version: i64,
) -> Result<(), PeopleError> {
    if taken.contains(&Grant::everywhere(Role::Administrator)) {
        stays_administered(tx, id)?;
    }
    for grant in &taken {
        store::revoke(tx, id, *grant)?;
        let entry = Entry::new("role.revoked", "person", id)
            .version(version)
            .change("role", Some(grant.role), None::<&str>);
        tx.journal(match grant.entity {
            Some(entity) => entry.fact("entity", entity),
            None => entry,
        })?;
    }
    if !taken.is_empty() {
        sessions::end_all_of(tx, id, None, "role-revoked")?;
    }
    Ok(())
}

/// Somebody else who is active administers the organisation.
pub(super) fn stays_administered(tx: &mut Tx<'_>, without: PersonId) -> Result<(), PeopleError> {
    let people = store::list(tx)?;
    let is_active = |id: PersonId| {
        people
            .iter()
            .any(|person| person.id == id && person.status == Status::Active)
    };
    let administers = Grant::everywhere(Role::Administrator);
    let others = store::grants(tx)?
        .into_iter()
        .any(|(of, held)| held.grant == administers && of != without && is_active(of));
    if others {
        Ok(())
    } else {
        Err(PeopleError::LastAdministrator)
    }
}
