//! What is wrong with what a directory sent, as SCIM tells it (RFC 7644, 3.12).

use axum::http::StatusCode;

use crate::msg;
use crate::platform::web::Problem;

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the filter cannot be read")]
    Filter,
    #[error("no attribute is at the path {0}")]
    Path(String),
    #[error("the path finds no value")]
    NoTarget,
    #[error("the body is not what the resource or the message looks like: {0}")]
    Syntax(String),
    #[error("{0} cannot have this value")]
    Value(String),
    #[error("{0} cannot be changed")]
    Mutability(String),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let told = |kind, code| Self::new(StatusCode::BAD_REQUEST, code).kind(kind);
        match fault {
            Fault::Filter => told("invalidFilter", msg!("scim-error-filter")),
            Fault::Path(path) => told("invalidPath", msg!("scim-error-path")).arg("path", path),
            Fault::NoTarget => told("noTarget", msg!("scim-error-target")),
            Fault::Syntax(what) => {
                told("invalidSyntax", msg!("scim-error-syntax")).arg("what", what)
            }
            Fault::Value(what) => told("invalidValue", msg!("scim-error-value")).arg("what", what),
            Fault::Mutability(what) => {
                told("mutability", msg!("scim-error-mutability")).arg("what", what)
            }
        }
    }
}
