//! The settings' page of directories.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::DirectoryId;
use super::actions::{self, DirectorySight, MappingSight, TokenSight, Which};
use super::rules::LONGEST_DAYS;
use super::store::tokens;
use super::views::{DirectoriesPage, DirectoryBlock, MappingRow, NewToken, TokenRow};
use crate::identity::access::{Permission, Role};
use crate::identity::organisations::{NAME_CHARS, text};
use crate::identity::people::{self, role_label};
use crate::identity::powers::{self, Verdict};
use crate::identity::roles::CustomRoles;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

const HERE: &str = "/settings/directories";

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/directories", get(show).post(make))
        .route("/settings/directories/{id}/tokens", post(make_token))
        .route("/settings/directories/{id}/mappings", post(map))
        .route("/settings/directories/{id}/accounts", post(permit))
        .route("/settings/directory-tokens/{id}", post(decide))
        .route("/settings/directory-mappings/{id}", post(decide_mapping))
}

fn state(page: &Page, state: tokens::State, (is_open, works): (bool, bool)) -> Badge {
    use tokens::State as S;
    match state {
        S::Open if is_open => Badge::new(Tone::Warn, page.t(msg!("people-request-open"))),
        S::Open => Badge::new(Tone::Neutral, page.t(msg!("people-request-late"))),
        S::Confirmed if works => Badge::new(Tone::Good, page.t(msg!("people-token-works"))),
        S::Alone if works => Badge::new(Tone::Warn, page.t(msg!("people-request-alone"))),
        S::Confirmed | S::Alone => Badge::new(Tone::Neutral, page.t(msg!("people-token-expired"))),
        S::Refused => Badge::new(Tone::Bad, page.t(msg!("people-request-refused"))),
        S::Revoked => Badge::new(Tone::Neutral, page.t(msg!("people-token-revoked"))),
    }
}

fn token_row(page: &Page, by: &SignedIn, sight: TokenSight, now: Micros) -> TokenRow {
    let token = sight.token;
    let (is_open, works) = (token.is_open(now), token.works(now));
    let made = page.time(token.created.0);
    TokenRow {
        id: token.id.to_string(),
        state: state(page, token.state, (is_open, works)),
        made: page.t2("people-request-by", "name", sight.proposed_by, "time", made),
        expires: page.time(token.expires.0),
        last_used: sight.last_used.map(|at| page.time(at.0)),
        can_confirm: is_open && token.proposed_human != by.access.human(),
        is_open,
        works,
    }
}

fn mapping_row(
    (page, roles): (&Page, &CustomRoles),
    by: &SignedIn,
    sight: MappingSight,
    now: Micros,
) -> MappingRow {
    let mapping = sight.mapping;
    let (is_open, works) = (mapping.is_open(now), mapping.works());
    MappingRow {
        id: mapping.id.to_string(),
        group: sight.group,
        role: role_label(page, roles, mapping.role),
        state: state(page, mapping.state, (is_open, works)),
        proposed_by: sight.proposed_by,
        can_confirm: is_open && mapping.proposed_human != by.access.human(),
        is_open,
        works,
    }
}

fn block(
    (page, roles): (&Page, &CustomRoles),
    by: &SignedIn,
    sight: DirectorySight,
    now: Micros,
) -> DirectoryBlock {
    DirectoryBlock {
        id: sight.id.to_string(),
        counts: page.t2(
            "directories-counts",
            "users",
            sight.users,
            "accounts",
            sight.accounts,
        ),
        waiting: (sight.waiting > 0)
            .then(|| page.t1(msg!("directories-waiting"), "count", sight.waiting)),
        name: sight.name,
        tokens: sight
            .tokens
            .into_iter()
            .map(|token| token_row(page, by, token, now))
            .collect(),
        mappings: sight
            .mappings
            .into_iter()
            .map(|mapping| mapping_row((page, roles), by, mapping, now))
            .collect(),
        groups: sight
            .groups
            .into_iter()
            .map(|(id, name)| Choice::new(id.to_string(), name, ""))
            .collect(),
        roles: roles
            .given()
            .map(|role| Choice::new(role.to_string(), role_label(page, roles, role), ""))
            .collect(),
    }
}

/// What an answer shows beside the directories themselves.
#[derive(Debug, Default)]
struct Said {
    shown: Option<NewToken>,
    form: MakeForm,
    errors: FormErrors,
}

async fn page_of(app: &App, by: &SignedIn, said: Said) -> Result<Response, Problem> {
    let sights = actions::list(app, &by.access).await?;
    let roles = people::offered(app, &by.access).await?.roles;
    let (page, now) = (by.page(DirectoriesPage::TITLE), app.now());
    Ok(html(&DirectoriesPage {
        can_change: by.access.may(Permission::PeopleAdminister),
        address: app.link("/scim/v2"),
        shown: said.shown,
        directories: sights
            .into_iter()
            .map(|sight| block((&page, &roles), by, sight, now))
            .collect(),
        typed_name: said.form.name,
        typed_days: said.form.days,
        errors: said.errors,
        page,
    }))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page_of(&app, &by, Said::default()).await
}

#[derive(Debug, Default, Deserialize)]
struct MakeForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
}

fn days(page: &Page, typed: &str, errors: &mut FormErrors) -> i64 {
    let days = typed.trim().parse::<i64>().unwrap_or(0);
    if !(1..=LONGEST_DAYS).contains(&days) {
        errors.add("days", page.t(msg!("people-token-wrong-days")));
    }
    days
}

async fn made(app: &App, by: &SignedIn, which: Which, days: i64) -> Result<Response, Problem> {
    let token = actions::propose(app, &by.access, which, days).await?;
    let said = Said {
        shown: Some(NewToken(token.expose().to_string())),
        ..Said::default()
    };
    page_of(app, by, said).await
}

async fn make(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<MakeForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let page = by.page(DirectoriesPage::TITLE);
    let mut errors = FormErrors::default();
    let name = text(&form.name, NAME_CHARS).unwrap_or_else(|_| {
        errors.add("name", page.t(msg!("setup-wrong-missing")));
        String::new()
    });
    let days = days(&page, &form.days, &mut errors);
    if errors.is_empty() {
        return made(&app, &by, Which::New(name), days).await;
    }
    let said = Said {
        form,
        errors,
        ..Said::default()
    };
    let page = page_of(&app, &by, said).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Debug, Deserialize)]
struct TokenForm {
    days: String,
}

async fn make_token(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<TokenForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let mut errors = FormErrors::default();
    let days = days(&by.page(DirectoriesPage::TITLE), &form.days, &mut errors);
    if !errors.is_empty() {
        return Err(Problem::invalid(msg!("people-token-wrong-days")).field("days"));
    }
    made(&app, &by, Which::There(id), days).await
}

#[derive(Debug, Deserialize)]
struct MapForm {
    group: String,
    role: String,
}

async fn map(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(_): Path<String>,
    Checked(form): Checked<MapForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let group = form.group.parse().map_err(|_| Problem::not_found())?;
    let role = Role::parse(&form.role).ok_or_else(Problem::not_found)?;
    actions::map(&app, &by.access, group, role).await?;
    Ok(Redirect::to(HERE))
}

#[derive(Debug, Deserialize)]
struct PermitForm {
    #[serde(default)]
    email: String,
}

/// Asks that a directory may take an account over: it waits where how people sign in waits.
async fn permit(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<PermitForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id: DirectoryId = id.parse().map_err(|_| Problem::not_found())?;
    let known = actions::list(&app, &by.access).await?;
    if !known.iter().any(|sight| sight.id == id) {
        return Err(Problem::not_found());
    }
    actions::permit(&app, &by.access, id, &form.email).await?;
    Ok(Redirect::to("/settings/sign-in"))
}

#[derive(Debug, Deserialize)]
struct DecisionForm {
    decision: String,
}

/// What is done with something that waits or works.
enum Decision {
    Verdict(Verdict),
    End,
}

fn decision(form: &DecisionForm) -> Result<Decision, Problem> {
    if form.decision == "revoke" {
        return Ok(Decision::End);
    }
    powers::verdict(&form.decision).map(Decision::Verdict)
}

async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    match decision(&form)? {
        Decision::Verdict(verdict) => actions::decide(&app, &by.access, id, verdict).await?,
        Decision::End => actions::revoke(&app, &by.access, id).await?,
    }
    Ok(Redirect::to(HERE))
}

async fn decide_mapping(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    match decision(&form)? {
        Decision::Verdict(verdict) => {
            actions::decide_mapping(&app, &by.access, id, verdict).await?;
        }
        Decision::End => actions::end_mapping(&app, &by.access, id).await?,
    }
    Ok(Redirect::to(HERE))
}
