//! PROOF: what shows afterwards, to somebody who trusts nobody, that every step was authorised.

pub mod audit;
pub mod bundles;
pub mod keys;
pub mod proofs;
pub mod trust;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::app::App;

/// The pages of all fields.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(audit::pages::routes())
        .merge(bundles::pages::routes())
        .merge(proofs::pages::routes())
        .merge(trust::pages::routes())
        .merge(keys::disposal::pages::routes())
}

/// The API of all fields, with its description.
pub fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(audit::api::routes())
        .merge(proofs::api::routes())
}
