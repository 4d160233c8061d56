//! The pages of single sign-on: the settings, and the way in.

mod connection;
mod metadata;
mod settings;
mod start;
mod way_in;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::platform::app::App;

pub(in crate::identity::sso) use start::{bound, field, parsed, speaking, unhurried};
pub(in crate::identity) use way_in::offered;
pub use way_in::refused_page;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/sign-in", get(settings::show))
        .route("/settings/sign-in/domains", post(settings::add_domain))
        .route("/settings/sign-in/rule", post(settings::set_rule))
        .route("/settings/sign-in/links", post(settings::permit_link))
        .route("/settings/sign-in/changes/{id}", post(settings::decide))
        .route("/settings/sign-in/changes/{id}/end", post(settings::end))
        .route(
            "/settings/sign-in/connections/new",
            get(connection::show_new).post(connection::add),
        )
        .route(
            "/settings/sign-in/connections/{id}",
            get(connection::show).post(connection::change),
        )
        .route(
            "/settings/sign-in/connections/new/metadata",
            post(metadata::read_new),
        )
        .route(
            "/settings/sign-in/connections/{id}/metadata",
            post(metadata::read_change),
        )
        .route(
            "/settings/sign-in/connections/{id}/fetch",
            post(connection::fetch),
        )
        .route(
            "/settings/sign-in/connections/{id}/keys",
            post(connection::renew_key),
        )
        .route(
            "/settings/sign-in/connections/{id}/keys/retire",
            post(connection::retire_key),
        )
        .route("/sso", get(way_in::choose))
        .route("/sso/{connection}/start", get(start::start))
}
