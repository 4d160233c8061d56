//! What people do with the chart and with a bill's lines.

mod bill;
mod chart;
mod look;

pub use bill::{LineParts, check_codable, code, code_in};
pub use chart::{Imported, add, import, rename, retire, seed};
pub use look::{Work, list, work};

use super::rules::{CodeError, PartError};
use crate::identity::access::Denied;
use crate::msg;
use crate::payables::ids::LineId;
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

/// Something that is wrong with the parts of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineError {
    pub line: LineId,
    pub error: PartError,
}

#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(StoreError),
    #[error("somebody else changed it in the meantime: load it again")]
    Conflict,
    #[error("a bill that is {0} cannot be coded")]
    NotNow(&'static str),
    #[error("the bill has no currency yet: type what is missing first")]
    NoCurrency,
    #[error("line {0} has no net amount yet: type it first")]
    NoAmount(i64),
    #[error("{} parts cannot be stored as they are", .0.len())]
    Parts(Vec<LineError>),
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("the code {0} is in the list already")]
    CodeTaken(String),
}

impl From<StoreError> for CodingError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl BodyError for CodingError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<CodingError> for Problem {
    fn from(error: CodingError) -> Self {
        match error {
            CodingError::Denied(denied) => denied.into(),
            CodingError::Store(error) => error.into(),
            CodingError::Conflict => Self::conflict(msg!("coding-conflict")),
            CodingError::NotNow(_) => Self::conflict(msg!("coding-not-now")),
            CodingError::NoCurrency => Self::conflict(msg!("coding-no-currency")),
            CodingError::NoAmount(line) => {
                Self::conflict(msg!("coding-no-amount")).arg("line", line)
            }
            CodingError::Parts(_) => Self::invalid(msg!("coding-parts-wrong")).field("lines"),
            CodingError::Code(CodeError::Code) => {
                Self::invalid(msg!("coding-code-wrong")).field("code")
            }
            CodingError::Code(CodeError::Name) => {
                Self::invalid(msg!("coding-name-wrong")).field("name")
            }
            CodingError::CodeTaken(code) => Self::conflict(msg!("coding-code-taken"))
                .field("code")
                .arg("code", code),
        }
    }
}
