//! Proposing power, deciding on it, and telling of it.

mod decide;
mod mail;
mod propose;
mod reset;

pub use decide::decide;
pub(in crate::identity) use decide::{administers, may_decide};
pub use mail::{POWER_MAIL, mail_power};
pub(in crate::identity) use propose::{give, is_alone};
pub use reset::propose_reset;

use super::rules::{OPEN_US, Refusal, grants_of};
use super::store::{self, Request};
use crate::identity::access::{Access, Denied, HumanId, Permission};
use crate::identity::people::{self, Held, Person};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{BodyError, Reads, StoreError};
use crate::platform::web::Problem;

/// How many decided requests the page tells of.
const TOLD: i64 = 20;

#[derive(Debug, thiserror::Error)]
pub enum PowerError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such request")]
    Missing,
    #[error("the request was decided on before")]
    NotOpen,
    #[error("the request was not confirmed in time")]
    Late,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever receives the power does not confirm where somebody else can")]
    Receiver,
    #[error("nobody proposes the end of her own factors")]
    Oneself,
    #[error("nobody else administers who could confirm it")]
    NobodyConfirms,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error("the person is suspended")]
    ReceiverGone,
    #[error("the role was retired")]
    RoleGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for PowerError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refusal> for PowerError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOpen => Self::NotOpen,
            Refusal::Late => Self::Late,
            Refusal::SameHuman => Self::SameHuman,
            Refusal::Oneself => Self::Oneself,
            Refusal::Receiver => Self::Receiver,
        }
    }
}

impl From<PowerError> for Problem {
    fn from(error: PowerError) -> Self {
        match error {
            PowerError::Denied(denied) => denied.into(),
            PowerError::Store(error) => error.into(),
            PowerError::Missing => Self::not_found(),
            PowerError::NotOpen => Self::conflict(crate::msg!("error-power-decided")),
            PowerError::Late => Self::conflict(crate::msg!("error-power-late")),
            PowerError::SameHuman => Self::invalid(crate::msg!("error-power-same-human")),
            PowerError::Receiver => Self::invalid(crate::msg!("error-power-receiver")),
            PowerError::Oneself => Self::invalid(crate::msg!("error-power-oneself")),
            PowerError::NobodyConfirms => {
                Self::conflict(crate::msg!("error-power-nobody-confirms"))
            }
            PowerError::ProposerGone => Self::conflict(crate::msg!("error-power-proposer-gone")),
            PowerError::ReceiverGone => Self::conflict(crate::msg!("error-power-receiver-gone")),
            PowerError::RoleGone => Self::conflict(crate::msg!("error-role-retired")),
        }
    }
}

/// A request with the names that it speaks of.
#[derive(Debug, Clone)]
pub struct Listed {
    pub request: Request,
    pub person: Person,
    pub roles: Vec<Held>,
    pub proposed_by: String,
    pub decided_by: Option<String>,
}

/// What waits, what was decided on lately, and whether the organisation has one administrator.
#[derive(Debug, Clone)]
pub struct Requests {
    pub open: Vec<Listed>,
    pub closed: Vec<Listed>,
    /// The name of the one who administers, where nobody else does.
    pub alone: Option<String>,
}

fn listed(reads: &mut impl Reads, request: Request) -> Result<Listed, StoreError> {
    let decided_by = match request.decided_by {
        Some(by) => Some(people::find(reads, by)?.name),
        None => None,
    };
    Ok(Listed {
        person: people::find(reads, request.person)?,
        roles: people::held(reads, &grants_of(&request.roles))?,
        proposed_by: people::find(reads, request.proposed_by)?.name,
        decided_by,
        request,
    })
}

/// The organisation's requests.
pub async fn list(app: &App, access: &Access) -> Result<Requests, PowerError> {
    access.require(Permission::PeopleRead)?;
    let now = app.now();
    app.store
        .read(access.scope(), move |read| {
            let mut requests = Requests {
                open: Vec::new(),
                closed: Vec::new(),
                alone: None,
            };
            for request in store::open(read, now)? {
                requests.open.push(listed(read, request)?);
            }
            for request in store::closed(read, now, TOLD)? {
                requests.closed.push(listed(read, request)?);
            }
            let all = store::administrators(read, counted_since(now))?;
            if let Some(first) = all.first().filter(|first| is_only(&all, first.human)) {
                let human = first.human;
                let people = people::everybody(read)?;
                let her = people
                    .into_iter()
                    .find(|person| person.human == human && !person.is_service());
                requests.alone = her.map(|person| person.name);
            }
            Ok(requests)
        })
        .await
}

/// The roles that wait for a confirmation for one person.
pub async fn waiting_for(
    app: &App,
    access: &Access,
    person: PersonId,
) -> Result<Vec<Listed>, PowerError> {
    let mut requests = list(app, access).await?.open;
    requests.retain(|listed| listed.person.id == person);
    Ok(requests)
}

/// How many humans stand behind what gives power, counted as if no accounts were joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Who administer and can act now.
    pub acting: usize,
    /// With those who did within the week: only whoever is alone among these grants power alone.
    pub counted: usize,
}

/// How power is granted at this moment.
///
/// # Errors
/// Where the database does not answer.
pub fn standing(reads: &mut impl Reads, now: Micros) -> Result<Standing, StoreError> {
    let all = store::administrators(reads, counted_since(now))?;
    let humans = |some: &dyn Fn(&store::Administrator) -> bool| {
        let some = all.iter().filter(|one| some(one)).map(|one| one.human);
        some.collect::<std::collections::HashSet<_>>().len()
    };
    Ok(Standing {
        acting: humans(&|one| one.is_active),
        counted: humans(&|_| true),
    })
}

const fn counted_since(now: Micros) -> Micros {
    Micros(now.0.saturating_sub(OPEN_US))
}

fn is_only(all: &[store::Administrator], human: HumanId) -> bool {
    all.iter().all(|one| one.human == human)
}
