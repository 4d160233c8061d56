//! Giving power: proposed where somebody can confirm it, granted where nobody can.

use super::mail::{self, Event};
use super::{counted_since, is_only};
use crate::identity::access::{Access, Grant};
use crate::identity::people;
use crate::identity::powers::PowerRequestId;
use crate::identity::powers::rules::{Kind, OPEN_US, State, text_of};
use crate::identity::powers::store::{self, New};
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, StoreError, Tx};

/// Gives roles that carry power, within the transaction that asks for them: a second administrator is asked, or they are hers
/// at once where the organisation has one administrator. An earlier request for the person ends.
pub(in crate::identity) fn give(
    tx: &mut Tx<'_>,
    by: &Access,
    person: PersonId,
    grants: &[Grant],
) -> Result<(), StoreError> {
    if grants.is_empty() {
        return Ok(());
    }
    replace(tx, person, Kind::Roles)?;
    let is_alone = is_alone(tx, by)?;
    let (id, roles_text): (PowerRequestId, _) = (tx.id(), text_of(grants));
    let new = New {
        id,
        person,
        kind: Kind::Roles,
        roles: &roles_text,
        state: if is_alone { State::Alone } else { State::Open },
        by: (by.person(), by.human()),
        expires: tx.now().plus_us(OPEN_US),
    };
    store::insert(tx, &new)?;
    let action = if is_alone {
        "power.granted-alone"
    } else {
        "power.proposed"
    };
    tx.journal(
        Entry::new(action, "power-request", id)
            .fact("person", person)
            .fact("roles", &roles_text),
    )?;
    if !is_alone {
        let to = store::accounts_of_administrators(tx)?;
        return mail::queue(tx, Event::Proposed, id, &to);
    }
    for grant in grants {
        people::grant(tx, person, *grant)?;
    }
    let to = store::with_role(tx)?;
    mail::queue(tx, Event::GrantedAlone, id, &to)
}

pub(super) fn replace(tx: &mut Tx<'_>, person: PersonId, kind: Kind) -> Result<(), StoreError> {
    let now = tx.now();
    for earlier in store::open(tx, now)? {
        if earlier.person == person && earlier.kind == kind {
            store::decide(tx, earlier.id, State::Replaced)?;
            tx.journal(
                Entry::new("power.replaced", "power-request", earlier.id)
                    .version(earlier.version + 1),
            )?;
        }
    }
    Ok(())
}

/// Whether nobody else administers, or did within the week. It lowers a guard, so that every row of people and roles must be
/// ours.
pub(in crate::identity) fn is_alone(tx: &mut Tx<'_>, by: &Access) -> Result<bool, StoreError> {
    let all = store::administrators(tx, counted_since(tx.now()))?;
    Ok(is_only(&all, by.human()) && people::are_all_ours(tx)?)
}
