//! `POST /api/v1/bills`.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Multipart, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::HEXLOWER;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{Arriving, File, Outcome, TakenIn, take_in, too_large};
use super::super::pages::{NotArrived, arrive, limit};
use crate::identity::access::Permission;
use crate::identity::tokens::Bearer;
use crate::msg;
use crate::payables::bills::rules::Via;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::idempotency::{Answer, Attempt, once};
use crate::platform::web::paced::paced;

/// The file's name, where the body is the file itself.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Named {
    /// The file's name. Needed unless the body is `multipart/form-data`.
    file_name: Option<String>,
}

/// What became of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Brought {
    /// The bill's id.
    bill: String,
    /// `new`; `duplicate`: the same bytes came in before, and `bill` is what they became; or `kept-for-typing`: no
    /// reader understands the document, and a person has to type what it says.
    outcome: &'static str,
    /// Of the document's bytes, 64 hexadecimal digits.
    sha256: String,
    findings: Vec<BroughtFinding>,
}

/// What a check found in the document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BroughtFinding {
    /// Such as `BR-CO-15`.
    rule: String,
    /// `fatal`, `warning` or `information`.
    #[schema(value_type = String)]
    level: countersign_einvoice::check::Level,
    message: String,
}

/// Brings a document in. Whatever it is, it is kept and becomes a bill; the same bytes become no second one.
#[utoipa::path(post, path = "/api/v1/bills", tag = "bills",
    params(Named, ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "The file itself with any media type, or multipart/form-data with one file"),
    responses((status = 201, body = Brought, description = "A bill was made"),
        (status = 200, body = Brought, description = "The same bytes came in before"),
        (status = 413, description = "The file is too large"),
        (status = 429, description = "Too many tax numbers were asked about: `Retry-After` says when there is room again"),
        (status = 503, description = "Too many files are being read: send it again later")))]
pub(super) async fn bring(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(named): Query<Named>,
    headers: HeaderMap,
    mut request: Request,
) -> Result<Response, Problem> {
    by.access.reach(Permission::BillsEnter)?;
    limit(&mut request, app.upload_bytes);
    let (name, file) = file(&app, named, &headers, request).await?;
    let attempt = headers.get("idempotency-key").map(|key| Attempt {
        scope: by.access.scope(),
        person: by.access.person(),
        key: key.to_str().unwrap_or_default().to_owned(),
        request: format!("POST /bills {name}\n{}", HEXLOWER.encode(&file.sha256())).into_bytes(),
        now: app.now(),
    });
    let (reader, access) = (Arc::clone(&app), by.access.clone());
    let work = async move {
        let taken = take_in(&reader, &access, &name, file, Via::Api).await?;
        answer(&taken)
    };
    let answer = match attempt {
        Some(attempt) => once(&app, attempt, work).await?,
        None => work.await?,
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((status, kind, answer.body).into_response())
}

/// The file and its name, in whichever of the two ways they came.
async fn file(
    app: &App,
    named: Named,
    headers: &HeaderMap,
    request: Request,
) -> Result<(String, File), Problem> {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if !is_form {
        let name = named
            .file_name
            .filter(|name| !name.trim().is_empty())
            .ok_or_else(|| Problem::invalid(msg!("intake-name-missing")).field("file_name"))?;
        return Ok((name, body(app, request).await?));
    }
    let unreadable = |status| match status {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(app.upload_bytes),
        status => Problem::new(status, msg!("error-form-unreadable")),
    };
    let mut form = Multipart::from_request(paced(request), &())
        .await
        .map_err(|rejection| unreadable(rejection.status()))?;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| unreadable(error.status()))?
    {
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        return match arrive(app, field).await {
            Ok(file) => Ok((name, file)),
            Err(NotArrived::Refused(error)) => Err(error.into()),
            Err(NotArrived::Cut(status)) => Err(unreadable(status)),
        };
    }
    Err(Problem::invalid(msg!("intake-no-file")))
}

/// A body that is the file itself. One that is too large is refused at its first byte beyond, with nothing after it to find.
async fn body(app: &App, request: Request) -> Result<File, Problem> {
    let mut arriving = Arriving::begin(app, app.upload_bytes).await?;
    let mut body = request.into_body().into_data_stream();
    while let Some(bytes) = body.next().await {
        let bytes = bytes
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, msg!("error-form-unreadable")))?;
        arriving.write(&bytes).await?;
        if arriving.is_too_large() {
            break;
        }
    }
    Ok(arriving.finish().await?)
}

fn answer(taken: &TakenIn) -> Result<Answer, Problem> {
    let body = Brought {
        bill: taken.bill.to_string(),
        outcome: taken.outcome.as_str(),
        sha256: HEXLOWER.encode(&taken.sha256),
        findings: taken
            .findings
            .iter()
            .map(|finding| BroughtFinding {
                rule: finding.rule.to_string(),
                level: finding.level,
                message: finding.message.clone(),
            })
            .collect(),
    };
    let status = match taken.outcome {
        Outcome::New | Outcome::KeptForTyping => StatusCode::CREATED,
        Outcome::Duplicate => StatusCode::OK,
    };
    Ok(Answer {
        status: status.as_u16(),
        body: serde_json::to_string(&body).map_err(Problem::internal)?,
    })
}
