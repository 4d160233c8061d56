//! The steps of a run: each names the run as it was read.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::bodies::{RunIdBody, StepBody};
use super::run_id;
use crate::identity::access::Access;
use crate::identity::tokens::Bearer;
use crate::payables::keyed::{answer, json, parse};
use crate::payables::payments::actions::{self, PaymentError, Seen};
use crate::platform::app::App;
use crate::platform::web::Problem;

/// Takes a run's next step: `countersign`, `generate`, `release`, `settle`, `void` with a reason, or `return` with a reason and
/// the payment that the bank sent back.
#[utoipa::path(post, path = "/api/v1/payment-runs/{id}/{step}", tag = "payment-runs", request_body = StepBody,
    params(("id" = String, Path, description = "The run's id"),
        ("step" = String, Path, description = "countersign, generate, release, settle, void or return"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = RunIdBody),
        (status = 409, description = "It changed, cannot take this step, or this human may not take it")))]
pub(super) async fn step(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path((id, step)): Path<(String, String)>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let wanted = parse::<StepBody>(&body)?;
    let (seen, reason, payment) = wanted.seen(run)?;
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /payment-runs/{run}/{step} {body}");
    answer(&app, &by, &headers, request, async move {
        take(&worker, &access, &step, seen, (&reason, &payment)).await?;
        let id = run.to_string();
        json(StatusCode::OK, &RunIdBody { id })
    })
    .await
}

async fn take(
    app: &App,
    who: &Access,
    step: &str,
    seen: Seen,
    (reason, payment): (&str, &str),
) -> Result<(), PaymentError> {
    match step {
        "countersign" => actions::countersign_run(app, who, seen).await,
        "generate" => actions::generate_file(app, who, seen).await,
        "release" => actions::release_run(app, who, seen).await,
        "settle" => actions::settle_run(app, who, seen).await,
        "void" => actions::void_run(app, who, seen, reason).await,
        "return" => {
            let payment = payment.parse().map_err(|_| PaymentError::Missing)?;
            actions::return_payment(app, who, seen, payment, reason).await
        }
        _ => Err(PaymentError::Missing),
    }
}
