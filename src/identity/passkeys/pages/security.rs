//! One's own factors: passkeys, and recovery codes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Here, Nothing, not_given, to_make};
use crate::identity::organisations::{NAME_CHARS, text};
use crate::identity::passkeys::actions::{self, Change, PasskeyError};
use crate::identity::passkeys::rules::Purpose;
use crate::identity::passkeys::store::Passkey;
use crate::identity::passkeys::views::{PasskeyRow, SecurityPage};
use crate::identity::policy;
use crate::identity::sessions::SignedIn;
use crate::identity::setup::views::RecoveryCodesPage;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

const HERE: &str = "/me/security";

async fn page(app: &App, by: &SignedIn, errors: FormErrors) -> Result<Response, Problem> {
    let (passkeys, ways) = actions::list(app, &by.access).await?;
    let page = by.page(SecurityPage::TITLE);
    let policy = policy::of_organisation(app, by.access.scope()).await?;
    let are_codes_taken = !policy.terms.passkeys_only;
    let is_last = ways.count() < 2 || !are_codes_taken && ways.passkeys < 2;
    Ok(html(&SecurityPage {
        has_app: ways.app,
        are_codes_taken,
        is_app_last: ways.passkeys == 0,
        passkeys: passkeys
            .into_iter()
            .map(|passkey| row(&page, passkey, is_last))
            .collect(),
        is_fresh: by.access.is_fresh(),
        are_possible: actions::are_possible(app),
        errors,
        page,
    }))
}

fn row(page: &Page, passkey: Passkey, is_last: bool) -> PasskeyRow {
    PasskeyRow {
        id: passkey.id.to_string(),
        name: passkey.name,
        created: page.time(passkey.created.0),
        used: passkey.used.map(|at| page.time(at.0)),
        is_last,
    }
}

pub(super) async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page(&app, &by, FormErrors::default()).await
}

/// The page again, with what is wrong about one field.
async fn refused(
    app: &App,
    by: &SignedIn,
    (field, message): (&str, &'static str),
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    errors.add(field, by.page(SecurityPage::TITLE).t(message));
    let page = page(app, by, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn settled(
    app: &App,
    by: &SignedIn,
    done: Result<(), PasskeyError>,
) -> Result<Response, Problem> {
    let wrong = match done {
        Ok(()) => return Ok(Redirect::to(HERE).into_response()),
        Err(PasskeyError::Refused) => ("passkey", msg!("sign-in-passkey-refused")),
        Err(PasskeyError::LastFactor) => ("factors", msg!("people-security-last")),
        Err(other) => return Err(other.into()),
    };
    refused(app, by, wrong).await
}

pub(super) async fn add_options(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Here(bound): Here,
    Checked(_): Checked<Nothing>,
) -> Result<Json<Value>, Problem> {
    by.access.require_fresh()?;
    let whose = (by.access.caller(), by.access.person());
    let asked = actions::ask_known(&app, whose, (Purpose::Add, &bound)).await;
    let (asked, known) = asked.map_err(not_given)?;
    let person = (by.access.person(), by.email.as_str(), by.name.as_str());
    Ok(to_make(&asked, person, &known))
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Here(bound): Here,
    Checked(form): Checked<Answer>,
) -> Result<Response, Problem> {
    by.access.require_fresh()?;
    let otherwise = by.page(SecurityPage::TITLE).t(msg!("people-passkey"));
    let done = match form.made(otherwise) {
        Some(owner) => actions::add(&app, &by.access, (owner, &bound), &by.request).await,
        None => Err(PasskeyError::Refused),
    };
    settled(&app, &by, done).await
}

#[derive(Debug, Deserialize)]
pub(super) struct OneForm {
    passkey: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn name(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<OneForm>,
) -> Result<Response, Problem> {
    let Ok(name) = text(&form.name, NAME_CHARS) else {
        return refused(&app, &by, ("factors", msg!("people-passkey-no-name"))).await;
    };
    change(&app, &by, &form.passkey, Change::Name(name)).await
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<OneForm>,
) -> Result<Response, Problem> {
    by.access.require_fresh()?;
    change(&app, &by, &form.passkey, Change::Remove).await
}

async fn change(
    app: &App,
    by: &SignedIn,
    passkey: &str,
    what: Change,
) -> Result<Response, Problem> {
    let Ok(id) = passkey.parse() else {
        return refused(app, by, ("factors", msg!("error-form-unreadable"))).await;
    };
    let done = actions::change(app, &by.access, (id, what), &by.request).await;
    settled(app, by, done).await
}

pub(super) async fn renew(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    match actions::renew_codes(&app, &by.access, &by.request).await {
        Ok(codes) => Ok(html(&RecoveryCodesPage {
            page: by.page(RecoveryCodesPage::TITLE),
            steps: Vec::new(),
            action: "/enrol/done".to_owned(),
            codes: codes.iter().map(|code| code.shown()).collect(),
            errors: FormErrors::default(),
        })),
        Err(error) => settled(&app, &by, Err(error)).await,
    }
}
