//! Making, changing and retiring roles, and confirming what they shall gain.

mod change;
mod decide;
mod look;

pub use change::{change, make, retire};
pub use decide::decide;
pub use look::{Holder, Sight, Waiting, list};

use super::rules::WrongName;
use super::store;
use crate::identity::access::{CustomRoleId, Denied, HumanId, PermissionSet, Role};
use crate::identity::humans;
use crate::identity::people::{self, Person};
use crate::msg;
use crate::platform::store::{BodyError, Reads, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("this is no name for a role")]
    Name,
    #[error("a role that is built in is called so")]
    BuiltIn,
    #[error("a role of this organisation is, or was, called so")]
    Known,
    #[error("a role gives something")]
    Nothing,
    #[error("there is no such role or change")]
    Missing,
    #[error("the role was retired")]
    Retired,
    #[error("nobody widens a role that she holds")]
    Oneself,
    #[error(
        "a service account holds the role, and approves, verifies, releases and administers nothing"
    )]
    HeldByService,
    #[error("the change was decided on before, or not in time")]
    NotOpen,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for RoleError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<WrongName> for RoleError {
    fn from(wrong: WrongName) -> Self {
        match wrong {
            WrongName::Text => Self::Name,
            WrongName::BuiltIn => Self::BuiltIn,
        }
    }
}

impl From<RoleError> for Problem {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::Denied(denied) => denied.into(),
            RoleError::Store(error) => error.into(),
            RoleError::Name => Self::invalid(msg!("error-role-name")).field("name"),
            RoleError::BuiltIn => Self::invalid(msg!("error-role-built-in")).field("name"),
            RoleError::Known => Self::invalid(msg!("error-role-known")).field("name"),
            RoleError::Nothing => Self::invalid(msg!("error-role-nothing")).field("permissions"),
            RoleError::Missing => Self::not_found(),
            RoleError::Retired => Self::conflict(msg!("error-role-retired")),
            RoleError::Oneself => Self::invalid(msg!("error-role-oneself")).field("permissions"),
            RoleError::HeldByService => {
                Self::invalid(msg!("error-role-service")).field("permissions")
            }
            RoleError::NotOpen => Self::conflict(msg!("error-power-decided")),
            RoleError::SameHuman => Self::invalid(msg!("error-power-same-human")),
            RoleError::ProposerGone => Self::conflict(msg!("error-power-proposer-gone")),
        }
    }
}

fn known(error: RoleError) -> RoleError {
    match error {
        RoleError::Store(error) if error.is_unique("custom_roles_name_once") => RoleError::Known,
        other => other,
    }
}

fn found<T>(result: Result<T, StoreError>) -> Result<T, RoleError> {
    match result {
        Err(StoreError::Missing) => Err(RoleError::Missing),
        other => Ok(other?),
    }
}

/// Every account that has a role, each once.
fn holders(reads: &mut impl Reads, role: CustomRoleId) -> Result<Vec<Person>, StoreError> {
    let grants = people::grants(reads)?;
    let holds = |person: &Person| {
        let mut own = grants.iter().filter(|(of, _)| *of == person.id);
        own.any(|(_, held)| held.grant.role == Role::Custom(role))
    };
    let mut people = people::everybody(reads)?;
    people.retain(holds);
    Ok(people)
}

/// Whether everybody who has the role may have these permissions more, when this human says so.
fn may_gain(
    reads: &mut impl Reads,
    role: &store::CustomRole,
    (human, gains): (HumanId, PermissionSet),
) -> Result<(), RoleError> {
    let holders = holders(reads, role.id)?;
    let humans = humans::load(reads)?;
    let is_hers = |one: &Person| humans.are_one(one.human, human) && !one.is_service();
    if holders.iter().any(is_hers) {
        return Err(RoleError::Oneself);
    }
    let has_power = crate::identity::powers::has_power(gains);
    if has_power && holders.iter().any(Person::is_service) {
        return Err(RoleError::HeldByService);
    }
    Ok(())
}
