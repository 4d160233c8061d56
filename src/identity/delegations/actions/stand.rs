//! Which delegations stand at a moment. Whatever is wrong with one, it gives nothing and locks nobody out.

use super::today;
use crate::identity::access::{HumanId, Mandate, Permission, Reach, reach};
use crate::identity::delegations::rules::is_within;
use crate::identity::delegations::store::{self, Delegation};
use crate::identity::forged::unless_forged;
use crate::identity::humans;
use crate::identity::people::{self, Status};
use crate::identity::sessions;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, StoreError};

/// On whose behalf this person decides on bills now, and where.
pub fn mandates(
    reads: &mut impl Reads,
    (person, human): (PersonId, HumanId),
    now: Micros,
) -> Result<Vec<Mandate>, StoreError> {
    let today = today(reads, now)?;
    let mut found = Vec::new();
    for delegation in store::to_delegate(reads, person, today)? {
        let mandate = unless_forged(mandate(reads, &delegation, human))?.flatten();
        found.extend(mandate);
    }
    Ok(found)
}

/// The mandate as it is in the transaction that acts on it; none where it has ended since it was shown.
pub fn still_stands(
    reads: &mut impl Reads,
    shown: &Mandate,
    (person, human): (PersonId, HumanId),
    now: Micros,
) -> Result<Option<Mandate>, StoreError> {
    let delegation = store::find(reads, shown.delegation)?;
    let today = today(reads, now)?;
    let stands = delegation.delegate == person
        && delegation.ended.is_none()
        && delegation.waits.is_none()
        && is_within(delegation.from, delegation.until, today);
    if !stands {
        return Ok(None);
    }
    mandate(reads, &delegation, human)
}

/// What the principal may decide herself, as far as she delegated it; `Forged` where a row of it is not ours.
fn mandate(
    reads: &mut impl Reads,
    delegation: &Delegation,
    human: HumanId,
) -> Result<Option<Mandate>, StoreError> {
    reads.authentic("delegations", delegation.id)?;
    let principal = people::find(reads, delegation.principal)?;
    reads.authentic("people", principal.id)?;
    let is_herself = humans::load(reads)?.are_one(principal.human, human);
    if principal.status != Status::Active || principal.is_service() || is_herself {
        return Ok(None);
    }
    // Her own roles alone: what others delegated to her is not in them.
    let rights = sessions::rights_of(reads, principal.id)?;
    let Some(own) = reach(&rights, Permission::BillsDecide) else {
        return Ok(None);
    };
    let reach = match delegation.entity {
        None => own,
        Some(entity) if own.includes(entity) => Reach::Entities([entity].into()),
        Some(_) => return Ok(None),
    };
    Ok(Some(Mandate {
        delegation: delegation.id,
        principal: principal.id,
        human: principal.human,
        name: principal.name,
        reach,
        until: delegation.until,
    }))
}
