//! Giving and taking roles.

use super::PeopleError;
use crate::identity::access::{Access, Permission, Role};
use crate::identity::people::rules::Status;
use crate::identity::people::store;
use crate::identity::powers;
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, StoreError, Tx};

/// Gives a role, within the transaction that has found that it may be given.
pub(in crate::identity) fn grant(
    tx: &mut Tx<'_>,
    id: PersonId,
    role: Role,
) -> Result<(), StoreError> {
    let version = store::find(tx, id)?.version;
    store::insert_grant(tx, id, role)?;
    tx.journal(
        Entry::new("role.granted", "person", id)
            .version(version)
            .fact("role", role),
    )
}

/// Gives a person exactly these roles. What she loses takes effect at once, and ends her sessions; what carries power waits
/// for a second administrator.
pub async fn set_roles(
    app: &App,
    access: &Access,
    id: PersonId,
    roles: &[Role],
) -> Result<(), PeopleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let (by, roles) = (access.clone(), roles.to_vec());
    app.store
        .write(access.caller(), move |tx| {
            let person = store::find(tx, id)?;
            let before: Vec<Role> = store::grants(tx)?
                .iter()
                .filter(|(of, _)| *of == id)
                .map(|(_, role)| *role)
                .collect();
            let is_new = |role: &&Role| !before.contains(role);
            let (powerful, plain): (Vec<Role>, Vec<Role>) = roles
                .iter()
                .filter(is_new)
                .partition(|role| powers::has_power(**role));
            let is_given = !powerful.is_empty() || !plain.is_empty();
            if is_given && person.human == by.human() {
                return Err(PeopleError::Oneself);
            }
            for role in plain {
                grant(tx, id, role)?;
            }
            powers::give(tx, &by, id, &powerful)?;
            let taken = before.into_iter().filter(|role| !roles.contains(role));
            take(tx, id, taken.collect(), person.version)?;
            Ok(tx.done(())?)
        })
        .await
}

pub(super) fn take(
    tx: &mut Tx<'_>,
    id: PersonId,
    taken: Vec<Role>,
    version: i64,
) -> Result<(), PeopleError> {
    if taken.contains(&Role::Administrator) {
        stays_administered(tx, id)?;
    }
    for role in &taken {
        store::revoke(tx, id, *role)?;
        tx.journal(
            Entry::new("role.revoked", "person", id)
                .version(version)
                .change("role", Some(role), None::<&str>),
        )?;
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
    let others = store::grants(tx)?
        .into_iter()
        .any(|(of, role)| role == Role::Administrator && of != without && is_active(of));
    if others {
        Ok(())
    } else {
        Err(PeopleError::LastAdministrator)
    }
}
