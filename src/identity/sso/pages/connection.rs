//! A connection: proposing one, changing one, and seeing why somebody was refused.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::words;
use crate::identity::access::{Permission, Role};
use crate::identity::people;
use crate::identity::roles::CustomRoles;
use crate::identity::sessions::SignedIn;
use crate::identity::sso::ConnectionId;
use crate::identity::sso::rules::form::{self, Wrong};
use crate::identity::sso::rules::{
    Configuration, Connection, Metadata, NameId, Oidc, Protocol, ProtocolKind,
};
use crate::identity::sso::store::arrivals::Failure;
use crate::identity::sso::views::{CheckRow, ConnectionForm, ConnectionPage, FailureRow};
use crate::identity::sso::{actions, oidc, saml};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors, Notice, Tone};

const NEW: &str = "/settings/sign-in/connections/new";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Kind {
    kind: String,
}

/// What belongs to a connection that is there already.
#[derive(Default)]
pub(super) struct Known {
    id: Option<ConnectionId>,
    /// The issuer in force: its secret is not another one's.
    issuer: Option<String>,
    certificates: Vec<String>,
    /// When its metadata was fetched last, where that has an address.
    fetched: Option<Option<Micros>>,
    failures: Vec<Failure>,
    /// Which roles there are to give.
    roles: CustomRoles,
    /// That a file was read.
    told: Option<&'static str>,
}

impl Known {
    /// Of a connection that is not there yet.
    pub(super) async fn of_new(app: &App, by: &SignedIn) -> Result<Self, Problem> {
        Ok(Self {
            roles: people::offered(app, &by.access).await?.roles,
            ..Self::default()
        })
    }

    /// The same, after something was done about it.
    pub(super) fn told(self, text: &'static str) -> Self {
        Self {
            told: Some(text),
            ..self
        }
    }
}

/// What is wrong, beside the fields.
pub(super) fn said(page: &Page, wrong: Vec<Wrong>) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, why) in wrong {
        errors.add(field, page.t(why));
    }
    errors
}

pub(super) fn view(
    app: &App,
    by: &SignedIn,
    known: Known,
    form: ConnectionForm,
    errors: FormErrors,
) -> Response {
    let page = by.page(ConnectionPage::TITLE);
    let format =
        |one: &NameId| Choice::new(one.as_str(), words::format_word(&page, *one), &form.name_id);
    let named = |role: Role| match known.roles.find(role) {
        Some(own) => format!("{role} ({})", own.name),
        None => role.to_string(),
    };
    let words: Vec<String> = known.roles.given().map(named).collect();
    let failures = known.failures.into_iter();
    html(&ConnectionPage {
        action: match known.id {
            Some(id) => format!("/settings/sign-in/connections/{id}"),
            None => NEW.to_owned(),
        },
        is_change: known.id.is_some(),
        try_it: known.id.map(|id| format!("/sso/{id}/start")),
        addresses: known
            .id
            .map_or_else(Vec::new, |id| addresses(app, &page, id, &form.kind)),
        formats: NameId::ALL.iter().map(format).collect(),
        role_words: words.join(", "),
        certificates: known.certificates,
        fetched: known.fetched.map(|at| match at {
            Some(at) => page.t1("sso-fetched", "time", page.time(at.0)),
            None => page.t(msg!("sso-never-fetched")),
        }),
        failures: failures.map(|failure| row(&page, failure)).collect(),
        told: known.told.map(|told| Notice {
            tone: Tone::Good,
            text: page.t(told),
        }),
        form,
        errors,
        page,
    })
}

/// What the identity provider's administrator types there.
fn addresses(app: &App, page: &Page, id: ConnectionId, kind: &str) -> Vec<Fact> {
    let at = |what: &str| Some(app.link(&format!("/sso/{id}/{what}")));
    if kind == ProtocolKind::Oidc.as_str() {
        let back = Some(app.link("/sign-in"));
        return vec![
            Fact::new(page.t(msg!("sso-callback")), at("callback"), None),
            Fact::new(
                page.t(msg!("sso-backchannel-logout")),
                at("backchannel-logout"),
                None,
            ),
            Fact::new(page.t(msg!("sso-after-logout")), back, None),
        ];
    }
    vec![
        Fact::new(page.t(msg!("sso-own-entity-id")), at("metadata"), None),
        Fact::new(page.t(msg!("sso-acs")), at("acs"), None),
        Fact::new(page.t(msg!("sso-logout")), at("logout"), None),
    ]
}

/// A check as the protocols keep it.
#[derive(Deserialize)]
struct Check {
    id: String,
    status: String,
    said: String,
}

fn row(page: &Page, failure: Failure) -> FailureRow {
    let checks: Vec<Check> = serde_json::from_str(&failure.checks).unwrap_or_default();
    let row = |check: Check| {
        let tone = match check.status.as_str() {
            "ok" => Tone::Good,
            "warning" => Tone::Warn,
            "failed" => Tone::Bad,
            _ => Tone::Neutral,
        };
        CheckRow {
            badge: Badge::new(tone, check.id),
            said: check.said,
        }
    };
    FailureRow {
        time: page.time(failure.at.0),
        reason: words::reason(page, failure.reason),
        reference: failure.reference.to_string(),
        checks: checks.into_iter().map(row).collect(),
    }
}

/// The form of a connection that is not there yet.
pub(super) fn empty(kind: ProtocolKind) -> ConnectionForm {
    let form = ConnectionForm {
        kind: kind.as_str().to_owned(),
        name_id: NameId::Persistent.as_str().to_owned(),
        ..ConnectionForm::default()
    };
    match kind {
        ProtocolKind::Saml => form,
        // What the standard calls them (OpenID Connect Core, 5.1).
        ProtocolKind::Oidc => ConnectionForm {
            email: "email".to_owned(),
            full_name: "name".to_owned(),
            ..form
        },
    }
}

pub(super) async fn show_new(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(query): Query<Kind>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let kind = ProtocolKind::parse(&query.kind).unwrap_or(ProtocolKind::Saml);
    let known = Known::of_new(&app, &by).await?;
    Ok(view(&app, &by, known, empty(kind), FormErrors::default()))
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<ConnectionForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id: ConnectionId = app.id();
    let known = Known::of_new(&app, &by).await?;
    propose(&app, &by, (id, known), form).await
}

async fn propose(
    app: &App,
    by: &SignedIn,
    (id, known): (ConnectionId, Known),
    typed: ConnectionForm,
) -> Result<Response, Problem> {
    // Before anything is fetched for her.
    by.access.require_fresh()?;
    let page = by.page(ConnectionPage::TITLE);
    let connection = match checked(app, &page, &known, &typed).await {
        Ok(connection) => connection,
        Err(errors) => {
            let page = view(app, by, known, typed, errors);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let secret = Some(typed.client_secret.0).filter(|secret| !secret.is_empty());
    let configuration = Configuration::Connection { id, connection };
    actions::propose(app, &by.access, configuration, secret).await?;
    Ok(Redirect::to("/settings/sign-in").into_response())
}

/// What was typed as a connection that could be used now, or all that is wrong with it.
async fn checked(
    app: &App,
    page: &Page,
    known: &Known,
    typed: &ConnectionForm,
) -> Result<Connection, FormErrors> {
    let connection = match form::typed(typed) {
        Ok(connection) => connection,
        Err(wrong) => {
            return Err(said(page, wrong));
        }
    };
    let Protocol::Oidc(Oidc { issuer, .. }) = &connection.protocol else {
        return Ok(connection);
    };
    let mut errors = FormErrors::default();
    let is_other = known.issuer.as_ref().is_some_and(|was| was != issuer);
    if is_other && typed.client_secret.0.is_empty() {
        errors.add("client_secret", page.t(msg!("sso-wrong-secret")));
    }
    if let Err(why) = oidc::check(&app.outgoing, issuer).await {
        errors.add("issuer", words::unusable(page, &why));
    }
    match errors.is_empty() {
        true => Ok(connection),
        false => Err(errors),
    }
}

pub(super) async fn known(
    app: &App,
    by: &SignedIn,
    id: ConnectionId,
    (connection, failures): (&Connection, Vec<Failure>),
) -> Result<Known, Problem> {
    let issuer = match &connection.protocol {
        Protocol::Oidc(oidc) => Some(oidc.issuer.clone()),
        Protocol::Saml(_) => None,
    };
    let fetched = match &connection.protocol {
        Protocol::Saml(of) if matches!(of.metadata, Metadata::Address { .. }) => {
            Some(saml::fetched_at(app, by.access.scope(), id).await?)
        }
        _ => None,
    };
    Ok(Known {
        id: Some(id),
        issuer,
        fetched,
        certificates: saml::certificates(app, by.access.scope(), id).await?,
        failures,
        ..Known::of_new(app, by).await?
    })
}

pub(super) fn connection_id(text: &str) -> Result<ConnectionId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = connection_id(&id)?;
    let (_, connection, failures) = actions::sight(&app, &by.access, id).await?;
    let known = known(&app, &by, id, (&connection, failures)).await?;
    let form = form::as_typed(&connection);
    Ok(view(&app, &by, known, form, FormErrors::default()))
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<ConnectionForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = connection_id(&id)?;
    let (_, connection, failures) = actions::sight(&app, &by.access, id).await?;
    // The protocol stays: subjects of one are nobody in the other.
    let form = ConnectionForm {
        kind: connection.kind().as_str().to_owned(),
        ..form
    };
    let known = known(&app, &by, id, (&connection, failures)).await?;
    propose(&app, &by, (id, known), form).await
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// The connection that an administrator does something with.
async fn acted_on(app: &App, by: &SignedIn, id: &str) -> Result<ConnectionId, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = connection_id(id)?;
    actions::sight(app, &by.access, id).await?;
    Ok(id)
}

fn page_of(id: ConnectionId) -> Redirect {
    Redirect::to(&format!("/settings/sign-in/connections/{id}"))
}

pub(super) async fn fetch(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = acted_on(&app, &by, &id).await?;
    saml::fetch_now(&app, &by.access, id).await?;
    Ok(page_of(id))
}

pub(super) async fn renew_key(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = acted_on(&app, &by, &id).await?;
    saml::renew_key(&app, &by.access, id).await?;
    Ok(page_of(id))
}

pub(super) async fn retire_key(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = acted_on(&app, &by, &id).await?;
    saml::retire_key(&app, &by.access, id).await?;
    Ok(page_of(id))
}
