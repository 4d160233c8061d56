//! `/journal/{number}/proof`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::actions;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/journal/{number}/proof", get(proof))
}

/// One entry's proof as a file.
async fn proof(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number: u64 = number.parse().map_err(|_| Problem::not_found())?;
    let proof = actions::proof(&app.store, &by.access, number).await?;
    let name = format!("attachment; filename=\"entry-{number}.tlog-proof\"");
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, proof.to_text()).into_response())
}
