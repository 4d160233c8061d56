//! PROOF: what shows afterwards, to somebody who trusts nobody, that every step was authorised.

pub mod audit;
pub mod bundles;
pub mod keys;
pub mod logs;
pub mod proofs;
pub mod restores;
pub mod streams;
pub mod trust;
pub mod verification;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::app::App;
use crate::platform::jobs::Job;
use crate::platform::keys::backups::daily;
use crate::platform::keys::disposals::scrub;

/// The pages of all fields.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(audit::pages::routes())
        .merge(bundles::pages::routes())
        .merge(logs::pages::routes())
        .merge(proofs::pages::routes())
        .merge(streams::pages::routes())
        .merge(trust::pages::routes())
        .merge(keys::disposal::pages::routes())
        .merge(keys::rotation::pages::routes())
        .merge(keys::reveals::pages::routes())
}

/// The API of all fields, with its description.
pub fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(audit::api::routes())
        .merge(proofs::api::routes())
        .merge(streams::api::routes())
        .merge(keys::rotation::api::routes())
        .merge(keys::reveals::api::routes())
}

/// Does a job of this wing; none where its kind is another's.
pub async fn do_job(app: &App, job: &Job) -> Option<Result<(), String>> {
    match job.kind.as_str() {
        keys::rotation::actions::ROTATION_JOB => {
            let done = keys::rotation::actions::work(app, job).await;
            Some(done.map_err(|error| whole(&error)))
        }
        scrub::JOB => Some(app.store.scrub_keys().await.map_err(|error| whole(&error))),
        daily::JOB => Some(daily::work(app).await.map_err(|error| whole(&error))),
        _ => None,
    }
}

/// What a job says of its failure is kept with it: the whole chain, for the operator.
fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
