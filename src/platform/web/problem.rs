//! What went wrong with a request, for the person who made it: what, where, and what to do. An attacker learns nothing.
//!
//! A handler returns a [`Problem`]; the edge of the application renders it as a page, or as problem+json (RFC 9457)
//! under `/api/`. Its texts are messages, so that both speak the reader's language.

use std::error::Error;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::msg;
use crate::platform::store::StoreError;

/// An answer that is not what was asked for.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    /// The message's id, which is also the machine-readable code of the API.
    pub code: &'static str,
    /// The message's variables.
    pub args: Vec<(&'static str, String)>,
    /// Variables that are lists of messages, by their ids: each is told in the reader's language.
    pub lists: Vec<(&'static str, Vec<&'static str>)>,
    /// The form field or JSON member that is wrong.
    pub field: Option<&'static str>,
    /// The word of a standard for it, where programs are told in that standard's form: SCIM's scimType (RFC 7644, 3.12).
    pub kind: Option<&'static str>,
    /// For the log alone.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            args: Vec::new(),
            lists: Vec::new(),
            field: None,
            kind: None,
            source: None,
        }
    }

    /// It is not there, or not this person's to see: the same answer for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, msg!("error-not-found"))
    }

    /// It is visible, but this person may not do that.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, msg!("error-forbidden"))
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, msg!("error-signed-out"))
    }

    /// What was sent cannot be used.
    #[must_use]
    pub fn invalid(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// Things changed in the meantime.
    #[must_use]
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// Our fault: the user gets the request's id, the log the chain of causes.
    #[must_use]
    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, msg!("error-internal"));
        problem.source = Some(Arc::new(source));
        problem
    }

    #[must_use]
    pub fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    #[must_use]
    pub fn list(mut self, name: &'static str, ids: Vec<&'static str>) -> Self {
        self.lists.push((name, ids));
        self
    }

    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::not_found(),
            StoreError::Contended | StoreError::Serialization => {
                Self::conflict(msg!("error-contended"))
            }
            StoreError::Ended => Self::signed_out(),
            StoreError::Stale => Self::conflict(msg!("error-stale")),
            StoreError::Nul => Self::invalid(msg!("error-nul")),
            StoreError::Forged { .. } => {
                let mut problem = Self::new(StatusCode::CONFLICT, msg!("error-forged"));
                problem.source = Some(Arc::new(error));
                problem
            }
            StoreError::Unavailable(_) => {
                let mut problem =
                    Self::new(StatusCode::SERVICE_UNAVAILABLE, msg!("error-unavailable"));
                problem.source = Some(Arc::new(error));
                problem
            }
            other => Self::internal(other),
        }
    }
}

/// The response carries the problem to the layer that renders it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
