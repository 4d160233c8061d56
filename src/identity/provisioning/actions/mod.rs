//! Making and deciding on tokens and mappings, and what a directory asks for.

mod accounts;
mod groups;
mod mail;
mod mappings;
mod permit;
mod tokens;
mod users;

pub(super) use groups::{
    create as create_group, delete as delete_group, find as find_group, list as list_groups,
    patch as patch_group, replace as replace_group,
};
pub use mail::{DIRECTORY_MAIL, mail_directory};
pub use mappings::{MappingSight, decide_mapping, end_mapping, map};
pub use permit::permit;
pub(super) use tokens::standing;
pub(in crate::identity) use tokens::standing_until;
pub use tokens::{DirectorySight, TokenSight, Which, decide, list, propose, revoke};
pub(super) use users::{create, delete, find, list as list_users, patch, replace};

use std::sync::Arc;

use axum::http::StatusCode;

use super::rules::{Fault, Object};
use crate::identity::access::Denied;
use crate::identity::people::PeopleError;
use crate::identity::sso::SsoError;
use crate::msg;
use crate::platform::app::App;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum ProvisioningError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such thing")]
    Missing,
    #[error("nobody here has this address")]
    Nobody,
    #[error(transparent)]
    Sso(#[from] SsoError),
    #[error("it was decided on before")]
    NotOpen,
    #[error("it was not confirmed in time")]
    Late,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error("another one of the same name or address exists")]
    Known,
    #[error("an account that this directory did not make has the address")]
    NotItsOwn,
    #[error("it is not the version that the condition names")]
    OtherVersion,
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("somebody must stay administrator")]
    LastAdministrator,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ProvisioningError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::Missing,
            error
                if error.is_unique("directory_users_name_once")
                    || error.is_unique("people_sign_in_name_once") =>
            {
                Self::Known
            }
            other => Self::Store(other),
        }
    }
}

impl From<PeopleError> for ProvisioningError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Key(error) => Self::Key(error),
            PeopleError::Denied(denied) => Self::Denied(denied),
            PeopleError::LastAdministrator => Self::LastAdministrator,
            _ => Self::Missing,
        }
    }
}

impl BodyError for ProvisioningError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Sso(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<ProvisioningError> for Problem {
    fn from(error: ProvisioningError) -> Self {
        use ProvisioningError as E;
        match error {
            E::Denied(denied) => denied.into(),
            E::Store(error) => error.into(),
            E::Key(error) => Self::internal(error),
            E::Fault(fault) => fault.into(),
            E::Missing => Self::not_found(),
            E::Sso(error) => error.into(),
            E::Nobody => Self::invalid(msg!("directories-nobody")).field("email"),
            E::NotOpen => Self::conflict(msg!("error-power-decided")),
            E::Late => Self::conflict(msg!("error-power-late")),
            E::SameHuman => Self::invalid(msg!("error-power-same-human")),
            E::ProposerGone => Self::conflict(msg!("error-power-proposer-gone")),
            E::Known => Self::conflict(msg!("scim-error-known")).kind("uniqueness"),
            E::NotItsOwn => Self::conflict(msg!("scim-error-not-its-own")).kind("uniqueness"),
            E::OtherVersion => {
                Self::new(StatusCode::PRECONDITION_FAILED, msg!("scim-error-version"))
            }
            E::LastAdministrator => Self::new(
                StatusCode::FORBIDDEN,
                msg!("error-person-last-administrator"),
            ),
        }
    }
}

/// Where the resources of this installation lie.
fn base(app: &App) -> String {
    app.link("/scim/v2")
}

/// A list's part, and how many there are in all.
#[derive(Debug)]
pub struct Found {
    pub total: usize,
    pub start: usize,
    pub resources: Vec<Object>,
}

/// The condition of a request: the version that it was made for (RFC 9110, 13.1.1).
pub type Condition = Option<String>;

/// Refuses a change of another version than the one that whoever asks has seen.
/// How often a change is computed again because its resource was changed by another one meanwhile.
const TRIES: usize = 4;

/// What a change makes of a resource. A message of a directory's may ask for much: neither the one writer nor whoever answers others
/// waits for it.
async fn computed<B, F>(changed: &Arc<F>, before: B) -> Result<Object, ProvisioningError>
where
    B: Send + 'static,
    F: Fn(&B) -> Result<Object, Fault> + Send + Sync + 'static,
{
    let changed = Arc::clone(changed);
    let after = tokio::task::spawn_blocking(move || changed(&before)).await;
    Ok(after.map_err(|_| StoreError::Panicked)??)
}

fn is_stale<T>(done: &Result<T, ProvisioningError>) -> bool {
    matches!(done, Err(ProvisioningError::Store(StoreError::Stale)))
}

fn is_version(condition: &Condition, version: i64) -> Result<(), ProvisioningError> {
    match condition {
        Some(condition) if !super::rules::resource::names(condition, version) => {
            Err(ProvisioningError::OtherVersion)
        }
        _ => Ok(()),
    }
}
