//! The pages of bills.

mod close;
pub mod details;
pub mod document;
mod edit;
pub mod facts;
mod hold;
pub mod holds;
mod list;
mod notices;
pub mod parts;
mod readable;
pub mod show;
mod terms;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> Router<Arc<App>> {
    list::routes()
        .route("/bills/{id}", get(show::show))
        .route("/bills/{id}/document", get(document::download))
        .route("/bills/{id}/pages/{image}", get(document::image))
        .route("/bills/{id}/edit", get(edit::show).post(edit::save))
        .route("/bills/{id}/holds", post(hold::place))
        .route("/bills/{id}/holds/{hold}/release", post(hold::release))
        .route("/bills/{id}/settle", post(hold::settle))
        .route("/bills/{id}/cancel", get(close::ask).post(close::close))
        .route("/bills/{id}/reject", get(close::ask).post(close::close))
        .route("/bills/{id}/dispute", get(close::ask).post(close::close))
}

/// An address that names no bill leads nowhere.
fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
