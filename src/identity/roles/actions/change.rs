//! Making, changing and retiring a role.

use super::{RoleError, found, holders, known, may_gain};
use crate::identity::access::{Access, CustomRoleId, Permission, PermissionSet};
use crate::identity::notices::{self, News};
use crate::identity::powers::{self, State, powers_in};
use crate::identity::roles::rules;
use crate::identity::roles::store::{self, CustomRole, RoleChange};
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::store::{Entry, Reads as _, StoreError, Tx};

/// How long a change can be confirmed.
const OPEN_US: i64 = 7 * Micros::DAY;

/// Makes a role. Nobody holds it yet, so that one administrator is enough: giving it to somebody takes two where it has power.
pub async fn make(
    app: &App,
    access: &Access,
    typed: &str,
    permissions: PermissionSet,
) -> Result<CustomRoleId, RoleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let (name, key) = rules::name(typed)?;
    if permissions.is_empty() {
        return Err(RoleError::Nothing);
    }
    let by = access.person();
    let done = app
        .store
        .write(access.caller(), move |tx| {
            let id: CustomRoleId = tx.id();
            store::insert(tx, id, (&name, &key), permissions, by)?;
            tx.journal(
                Entry::new("role.made", "custom-role", id)
                    .fact("name", &name)
                    .fact("permissions", permissions),
            )?;
            Ok(tx.done(id)?)
        })
        .await;
    done.map_err(known)
}

/// Gives a role another name and other permissions. What it loses, and what it gains without power, counts at once; power that it
/// gains waits for a second administrator. An earlier change of the role that waits ends.
pub async fn change(
    app: &App,
    access: &Access,
    id: CustomRoleId,
    (typed, permissions): (&str, PermissionSet),
) -> Result<(), RoleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let (name, key) = rules::name(typed)?;
    if permissions.is_empty() {
        return Err(RoleError::Nothing);
    }
    let by = access.clone();
    let done = app
        .store
        .write(access.caller(), move |tx| {
            let role = found(store::authentic(tx, id))?;
            if role.retired.is_some() {
                return Err(RoleError::Retired);
            }
            let gains = permissions.without(role.permissions);
            if !gains.is_empty() {
                may_gain(tx, &role, (by.human(), gains))?;
            }
            end_open(tx, id)?;
            let is_alone = powers::is_alone(tx, &by)?;
            let power = powers_in(gains);
            let now = if is_alone {
                permissions
            } else {
                permissions.without(power)
            };
            put(tx, &role, (&name, &key), now)?;
            if !power.is_empty() {
                ask(tx, &by, (id, power), is_alone)?;
            }
            Ok(tx.done(())?)
        })
        .await;
    done.map_err(known)
}

/// Writes what counts at once. Whoever holds the role and loses something by it signs in anew.
fn put(
    tx: &mut Tx<'_>,
    role: &CustomRole,
    (name, key): (&str, &str),
    permissions: PermissionSet,
) -> Result<(), RoleError> {
    if name == role.name && permissions == role.permissions {
        return Ok(());
    }
    let administers = |set: PermissionSet| set.contains(Permission::PeopleAdminister);
    // Whoever administered by it a moment ago is counted for a while: taking it makes nobody alone at once.
    let administered = match administers(role.permissions) && !administers(permissions) {
        true => Some(tx.now()),
        false => role.administered,
    };
    store::set(tx, role, (name, key), permissions, administered)?;
    tx.journal(
        Entry::new("role.changed", "custom-role", role.id)
            .version(role.version + 1)
            .change("name", Some(&role.name), Some(name))
            .change("permissions", Some(role.permissions), Some(permissions)),
    )?;
    if !role.permissions.without(permissions).is_empty() {
        for holder in holders(tx, role.id)? {
            sessions::end_all_of(tx, holder.id, None, "role-narrowed")?;
        }
    }
    Ok(())
}

fn ask(
    tx: &mut Tx<'_>,
    by: &Access,
    (role, gains): (CustomRoleId, PermissionSet),
    is_alone: bool,
) -> Result<(), StoreError> {
    let now = tx.now();
    let change = RoleChange {
        id: tx.id(),
        role,
        gains,
        state: if is_alone { State::Alone } else { State::Open },
        proposed_by: by.person(),
        proposed_human: by.human(),
        created: now,
        expires: now.plus_us(OPEN_US),
        version: 1,
    };
    store::insert_change(tx, &change)?;
    let action = match is_alone {
        true => "role-change.made-alone",
        false => "role-change.proposed",
    };
    tx.journal(
        Entry::new(action, "role-change", change.id)
            .fact("role", role)
            .fact("gains", gains),
    )?;
    let (news, to) = match is_alone {
        true => (News::RoleWidenedAlone, powers::with_role(tx)?),
        false => (News::RoleProposed, powers::accounts_of_administrators(tx)?),
    };
    notices::tell(tx, (news, change.id.to_string()), by.person(), &to)
}

/// Ends what waits for a role: what was asked for was another role.
fn end_open(tx: &mut Tx<'_>, role: CustomRoleId) -> Result<(), StoreError> {
    let now = tx.now();
    for earlier in store::open(tx, now)? {
        if earlier.role == role {
            tx.authentic("role_changes", earlier.id)?;
            store::decide(tx, earlier.id, State::Replaced)?;
            tx.journal(
                Entry::new("role-change.replaced", "role-change", earlier.id)
                    .version(earlier.version + 1),
            )?;
        }
    }
    Ok(())
}

/// Retires a role: nobody new gets it. Whoever has it keeps it until it is taken from her.
pub async fn retire(app: &App, access: &Access, id: CustomRoleId) -> Result<(), RoleError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    app.store
        .write(access.caller(), move |tx| {
            let role = found(store::authentic(tx, id))?;
            if role.retired.is_some() {
                return Err(RoleError::Retired);
            }
            end_open(tx, id)?;
            store::retire(tx, &role)?;
            let entry = Entry::new("role.retired", "custom-role", id);
            Ok(tx.commit(entry.version(role.version + 1), ())?)
        })
        .await
}
