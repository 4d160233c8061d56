//! Delegating for somebody who is absent: proposed by one administrator, in force once a second one confirms it.

use super::{DelegationError, NewDelegation, may_be_delegate, today};
use crate::identity::access::{Access, HumanId, Permission, reach};
use crate::identity::delegations::DelegationId;
use crate::identity::delegations::actions::mail;
use crate::identity::delegations::rules;
use crate::identity::delegations::store::{self, Delegation};
use crate::identity::humans;
use crate::identity::notices::{self, News};
use crate::identity::organisations::find_entity;
use crate::identity::people::{self, Person, Status};
use crate::identity::powers::{self, Verdict};
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::scope::CredentialKind;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// How long it can be confirmed.
const OPEN_US: i64 = 7 * Micros::DAY;

/// Asks that another person decides on somebody's behalf who is absent. Deciding is power, so that a second administrator confirms
/// it, or it stands at once where nobody else administers. The delegate is neither of the two who say so.
pub async fn delegate_for(
    app: &App,
    access: &Access,
    (principal, new): (PersonId, NewDelegation),
) -> Result<DelegationId, DelegationError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    if access.caller().actor.credential != CredentialKind::Session {
        return Err(DelegationError::ByToken);
    }
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let now = tx.now();
            let today = today(tx, now)?;
            rules::days(new.from, new.until, today).map_err(DelegationError::Days)?;
            let principal = absent(tx, (principal, new))?;
            may_be_delegate(tx, principal.human, new)?;
            is_not_oneself(tx, by.human(), new.delegate)?;
            let is_alone = powers::is_alone(tx, &by)?;
            let delegation = Delegation {
                id: tx.id(),
                principal: principal.id,
                delegate: new.delegate,
                entity: new.entity,
                from: new.from,
                until: new.until,
                ended: None,
                waits: (!is_alone).then(|| now.plus_us(OPEN_US)),
                asked_human: Some(by.human()),
                made_by: Some(by.person()),
                version: 1,
            };
            store::insert(tx, &delegation)?;
            let action = match is_alone {
                true => "delegation.made-alone",
                false => "delegation.proposed",
            };
            tx.journal(super::entry(action, &delegation))?;
            if is_alone {
                mail::queue(tx, mail::Event::Made, &delegation)?;
            }
            let (news, to) = match is_alone {
                true => (News::DelegationAlone, powers::with_role(tx)?),
                false => (
                    News::DelegationProposed,
                    powers::accounts_of_administrators(tx)?,
                ),
            };
            notices::tell(tx, (news, delegation.id.to_string()), by.person(), &to)?;
            Ok(tx.done(delegation.id)?)
        })
        .await
}

/// The principal, who decides where the delegate shall decide.
fn absent(
    reads: &mut impl Reads,
    (principal, new): (PersonId, NewDelegation),
) -> Result<Person, DelegationError> {
    let person = match people::find(reads, principal) {
        Err(StoreError::Missing) => return Err(DelegationError::DecidesNothing),
        other => other?,
    };
    reads.authentic("people", person.id)?;
    let own = reach(
        &sessions::rights_of(reads, person.id)?,
        Permission::BillsDecide,
    );
    let own = own.ok_or(DelegationError::DecidesNothing)?;
    if person.status != Status::Active || person.is_service() {
        return Err(DelegationError::DecidesNothing);
    }
    if let Some(entity) = new.entity {
        find_entity(reads, entity)?;
        own.check(entity)?;
    }
    Ok(person)
}

/// Nobody gives herself power, under any account of hers.
fn is_not_oneself(
    reads: &mut impl Reads,
    human: HumanId,
    delegate: PersonId,
) -> Result<(), DelegationError> {
    let delegate = people::find(reads, delegate)?.human;
    if humans::load(reads)?.are_one(human, delegate) {
        Err(DelegationError::Oneself)
    } else {
        Ok(())
    }
}

/// Confirms or refuses a delegation that waits; of several who try at once, one succeeds.
pub async fn decide(
    app: &App,
    access: &Access,
    id: DelegationId,
    verdict: Verdict,
) -> Result<(), DelegationError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let found = match store::find(tx, id) {
                Err(StoreError::Missing) => return Err(DelegationError::Missing),
                other => other?,
            };
            tx.authentic("delegations", id)?;
            let waits = found.waits.filter(|until| tx.now() < *until);
            if waits.is_none() || found.ended.is_some() {
                return Err(DelegationError::NotWaiting);
            }
            match verdict {
                Verdict::Confirm => {
                    may_confirm(tx, &by, &found)?;
                    store::confirm(tx, &found)?;
                    tx.journal(super::entry("delegation.made", &found).version(found.version + 1))?;
                    mail::queue(tx, mail::Event::Made, &found)?;
                }
                Verdict::Refuse => {
                    store::end(tx, id)?;
                    tx.journal(
                        Entry::new("delegation.refused", "delegation", id)
                            .version(found.version + 1),
                    )?;
                    let to = powers::accounts_of_administrators(tx)?;
                    let news = (News::DelegationRefused, id.to_string());
                    notices::tell(tx, news, by.person(), &to)?;
                }
            }
            Ok(tx.done(())?)
        })
        .await
}

fn may_confirm(tx: &mut Tx<'_>, by: &Access, found: &Delegation) -> Result<(), DelegationError> {
    let asked = found.made_by.zip(found.asked_human);
    let asked = asked.ok_or(DelegationError::NotWaiting)?;
    if humans::load(tx)?.are_one(by.human(), asked.1) {
        return Err(DelegationError::SameAdministrator);
    }
    is_not_oneself(tx, by.human(), found.delegate)?;
    // Nor is it whoever asked, who may have been joined to the delegate since.
    is_not_oneself(tx, asked.1, found.delegate)?;
    if !powers::administers(tx, asked)? {
        return Err(DelegationError::ProposerGone);
    }
    // What held when it was asked for has to hold now.
    let new = NewDelegation {
        delegate: found.delegate,
        entity: found.entity,
        from: found.from,
        until: found.until,
    };
    let principal = absent(tx, (found.principal, new))?;
    may_be_delegate(tx, principal.human, new)
}
