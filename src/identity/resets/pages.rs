//! The pages of a forgotten password.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::actions::{self, Reset};
use super::views::{AskedPage, ForgotPage, ResetPage};
use crate::identity::devices::{self, Presented};
use crate::identity::passwords::{self, Password};
use crate::identity::policy;
use crate::identity::sessions::Visitor;
use crate::identity::setup::rules as typed;
use crate::identity::sign_in::has_several_organisations;
use crate::msg;
use crate::platform::app::App;
use crate::platform::scope::Scope;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/forgot-password", get(show_forgot).post(ask))
        .route("/reset/{token}", get(show_reset).post(replace))
}

async fn show_forgot(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, Problem> {
    let several = has_several_organisations(&app).await?;
    let view = html(&ForgotPage {
        page: visitor.page(ForgotPage::TITLE),
        organisation: several.then(String::new),
        errors: FormErrors::default(),
    });
    Ok(visitor.answer(view))
}

#[derive(Debug, Deserialize)]
struct ForgotForm {
    email: String,
    organisation: Option<String>,
}

/// One answer for all: known, unknown, suspended, and asked for too often.
async fn ask(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Checked(form): Checked<ForgotForm>,
) -> Result<Response, Problem> {
    let meant = (form.email.as_str(), form.organisation.as_deref());
    actions::ask(&app, meant, &visitor.request).await?;
    Ok(html(&AskedPage {
        page: visitor.page(ForgotPage::TITLE),
    }))
}

fn reset_page(visitor: &Visitor, token: String, reset: &Reset, errors: FormErrors) -> Response {
    let mut page = visitor.page(ResetPage::TITLE);
    page.organisation = Some(reset.organisation.clone());
    html(&ResetPage {
        token,
        email: reset.person.email.clone(),
        errors,
        page,
    })
}

async fn show_reset(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let reset = actions::open(&app, &token).await?;
    let view = reset_page(&visitor, token, &reset, FormErrors::default());
    Ok(visitor.answer(view))
}

#[derive(Debug, Deserialize)]
struct ResetForm {
    password: Password,
    password_again: Password,
}

async fn replace(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Presented(device): Presented,
    Path(token): Path<String>,
    Checked(form): Checked<ResetForm>,
) -> Result<Response, Problem> {
    let reset = actions::open(&app, &token).await?;
    let page = visitor.page(ResetPage::TITLE);
    let mut errors = FormErrors::default();
    let context = [
        reset.person.name.as_str(),
        &reset.person.email,
        &reset.organisation,
        &reset.slug,
    ];
    let both = (&form.password, &form.password_again);
    let scope = Scope::of(reset.link.organisation);
    let policy = policy::of_organisation(&app, scope).await?;
    typed::new_password(both, (&context, &policy), &page, &mut errors);
    let whose = (reset.person.id, &form.password);
    if errors.is_empty() && policy::former(&app, scope, whose).await? {
        errors.add("password", page.t(msg!("setup-password-former")));
    }
    if !errors.is_empty() {
        let view = reset_page(&visitor, token, &reset, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view).into_response());
    }
    let hashed = passwords::hash(&app, form.password).await?;
    let device = devices::find(&app, device.as_ref()).await?;
    actions::replace(&app, &reset, hashed, (&visitor.request, device)).await?;
    Ok(Redirect::to("/sign-in").into_response())
}
