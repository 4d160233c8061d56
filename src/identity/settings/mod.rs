//! What an organisation's administrators look after: its legal entities, and the accounts that payments leave from.
//!
//! Invariants
//! - An account that was entered after the setup pays nothing before another human than the one who entered it has typed
//!   its IBAN from the bank's own papers. Accounts are compared by the human behind them.
//! - Payments ask [`usable`] of the account that they leave from, each time anew. It believes no step that a tag under the
//!   field root does not cover.
//! - An account of the setup is as old as its organisation: no later one can be, and the rows' codes keep both moments.

mod actions;
pub mod api;
pub mod pages;
mod rules;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{
    AccountSight, EntitySight, SettingsView, add_account, add_entity, close_account, sight,
    verify_account, view,
};
pub use pages::routes;
pub use rules::{AccountState, Refusal};
pub use store::{listed, usable};

use crate::identity::access::Denied;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;
use crate::{ids, msg};

ids! {
    /// One step of an account that payments leave from.
    OwnStepId,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such entity or account")]
    Missing,
    #[error("{0} is missing or too long")]
    Field(&'static str),
    #[error("the entity has this account already")]
    Known,
    #[error("the account is {0} and does not take this step")]
    NotNow(AccountState),
    #[error("whoever entered the account cannot verify it: another human has to")]
    SameHuman,
    #[error("the IBAN is not the one that was entered")]
    OtherIban,
    #[error(
        "the account was altered outside of the program: leave it and tell the security officer"
    )]
    Altered,
}

impl From<KeyError> for SettingsError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            other => Self::Key(other),
        }
    }
}

impl BodyError for SettingsError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        use SettingsError as E;
        match error {
            E::Store(error) => error.into(),
            E::Key(error) => Self::internal(error),
            E::Denied(denied) => denied.into(),
            E::Missing => Self::not_found(),
            E::Field(field) => Self::invalid(msg!("settings-error-field")).field(field),
            E::Known => Self::invalid(msg!("settings-error-known")).field("iban"),
            E::NotNow(_) => Self::conflict(msg!("settings-error-not-now")),
            E::SameHuman => Self::conflict(msg!("settings-error-same-human")),
            E::OtherIban => Self::invalid(msg!("settings-error-other-iban")).field("iban"),
            E::Altered => Self::conflict(msg!("settings-error-altered")),
        }
    }
}
