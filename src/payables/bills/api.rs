//! Bills for programs beside reading them: correcting, closing, holding, and the document itself.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use countersign_sealing::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, Closing, Correction};
use super::holds::Named;
use super::pages::document;
use super::rules::typed::TypedForm;
use crate::identity::tokens::Bearer;
use crate::msg;
use crate::payables::ids::BillId;
use crate::payables::keyed::{answer, json, parse};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(correct))
        .routes(routes!(close))
        .routes(routes!(hold))
        .routes(routes!(release))
        .routes(routes!(download))
}

fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The bill's version afterwards.
#[derive(Debug, Serialize, ToSchema)]
struct ChangedBody {
    version: i64,
}

/// What a person read in the document, whole: a field that is absent is empty afterwards. No Debug: an account may stand in it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    /// The bill's version as it was read.
    version: i64,
    /// `standard`, `credit-note`, `prepayment` or `self-billed`.
    kind: String,
    #[serde(default)]
    vendor_name: String,
    /// Absent where it was not typed.
    #[serde(default)]
    vendor_vat_id: String,
    /// The account that the document asks to be paid to: a claim, compared and never paid. Absent where it was not typed.
    #[serde(default)]
    iban: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    purchase_order: String,
    #[serde(default)]
    payment_reference: String,
    /// `YYYY-MM-DD`.
    #[serde(default)]
    invoice_date: String,
    /// `YYYY-MM-DD`.
    #[serde(default)]
    due_date: String,
    /// ISO 4217.
    #[serde(default)]
    currency: String,
    /// A decimal text, as the amounts below.
    #[serde(default)]
    net: String,
    #[serde(default)]
    vat: String,
    #[serde(default)]
    total: String,
    /// Where it is absent, the total less what was paid in advance.
    #[serde(default)]
    payable: String,
}

impl CorrectionBody {
    fn correction(self) -> Correction {
        Correction {
            form: TypedForm {
                kind: self.kind,
                vendor_name: self.vendor_name,
                number: self.number,
                purchase_order: self.purchase_order,
                payment_reference: self.payment_reference,
                invoice_date: self.invoice_date,
                due_date: self.due_date,
                currency: self.currency,
                net: self.net,
                vat: self.vat,
                total: self.total,
                payable: self.payable,
            },
            vendor_vat_id: Secret::new(self.vendor_vat_id),
            account: Secret::new(self.iban),
        }
    }
}

/// Types what no reader found, or corrects what one found. What was approved is void where it changes what a decision binds.
#[utoipa::path(post, path = "/api/v1/bills/{id}/correction", tag = "bills", request_body = CorrectionBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = ChangedBody), (status = 409, description = "It changed, or may not be corrected any more"),
        (status = 422, description = "A field cannot be used: `field` names it"),
        (status = 429, description = "Too many tax numbers were asked about: `Retry-After` says when there is room again")))]
async fn correct(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<CorrectionBody>(&body)?);
    let request = format!("POST /bills/{bill}/correction {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let seen = (bill, wanted.version);
        let version = actions::correct(&its, &access, seen, wanted.correction()).await?;
        json(StatusCode::OK, &ChangedBody { version })
    })
    .await
}

/// How a bill leaves its way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClosingBody {
    /// The bill's version as it was read.
    version: i64,
    /// `cancel`, `reject` or `dispute`.
    way: String,
    reason: String,
}

/// Cancels, rejects or disputes a bill. What was approved is void, and it leaves a run that is not released.
#[utoipa::path(post, path = "/api/v1/bills/{id}/closing", tag = "bills", request_body = ClosingBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = ChangedBody), (status = 409, description = "It changed, or cannot go that way")))]
async fn close(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<ClosingBody>(&body)?);
    let way = match wanted.way.as_str() {
        "cancel" => Closing::Cancel,
        "reject" => Closing::Reject,
        "dispute" => Closing::Dispute,
        _ => return Err(Problem::invalid(msg!("bills-way-unknown")).field("way")),
    };
    let request = format!("POST /bills/{bill}/closing {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let seen = (bill, wanted.version);
        let version = actions::close(&its, &access, seen, way, &wanted.reason).await?;
        json(StatusCode::OK, &ChangedBody { version })
    })
    .await
}

/// Why a bill is held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldBody {
    reason: String,
}

/// Nothing more is to be said.
#[derive(Debug, Serialize, ToSchema)]
struct DoneBody {}

/// Holds a bill by hand: it is not paid until the hold is released.
#[utoipa::path(post, path = "/api/v1/bills/{id}/holds", tag = "bills", request_body = HoldBody,
    params(("id" = String, Path, description = "The bill's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = DoneBody), (status = 409, description = "It is held by hand already")))]
async fn hold(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<HoldBody>(&body)?);
    let request = format!("POST /bills/{bill}/holds {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        actions::place_hold(&its, &access, bill, &wanted.reason).await?;
        json(StatusCode::OK, &DoneBody {})
    })
    .await
}

/// Why a hold ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseBody {
    /// The bill's version as it was read.
    version: i64,
    reason: String,
    /// What the hold said as it was read, where the path names it by its kind: one that says something else by now is not released.
    #[serde(default)]
    detail: String,
}

/// Releases a hold that may be released; others end by putting right what they say.
#[utoipa::path(post, path = "/api/v1/bills/{id}/holds/{hold}/release", tag = "bills", request_body = ReleaseBody,
    params(("id" = String, Path, description = "The bill's id"), ("hold" = String, Path, description = "The hold as the bill names it: its id, or its kind"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = DoneBody), (status = 409, description = "It has ended, says something else by now, or cannot be released")))]
async fn release(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path((bill, hold)): Path<(String, String)>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (bill, wanted) = (id(&bill)?, parse::<ReleaseBody>(&body)?);
    let named = Named::parse(&hold, &wanted.detail).ok_or_else(Problem::not_found)?;
    let request = format!("POST /bills/{bill}/holds/{hold}/release {body}");
    let (its, access) = (Arc::clone(&app), by.access.clone());
    answer(&app, &by, &headers, request, async move {
        let seen = (bill, wanted.version);
        actions::release_hold(&its, &access, seen, named, &wanted.reason).await?;
        json(StatusCode::OK, &DoneBody {})
    })
    .await
}

/// The document as it came in, byte for byte.
#[utoipa::path(get, path = "/api/v1/bills/{id}/document", tag = "bills",
    params(("id" = String, Path, description = "The bill's id")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, description = "There is no such bill, or it has no document")))]
async fn download(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(bill): Path<String>,
) -> Result<Response, Problem> {
    document::handed_out(&app, &by.access, id(&bill)?).await
}
