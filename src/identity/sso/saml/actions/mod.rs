//! Asking an identity provider, taking its answer, and leaving.

mod consume;
mod keys;
mod logout;
mod metadata;
mod start;

pub(super) use consume::{Posted, consume};
pub(super) use keys::own_metadata;
pub(in crate::identity::sso) use keys::{certificates, renew_key, retire_key};
pub(in crate::identity::sso) use logout::onward;
pub(super) use logout::{Heard, hear};
pub use metadata::{METADATA_JOB, refresh};
pub(in crate::identity::sso) use metadata::{fetch_now, fetched_at, follow};
pub(super) use start::{Sent, start};

use crate::identity::sso::rules::{Protocol, Saml};
use crate::identity::sso::{ArriveError, Confirmed, SsoError};
use crate::platform::keys::KeyError;
use crate::platform::store::StoreError;
use crate::platform::web::Problem;

/// Why nobody can sign in through a connection now.
#[derive(Debug, thiserror::Error)]
pub enum SamlError {
    /// The identity provider's metadata cannot be used.
    #[error("the identity provider's metadata cannot be used: {0}")]
    Metadata(String),
    #[error("the identity provider's metadata was asked for a moment ago")]
    Soon,
    #[error("a key of ours cannot be made or read")]
    OwnKey,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sso(#[from] SsoError),
    #[error(transparent)]
    Arrive(#[from] ArriveError),
}

impl crate::platform::store::BodyError for SamlError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Sso(error) => error.store_error(),
            Self::Arrive(error) => error.store_error(),
            Self::Metadata(_) | Self::Soon | Self::OwnKey => None,
        }
    }
}

impl From<SamlError> for Problem {
    fn from(error: SamlError) -> Self {
        match error {
            SamlError::Store(error) => error.into(),
            SamlError::Sso(error) => error.into(),
            error @ SamlError::Metadata(_) => {
                let mut problem = Self::conflict(crate::msg!("error-sso-metadata"));
                problem.source = Some(std::sync::Arc::new(error));
                problem
            }
            SamlError::Soon => Self::conflict(crate::msg!("error-sso-metadata-soon")),
            other => Self::internal(other),
        }
    }
}

/// The settings of a connection that speaks SAML.
pub(super) fn saml(confirmed: &Confirmed) -> Option<&Saml> {
    match &confirmed.connection.protocol {
        Protocol::Saml(saml) => Some(saml),
        Protocol::Oidc(_) => None,
    }
}
