//! Signing in by a passkey: beside the code after the password, and alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Answer, Here, Nothing, not_given, to_sign};
use crate::identity::devices::Presented;
use crate::identity::factors::FactorError;
use crate::identity::factors::pages::holder;
use crate::identity::passkeys::actions;
use crate::identity::passkeys::rules::Purpose;
use crate::identity::sessions::{AtStage, Stage, Visitor};
use crate::identity::sign_in::pages::{into, password_page, step_refused};
use crate::identity::sign_in::views::PasswordPage;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::view::FormErrors;

pub(super) async fn options(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Presented(device): Presented,
    Here(bound): Here,
    Checked(_): Checked<Nothing>,
) -> Result<Json<Value>, Problem> {
    let asked = actions::ask(&app, &bound, device.as_ref(), &visitor.request).await;
    Ok(to_sign(&asked.map_err(not_given)?, &[]))
}

pub(super) async fn alone(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Presented(device): Presented,
    Here(bound): Here,
    Checked(form): Checked<Answer>,
) -> Result<Response, Problem> {
    let done = match form.signed() {
        Some(answer) => {
            let what = (answer, bound.as_str());
            actions::sign_in(&app, what, device.as_ref(), &visitor.request).await
        }
        None => Err(FactorError::Refused),
    };
    match done {
        Ok(through) => Ok(into(&through, &form.next)),
        Err(FactorError::Refused) => {
            let mut errors = FormErrors::default();
            let text = visitor
                .page(PasswordPage::TITLE)
                .t(msg!("sign-in-passkey-refused"));
            errors.add("passkey", text);
            let page = password_page(&app, &visitor, &form.next, errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn second_options(
    State(app): State<Arc<App>>,
    session: AtStage,
    Here(bound): Here,
    Checked(_): Checked<Nothing>,
) -> Result<Json<Value>, Response> {
    let session = session
        .expect(Stage::Password)
        .map_err(IntoResponse::into_response)?;
    let asked = actions::ask_known(
        &app,
        (session.caller, session.person),
        (Purpose::SecondFactor, &bound),
    )
    .await;
    let (asked, known) = asked.map_err(|error| not_given(error).into_response())?;
    Ok(to_sign(&asked, &known))
}

pub(super) async fn second(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Here(bound): Here,
    Checked(form): Checked<Answer>,
) -> Response {
    let session = match session.expect(Stage::Password) {
        Ok(session) => session,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    let by = match holder(&app, &session, device.as_ref()).await {
        Ok(by) => by,
        Err(problem) => return problem.into_response(),
    };
    let done = match form.signed() {
        Some(answer) => actions::use_passkey(&app, session.caller, &by, (answer, &bound)).await,
        None => Err(FactorError::Refused),
    };
    match done {
        Ok(through) => into(&through, &form.next),
        Err(FactorError::Refused) => {
            let wrong = ("passkey", msg!("sign-in-passkey-refused"));
            step_refused(&app, &session, &form.next, wrong).await
        }
        Err(other) => Problem::from(other).into_response(),
    }
}
