//! Payment runs for programs. A program acts as the human whose token it has, with her duties.

mod bodies;
mod steps;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::bodies::{NewRunBody, RunBody, RunIdBody, RunsBody, run_body};
use super::actions;
use crate::identity::tokens::Bearer;
use crate::payables::ids::RunId;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, propose))
        .routes(routes!(show))
        .routes(routes!(file))
        .routes(routes!(steps::step))
}

fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `next` of the page before.
    after: String,
    /// At most 200; 50 without it.
    limit: Option<i64>,
}

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/v1/payment-runs", tag = "payment-runs",
    params(("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "At most 200; 50 without it")),
    responses((status = 200, body = RunsBody)))]
async fn list(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(asked): Query<Asked>,
) -> Result<Json<RunsBody>, Problem> {
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let mut found = actions::list_runs(&app, &by.access, asked.after, limit + 1).await?;
    let has_more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|(run, _)| run.id.to_string());
    Ok(Json(RunsBody {
        runs: found.iter().map(|(run, _)| run.into()).collect(),
        next,
    }))
}

/// One run with its payments, and what stops it now.
#[utoipa::path(get, path = "/api/v1/payment-runs/{id}", tag = "payment-runs",
    params(("id" = String, Path, description = "The run's id")),
    responses((status = 200, body = RunBody), (status = 404, description = "There is no such run")))]
async fn show(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
) -> Result<Json<RunBody>, Problem> {
    let view = actions::view_run(&app, &by.access, run_id(&id)?).await?;
    Ok(Json(run_body(&view)))
}

/// Proposes a run of bills that can all be paid.
#[utoipa::path(post, path = "/api/v1/payment-runs", tag = "payment-runs", request_body = NewRunBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = RunIdBody), (status = 409, description = "A bill cannot be paid: the detail says why")))]
async fn propose(
    State(app): State<Arc<App>>,
    by: Bearer,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let new = parse::<NewRunBody>(&body)?.into_run()?;
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /payment-runs {body}");
    answer(&app, &by, &headers, request, async move {
        let run = actions::propose_run(&worker, &access, new).await?;
        let id = run.to_string();
        json(StatusCode::CREATED, &RunIdBody { id })
    })
    .await
}

/// The payment file for the bank, of a released run: pain.001.001.09.
#[utoipa::path(get, path = "/api/v1/payment-runs/{id}/file", tag = "payment-runs",
    params(("id" = String, Path, description = "The run's id")),
    responses((status = 200, content_type = "application/xml", body = String),
        (status = 409, description = "The run is not released, or this human had another duty")))]
async fn file(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let file = actions::download_file(&app, &by.access, run_id(&id)?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/xml"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file.bytes).into_response())
}
