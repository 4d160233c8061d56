//! Bank accounts for programs. A program acts as the human whose token it has: it verifies nothing that she entered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use countersign_bankfile::account::{Bic, Iban};

use super::bodies::{AccountBody, EnteredBody, NewAccountBody, VerificationBody, VerifiedBody};
use super::vendor_id;
use crate::identity::tokens::Bearer;
use crate::payables::ids::AccountId;
use crate::payables::keyed::{answer, json, parse};
use crate::payables::vendors::VendorError;
use crate::payables::vendors::actions;
use crate::payables::vendors::rules::accounts::{CallBack, NewAccount};
use crate::platform::app::App;
use crate::platform::web::Problem;

/// The bank accounts of a vendor, the newest first.
#[utoipa::path(get, path = "/api/v1/vendors/{id}/accounts", tag = "vendors",
    params(("id" = String, Path, description = "The vendor's id")),
    responses((status = 200, body = Vec<AccountBody>), (status = 404, description = "There is no such vendor")))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
) -> Result<Json<Vec<AccountBody>>, Problem> {
    let view = actions::view_vendor(&app, &by.access, vendor_id(&id)?).await?;
    Ok(Json(view.accounts.into_iter().map(Into::into).collect()))
}

/// Enters a bank account. Nothing is paid to it before another human verifies it.
#[utoipa::path(post, path = "/api/v1/vendors/{id}/accounts", tag = "vendors", request_body = NewAccountBody,
    params(("id" = String, Path, description = "The vendor's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = EnteredBody), (status = 422, description = "A field cannot be used")))]
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (vendor, wanted) = (vendor_id(&id)?, parse::<NewAccountBody>(&body)?);
    let bic = wanted.bic.as_deref().filter(|bic| !bic.trim().is_empty());
    let new = NewAccount {
        iban: Iban::parse(&wanted.iban).map_err(VendorError::from)?,
        bic: bic.map(Bic::parse).transpose().map_err(VendorError::from)?,
        currency: wanted
            .currency
            .parse()
            .map_err(|_| VendorError::Field("currency"))?,
        holder: wanted.holder,
        source: wanted.source,
    };
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /vendors/{vendor}/accounts {body}");
    answer(&app, &by, &headers, request, async move {
        let entered = actions::enter_account(&worker, &access, vendor, new).await?;
        let entered = EnteredBody {
            id: entered.account.to_string(),
            vendors_with_same_iban: entered
                .same_iban
                .into_iter()
                .map(|same| same.name)
                .collect(),
            closed_before: entered.closed_before.into_iter().map(Into::into).collect(),
        };
        json(StatusCode::CREATED, &entered)
    })
    .await
}

/// Verifies a bank account after a call to the vendor: another human than the one who entered it.
#[utoipa::path(post, path = "/api/v1/vendors/{id}/accounts/{account}/verification", tag = "vendors",
    request_body = VerificationBody,
    params(("id" = String, Path, description = "The vendor's id"), ("account" = String, Path, description = "The account's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    responses((status = 200, body = VerifiedBody),
        (status = 409, description = "It does not wait for this, or the same human entered it")))]
pub(super) async fn verify(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path((id, account)): Path<(String, String)>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (vendor, wanted) = (vendor_id(&id)?, parse::<VerificationBody>(&body)?);
    let account: AccountId = account.parse().map_err(|_| Problem::not_found())?;
    let call = CallBack {
        last_four: wanted.last_four,
        spoke_with: wanted.spoke_with,
        number: wanted.number,
        number_known_from: wanted.number_known_from,
        comment: wanted.comment,
    };
    let (worker, access) = (Arc::clone(&app), by.access.clone());
    let request = format!("POST /vendors/{vendor}/accounts/{account}/verification {body}");
    answer(&app, &by, &headers, request, async move {
        // What an account says never changes, so its id binds what was seen.
        let sight = actions::verification_sight(&worker, &access, vendor, account).await?;
        let place = (vendor, account);
        let end = actions::verify_account(&worker, &access, place, sight.digest, call).await?;
        let payable_from_us = end.0;
        json(StatusCode::OK, &VerifiedBody { payable_from_us })
    })
    .await
}
