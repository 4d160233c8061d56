//! Holding a bill, releasing a hold, and settling what owes nothing.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{id, show};
use crate::identity::sessions::SignedIn;
use crate::payables::bills::actions::{self, BillError};
use crate::payables::bills::holds::Named;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

#[derive(Debug, Deserialize)]
pub struct Placed {
    #[serde(default)]
    reason: String,
}

pub async fn place(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(form): Checked<Placed>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let placed = actions::place_hold(&app, &by.access, bill, &form.reason).await;
    answer(&app, &by, bill, "reason", placed).await
}

#[derive(Debug, Deserialize)]
pub struct Released {
    version: i64,
    #[serde(default)]
    reason: String,
    /// What the hold said, where it is named by its kind.
    #[serde(default)]
    detail: String,
}

pub async fn release(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((bill, hold)): Path<(String, String)>,
    Checked(form): Checked<Released>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let named = Named::parse(&hold, &form.detail).ok_or_else(Problem::not_found)?;
    let seen = (bill, form.version);
    let released = actions::release_hold(&app, &by.access, seen, named, &form.reason).await;
    answer(&app, &by, bill, &format!("release-{hold}"), released).await
}

pub async fn settle(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(form): Checked<Released>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let seen = (bill, form.version);
    let settled = actions::settle_without_payment(&app, &by.access, seen, &form.reason).await;
    answer(&app, &by, bill, "settled", settled).await
}

/// What a person can mend on the page comes back on the page.
async fn answer(
    app: &App,
    by: &SignedIn,
    bill: BillId,
    field: &str,
    done: Result<(), BillError>,
) -> Result<Response, Problem> {
    let error = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/bills/{bill}")).into_response()),
        Err(error @ BillError::NoReason) => Problem::from(error),
        Err(other) => return Err(other.into()),
    };
    let mut errors = FormErrors::default();
    errors.add(
        field,
        crate::platform::web::messages::Messages::text(by.locale, error.code),
    );
    let view = show::view(app, by, bill, false, errors).await?;
    Ok((error.status, html(&view)).into_response())
}
