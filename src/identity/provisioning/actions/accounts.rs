//! What a directory's user means for an account here, within the transaction that changes the user.

use std::sync::Arc;

use super::ProvisioningError;
use crate::identity::access::{Grant, Role};
use crate::identity::people::{self, Person, Status};
use crate::identity::provisioning::rules::{Object, address};
use crate::identity::provisioning::store::mappings;
use crate::identity::provisioning::store::users::{self, User};
use crate::identity::provisioning::{DirectoryAccess, GivenRoleId};
use crate::identity::{roles, sessions, sso};
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Reads as _, Tx};

/// Brings an account in line with its user: made, named, suspended or resumed. `user` learns of it; whoever calls writes it.
pub(super) fn follow_user(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    by: DirectoryAccess,
    (user, object): (&mut User, &Object),
) -> Result<(), ProvisioningError> {
    match user.person {
        Some(id) => existing(tx, by, (id, user), object),
        // Who has never been active has no account yet.
        None if user.inactive.is_some() => Ok(()),
        None => {
            let Some(email) = own_address(tx, object)? else {
                return Ok(());
            };
            user.person = account(tx, keys, by, (object, &email))?;
            Ok(())
        }
    }
}

/// Her address, where it is of a domain of the organisation's: a directory makes nobody's account who is somebody else's.
fn own_address(tx: &mut Tx<'_>, object: &Object) -> Result<Option<String>, ProvisioningError> {
    let Some(email) = address::address(object) else {
        return Ok(None);
    };
    Ok(sso::is_own_address(tx, &email)?.then_some(email))
}

/// The account of a new user. An address that has an account already is taken, unless this directory deprovisioned her who had
/// it, who comes back, or two administrators have permitted this directory to have the account.
fn account(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    by: DirectoryAccess,
    (object, email): (&Object, &str),
) -> Result<Option<PersonId>, ProvisioningError> {
    let name = address::name(object);
    let Some(id) = people::by_address(tx, email)? else {
        let (id, locale) = (tx.id(), address::locale(object));
        keys.create_subject(tx, id)?;
        let locale = locale.map(|locale| locale.tag());
        people::create(tx, id, (&name, email), Status::Invited, locale, &[])?;
        return Ok(Some(id));
    };
    let earlier = users::of_person(tx, by.directory, id)?;
    let was_deprovisioned = earlier
        .first()
        .is_some_and(|user| user.suspended.is_some() && user.deleted.is_some());
    tx.authentic("people", id)?;
    let person = people::find(tx, id)?;
    let is_own = person.suspended_by == Some(by.directory);
    if was_deprovisioned && is_own && person.status == Status::Suspended {
        people::come_back(tx, &person)?;
    } else if !sso::take_account(tx, by.directory, id)? {
        return Err(ProvisioningError::NotItsOwn);
    }
    let person = people::find(tx, id)?;
    if person.name != name {
        people::rename(tx, &person, &name)?;
    }
    Ok(Some(id))
}

fn existing(
    tx: &mut Tx<'_>,
    by: DirectoryAccess,
    (id, user): (PersonId, &mut User),
    object: &Object,
) -> Result<(), ProvisioningError> {
    tx.authentic("people", id)?;
    let (name, person) = (address::name(object), people::find(tx, id)?);
    if person.name != name {
        people::rename(tx, &person, &name)?;
    }
    let person = people::find(tx, id)?;
    // The address of an account in use stays: it is where the link goes that replaces a password.
    if let Some(email) = own_address(tx, object)?
        && person.status == Status::Invited
        && person.email != email
    {
        people::readdress(tx, &person, &email)?;
    }
    let person = people::find(tx, id)?;
    match (user.inactive, person.status) {
        (Some(_), _) => suspend(tx, by, (&person, user))?,
        (None, Status::Suspended) if person.suspended_by == Some(by.directory) => {
            people::come_back(tx, &person)?;
            user.suspended = None;
        }
        // Somebody else has let her in again, or suspended her: it is not the directory's any more.
        (None, _) => user.suspended = None,
    }
    Ok(())
}

/// Suspends her account. Where somebody else has, and could let her in again, what she could still act by ends.
fn suspend(
    tx: &mut Tx<'_>,
    by: DirectoryAccess,
    (person, user): (&Person, &mut User),
) -> Result<(), ProvisioningError> {
    if person.status == Status::Suspended {
        return Ok(people::end_ways_in(tx, person.id)?);
    }
    people::leave(tx, person, by.directory)?;
    user.suspended = Some(tx.now());
    Ok(())
}

/// The end of a user: her account is suspended, and has no role when she comes back.
pub(super) fn leave(
    tx: &mut Tx<'_>,
    by: DirectoryAccess,
    user: &mut User,
) -> Result<(), ProvisioningError> {
    let Some(id) = user.person else { return Ok(()) };
    tx.authentic("people", id)?;
    let person = people::find(tx, id)?;
    suspend(tx, by, (&person, user))?;
    for (given, _) in mappings::given(tx, id)? {
        mappings::take(tx, given)?;
        tx.journal(Entry::new("directory-role.taken", "directory-role", given).version(2))?;
    }
    let person = people::find(tx, id)?;
    Ok(people::take_every_role(tx, &person)?)
}

/// Gives a person the roles of her groups, and takes those that mappings gave and that no group gives any more. What people
/// gave by hand stays.
pub(super) fn follow_groups(tx: &mut Tx<'_>, id: PersonId) -> Result<(), ProvisioningError> {
    let wanted = mappings::wanted(tx, id)?;
    let gone: Vec<(GivenRoleId, Role)> = mappings::given(tx, id)?
        .into_iter()
        .filter(|(_, role)| !wanted.contains(role))
        .collect();
    let person: Person = people::find(tx, id)?;
    tx.authentic("people", id)?;
    for (given, _) in &gone {
        mappings::take(tx, *given)?;
        tx.journal(Entry::new("directory-role.taken", "directory-role", given).version(2))?;
    }
    people::take_roles(
        tx,
        &person,
        gone.into_iter()
            .map(|(_, role)| Grant::everywhere(role))
            .collect(),
    )?;
    let has = sessions::grants_of(tx, id)?;
    let given = roles::load(tx)?;
    let is_new = |role: &Role| given.is_given(*role) && !has.contains(&Grant::everywhere(*role));
    for role in wanted.into_iter().filter(is_new) {
        people::grant(tx, id, role)?;
        let given: GivenRoleId = tx.id();
        mappings::give(tx, given, (id, role))?;
        tx.journal(
            Entry::new("directory-role.given", "directory-role", given)
                .fact("person", id)
                .fact("role", role),
        )?;
    }
    Ok(())
}
