//! `/journal/bundle` and `/journal/checkpoint`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde::Deserialize;

use super::actions::{self, Wanted};
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/journal/bundle", post(bundle))
        .route("/journal/checkpoint", get(checkpoint))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    values: Option<String>,
}

/// The whole journal as a file. What goes wrong on the way cuts it off, and its verifier says so.
async fn bundle(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(asked): Checked<Asked>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        values: asked.values.is_some(),
        ..Wanted::default()
    };
    let bundle = actions::take(&app.store, &by.access, wanted).await?;
    let pieces = stream::try_unfold(bundle, |mut bundle| async move {
        let piece = bundle.next().await.inspect_err(|error| {
            tracing::error!(%error, "a journal's bundle was cut off");
        })?;
        Ok::<_, actions::BundlesError>(piece.map(|piece| (piece, bundle)))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"journal.bundle\"",
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// The newest head as a signed note: whoever keeps it finds out later whether anything went missing.
async fn checkpoint(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let signed = actions::checkpoint(&app.store, &by.access)
        .await?
        .ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"journal.checkpoint\"",
        ),
    ];
    Ok((headers, signed.note).into_response())
}
