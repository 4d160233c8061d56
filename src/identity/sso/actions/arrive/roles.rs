//! Roles that follow from groups. The confirmed connection gives them and takes them; what people gave by hand stays.

use crate::identity::access::{Grant, Role};
use crate::identity::people;
use crate::identity::roles;
use crate::identity::sessions;
use crate::identity::sso::Confirmed;
use crate::identity::sso::rules::roles_by;
use crate::identity::sso::store::grants;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, StoreError, Tx};

/// Gives a person the roles of her groups, and takes those that this connection gave and that no group gives any more.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    person: PersonId,
    confirmed: &Confirmed,
    groups: &[String],
) -> Result<(), StoreError> {
    let wanted = roles_by(&confirmed.connection.mapping, groups);
    let version = people::find(tx, person)?.version;
    let mut is_taken = false;
    for (grant, role) in grants::mapped(tx, person, confirmed.id)? {
        if wanted.contains(&role) || must_stay(tx, person, role)? {
            continue;
        }
        grants::revoke(tx, grant)?;
        is_taken = true;
        tx.journal(
            Entry::new("role.revoked", "person", person)
                .version(version)
                .change("role", Some(role), None::<&str>)
                .fact("connection", confirmed.id),
        )?;
    }
    if is_taken {
        sessions::end_all_of(tx, person, None, "role-revoked")?;
    }
    let has = sessions::grants_of(tx, person)?;
    let given = roles::load(tx)?;
    let is_new = |role: &Role| given.is_given(*role) && !has.contains(&Grant::everywhere(*role));
    for role in wanted.into_iter().filter(is_new) {
        grants::give(tx, (person, role), confirmed.id)?;
        tx.journal(
            Entry::new("role.granted", "person", person)
                .version(version)
                .fact("role", role)
                .fact("connection", confirmed.id),
        )?;
    }
    Ok(())
}

/// The last one who administers keeps the role: nobody could give it to anybody again.
fn must_stay(tx: &mut Tx<'_>, person: PersonId, role: Role) -> Result<bool, StoreError> {
    if role != Role::Administrator {
        return Ok(false);
    }
    let own = people::find(tx, person)?.human;
    let administer = people::who_administer_for_good(tx)?;
    Ok(administer.iter().all(|human| *human == own))
}
