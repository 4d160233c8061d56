//! Reveals for programs: what was asked for and seen, and asking on their person's behalf. A token shows no factor, so that nothing is
//! approved and nothing opened here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, Listed, RevealError, Wanted};
use super::rules::{Named, Purpose};
use crate::identity::tokens::Bearer;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, ask))
}

/// Values that somebody asked to see, or saw.
#[derive(Debug, Serialize, ToSchema)]
struct RevealBody {
    id: String,
    /// `bank`, `owner`, `authority`, `audit` or `incident`.
    purpose: String,
    reason: String,
    /// How many values.
    count: i64,
    /// The SHA-256 of the values' names, in hexadecimal.
    set: String,
    /// `open`, `approved`, `opened`, `refused` or `withdrawn`.
    state: String,
    asked_by: String,
    /// Microseconds since 1970 UTC.
    asked_us: i64,
    /// Until when it can be approved or opened.
    expires_us: i64,
    decided_by: Option<String>,
    opened_us: Option<i64>,
}

impl From<Listed> for RevealBody {
    fn from(listed: Listed) -> Self {
        let reveal = listed.reveal;
        Self {
            id: reveal.id.to_string(),
            purpose: reveal.purpose.to_string(),
            reason: reveal.reason,
            count: reveal.count,
            set: HEXLOWER.encode(&reveal.set_digest),
            state: reveal.state.to_string(),
            asked_by: reveal.asked_by.to_string(),
            asked_us: reveal.asked.0,
            expires_us: reveal.expires.0,
            decided_by: reveal.decided_by.map(|person| person.to_string()),
            opened_us: reveal.opened.map(|at| at.0),
        }
    }
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
struct AskBody {
    /// Each a field and a row's id: `vendor-iban:`, `vendor-vat-id:`, `vendor-legal-id:`, `entity-iban:`, `entity-vat-id:`.
    #[serde(default)]
    values: Vec<String>,
    /// Ids of vendors whose accounts are all asked for.
    #[serde(default)]
    vendors: Vec<String>,
    /// `bank`, `owner`, `authority`, `audit` or `incident`.
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct RevealIdBody {
    id: String,
}

/// What was asked for and seen, the newest first. It holds no value.
#[utoipa::path(get, path = "/api/v1/reveals", tag = "reveals", responses((status = 200, body = Vec<RevealBody>)))]
async fn list(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<Vec<RevealBody>>, Problem> {
    let listed = actions::list(&app, &by.access).await?;
    Ok(Json(listed.into_iter().map(Into::into).collect()))
}

/// Asks a second human to let this token's person see values in full, which she opens on their page.
#[utoipa::path(post, path = "/api/v1/reveals", tag = "reveals", request_body = AskBody,
    responses((status = 201, body = RevealIdBody), (status = 404, description = "A value is not there"),
        (status = 409, description = "Nobody else could approve it"), (status = 422, description = "Purpose or reason is missing")))]
async fn ask(
    State(app): State<Arc<App>>,
    by: Bearer,
    body: String,
) -> Result<(StatusCode, Json<RevealIdBody>), Problem> {
    let asked: AskBody = serde_json::from_str(&body).map_err(|error| {
        Problem::invalid(msg!("approvals-body-unreadable")).arg("reason", error)
    })?;
    let values = asked.values.iter().map(|text| Named::parse(text));
    let vendors = asked.vendors.iter().map(|text| text.parse().ok());
    let wanted = Wanted {
        values: values.collect::<Option<_>>().ok_or(RevealError::Missing)?,
        vendors: vendors.collect::<Option<_>>().ok_or(RevealError::Missing)?,
        purpose: Purpose::parse(&asked.purpose),
        reason: asked.reason,
    };
    let id = actions::ask_for_later(&app, &by.access, wanted).await?;
    let id = id.to_string();
    Ok((StatusCode::CREATED, Json(RevealIdBody { id })))
}
