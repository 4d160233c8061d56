//! Approvals for programs: where a bill stands, sending it to approval, deciding, and the policy behind it.

mod policy;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, ApprovalError, NewDecision};
use super::rules::Verdict;
use super::{NotApproved, Standing};
use crate::identity::tokens::Bearer;
use crate::msg;
use crate::payables::digests::{from_hex, to_hex};
use crate::payables::ids::BillId;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(standing))
        .routes(routes!(submit))
        .routes(routes!(decide))
        .routes(routes!(policy::show, policy::set))
}

/// Where a bill stands with its approvers.
#[derive(Debug, Serialize, ToSchema)]
struct StandingBody {
    /// `not-requested`, `waiting`, `approved`, `refused`, `changed` or `tampered`.
    state: &'static str,
    /// What a decision has to name: 64 hexadecimal digits. None before the bill was sent to approval.
    digest: Option<String>,
    /// Approvals that count now.
    approvals: usize,
    /// Approvals that are needed.
    needed: u32,
}

/// Where a bill stands with its approvers, computed from its rows now.
#[utoipa::path(get, path = "/api/v1/bills/{id}/approval", tag = "approvals",
    params(("id" = String, Path, description = "The bill's id")),
    responses((status = 200, body = StandingBody), (status = 404, description = "There is no such bill")))]
async fn standing(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
) -> Result<Json<StandingBody>, Problem> {
    let case = actions::look(&app, &by.access, id(&bill)?).await?;
    let needed = case.asked.map_or(0, |asked| asked.approvals);
    let (state, approvals) = match &case.standing {
        Standing::Approved { approvals, .. } => ("approved", *approvals),
        Standing::Not(why) => match why {
            NotApproved::NotRequested => ("not-requested", 0),
            NotApproved::Waiting { have, .. } => ("waiting", *have),
            NotApproved::Refused => ("refused", 0),
            NotApproved::Changed => ("changed", 0),
            NotApproved::Tampered => ("tampered", 0),
        },
    };
    Ok(Json(StandingBody {
        state,
        digest: case.shown.request.map(|request| to_hex(&request.digest)),
        approvals,
        needed,
    }))
}

/// Which version of a bill to send to approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionBody {
    /// The bill's version as it was read.
    version: i64,
}

/// The bill's version afterwards.
#[derive(Debug, Serialize, ToSchema)]
struct SubmittedBody {
    version: i64,
}

/// Sends a bill to approval.
#[utoipa::path(post, path = "/api/v1/bills/{id}/submission", tag = "approvals", request_body = SubmissionBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = SubmittedBody), (status = 409, description = "It is not ready, or it changed")))]
async fn submit(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<SubmissionBody>(&body)?);
    let request = format!("POST /bills/{bill}/submission {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let version = actions::submit(&its, &access, (bill, wanted.version)).await?;
        json(StatusCode::OK, &SubmittedBody { version })
    })
    .await
}

/// A decision about a bill as it was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// `approve`, `reject` or `send-back`.
    verdict: String,
    /// Needed to reject and to send back; at most 2,000 characters.
    #[serde(default)]
    reason: String,
    /// The digest of what was seen, from `GET /bills/{id}/approval`.
    digest: String,
}

/// What the decision led to.
#[derive(Debug, Serialize, ToSchema)]
struct DecidedBody {
    /// Where the bill's processing stands now.
    processing: String,
    approvals: usize,
    needed: usize,
}

/// Decides on a bill. One human decides once; whoever entered it or asked for the approval does not.
#[utoipa::path(post, path = "/api/v1/bills/{id}/decisions", tag = "approvals", request_body = DecisionBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = DecidedBody),
        (status = 409, description = "It changed, does not wait, or this human may not decide")))]
async fn decide(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<DecisionBody>(&body)?);
    let verdict = Verdict::parse(&wanted.verdict)
        .ok_or_else(|| Problem::invalid(msg!("approvals-verdict-unknown")).field("verdict"))?;
    let new = NewDecision {
        bill,
        verdict,
        reason: wanted.reason,
        seen: from_hex(&wanted.digest).ok_or(ApprovalError::Stale)?,
    };
    let request = format!("POST /bills/{bill}/decisions {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let decided = actions::decide(&its, &access, new).await?;
        json(
            StatusCode::OK,
            &DecidedBody {
                processing: decided.processing.to_string(),
                approvals: decided.approvals,
                needed: decided.needed,
            },
        )
    })
    .await
}

fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
