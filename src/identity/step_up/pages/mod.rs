//! Asking for a factor, and going on with what was asked.

mod asked;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::rules::Carried;
use super::views::{CarriedFields, GoOnPage, StepUpPage, There};
use crate::identity::devices::{self, Presented};
use crate::identity::factors::{self, FactorError, Holder};
use crate::identity::passkeys;
use crate::identity::sessions::{Opened, SignedIn, with_cookie};
use crate::identity::sso;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::csrf::Binding;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

pub use asked::asks;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/step-up", get(show).post(show_factor))
}

/// The browser by its cookie, which codes what its pages carry.
pub(in crate::identity) struct Browser(Binding);

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let binding = Binding::of(&parts.headers).map(Self);
        binding.ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, msg!("error-form-foreign")))
    }
}

/// What our page carries, as it comes back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::identity) struct CarriedForm {
    to: String,
    form: Option<String>,
    /// Whether a form is carried: an empty one is not the same as none.
    kind: String,
    carried_code: String,
}

impl CarriedForm {
    /// # Errors
    /// Where this browser was given something else.
    pub(in crate::identity) fn opened(
        &self,
        Browser(browser): &Browser,
    ) -> Result<Carried, Problem> {
        let form = (self.kind == "form").then(|| self.form.as_deref().unwrap_or_default());
        Carried::back((&self.to, form), &self.carried_code, browser)
            .ok_or_else(|| Problem::invalid(msg!("error-form-foreign")))
    }
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    browser: Browser,
    Query(query): Query<Next>,
) -> Result<Response, Problem> {
    let carried = Carried::page(&query.next);
    page(&app, &by, (&carried, &browser), FormErrors::default()).await
}

async fn page(
    app: &App,
    by: &SignedIn,
    (carried, Browser(browser)): (&Carried, &Browser),
    errors: FormErrors,
) -> Result<Response, Problem> {
    let ways = factors::asked_for(app, by.access.caller(), by.access.person()).await?;
    Ok(html(&StepUpPage {
        page: by.page(StepUpPage::TITLE),
        has_app: ways.app,
        has_passkey: ways.passkeys > 0 && passkeys::are_possible(app),
        takes_recovery: ways.count() > 0,
        there: there(app, by, carried).await?,
        carried: CarriedFields {
            to: carried.to.clone(),
            form: carried.form.clone(),
            code: carried.code(browser),
        },
        errors,
    }))
}

/// The way to show a factor where she came from, if that was an identity provider.
async fn there(app: &App, by: &SignedIn, carried: &Carried) -> Result<Option<There>, Problem> {
    let found = sso::shows_again(app, by.access.scope(), by.session).await?;
    Ok(found.map(|(id, name)| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("again", "1")
            .append_pair("next", carried.way_back())
            .finish();
        There {
            name,
            to: format!("/sso/{id}/start?{query}"),
        }
    }))
}

/// The page again, with what is wrong about one field.
pub(in crate::identity) async fn refused(
    app: &App,
    by: &SignedIn,
    carried: (&Carried, &Browser),
    (field, why): (&str, &'static str),
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    errors.add(field, by.page(StepUpPage::TITLE).t(why));
    let page = page(app, by, carried, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Goes on with what was asked, in the session's new token. A form goes on from a page: only its person's browser sends it.
pub(in crate::identity) fn go_on(
    app: &App,
    by: &SignedIn,
    carried: &Carried,
    opened: &Opened,
) -> Response {
    if carried.form.is_none() {
        return with_cookie(Redirect::to(&carried.to), &opened.token);
    }
    let mut page = by.page(GoOnPage::TITLE);
    page.csrf = Binding::from_cookie(&opened.token.expose())
        .map(|binding| binding.token(app.entropy()))
        .unwrap_or_default();
    let view = GoOnPage {
        page,
        to: carried.to.clone(),
        fields: carried.fields(),
    };
    with_cookie(html(&view), &opened.token)
}

/// Whose factor is asked for, and from which device.
pub(in crate::identity) async fn holder(
    app: &App,
    by: &SignedIn,
    Presented(device): Presented,
) -> Result<Holder, Problem> {
    Ok(Holder {
        person: by.access.person(),
        session: by.session,
        known: devices::find(app, device.as_ref()).await?,
        request: by.request.clone(),
    })
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery_code: String,
    #[serde(flatten)]
    carried: CarriedForm,
}

async fn show_factor(
    State(app): State<Arc<App>>,
    by: SignedIn,
    device: Presented,
    browser: Browser,
    Checked(form): Checked<CodeForm>,
) -> Result<Response, Problem> {
    let carried = form.carried.opened(&browser)?;
    let holder = holder(&app, &by, device).await?;
    let caller = by.access.caller();
    let (shown, wrong) = if form.recovery_code.is_empty() {
        let shown = factors::show_again(&app, caller, &holder, &form.code).await;
        (shown, ("code", msg!("sign-in-code-refused")))
    } else {
        let shown = factors::show_recovery_code(&app, caller, &holder, &form.recovery_code).await;
        (shown, ("recovery_code", msg!("sign-in-recovery-refused")))
    };
    match shown {
        Ok(opened) => Ok(go_on(&app, &by, &carried, &opened)),
        Err(FactorError::Refused) => refused(&app, &by, (&carried, &browser), wrong).await,
        Err(other) => Err(other.into()),
    }
}
