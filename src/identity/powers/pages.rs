//! What waits for a second administrator, and deciding on it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, Listed};
use super::rules::{self, Kind, Verdict};
use super::views::{RequestRow, RequestsPage};
use crate::identity::access::Permission;
use crate::identity::people::held_labels;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/people/requests", get(list))
        .route("/people/requests/{id}", post(decide))
}

/// What a request asks for, in the reader's language.
pub(in crate::identity) fn what(page: &Page, listed: &Listed) -> String {
    match listed.request.kind {
        Kind::Roles => held_labels(page, &listed.roles),
        Kind::FactorReset => page.t(msg!("people-request-factor-reset")),
    }
}

fn badge(page: &Page, listed: &Listed, now: Micros) -> Badge {
    match listed.request.state {
        rules::State::Open if now < listed.request.expires => {
            Badge::new(Tone::Warn, page.t(msg!("people-request-open")))
        }
        rules::State::Open => Badge::new(Tone::Neutral, page.t(msg!("people-request-late"))),
        rules::State::Confirmed => Badge::new(Tone::Good, page.t(msg!("people-request-confirmed"))),
        rules::State::Refused => Badge::new(Tone::Bad, page.t(msg!("people-request-refused"))),
        rules::State::Replaced => {
            Badge::new(Tone::Neutral, page.t(msg!("people-request-replaced")))
        }
        rules::State::Alone => Badge::new(Tone::Warn, page.t(msg!("people-request-alone"))),
    }
}

fn row(page: &Page, by: &SignedIn, listed: Listed, now: Micros) -> RequestRow {
    RequestRow {
        id: listed.request.id.to_string(),
        href: format!("/people/{}", listed.person.id),
        what: what(page, &listed),
        state: badge(page, &listed, now),
        proposed: page.time(listed.request.created.0),
        until: page.time(listed.request.expires.0),
        is_own: listed.request.proposed_human == by.access.human(),
        person: listed.person.name,
        proposed_by: listed.proposed_by,
        decided_by: listed.decided_by,
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let requests = actions::list(&app, &by.access).await?;
    let (page, now) = (by.page(RequestsPage::TITLE), app.now());
    let rows = |listed: Vec<Listed>| -> Vec<RequestRow> {
        let listed = listed.into_iter();
        listed.map(|one| row(&page, &by, one, now)).collect()
    };
    Ok(html(&RequestsPage {
        can_decide: by.access.may(Permission::PeopleAdminister),
        open: rows(requests.open),
        closed: rows(requests.closed),
        alone: requests
            .alone
            .map(|name| page.t1("people-one-administrator", "name", name)),
        page: page.clone(),
    }))
}

/// What an administrator decided about what another one proposed.
///
/// # Errors
/// A problem at the field `decision` where it is neither of both.
pub fn verdict(typed: &str) -> Result<Verdict, Problem> {
    Verdict::parse(typed)
        .ok_or_else(|| Problem::invalid(msg!("error-power-verdict")).field("decision"))
}

#[derive(Debug, Deserialize)]
struct DecisionForm {
    decision: String,
}

async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to("/people/requests"))
}
