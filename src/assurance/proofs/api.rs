//! The journal as a log of C2SP tlog-tiles, below `/api/v1/journal/log`, and proofs of single entries.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions;
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(checkpoint))
        .routes(routes!(tile))
        .routes(routes!(proof))
}

/// The newest head as a signed note (C2SP tlog-checkpoint), signed by Ed25519 and by ML-DSA-44.
#[utoipa::path(get, path = "/api/v1/journal/log/checkpoint", tag = "journal",
    responses((status = 200, content_type = "text/plain", body = String), (status = 404, description = "No entry has a number yet")))]
async fn checkpoint(State(app): State<Arc<App>>, by: Bearer) -> Result<Response, Problem> {
    let signed = actions::head(&app.store, &by.access).await?;
    Ok(plain(signed.note))
}

/// A tile of hashes, or (`entries/...`) a bundle of entries (C2SP tlog-tiles). A bundle that would hold an entry of more than
/// 65,535 bytes is not there: take the journal's own bundle instead.
#[utoipa::path(get, path = "/api/v1/journal/log/tile/{*path}", tag = "journal",
    params(("path" = String, Path, description = "Such as 0/x001/067 or entries/000.p/8")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, description = "The path names no tile, or the tree is not that large yet")))]
async fn tile(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let bytes = actions::tile(&app.store, &by.access, &format!("tile/{path}")).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

/// The proof that an entry is in the journal (C2SP tlog-proof): a file that `countersign-verify-entry` checks without a server.
#[utoipa::path(get, path = "/api/v1/journal/{number}/proof", tag = "journal",
    params(("number" = i64, Path, description = "The entry's number in the tree, from zero")),
    responses((status = 200, content_type = "text/plain", body = String), (status = 404, description = "No entry has this number")))]
async fn proof(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let proof = actions::proof(&app.store, &by.access, number).await?;
    Ok(plain(proof.to_text()))
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
