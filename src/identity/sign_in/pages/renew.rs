//! Choosing another password, where the organisation's policy ends the present one. It is asked after the second factor.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Next, checked_next, into};
use crate::identity::credential::ShownToken;
use crate::identity::devices::Presented;
use crate::identity::factors::pages::holder;
use crate::identity::passwords::{self, Password};
use crate::identity::policy;
use crate::identity::sessions::{AtStage, Stage};
use crate::identity::setup::rules as typed;
use crate::identity::sign_in::actions;
use crate::identity::sign_in::views::RenewPage;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

fn page(session: &AtStage, next: &str, errors: FormErrors) -> Response {
    html(&RenewPage {
        page: session.page(RenewPage::TITLE),
        next: checked_next(next).to_owned(),
        email: session.email.clone(),
        errors,
    })
}

pub(super) async fn show(
    session: AtStage,
    Query(query): Query<Next>,
) -> Result<Response, Redirect> {
    let session = session.expect(Stage::Renewing)?;
    Ok(page(&session, &query.next, FormErrors::default()))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewPassword {
    password: Password,
    password_again: Password,
    #[serde(default)]
    next: String,
}

pub(super) async fn choose(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Checked(form): Checked<NewPassword>,
) -> Result<Response, Response> {
    let session = session
        .expect(Stage::Renewing)
        .map_err(IntoResponse::into_response)?;
    let done = chosen(&app, &session, device.as_ref(), form).await;
    done.map_err(IntoResponse::into_response)
}

async fn chosen(
    app: &App,
    session: &AtStage,
    device: Option<&ShownToken>,
    form: NewPassword,
) -> Result<Response, Problem> {
    let scope = session.caller.scope;
    let frame = session.page(RenewPage::TITLE);
    let mut errors = FormErrors::default();
    let context = [
        session.name.as_str(),
        &session.email,
        &session.organisation_name,
        &session.organisation_slug,
    ];
    let both = (&form.password, &form.password_again);
    let policy = policy::of_organisation(app, scope).await?;
    typed::new_password(both, (&context, &policy), &frame, &mut errors);
    if errors.is_empty() && policy::former(app, scope, (session.person, &form.password)).await? {
        errors.add("password", frame.t(msg!("setup-password-former")));
    }
    if !errors.is_empty() {
        let page = page(session, &form.next, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hashed = passwords::hash(app, form.password).await?;
    let holder = holder(app, session, device).await?;
    let through = actions::renew_password(app, session.caller, &holder, hashed).await?;
    Ok(into(&through, &form.next))
}
