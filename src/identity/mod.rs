//! WHO: organisations, people, access, sign-in, sessions, tokens. Stands on platform alone.

pub mod access;
pub mod credential;
pub mod factors;
mod forged;
pub mod links;
pub mod organisations;
pub mod passwords;
pub mod people;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod throttles;
pub mod tokens;

use std::sync::Arc;

use axum::Router;

use crate::platform::app::App;

/// The pages of all fields.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(setup::routes())
        .merge(sign_in::routes())
        .merge(factors::routes())
        .merge(people::routes())
        .merge(tokens::routes())
}
