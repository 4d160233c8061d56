//! Setting up the second factor, after the setup and after an invitation.

mod own;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, FactorError, Holder, Through};
use super::rules::{RecoveryCode, Seed};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Presented, with_device};
use crate::identity::passkeys::{self, views::EnrolPasskeyPage};
use crate::identity::policy;
use crate::identity::sessions::{AtStage, SignedIn, Stage, with_cookie};
use crate::identity::setup::views::{RecoveryCodesPage, TotpPage};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::csrf::Binding;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::qr;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/enrol", get(show).post(confirm))
        .route("/enrol/done", post(done))
        .route("/me/security/app", get(own::show).post(own::prepare))
        .route("/me/security/app/confirm", post(own::take))
        .route("/me/security/app/remove", post(own::remove))
}

#[derive(Debug, Deserialize)]
struct CodeForm {
    code: String,
}

async fn show(State(app): State<Arc<App>>, session: AtStage) -> Result<Response, Response> {
    let session = session
        .expect(Stage::Enrolling)
        .map_err(IntoResponse::into_response)?;
    page(&app, &session, FormErrors::default())
        .await
        .map_err(IntoResponse::into_response)
}

pub(in crate::identity) async fn page(
    app: &App,
    session: &AtStage,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let policy = policy::of_organisation(app, session.caller.scope).await?;
    if policy.terms.passkeys_only {
        return Ok(html(&EnrolPasskeyPage {
            page: session.page(EnrolPasskeyPage::TITLE),
            errors,
        }));
    }
    let of = (session.person, session.session);
    let seed = match actions::shown_first(app, session.caller, of).await {
        Err(FactorError::Refused) => return Err(Problem::not_found()),
        seed => seed?,
    };
    let uri = seed
        .expose()
        .uri(&session.organisation_name, &session.email);
    let view = TotpPage {
        page: session.page(TotpPage::TITLE),
        steps: Vec::new(),
        action: "/enrol".to_owned(),
        qr: qr::draw(&uri).ok_or_else(Problem::not_found)?,
        secret: in_groups(seed.expose()),
        are_passkeys_possible: passkeys::are_possible(app),
        errors,
    };
    Ok(html(&view).into_response())
}

fn in_groups(seed: &Seed) -> String {
    let text = seed.to_base32();
    let groups: Vec<&str> = (0..text.len())
        .step_by(4)
        .map(|start| &text[start..text.len().min(start + 4)])
        .collect();
    groups.join(" ")
}

async fn confirm(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Checked(form): Checked<CodeForm>,
) -> Result<Response, Response> {
    let session = session
        .expect(Stage::Enrolling)
        .map_err(IntoResponse::into_response)?;
    let by = holder(&app, &session, device.as_ref())
        .await
        .map_err(IntoResponse::into_response)?;
    match actions::confirm(&app, session.caller, &by, &form.code).await {
        Ok((through, codes)) => Ok(codes_page(&app, &session, &through, &codes)),
        Err(FactorError::Refused) => {
            let mut errors = FormErrors::default();
            let frame = session.page(TotpPage::TITLE);
            errors.add("code", frame.t(msg!("sign-in-code-refused")));
            page(&app, &session, errors)
                .await
                .map_err(IntoResponse::into_response)
        }
        Err(other) => Err(Problem::from(other).into_response()),
    }
}

/// Whose second step it is, and from which device.
pub(in crate::identity) async fn holder(
    app: &App,
    session: &AtStage,
    device: Option<&ShownToken>,
) -> Result<Holder, Problem> {
    Ok(Holder {
        person: session.person,
        session: session.session,
        known: devices::find(app, device).await?,
        request: session.request.clone(),
    })
}

/// The recovery codes, shown once, in the session that has just become full.
pub(in crate::identity) fn codes_page(
    app: &App,
    session: &AtStage,
    Through { opened, device }: &Through,
    codes: &[RecoveryCode],
) -> Response {
    // The session has a new token, and the form on the answer must be bound to that one.
    let mut frame: Page = session.page(RecoveryCodesPage::TITLE);
    frame.csrf = Binding::from_cookie(&opened.token.expose())
        .map(|binding| binding.token(app.entropy()))
        .unwrap_or_default();
    let view = RecoveryCodesPage {
        page: frame,
        steps: Vec::new(),
        action: "/enrol/done".to_owned(),
        codes: codes.iter().map(|code| code.shown()).collect(),
        errors: FormErrors::default(),
    };
    with_device(with_cookie(html(&view), &opened.token), device.as_ref())
}

#[derive(Debug, Deserialize)]
struct DoneForm {}

/// The codes cannot be shown again: the tick is for the person, not for us.
async fn done(_: SignedIn, Checked(_): Checked<DoneForm>) -> Redirect {
    Redirect::to("/")
}
