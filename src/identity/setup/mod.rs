//! The first minutes: organisation, legal entity, administrator.
//!
//! Invariants
//! - The link is single-use, printed by the server, kept as a hash, and good only while no organisation exists.
//! - All is made in one transaction at the last step; until then what was typed travels in the forms and nothing is stored.

mod actions;
pub mod pages;
pub(in crate::identity) mod rules;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{Order, create, issue_link, link};
pub use pages::routes;

use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the setup's link cannot be used (any more)")]
    Link,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for SetupError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Link => None,
        }
    }
}
