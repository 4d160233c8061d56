//! The pages of signing in and out.

mod renew;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, Attempt, SignInError};
use super::views::{CodePage, OnwardPage, PasswordPage, RecoveryPage};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{Presented, with_device};
use crate::identity::factors::pages::holder;
use crate::identity::factors::{self, FactorError, Holder, Through};
use crate::identity::passkeys;
use crate::identity::passwords::Password;
use crate::identity::sessions::{self, AtStage, Stage, Visitor, with_cookie};
use crate::identity::sso;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;
use crate::platform::web::{Problem, cookies};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sign-in", get(show_password).post(password))
        .route("/sign-in/code", get(show_code).post(code))
        .route("/sign-in/recovery", get(show_recovery).post(recovery))
        .route(
            "/sign-in/new-password",
            get(renew::show).post(renew::choose),
        )
        .route("/sign-out", post(sign_out))
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// A path of ours: nobody is sent to another site after signing in.
pub(in crate::identity) fn checked_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if ours { next } else { "/" }
}

fn with_next(path: &str, next: &str) -> String {
    match checked_next(next) {
        "/" => path.to_owned(),
        next => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", next)
                .finish();
            format!("{path}?{query}")
        }
    }
}

async fn show_password(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(query): Query<Next>,
) -> Result<Response, Problem> {
    password_page(&app, &visitor, &query.next, FormErrors::default()).await
}

/// The form for name and password, empty.
pub(in crate::identity) async fn password_page(
    app: &App,
    visitor: &Visitor,
    next: &str,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let organisation = actions::has_several_organisations(app)
        .await?
        .then(String::new);
    let view = PasswordPage {
        page: visitor.page(PasswordPage::TITLE),
        next: checked_next(next).to_owned(),
        email: String::new(),
        organisation,
        are_passkeys_possible: passkeys::are_possible(app),
        connections: sso::offered(app).await?,
        errors,
    };
    Ok(visitor.answer(html(&view)))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    email: String,
    password: Password,
    organisation: Option<String>,
    #[serde(default)]
    next: String,
}

async fn password(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Presented(device): Presented,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, Problem> {
    let attempt = Attempt {
        email: form.email.clone(),
        password: form.password,
        organisation: form.organisation.clone(),
        device,
    };
    match actions::sign_in(&app, attempt, &visitor.request).await {
        Ok(opened) => {
            let to = with_next(sessions::page_of(opened.stage), &form.next);
            Ok(with_cookie(Redirect::to(&to), &opened.token))
        }
        Err(SignInError::Refused) => {
            let several = actions::has_several_organisations(&app).await?;
            let page = visitor.page(PasswordPage::TITLE);
            let mut errors = FormErrors::default();
            errors.add("password", page.t(msg!("sign-in-refused")));
            let view = PasswordPage {
                page,
                next: checked_next(&form.next).to_owned(),
                email: form.email,
                organisation: several.then(|| form.organisation.unwrap_or_default()),
                are_passkeys_possible: passkeys::are_possible(&app),
                connections: sso::offered(&app).await?,
                errors,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&view)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery_code: String,
    #[serde(default)]
    next: String,
}

/// The page that asks for a code, a passkey or either, as she has them.
pub(in crate::identity) async fn code_page(
    app: &App,
    session: &AtStage,
    next: &str,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let ways = factors::asked_for(app, session.caller, session.person).await?;
    Ok(html(&CodePage {
        page: session.page(CodePage::TITLE),
        next: checked_next(next).to_owned(),
        has_app: ways.app,
        has_passkey: ways.passkeys > 0 && passkeys::are_possible(app),
        errors,
    }))
}

fn recovery_page(session: &AtStage, next: &str, errors: FormErrors) -> Response {
    html(&RecoveryPage {
        page: session.page(RecoveryPage::TITLE),
        next: checked_next(next).to_owned(),
        errors,
    })
}

async fn show_code(
    State(app): State<Arc<App>>,
    session: AtStage,
    Query(query): Query<Next>,
) -> Result<Response, Response> {
    let session = session
        .expect(Stage::Password)
        .map_err(IntoResponse::into_response)?;
    code_page(&app, &session, &query.next, FormErrors::default())
        .await
        .map_err(IntoResponse::into_response)
}

async fn show_recovery(session: AtStage, Query(query): Query<Next>) -> Result<Response, Redirect> {
    let session = session.expect(Stage::Password)?;
    Ok(recovery_page(&session, &query.next, FormErrors::default()))
}

/// The session that owes its second step, and whose it is; the answer to whoever has none.
async fn at_second_step(
    app: &App,
    session: AtStage,
    device: Option<&ShownToken>,
) -> Result<(AtStage, Holder), Response> {
    let session = session
        .expect(Stage::Password)
        .map_err(IntoResponse::into_response)?;
    let by = holder(app, &session, device)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok((session, by))
}

async fn code(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Checked(form): Checked<CodeForm>,
) -> Response {
    let (session, by) = match at_second_step(&app, session, device.as_ref()).await {
        Ok(found) => found,
        Err(elsewhere) => return elsewhere,
    };
    match factors::use_code(&app, session.caller, &by, &form.code).await {
        Ok(through) => into(&through, &form.next),
        Err(FactorError::Refused) => {
            let wrong = ("code", msg!("sign-in-code-refused"));
            step_refused(&app, &session, &form.next, wrong).await
        }
        Err(other) => Problem::from(other).into_response(),
    }
}

/// The page of the second step again, with what is wrong.
pub(in crate::identity) async fn step_refused(
    app: &App,
    session: &AtStage,
    next: &str,
    (field, why): (&'static str, &'static str),
) -> Response {
    let mut errors = FormErrors::default();
    errors.add(field, session.page(CodePage::TITLE).t(why));
    match code_page(app, session, next, errors).await {
        Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        Err(problem) => problem.into_response(),
    }
}

pub(in crate::identity) fn into(through: &Through, next: &str) -> Response {
    let to = match through.opened.stage {
        Stage::Full => Redirect::to(checked_next(next)),
        // Something is left to do before she goes where she wanted.
        stage => Redirect::to(&with_next(sessions::page_of(stage), next)),
    };
    with_device(
        with_cookie(to, &through.opened.token),
        through.device.as_ref(),
    )
}

async fn recovery(
    State(app): State<Arc<App>>,
    session: AtStage,
    Presented(device): Presented,
    Checked(form): Checked<CodeForm>,
) -> Response {
    let (session, by) = match at_second_step(&app, session, device.as_ref()).await {
        Ok(found) => found,
        Err(elsewhere) => return elsewhere,
    };
    match factors::use_recovery_code(&app, session.caller, &by, &form.recovery_code).await {
        Ok(through) => into(&through, &form.next),
        Err(FactorError::Refused) => {
            let mut errors = FormErrors::default();
            let text = session
                .page(RecoveryPage::TITLE)
                .t(msg!("sign-in-recovery-refused"));
            errors.add("recovery_code", text);
            let page = recovery_page(&session, &form.next, errors);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Err(other) => Problem::from(other).into_response(),
    }
}

/// Goes on to the identity provider by itself, and by a link. Not by a redirect: the pages' policy keeps a form that was
/// sent here from ending at another site.
fn onward_page(session: &AtStage, address: String) -> Response {
    let refresh = format!("0; url={address}");
    let mut response = html(&OnwardPage {
        page: session.page(OnwardPage::TITLE),
        address,
    })
    .into_response();
    if let Ok(refresh) = HeaderValue::from_str(&refresh) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// Whoever holds a session may end it, at any stage.
async fn sign_out(
    State(app): State<Arc<App>>,
    session: AtStage,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let (caller, id) = (session.caller, session.session);
    // Looked up while the session says where it came from.
    let onward = sso::signed_out(&app, caller.scope, id, session.request.id).await;
    sessions::sign_out(&app, caller, id).await?;
    let mut response = match onward {
        None => Redirect::to("/sign-in").into_response(),
        Some(address) => onward_page(&session, address),
    };
    response
        .headers_mut()
        .append(header::SET_COOKIE, cookies::clear(cookies::SESSION));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "",
            "javascript:x",
            "/a\nb",
        ] {
            assert_eq!(checked_next(foreign), "/", "{foreign:?}");
        }
        assert_eq!(
            with_next("/sign-in/code", "/bills?q=a&b"),
            "/sign-in/code?next=%2Fbills%3Fq%3Da%26b"
        );
    }
}
