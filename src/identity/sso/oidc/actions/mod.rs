//! Asking a provider, taking its answer, and leaving.

mod consume;
mod exchange;
mod logout;
mod provider;
mod start;

pub(super) use consume::{Returned, consume};
pub(super) use logout::hear;
pub(in crate::identity::sso) use logout::onward;
pub use provider::{PROVIDER_JOB, Part, Unusable, refresh};
pub(in crate::identity::sso) use provider::{check, follow};
pub(super) use start::start;

use crate::identity::sso::rules::{Oidc, Protocol};
use crate::identity::sso::{ArriveError, Confirmed, SsoError};
use crate::platform::app::App;
use crate::platform::keys::KeyError;
use crate::platform::store::StoreError;
use crate::platform::web::Problem;

/// Why nobody can sign in through a connection now.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error("the provider cannot be used now")]
    Provider(#[from] Unusable),
    #[error("this connection speaks no OpenID Connect")]
    Protocol,
    #[error("the job's payload cannot be read")]
    Payload,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sso(#[from] SsoError),
    #[error(transparent)]
    Arrive(#[from] ArriveError),
}

impl crate::platform::store::BodyError for OidcError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Sso(error) => error.store_error(),
            Self::Arrive(error) => error.store_error(),
            Self::Provider(_) | Self::Protocol | Self::Payload => None,
        }
    }
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Store(error) => error.into(),
            OidcError::Sso(error) => error.into(),
            error @ OidcError::Provider(_) => {
                let mut problem = Self::conflict(crate::msg!("error-sso-metadata"));
                problem.source = Some(std::sync::Arc::new(error));
                problem
            }
            other => Self::internal(other),
        }
    }
}

/// The settings of a connection that speaks OpenID Connect.
pub(super) fn oidc(confirmed: &Confirmed) -> Result<&Oidc, OidcError> {
    match &confirmed.connection.protocol {
        Protocol::Oidc(oidc) => Ok(oidc),
        Protocol::Saml(_) => Err(OidcError::Protocol),
    }
}

/// Tokens count seconds since 1970.
fn seconds(app: &App) -> i64 {
    app.now().0.div_euclid(1_000_000)
}
