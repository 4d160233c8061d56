//! Coding for programs: how a bill's lines are coded, and coding them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use countersign_money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, LineParts};
use super::rules::TypedPart;
use crate::identity::tokens::Bearer;
use crate::payables::ids::BillId;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(show, code))
}

fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// A bill's lines as they are coded.
#[derive(Debug, Serialize, ToSchema)]
struct CodedBody {
    /// What coding has to name.
    version: i64,
    lines: Vec<CodedLine>,
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
struct CodedLine {
    /// The line's id.
    line: String,
    description: String,
    /// A decimal text in the bill's currency; none where it is not known yet.
    net: Option<String>,
    parts: Vec<PartBody>,
}

/// A part of a line's net amount.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PartBody {
    gl_account: String,
    #[serde(default)]
    cost_centre: String,
    /// A decimal text in the bill's currency. One part's may be empty: it takes what the others leave.
    #[serde(default)]
    amount: String,
}

/// How a bill's lines are coded.
#[utoipa::path(get, path = "/api/v1/bills/{id}/coding", tag = "coding",
    params(("id" = String, Path, description = "The bill's id")),
    responses((status = 200, body = CodedBody), (status = 404, description = "There is no such bill")))]
async fn show(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
) -> Result<Json<CodedBody>, Problem> {
    let work = actions::work(&app, &by.access, id(&bill)?).await?;
    let currency = work.bill.currency;
    let amount =
        |minor| currency.map(|currency| Money::from_minor(minor, currency).to_decimal_string());
    let lines = work.lines.iter().map(|line| CodedLine {
        line: line.id.to_string(),
        description: line.description.clone(),
        net: line.net_minor.and_then(amount),
        parts: work
            .distributions
            .iter()
            .filter(|part| part.line_id == line.id)
            .map(|part| PartBody {
                gl_account: part.gl_account.clone(),
                cost_centre: part.cost_centre.clone(),
                amount: amount(part.amount_minor).unwrap_or_default(),
            })
            .collect(),
    });
    Ok(Json(CodedBody {
        version: work.bill.version,
        lines: lines.collect(),
    }))
}

/// How lines are to be coded; lines that are not named stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodingBody {
    /// The bill's version as it was read.
    version: i64,
    lines: Vec<LineBody>,
}

/// One line's parts, which replace those it has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineBody {
    /// The line's id.
    line: String,
    parts: Vec<PartBody>,
}

/// The bill's version afterwards.
#[derive(Debug, Serialize, ToSchema)]
struct VersionBody {
    version: i64,
}

/// Codes lines to accounts and cost centres.
#[utoipa::path(post, path = "/api/v1/bills/{id}/coding", tag = "coding", request_body = CodingBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = VersionBody), (status = 409, description = "It changed, or cannot be coded any more"),
        (status = 422, description = "A code or an amount cannot be used")))]
async fn code(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<CodingBody>(&body)?);
    let lines = wanted
        .lines
        .into_iter()
        .map(|line| {
            Ok(LineParts {
                line: line.line.parse().map_err(|_| Problem::not_found())?,
                parts: line.parts.into_iter().map(typed).collect(),
            })
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let request = format!("POST /bills/{bill}/coding {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let version = actions::code(&its, &access, (bill, wanted.version), lines).await?;
        json(StatusCode::OK, &VersionBody { version })
    })
    .await
}

fn typed(part: PartBody) -> TypedPart {
    TypedPart {
        gl_account: part.gl_account,
        cost_centre: part.cost_centre,
        amount: part.amount,
    }
}
