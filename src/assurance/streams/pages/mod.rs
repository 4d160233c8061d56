//! `/settings/streams`.

mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::StreamId;
use super::actions::{self, Proposal, ShownSecret, StreamError, may_decide};
use super::rules::{self, Begins, Kind};
use super::views::{NewSecret, StreamsPage};
use crate::assurance::audit::rules::Format;
use crate::identity::access::Permission;
use crate::identity::powers::verdict;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::{Choice, FormErrors};

const HERE: &str = "/settings/streams";

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/streams", get(show).post(propose))
        .route("/settings/streams/{id}", post(decide))
        .route("/settings/streams/{id}/pause", post(pause))
        .route("/settings/streams/{id}/resume", post(resume))
        .route("/settings/streams/{id}/remove", post(remove))
        .route("/settings/streams/{id}/secret", post(rotate))
        .route("/settings/streams/{id}/test", post(test))
}

/// What an answer shows beside the streams themselves.
#[derive(Debug, Default)]
struct Said {
    shown: Option<ShownSecret>,
    form: ProposalForm,
    errors: FormErrors,
}

async fn page_of(app: &App, by: &SignedIn, said: Said) -> Result<Response, Problem> {
    let sights = actions::list(app, &by.access).await?;
    let (page, form) = (by.page(StreamsPage::TITLE), said.form);
    let kinds = Kind::ALL.iter().map(|kind| {
        let label = page.t(words::kind(*kind));
        Choice::new(kind.as_str(), label, &form.kind)
    });
    let formats = [Format::Ocsf, Format::JsonLines].map(|format| {
        let label = page.t(words::format(format));
        Choice::new(format.as_str(), label, &form.format)
    });
    let beginnings = Begins::ALL.iter().map(|begins| {
        let label = page.t(words::begins(*begins));
        Choice::new(begins.as_str(), label, &form.begins)
    });
    let none = Choice::new("", page.t(msg!("streams-replaces-none")), &form.replaces);
    let formers = sights.iter().filter(|sight| {
        use rules::State as S;
        matches!(sight.stream.state, S::Active | S::Paused)
    });
    let formers = formers.map(|sight| {
        let id = sight.stream.id.to_string();
        Choice::new(id, &sight.stream.name, &form.replaces)
    });
    Ok(html(&StreamsPage {
        can_propose: by.access.may(Permission::SettingsEdit),
        shown: said.shown.map(|shown| NewSecret {
            name: shown.name,
            secret: shown.secret.expose().to_string(),
        }),
        kinds: kinds.collect(),
        formats: formats.into(),
        beginnings: beginnings.collect(),
        formers: std::iter::once(none).chain(formers).collect(),
        rows: sights
            .iter()
            .map(|sight| words::row(&page, by, sight))
            .collect(),
        typed_name: form.name,
        typed_address: form.address,
        errors: said.errors,
        page,
    }))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page_of(&app, &by, Said::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposalForm {
    name: String,
    kind: String,
    address: String,
    format: String,
    begins: String,
    replaces: String,
}

impl ProposalForm {
    /// What is chosen from a list and is not in it was not chosen on our page.
    fn proposal(&self) -> Result<Proposal, Problem> {
        let unknown = |field| Problem::invalid(msg!("error-stream-choice")).field(field);
        let replaces = Some(&self.replaces).filter(|id| !id.is_empty());
        let replaces = replaces.map(|id| id.parse().map_err(|_| unknown("replaces")));
        Ok(Proposal {
            name: self.name.clone(),
            kind: Kind::parse(&self.kind).ok_or_else(|| unknown("kind"))?,
            address: self.address.clone(),
            format: Format::parse(&self.format).ok_or_else(|| unknown("format"))?,
            begins: Begins::parse(&self.begins).ok_or_else(|| unknown("begins"))?,
            replaces: replaces.transpose()?,
        })
    }
}

async fn propose(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<ProposalForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::SettingsEdit)?;
    let (page, mut errors) = (by.page(StreamsPage::TITLE), FormErrors::default());
    match actions::propose(&app, &by.access, form.proposal()?).await {
        Ok(_) => return Ok(Redirect::to(HERE).into_response()),
        Err(StreamError::Name) => errors.add("name", page.t(msg!("error-stream-name"))),
        Err(StreamError::Address) => errors.add("address", page.t(msg!("error-stream-address"))),
        Err(other) => return Err(other.into()),
    }
    let said = Said {
        form,
        errors,
        ..Said::default()
    };
    let page = page_of(&app, &by, said).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What the address names, for whoever may decide on it.
fn named(by: &SignedIn, id: &str) -> Result<StreamId, Problem> {
    may_decide(&by.access)?;
    id.parse().map_err(|_| Problem::not_found())
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
) -> Result<Response, Problem> {
    let id = named(&by, &id)?;
    let verdict = verdict(&form.decision)?;
    shown(
        &app,
        &by,
        actions::decide(&app, &by.access, id, verdict).await?,
    )
    .await
}

/// The page with a secret on it, once; or the way back to the page.
async fn shown(app: &App, by: &SignedIn, secret: Option<ShownSecret>) -> Result<Response, Problem> {
    if secret.is_none() {
        return Ok(Redirect::to(HERE).into_response());
    }
    let said = Said {
        shown: secret,
        ..Said::default()
    };
    page_of(app, by, said).await
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn pause(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::pause(&app, &by.access, named(&by, &id)?).await?;
    Ok(Redirect::to(HERE))
}

async fn resume(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::resume(&app, &by.access, named(&by, &id)?).await?;
    Ok(Redirect::to(HERE))
}

async fn remove(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::remove(&app, &by.access, named(&by, &id)?).await?;
    Ok(Redirect::to(HERE))
}

async fn rotate(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, Problem> {
    let made = actions::rotate(&app, &by.access, named(&by, &id)?).await?;
    shown(&app, &by, Some(made)).await
}

async fn test(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::test(&app, &by.access, named(&by, &id)?).await?;
    Ok(Redirect::to(HERE))
}
