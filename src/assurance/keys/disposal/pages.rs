//! `/keys/disposals`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::actions::{self, DisposalError, Listed, Receipt};
use super::rules;
use super::views::{DisposalPage, DisposalRow, DisposalsPage};
use crate::identity::access::Permission;
use crate::identity::powers::verdict;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::disposals::Disposable;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/keys/disposals", get(list).post(propose))
        .route("/keys/disposals/{id}", get(one).post(decide))
        .route("/keys/disposals/{id}/receipt", get(receipt))
}

fn row(page: &Page, kinds: &[Disposable], listed: &Listed, now: Micros) -> DisposalRow {
    let request = &listed.request;
    let state = match request.state {
        rules::State::Open if now < request.expires => {
            Badge::new(Tone::Warn, page.t(msg!("disposal-open")))
        }
        rules::State::Open => Badge::new(Tone::Neutral, page.t(msg!("disposal-late"))),
        rules::State::Confirmed => Badge::new(Tone::Good, page.t(msg!("disposal-done"))),
        rules::State::Refused => Badge::new(Tone::Neutral, page.t(msg!("disposal-refused"))),
    };
    let kind = kinds.iter().find(|one| one.kind == request.kind);
    let kind = kind.map_or_else(|| request.kind.clone(), |one| page.t(one.label));
    let name = listed.name.as_ref().unwrap_or(&request.subject);
    DisposalRow {
        href: format!("/keys/disposals/{}", request.id),
        subject: format!("{kind}: {name}"),
        state,
        proposed_by: listed.proposed_by.clone(),
        proposed: page.time(request.created.0),
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let (requests, candidates) = actions::list(&app, &by.access).await?;
    let (page, now) = (by.page(DisposalsPage::TITLE), app.now());
    let mut subjects = Vec::new();
    for one in candidates {
        let kind = page.t(one.of.label);
        for (id, name) in one.all {
            let value = format!("{}:{id}", one.of.kind);
            subjects.push(Choice::new(value, format!("{kind}: {name}"), ""));
        }
    }
    let rows = requests.iter();
    Ok(html(&DisposalsPage {
        rows: rows
            .map(|listed| row(&page, &app.disposables, listed, now))
            .collect(),
        subjects,
        page: page.clone(),
    }))
}

#[derive(Debug, Deserialize)]
struct Proposal {
    subject: String,
    reason: String,
}

async fn propose(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<Proposal>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::SettingsEdit)?;
    let (kind, subject) = form
        .subject
        .split_once(':')
        .ok_or_else(|| Problem::invalid(msg!("error-disposal-subject")).field("subject"))?;
    let asked = actions::propose(&app, &by.access, kind, subject, &form.reason).await;
    let id = match asked {
        // What was chosen is not there (any more): the list is looked at again.
        Err(DisposalError::Missing) => {
            return Err(Problem::invalid(msg!("error-disposal-subject")).field("subject"));
        }
        other => other?,
    };
    Ok(Redirect::to(&format!("/keys/disposals/{id}")))
}

/// What the address names, for whoever may know of it.
async fn found(app: &App, by: &SignedIn, id: &str) -> Result<(Listed, Disposable), Problem> {
    by.access.require(Permission::SettingsEdit)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    Ok(actions::find(app, &by.access, id).await?)
}

async fn one(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (listed, of) = found(&app, &by, &id).await?;
    let (page, now) = (by.page(DisposalPage::TITLE), app.now());
    let done = listed.disposal.as_ref();
    Ok(html(&DisposalPage {
        id: listed.request.id.to_string(),
        row: row(&page, &app.disposables, &listed, now),
        reason: listed.request.reason.clone(),
        is_open: rules::is_open(&listed.request, now).is_ok(),
        is_own: listed.request.proposed_human == by.access.human(),
        done: done.map(|line| (page.time(line.destroyed.0), page.time(line.complete.0))),
        unreadable: of
            .destroys
            .iter()
            .map(|&column| column.to_owned())
            .collect(),
        stays: of
            .stays
            .iter()
            .map(|stays| (page.t(stays.why), stays.columns.join(", ")))
            .collect(),
        page: page.clone(),
    }))
}

#[derive(Debug, Deserialize)]
struct Decision {
    decision: String,
}

async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<Decision>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::SettingsEdit)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to(&format!("/keys/disposals/{id}")))
}

async fn receipt(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (listed, of) = found(&app, &by, &id).await?;
    let page = by.page(DisposalPage::TITLE);
    let receipt = Receipt::of(&listed, &of, |why| page.t(why));
    let headers = [(
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"disposal.json\"",
    )];
    Ok((headers, Json(receipt)).into_response())
}
