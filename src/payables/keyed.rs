//! Writes of programs: a JSON body in, a JSON answer out, done once for each `Idempotency-Key`.

use std::future::Future;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::identity::tokens::Bearer;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::idempotency::{Answer, Attempt, once};

/// Reads a body; what is wrong is named with its line and column.
///
/// # Errors
/// 422 where it is not the JSON that is wanted.
pub fn parse<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
    serde_json::from_str(body)
        .map_err(|error| Problem::invalid(msg!("approvals-body-unreadable")).arg("reason", error))
}

/// An answer as it is kept under its key.
///
/// # Errors
/// 500 where the body cannot be written, which no body of ours is.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Answer, Problem> {
    Ok(Answer {
        status: status.as_u16(),
        body: serde_json::to_string(body).map_err(Problem::internal)?,
    })
}

/// Does the work, once for each `Idempotency-Key` where one was sent. `request` is method, path and body.
///
/// # Errors
/// Those of the work, and of a key that is used for something else.
pub async fn answer(
    app: &Arc<App>,
    by: &Bearer,
    headers: &HeaderMap,
    request: String,
    work: impl Future<Output = Result<Answer, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    let answer = match headers.get("idempotency-key") {
        None => work.await?,
        Some(key) => {
            let attempt = Attempt {
                scope: by.access.scope(),
                person: by.access.person(),
                key: key.to_str().unwrap_or_default().to_owned(),
                request: request.into_bytes(),
                now: app.now(),
            };
            once(app, attempt, work).await?
        }
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = [(header::CONTENT_TYPE, "application/json")];
    Ok((status, headers, answer.body).into_response())
}
