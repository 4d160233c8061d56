//! One's own app: a new one, in place of the one before or beside a passkey, and its end.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::in_groups;
use crate::identity::devices::Presented;
use crate::identity::factors::FactorError;
use crate::identity::factors::actions::{self, AppError};
use crate::identity::factors::views::AppPage;
use crate::identity::sessions::SignedIn;
use crate::identity::step_up::pages::holder;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::qr;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

const SECURITY: &str = "/me/security";

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn prepare(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::prepare(&app, &by.access).await?;
    Ok(Redirect::to("/me/security/app"))
}

async fn page(app: &App, by: &SignedIn, errors: FormErrors) -> Result<Response, Problem> {
    by.access.require_fresh()?;
    let seed = actions::pending(app, by.access.caller(), (by.access.person(), by.session)).await;
    let seed = seed.map_err(AppError::from)?;
    let uri = seed.expose().uri(&by.organisation_name, &by.email);
    Ok(html(&AppPage {
        page: by.page(AppPage::TITLE),
        qr: qr::draw(&uri).ok_or_else(Problem::not_found)?,
        secret: in_groups(seed.expose()),
        errors,
    }))
}

/// Without a prepared seed there is nothing to show: she begins on the page of her factors.
pub(super) async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    match page(&app, &by, FormErrors::default()).await {
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            Ok(Redirect::to(SECURITY).into_response())
        }
        other => other,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct CodeForm {
    code: String,
}

pub(super) async fn take(
    State(app): State<Arc<App>>,
    by: SignedIn,
    device: Presented,
    Checked(form): Checked<CodeForm>,
) -> Result<Response, Problem> {
    let holder = holder(&app, &by, device).await?;
    match actions::take(&app, &by.access, &holder, &form.code).await {
        Ok(()) => Ok(Redirect::to(SECURITY).into_response()),
        Err(AppError::Factor(FactorError::Refused)) => {
            let mut errors = FormErrors::default();
            let text = by.page(AppPage::TITLE).t(msg!("sign-in-code-refused"));
            errors.add("code", text);
            match page(&app, &by, errors).await {
                Err(problem) if problem.status == StatusCode::NOT_FOUND => {
                    Ok(Redirect::to(SECURITY).into_response())
                }
                page => Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response()),
            }
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::remove(&app, &by.access, &by.request).await?;
    Ok(Redirect::to(SECURITY))
}
