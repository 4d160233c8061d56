//! Delegating, ending it, and what stands at a moment.

mod absent;
mod mail;
mod stand;

pub use absent::{decide, delegate_for};
pub use mail::{DELEGATION_MAIL, mail_delegation};
pub use stand::{mandates, still_stands};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::DelegationId;
use super::rules::{self, WrongDays};
use super::store::{self, Delegation};
use crate::identity::access::{Access, Denied, HumanId, Permission, reach};
use crate::identity::humans;
use crate::identity::organisations::{self, EntityId, find_entity};
use crate::identity::people::{self, Person, Status};
use crate::identity::sessions;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::scope::CredentialKind;
use crate::platform::store::{BodyError, Entry, Reads, StoreError};
use crate::platform::web::Problem;

/// Delegations that a person's page tells of.
const TOLD: i64 = 50;

#[derive(Debug, thiserror::Error)]
pub enum DelegationError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Whoever delegates does so herself, in a session.
    #[error("a token delegates nothing")]
    ByToken,
    #[error("there is no such delegation")]
    Missing,
    #[error("the days cannot be used: {0:?}")]
    Days(WrongDays),
    #[error("the delegate is the principal's own human")]
    SameHuman,
    #[error("the delegate is no active person")]
    NotActive,
    #[error("the delegate does not read the bills that she would decide on")]
    CannotRead,
    #[error("the delegation has ended before")]
    Ended,
    #[error("the principal decides on no bills there")]
    DecidesNothing,
    #[error("nobody gives power to herself")]
    Oneself,
    #[error("it waits for nobody, or not any more")]
    NotWaiting,
    #[error("whoever proposed does not confirm: another human has to")]
    SameAdministrator,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for DelegationError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<DelegationError> for Problem {
    fn from(error: DelegationError) -> Self {
        use DelegationError as E;
        match error {
            E::Denied(denied) => denied.into(),
            E::Store(error) => error.into(),
            E::ByToken | E::Missing => Self::not_found(),
            E::Days(WrongDays::Past) => {
                Self::invalid(crate::msg!("error-delegation-past")).field("from")
            }
            E::Days(WrongDays::Backwards) => {
                Self::invalid(crate::msg!("error-delegation-backwards")).field("until")
            }
            E::Days(WrongDays::TooLong) => {
                Self::invalid(crate::msg!("error-delegation-too-long")).field("until")
            }
            E::SameHuman => {
                Self::invalid(crate::msg!("error-delegation-same-human")).field("delegate")
            }
            E::NotActive => {
                Self::invalid(crate::msg!("error-delegation-not-active")).field("delegate")
            }
            E::CannotRead => {
                Self::invalid(crate::msg!("error-delegation-cannot-read")).field("delegate")
            }
            E::Ended => Self::conflict(crate::msg!("error-delegation-ended")),
            E::DecidesNothing => {
                Self::invalid(crate::msg!("error-delegation-decides-nothing")).field("principal")
            }
            E::Oneself => Self::invalid(crate::msg!("error-delegation-oneself")).field("delegate"),
            E::NotWaiting => Self::conflict(crate::msg!("error-power-decided")),
            E::SameAdministrator => Self::invalid(crate::msg!("error-power-same-human")),
            E::ProposerGone => Self::conflict(crate::msg!("error-power-proposer-gone")),
        }
    }
}

/// A delegation as somebody wants it.
#[derive(Debug, Clone, Copy)]
pub struct NewDelegation {
    pub delegate: PersonId,
    /// None for every legal entity that she decides in.
    pub entity: Option<EntityId>,
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// Today where the organisation is.
fn today(reads: &mut impl Reads, now: Micros) -> Result<Date, StoreError> {
    let (_, zone) = organisations::name_and_zone(reads)?;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    Ok(now.timestamp().to_zoned(zone).date())
}

/// Lets another person decide on bills on one's own behalf.
pub async fn delegate(
    app: &App,
    access: &Access,
    new: NewDelegation,
) -> Result<DelegationId, DelegationError> {
    // What one may do by another's delegation is not in one's own reach, and so goes no further.
    let own = access.reach(Permission::BillsDecide)?;
    if access.caller().actor.credential != CredentialKind::Session {
        return Err(DelegationError::ByToken);
    }
    access.require_fresh()?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            if let Some(entity) = new.entity {
                find_entity(tx, entity)?;
                own.check(entity)?;
            }
            let now = tx.now();
            let today = today(tx, now)?;
            rules::days(new.from, new.until, today).map_err(DelegationError::Days)?;
            may_be_delegate(tx, by.human(), new)?;
            let delegation = Delegation {
                id: tx.id(),
                principal: by.person(),
                delegate: new.delegate,
                entity: new.entity,
                from: new.from,
                until: new.until,
                ended: None,
                waits: None,
                asked_human: None,
                made_by: Some(by.person()),
                version: 1,
            };
            store::insert(tx, &delegation)?;
            tx.journal(entry("delegation.made", &delegation))?;
            mail::queue(tx, mail::Event::Made, &delegation)?;
            Ok(tx.done(delegation.id)?)
        })
        .await
}

fn entry(action: &'static str, delegation: &Delegation) -> Entry {
    let entry = Entry::new(action, "delegation", delegation.id)
        .fact("principal", delegation.principal)
        .fact("delegate", delegation.delegate)
        .fact("from", delegation.from)
        .fact("until", delegation.until);
    match delegation.entity {
        Some(entity) => entry.fact("entity", entity),
        None => entry,
    }
}

/// Whether the person can take it: another human, active, who reads those bills already.
fn may_be_delegate(
    reads: &mut impl Reads,
    principal: HumanId,
    new: NewDelegation,
) -> Result<(), DelegationError> {
    let person = match people::find(reads, new.delegate) {
        Err(StoreError::Missing) => return Err(DelegationError::NotActive),
        other => other?,
    };
    reads.authentic("people", person.id)?;
    if humans::load(reads)?.are_one(person.human, principal) {
        return Err(DelegationError::SameHuman);
    }
    if person.status != Status::Active || person.is_service() {
        return Err(DelegationError::NotActive);
    }
    let rights = sessions::rights_of(reads, person.id)?;
    let reads_bills = reach(&rights, Permission::BillsRead);
    match (reads_bills, new.entity) {
        (Some(reach), Some(entity)) if reach.includes(entity) => Ok(()),
        (Some(_), None) => Ok(()),
        _ => Err(DelegationError::CannotRead),
    }
}

/// Ends a delegation: the principal, the delegate, or whoever administers.
pub async fn end(app: &App, access: &Access, id: DelegationId) -> Result<(), DelegationError> {
    let (person, administers) = (access.person(), access.may(Permission::PeopleAdminister));
    app.store
        .write(access.caller(), move |tx| {
            let found = match store::find(tx, id) {
                Err(StoreError::Missing) => return Err(DelegationError::Missing),
                other => other?,
            };
            if found.principal != person && found.delegate != person && !administers {
                return Err(DelegationError::Missing);
            }
            if found.ended.is_some() {
                return Err(DelegationError::Ended);
            }
            store::end(tx, id)?;
            tx.journal(
                Entry::new("delegation.ended", "delegation", id).version(found.version + 1),
            )?;
            mail::queue(tx, mail::Event::Ended, &found)?;
            Ok(tx.done(())?)
        })
        .await
}

/// A delegation with the names that it speaks of.
#[derive(Debug, Clone)]
pub struct Listed {
    pub delegation: Delegation,
    pub principal: String,
    pub delegate: String,
    pub entity: Option<String>,
}

fn listed(reads: &mut impl Reads, delegation: Delegation) -> Result<Listed, StoreError> {
    let entity = match delegation.entity {
        Some(entity) => Some(find_entity(reads, entity)?.name),
        None => None,
    };
    Ok(Listed {
        principal: people::find(reads, delegation.principal)?.name,
        delegate: people::find(reads, delegation.delegate)?.name,
        entity,
        delegation,
    })
}

/// One's own delegations, and to whom one could delegate.
#[derive(Debug)]
pub struct Own {
    pub listed: Vec<Listed>,
    pub today: Date,
    /// Other active people.
    pub others: Vec<Person>,
    /// The legal entities that one decides in; all of them for whoever administers.
    pub entities: Vec<organisations::Entity>,
    /// Other people who decide on bills, where one administers: for whom one could delegate.
    pub principals: Vec<Person>,
}

/// What one delegated and what was delegated to one; everybody's, for whoever administers.
pub async fn list(app: &App, access: &Access) -> Result<Own, DelegationError> {
    let (own, now) = (access.sight(Permission::BillsDecide), access.now());
    let (person, human) = (access.person(), access.human());
    let administers = access.may(Permission::PeopleAdminister);
    app.store
        .read(access.scope(), move |read| {
            let mut all = Vec::new();
            let found = if administers {
                store::newest(read, TOLD)?
            } else {
                store::of_person(read, person, TOLD)?
            };
            for delegation in found {
                all.push(listed(read, delegation)?);
            }
            let is_other = |one: &Person| {
                one.human != human && one.status == Status::Active && !one.is_service()
            };
            let mut entities = organisations::list_entities(read)?;
            entities.retain(|entity| administers || own.includes(entity.id));
            let others: Vec<Person> = people::everybody(read)?
                .into_iter()
                .filter(is_other)
                .collect();
            let principals = match administers {
                true => who_decide(read, &others)?,
                false => Vec::new(),
            };
            Ok(Own {
                listed: all,
                today: today(read, now)?,
                others,
                entities,
                principals,
            })
        })
        .await
}

/// Those of these people who decide on bills somewhere.
fn who_decide(reads: &mut impl Reads, of: &[Person]) -> Result<Vec<Person>, StoreError> {
    let grants = people::grants(reads)?;
    let decides = |person: &&Person| {
        let mut own = grants.iter().filter(|(id, _)| *id == person.id);
        own.any(|(_, held)| held.right.gives.contains(Permission::BillsDecide))
    };
    Ok(of.iter().filter(decides).cloned().collect())
}
