//! Proposing and deciding how people sign in, and letting them in.

mod account;
mod arrive;
mod asked;
mod decide;
mod failures;
mod leave;
mod look;
mod mail;
mod own;
mod propose;
mod rule;
mod sign_out;

pub(in crate::identity) use account::take_account;
pub use arrive::{ArriveError, arrive};
pub(in crate::identity::sso) use asked::{Away, Wanted};
pub use asked::{answered, ask, is_first_use};
pub use decide::{decide, end};
pub use failures::{Refused, refused};
pub(in crate::identity::sso) use leave::Left;
pub(in crate::identity) use leave::signed_out;
pub(in crate::identity::sso) use look::what;
pub use look::{Overview, Sight, buttons, connection, overview, sight};
pub(in crate::identity::sso) use mail::{Event, queue};
pub use mail::{SSO_MAIL, mail_sso};
pub(in crate::identity) use own::{connections_of, has_identity, is_own_address, shows_again};
pub use propose::{Proposed, propose};
pub(in crate::identity) use rule::{break_glass_used, refuses_others, refuses_session};
pub use sign_out::end_sessions;

use super::rules::Refusal;
use crate::identity::access::Denied;
use crate::msg;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such setting")]
    Missing,
    #[error("the proposal was decided on before")]
    NotOpen,
    #[error("the proposal was not confirmed in time")]
    Late,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error("nobody could sign in without an identity provider: {0:?}")]
    NoWayIn(NoWayIn),
    #[error("an identity provider is the only way to sign in: it cannot be ended")]
    LastConnection,
    #[error("the account is not one that a directory takes over")]
    Powerful,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is missing before other ways to sign in can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWayIn {
    /// No connection is in force.
    Connection,
    /// Nobody is marked who can sign in with a second factor of ours.
    BreakGlass,
}

impl BodyError for SsoError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<Refusal> for SsoError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOpen => Self::NotOpen,
            Refusal::Late => Self::Late,
            Refusal::SameHuman => Self::SameHuman,
        }
    }
}

impl From<SsoError> for Problem {
    fn from(error: SsoError) -> Self {
        match error {
            SsoError::Denied(denied) => denied.into(),
            SsoError::Store(error) => error.into(),
            SsoError::Key(error) => Self::internal(error),
            SsoError::Missing => Self::not_found(),
            SsoError::NotOpen => Self::conflict(msg!("error-power-decided")),
            SsoError::Late => Self::conflict(msg!("error-power-late")),
            SsoError::SameHuman => Self::invalid(msg!("error-power-same-human")),
            SsoError::ProposerGone => Self::conflict(msg!("error-power-proposer-gone")),
            SsoError::NoWayIn(NoWayIn::Connection) => {
                Self::invalid(msg!("error-sso-no-connection")).field("sso_only")
            }
            SsoError::NoWayIn(NoWayIn::BreakGlass) => {
                Self::invalid(msg!("error-sso-no-break-glass")).field("break_glass")
            }
            SsoError::Powerful => Self::conflict(msg!("error-sso-powerful")).field("email"),
            SsoError::LastConnection => Self::conflict(msg!("error-sso-last-connection")),
        }
    }
}
