//! A passkey, for what needs a factor that was shown a moment ago.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Here, Nothing, not_given, to_sign};
use crate::identity::devices::Presented;
use crate::identity::factors::FactorError;
use crate::identity::passkeys::actions;
use crate::identity::passkeys::rules::Purpose;
use crate::identity::sessions::SignedIn;
use crate::identity::step_up::pages::{Browser, CarriedForm, go_on, holder, refused};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;

pub(super) async fn options(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Here(bound): Here,
    Checked(_): Checked<Nothing>,
) -> Result<Json<Value>, Problem> {
    let whose = (by.access.caller(), by.access.person());
    let asked = actions::ask_known(&app, whose, (Purpose::StepUp, &bound)).await;
    let (asked, known) = asked.map_err(not_given)?;
    Ok(to_sign(&asked, &known))
}

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    answer: Answer,
    #[serde(flatten)]
    carried: CarriedForm,
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    device: Presented,
    browser: Browser,
    Here(bound): Here,
    Checked(form): Checked<Shown>,
) -> Result<Response, Problem> {
    let carried = form.carried.opened(&browser)?;
    let holder = holder(&app, &by, device).await?;
    let done = match form.answer.signed() {
        Some(answer) => {
            actions::show_again(&app, by.access.caller(), &holder, (answer, &bound)).await
        }
        None => Err(FactorError::Refused),
    };
    match done {
        Ok(opened) => Ok(go_on(&app, &by, &carried, &opened)),
        Err(FactorError::Refused) => {
            let wrong = ("passkey", msg!("sign-in-passkey-refused"));
            refused(&app, &by, (&carried, &browser), wrong).await
        }
        Err(other) => Err(other.into()),
    }
}
