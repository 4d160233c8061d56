//! The page of one's own sessions and sign-ins.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, ActivityError, Added, Attempt, Open};
use super::views::{ActivityPage, AddedRow, AttemptRow, DisownedPage, SessionRow};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me/sessions", get(list))
        .route("/me/sessions/end", post(end_one))
        .route("/me/sessions/end-others", post(end_others))
        .route("/me/sessions/disown", post(disown))
        .route("/me/sessions/disowned", get(show_disowned))
        .route("/people/{id}/end-sessions", post(end_all))
}

fn session(page: &Page, by: &SignedIn, open: Open) -> SessionRow {
    SessionRow {
        is_this: open.id == by.session,
        id: open.id.to_string(),
        device: open.device,
        address: open.address,
        began: page.time(open.began.0),
        last_seen: open.last_seen.map(|at| page.time(at.0)),
    }
}

fn attempt(page: &Page, by: &SignedIn, attempt: Attempt) -> AttemptRow {
    let state = match attempt.failed.as_deref() {
        None if attempt.is_disowned => Badge::new(Tone::Bad, page.t(msg!("people-attempt-not-me"))),
        None => Badge::new(Tone::Good, page.t(msg!("people-attempt-signed-in"))),
        Some("second-factor") => Badge::new(Tone::Bad, page.t(msg!("people-attempt-no-code"))),
        Some(_) => Badge::new(Tone::Warn, page.t(msg!("people-attempt-no-password"))),
    };
    let others = attempt.session.filter(|session| *session != by.session);
    AttemptRow {
        sign_in: others
            .filter(|_| !attempt.is_disowned)
            .map(|session| session.to_string()),
        time: page.time(attempt.at.0),
        device: attempt.device,
        address: attempt.address,
        state,
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let activity = actions::list(&app, &by.access).await?;
    let page = by.page(ActivityPage::TITLE);
    let open = activity.open.into_iter();
    let attempts = activity.attempts.into_iter();
    Ok(html(&ActivityPage {
        sessions: open.map(|one| session(&page, &by, one)).collect(),
        attempts: attempts.map(|one| attempt(&page, &by, one)).collect(),
        page: page.clone(),
    }))
}

#[derive(Debug, Deserialize)]
struct EndForm {
    session: String,
}

async fn end_one(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<EndForm>,
) -> Result<Redirect, Problem> {
    let id = form.session.parse().map_err(|_| ActivityError::NotOpen)?;
    actions::end_one(&app, &by.access, id).await?;
    Ok(Redirect::to("/me/sessions"))
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn end_others(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::end_others(&app, &by.access, by.session).await?;
    Ok(Redirect::to("/me/sessions"))
}

#[derive(Debug, Deserialize)]
struct DisownForm {
    sign_in: String,
}

async fn disown(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<DisownForm>,
) -> Result<Redirect, Problem> {
    let id = form.sign_in.parse();
    let id = id.map_err(|_| ActivityError::NotASignIn)?;
    actions::disown(&app, &by.access, id, by.session).await?;
    Ok(Redirect::to("/me/sessions/disowned"))
}

fn added(page: &Page, (what, made): (Added, i64)) -> AddedRow {
    AddedRow {
        what: match what {
            Added::Passkey(name) => page.t1("people-disowned-passkey", "name", &name),
            Added::App => page.t(msg!("people-disowned-app")),
            Added::RecoveryCodes => page.t(msg!("people-disowned-codes")),
        },
        made: page.time(made),
    }
}

async fn show_disowned(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let Some(disowned) = actions::disowned(&app, &by.access).await? else {
        return Ok(Redirect::to("/me/sessions").into_response());
    };
    let page = by.page(DisownedPage::TITLE);
    let gained = disowned.added.into_iter();
    Ok(html(&DisownedPage {
        time: page.time(disowned.sign_in.began.0),
        device: disowned.sign_in.device,
        address: disowned.sign_in.address,
        has_password: disowned.has_password,
        must_replace_password: disowned.must_replace_password,
        added: gained
            .map(|(what, made)| added(&page, (what, made.0)))
            .collect(),
        page,
    }))
}

async fn end_all(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    actions::end_all(&app, &by.access, id).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}
