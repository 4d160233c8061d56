//! The approval policy for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, ApprovalError};
use super::super::rules::Band;
use crate::identity::tokens::Bearer;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

/// Amounts up to a limit, and how many people must approve them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BandBody {
    /// Whole units of the legal entity's currency, inclusive; none for the last band, and for it alone.
    up_to: Option<i64>,
    /// From 1 to 5, and not fewer than in the band below.
    approvals: u32,
}

/// The policy in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyBody {
    /// From 1; a version never changes.
    version: i64,
    /// The lowest first.
    bands: Vec<BandBody>,
    /// Whoever set it; none where it came with the organisation.
    set_by: Option<String>,
    /// When, in UTC.
    set_at: String,
}

/// Who must approve what.
#[utoipa::path(get, path = "/api/v1/approval-policy", tag = "approvals",
    responses((status = 200, body = PolicyBody), (status = 409, description = "There is no policy yet")))]
pub async fn show(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<PolicyBody>, Problem> {
    let policies = actions::policies(&app, &by.access).await?;
    let in_force = policies
        .versions
        .into_iter()
        .next()
        .ok_or(ApprovalError::NoPolicy)?;
    let body = |band: &Band| BandBody {
        up_to: band.up_to,
        approvals: band.approvals,
    };
    Ok(Json(PolicyBody {
        version: in_force.policy.version,
        bands: in_force.policy.bands().iter().map(body).collect(),
        set_by: in_force.set_by,
        set_at: Timestamp::from_microsecond(in_force.set.0)
            .map(|moment| moment.to_string())
            .unwrap_or_default(),
    }))
}

/// Another policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyBody {
    /// The version that it takes the place of, as it was read; 0 where there is none.
    version: i64,
    /// 1 to 10 bands, their limits ascending.
    bands: Vec<BandBody>,
}

/// The version in force now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetPolicyBody {
    version: i64,
}

/// Sets the policy for bills that are sent to approval from now on. The bands that are in force already change nothing.
#[utoipa::path(put, path = "/api/v1/approval-policy", tag = "approvals", request_body = NewPolicyBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = SetPolicyBody), (status = 409, description = "Somebody else set another version"),
        (status = 422, description = "A band breaks a rule, and is named")))]
pub async fn set(
    State(app): State<Arc<App>>,
    by: Bearer,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let wanted = parse::<NewPolicyBody>(&body)?;
    let request = format!("PUT /approval-policy {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let bands = wanted.bands.iter().map(|band| Band {
            up_to: band.up_to,
            approvals: band.approvals,
        });
        let bands: Vec<Band> = bands.collect();
        let version = actions::set_policy(&its, &access, wanted.version, bands).await?;
        json(StatusCode::OK, &SetPolicyBody { version })
    })
    .await
}
