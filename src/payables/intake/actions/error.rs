//! What can keep a document from being taken in. Whatever the document itself is, is no error.

use axum::http::StatusCode;

use crate::identity::access::Denied;
use crate::msg;
use crate::payables::vendors::VendorError;
use crate::platform::documents::DocumentsError;
use crate::platform::keys::KeyError;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;
use crate::platform::workers::WorkerError;

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(
        "the file has more than {limit_bytes} bytes, and no larger one is taken: ask the sender for a smaller one"
    )]
    TooLarge { limit_bytes: u64 },
    #[error("the organisation has no legal entity that bills could be for: finish its setup first")]
    NoEntity,
    #[error("the document is for a legal entity that the role of its sender does not cover")]
    OtherEntity,
    #[error(
        "no worker processes are running, so no document can be read: start the server with them"
    )]
    NoWorkers,
    #[error(transparent)]
    Worker(WorkerError),
    #[error("the place of documents does not work")]
    Documents(#[from] DocumentsError),
    #[error("a key does not open")]
    Keys(#[from] KeyError),
    #[error("the vendor could not be found or requested")]
    Vendor(#[from] VendorError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for IntakeError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Keys(error) => error.store_error(),
            Self::Vendor(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Denied(denied) => denied.into(),
            IntakeError::TooLarge { limit_bytes } => too_large(limit_bytes),
            IntakeError::NoEntity => Self::conflict(msg!("intake-no-entity")),
            IntakeError::OtherEntity => {
                Self::new(StatusCode::FORBIDDEN, msg!("intake-other-entity"))
            }
            IntakeError::NoWorkers | IntakeError::Worker(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, msg!("intake-busy"))
            }
            IntakeError::Store(error) => error.into(),
            IntakeError::Vendor(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

/// The refusal of a file of more than `limit` bytes.
#[must_use]
pub fn too_large(limit: u64) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, msg!("intake-too-large"))
        .arg("size", size_text(limit))
}

/// A limit as people write it, such as "50 MB". A limit is a whole number of its unit, or shown as the next smaller one.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        _ if bytes < KIB * KIB => format!("{} KB", bytes / KIB),
        _ => format!("{} MB", bytes / (KIB * KIB)),
    }
}
