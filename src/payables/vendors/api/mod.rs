//! Vendors for programs: look, make, move on; and their bank accounts, masked.

mod accounts;
mod bodies;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::bodies::{IdBody, NewVendorBody, StatusBody, VendorBody, VendorsBody, VersionBody};
use super::VendorError;
use super::actions;
use super::rules::VendorStatus;
use super::store::{After, Filter};
use crate::identity::tokens::Bearer;
use crate::payables::ids::VendorId;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(set_status))
        .routes(routes!(accounts::list, accounts::enter))
        .routes(routes!(accounts::verify))
}

fn vendor_id(text: &str) -> Result<VendorId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// A state; all without it.
    status: String,
    /// Beginnings of words of the name, the town or the country.
    q: String,
    /// `next` of the page before.
    after: String,
    /// At most 200; 50 without it.
    limit: Option<i64>,
}

/// Vendors by name.
#[utoipa::path(get, path = "/api/v1/vendors", tag = "vendors",
    params(("status" = Option<String>, Query, description = "A state; all without it"),
        ("q" = Option<String>, Query, description = "Beginnings of words of the name, the town or the country"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "At most 200; 50 without it")),
    responses((status = 200, body = VendorsBody)))]
async fn list(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(asked): Query<Asked>,
) -> Result<Json<VendorsBody>, Problem> {
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let (name_key, id) = asked.after.rsplit_once('_').unwrap_or_default();
    let after = After {
        name_key: name_key.to_owned(),
        id: id.to_owned(),
    };
    let status = match asked.status.as_str() {
        "" => None,
        status => Some(VendorStatus::parse(status).ok_or(VendorError::Field("status"))?),
    };
    let filter = Filter {
        status,
        query: asked.q,
    };
    let mut found = actions::list_vendors(&app, &by.access, filter, after, limit + 1).await?;
    let has_more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}_{}", last.name_key, last.id));
    Ok(Json(VendorsBody {
        vendors: found.into_iter().map(Into::into).collect(),
        next,
    }))
}

/// One vendor, its ids masked.
#[utoipa::path(get, path = "/api/v1/vendors/{id}", tag = "vendors",
    params(("id" = String, Path, description = "The vendor's id")),
    responses((status = 200, body = VendorBody), (status = 404, description = "There is no such vendor")))]
async fn show(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
) -> Result<Json<VendorBody>, Problem> {
    let vendor = actions::find_vendor(&app, &by.access, vendor_id(&id)?).await?;
    Ok(Json(vendor.into()))
}

/// Makes a vendor that is being onboarded.
#[utoipa::path(post, path = "/api/v1/vendors", tag = "vendors", request_body = NewVendorBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = IdBody), (status = 422, description = "A field cannot be used")))]
async fn create(
    State(app): State<Arc<App>>,
    by: Bearer,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let wanted = parse::<NewVendorBody>(&body)?;
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /vendors {body}");
    answer(&app, &by, &headers, request, async move {
        let (facts, ids) = wanted.into_facts();
        let vendor = actions::create_vendor(&worker, &access, facts, ids).await?;
        let id = vendor.to_string();
        json(StatusCode::CREATED, &IdBody { id })
    })
    .await
}

/// Moves a vendor to another state.
#[utoipa::path(post, path = "/api/v1/vendors/{id}/status", tag = "vendors", request_body = StatusBody,
    params(("id" = String, Path, description = "The vendor's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = VersionBody), (status = 409, description = "It cannot become that, or it changed")))]
async fn set_status(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (vendor, wanted) = (vendor_id(&id)?, parse::<StatusBody>(&body)?);
    let to = VendorStatus::parse(&wanted.status).ok_or(VendorError::Field("status"))?;
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /vendors/{vendor}/status {body}");
    answer(&app, &by, &headers, request, async move {
        let from = wanted.version;
        let changed =
            actions::change_status(&worker, &access, vendor, from, to, &wanted.reason).await;
        json(StatusCode::OK, &VersionBody { version: changed? })
    })
    .await
}
