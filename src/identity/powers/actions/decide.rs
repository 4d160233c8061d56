//! A second administrator confirms or refuses.

use super::PowerError;
use super::mail::{self, Event};
use crate::identity::access::{Access, Denied, HumanId, Permission, holds};
use crate::identity::humans;
use crate::identity::lost_factors;
use crate::identity::people::{self, Person, Status};
use crate::identity::powers::PowerRequestId;
use crate::identity::powers::rules::{
    Humans, Kind, State, Verdict, grants_of, is_open, may_confirm,
};
use crate::identity::powers::store::{self, Request};
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, Reads as _, StoreError, Tx};

/// Whether somebody may decide about what another one proposed. Refusing only keeps things as they are; whoever confirms
/// shows a factor in the action itself.
pub(in crate::identity) fn may_decide(
    access: &Access,
    needs: Permission,
    verdict: Verdict,
) -> Result<(), Denied> {
    access.require(needs)?;
    match verdict {
        Verdict::Confirm => access.require_fresh(),
        Verdict::Refuse => Ok(()),
    }
}

/// Confirms or refuses a request; of several who try at once, one succeeds. Whoever proposed it may refuse it.
pub async fn decide(
    app: &App,
    access: &Access,
    id: PowerRequestId,
    verdict: Verdict,
) -> Result<(), PowerError> {
    may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let request = match store::authentic(tx, id) {
                Err(StoreError::Missing) => return Err(PowerError::Missing),
                other => other?,
            };
            is_open(&request, tx.now())?;
            match verdict {
                Verdict::Confirm => confirm(tx, &by, &request)?,
                Verdict::Refuse => close(tx, &request, State::Refused)?,
            }
            Ok(tx.done(())?)
        })
        .await
}

fn close(tx: &mut Tx<'_>, request: &Request, state: State) -> Result<(), StoreError> {
    store::decide(tx, request.id, state)?;
    let (action, event) = match state {
        State::Confirmed => ("power.confirmed", Event::Confirmed),
        _ => ("power.refused", Event::Refused),
    };
    tx.journal(
        Entry::new(action, "power-request", request.id)
            .version(request.version + 1)
            .fact("person", request.person)
            .fact("kind", request.kind)
            .fact("roles", &request.roles)
            .fact("proposed-by", request.proposed_by),
    )?;
    let to = store::accounts_of_administrators(tx)?;
    mail::queue(tx, event, request.id, &to)
}

fn confirm(tx: &mut Tx<'_>, by: &Access, request: &Request) -> Result<(), PowerError> {
    let receiver = people::find(tx, request.person)?;
    tx.authentic("people", receiver.id)?;
    let administer: Vec<_> = store::administrators(tx, tx.now())?
        .into_iter()
        .filter(|one| one.is_active)
        .map(|one| one.human)
        .collect();
    let joined = humans::load(tx)?;
    let humans = Humans {
        joined: &joined,
        confirms: by.human(),
        receives: receiver.human,
        administer: &administer,
        // Asked of all rows, so only where the answer lowers a guard.
        are_ours: !joined.are_one(by.human(), receiver.human) || people::are_all_ours(tx)?,
    };
    may_confirm(request, humans)?;
    proposer_administers(tx, request)?;
    let is_gone = match request.kind {
        Kind::Roles => receiver.status == Status::Suspended,
        Kind::FactorReset => receiver.status != Status::Active,
    };
    if is_gone || receiver.is_service() {
        return Err(PowerError::ReceiverGone);
    }
    close(tx, request, State::Confirmed)?;
    match request.kind {
        Kind::Roles => match grant(tx, request, &receiver) {
            Err(StoreError::Missing) => return Err(PowerError::RoleGone),
            other => other?,
        },
        Kind::FactorReset => lost_factors::end(tx, receiver.id)?,
    }
    Ok(())
}

/// A proposal is worth what its proposer is: whoever was suspended or lost the role in the meantime proposes nothing.
fn proposer_administers(tx: &mut Tx<'_>, request: &Request) -> Result<(), PowerError> {
    match administers(tx, (request.proposed_by, request.proposed_human))? {
        true => Ok(()),
        false => Err(PowerError::ProposerGone),
    }
}

/// Whether an account is this human's, can sign in, and administers.
pub(in crate::identity) fn administers(
    tx: &mut Tx<'_>,
    (person, human): (PersonId, HumanId),
) -> Result<bool, StoreError> {
    let found = people::find(tx, person)?;
    tx.authentic("people", person)?;
    let rights = sessions::rights_of(tx, person)?;
    let may = holds(&rights, Permission::PeopleAdminister);
    Ok(may && found.status == Status::Active && found.human == human)
}

fn grant(tx: &mut Tx<'_>, request: &Request, receiver: &Person) -> Result<(), StoreError> {
    let has = sessions::grants_of(tx, receiver.id)?;
    for grant in grants_of(&request.roles) {
        if !has.contains(&grant) {
            people::grant(tx, receiver.id, grant)?;
        }
    }
    Ok(())
}
