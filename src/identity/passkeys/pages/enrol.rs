//! A passkey in place of the app, when the second factor is set up.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Answer, Here, Nothing, not_given, to_make};
use crate::identity::devices::Presented;
use crate::identity::factors::FactorError;
use crate::identity::factors::pages::{codes_page, holder, page};
use crate::identity::passkeys::actions;
use crate::identity::passkeys::rules::Purpose;
use crate::identity::sessions::{AtStage, Stage};
use crate::identity::setup::views::TotpPage;
use crate::identity::sign_in::pages::into;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::view::FormErrors;

pub(super) async fn options(
    State(app): State<Arc<App>>,
    session: AtStage,
    Here(bound): Here,
    Checked(_): Checked<Nothing>,
) -> Result<Json<Value>, Response> {
    let session = session
        .expect(Stage::Enrolling)
        .map_err(IntoResponse::into_response)?;
    let organisation = session.caller.scope.organisation();
    let asked = actions::give(&app, organisation, (Purpose::Enrol, &bound))
        .await
        .map_err(|error| not_given(error).into_response())?;
    let person = (
        session.person,
        session.email.as_str(),
        session.name.as_str(),
    );
    Ok(to_make(&asked, person, &[]))
}

pub(super) async fn enrol(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Here(bound): Here,
    Checked(form): Checked<Answer>,
) -> Response {
    let session = match session.expect(Stage::Enrolling) {
        Ok(session) => session,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    let by = match holder(&app, &session, device.as_ref()).await {
        Ok(by) => by,
        Err(problem) => return problem.into_response(),
    };
    let frame = session.page(TotpPage::TITLE);
    let done = match form.made(frame.t(msg!("people-passkey"))) {
        Some(owner) => actions::enrol(&app, session.caller, &by, (owner, &bound)).await,
        None => Err(FactorError::Refused),
    };
    match done {
        Ok((through, codes)) if codes.is_empty() => into(&through, "/"),
        Ok((through, codes)) => codes_page(&app, &session, &through, &codes),
        Err(FactorError::Refused) => {
            let mut errors = FormErrors::default();
            errors.add("passkey", frame.t(msg!("sign-in-passkey-refused")));
            match page(&app, &session, errors).await {
                Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
                Err(problem) => problem.into_response(),
            }
        }
        Err(other) => Problem::from(other).into_response(),
    }
}
