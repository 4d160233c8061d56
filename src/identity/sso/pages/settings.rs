//! How the organisation signs in: connections, domains, the rule, and what waits.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::words;
use crate::identity::access::Permission;
use crate::identity::people::Status;
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::identity::sso::ConnectionId;
use crate::identity::sso::actions::{self, Overview, Sight, what};
use crate::identity::sso::rules::{self, About, Configuration, Rule};
use crate::identity::sso::views::{ActiveRow, ChangeRow, DecidedRow, MarkedRow, OverviewPage};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{at_field, html};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

const HERE: &str = "/settings/sign-in";

/// What was typed before something was found wrong.
#[derive(Default)]
struct Typed {
    domain: String,
    email: String,
    rule: Option<Rule>,
}

pub(super) async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page(&app, &by, Typed::default(), FormErrors::default()).await
}

async fn page(
    app: &App,
    by: &SignedIn,
    typed: Typed,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let overview = actions::overview(app, &by.access).await?;
    let page = by.page(OverviewPage::TITLE);
    let rule = typed.rule.clone().unwrap_or_else(|| overview.rule.clone());
    let choices = connections(&overview)
        .map(|(id, name)| Choice::new(id.to_string(), name, ""))
        .collect();
    let active = |about| active_rows(&page, &overview, about);
    Ok(html(&OverviewPage {
        waiting: waiting(app, (&page, by), &overview),
        connections: active(About::Connection),
        domains: active(About::Domain),
        links: [active(About::Link), active(About::Account)].concat(),
        decided: decided(&page, &overview),
        sso_only: rule.sso_only,
        break_glass: marked(&overview, &rule),
        choices,
        domain: typed.domain,
        email: typed.email,
        errors,
        page,
    }))
}

fn connections(overview: &Overview) -> impl Iterator<Item = (ConnectionId, String)> + '_ {
    let active = overview.active.iter();
    active.filter_map(|sight| match &sight.setting.configuration {
        Configuration::Connection { id, connection } => Some((*id, connection.name.clone())),
        _ => None,
    })
}

fn name_of(overview: &Overview, id: PersonId) -> String {
    let mut people = overview.people.iter();
    let found = people.find(|person| person.id == id);
    found.map(|person| person.name.clone()).unwrap_or_default()
}

fn waiting(app: &App, (page, by): (&Page, &SignedIn), overview: &Overview) -> Vec<ChangeRow> {
    let links = |path: &str| app.link(path);
    let names = |id| name_of(overview, id);
    let row = |sight: &Sight| ChangeRow {
        id: sight.setting.id.to_string(),
        what: what(page, &sight.setting.configuration),
        facts: words::facts(
            page,
            &sight.setting.configuration,
            (&names, &overview.roles, &links),
        ),
        proposed: words::proposed(page, sight),
        is_own: sight.setting.proposed_human == by.access.human(),
    };
    overview.waiting.iter().map(row).collect()
}

fn active_rows(page: &Page, overview: &Overview, about: About) -> Vec<ActiveRow> {
    let of_kind = overview.active.iter();
    of_kind
        .filter(|sight| sight.setting.configuration.about() == about)
        .map(|sight| {
            let configuration = &sight.setting.configuration;
            let (name, href, detail) = match configuration {
                Configuration::Connection { id, connection } => (
                    connection.name.clone(),
                    Some(format!("{HERE}/connections/{id}")),
                    connection.kind().as_str().to_uppercase(),
                ),
                Configuration::Domain { domain } => (domain.clone(), None, String::new()),
                Configuration::Link { person, connection } => {
                    let of = connections(overview).find(|(id, _)| id == connection);
                    let of = of.map(|(_, name)| name).unwrap_or_default();
                    (name_of(overview, *person), None, of)
                }
                Configuration::Account { person, .. } => {
                    (name_of(overview, *person), None, what(page, configuration))
                }
                Configuration::Rule { .. } => (what(page, configuration), None, String::new()),
            };
            ActiveRow {
                id: sight.setting.id.to_string(),
                name,
                href,
                detail,
            }
        })
        .collect()
}

fn decided(page: &Page, overview: &Overview) -> Vec<DecidedRow> {
    let row = |sight: &Sight| {
        let (tone, text) = match sight.setting.state {
            rules::State::Refused => (Tone::Bad, msg!("people-request-refused")),
            rules::State::Ended => (Tone::Neutral, msg!("sso-ended")),
            _ => (Tone::Neutral, msg!("people-request-replaced")),
        };
        DecidedRow {
            what: what(page, &sight.setting.configuration),
            state: Badge::new(tone, page.t(text)),
            proposed_by: sight.proposed_by.clone(),
            decided_by: sight.decided_by.clone().unwrap_or_default(),
            time: sight
                .setting
                .decided
                .map(|at| page.time(at.0))
                .unwrap_or_default(),
        }
    };
    overview.decided.iter().map(row).collect()
}

fn marked(overview: &Overview, rule: &Rule) -> Vec<MarkedRow> {
    let people = overview.people.iter();
    people
        .filter(|person| person.status == Status::Active)
        .map(|person| MarkedRow {
            id: person.id.to_string(),
            name: format!("{} · {}", person.name, person.email),
            checked: rule.break_glass.contains(&person.id),
        })
        .collect()
}

/// The page again, with what is wrong at its field; a problem that belongs to no field is the answer itself.
async fn again(
    app: &App,
    by: &SignedIn,
    typed: Typed,
    problem: Problem,
) -> Result<Response, Problem> {
    let errors = at_field(problem, by.locale)?;
    let page = page(app, by, typed, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn proposed(
    app: &App,
    by: &SignedIn,
    configuration: Configuration,
    typed: Typed,
) -> Result<Response, Problem> {
    match actions::propose(app, &by.access, configuration, None).await {
        Ok(_) => Ok(Redirect::to(HERE).into_response()),
        Err(error) => again(app, by, typed, error.into()).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DomainForm {
    domain: String,
}

pub(super) async fn add_domain(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<DomainForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let typed = Typed {
        domain: form.domain.clone(),
        ..Typed::default()
    };
    match rules::domain(&form.domain) {
        Some(domain) => proposed(&app, &by, Configuration::Domain { domain }, typed).await,
        None => {
            let problem = Problem::invalid(msg!("sso-wrong-domain")).field("domain");
            again(&app, &by, typed, problem).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleForm {
    sso_only: bool,
    break_glass: Vec<String>,
}

pub(super) async fn set_rule(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<RuleForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let people = actions::overview(&app, &by.access).await?.people;
    let rule = Rule {
        sso_only: form.sso_only,
        break_glass: people
            .iter()
            .map(|person| person.id)
            .filter(|id| form.break_glass.contains(&id.to_string()))
            .collect(),
    };
    let typed = Typed {
        rule: Some(rule.clone()),
        ..Typed::default()
    };
    proposed(&app, &by, Configuration::Rule { rule }, typed).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    connection: String,
    email: String,
}

pub(super) async fn permit_link(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<LinkForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let overview = actions::overview(&app, &by.access).await?;
    let connection = connections(&overview).find(|(id, _)| id.to_string() == form.connection);
    let email = crate::identity::people::sign_in_name(&form.email);
    let mut people = overview.people.iter();
    let person =
        people.find(|person| crate::identity::people::sign_in_name(&person.email) == email);
    let typed = Typed {
        email: form.email.clone(),
        ..Typed::default()
    };
    match (connection, person) {
        (Some((connection, _)), Some(person)) => {
            let person = person.id;
            let configuration = Configuration::Link { connection, person };
            proposed(&app, &by, configuration, typed).await
        }
        _ => {
            let problem = Problem::invalid(msg!("sso-wrong-link")).field("email");
            again(&app, &by, typed, problem).await
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct DecisionForm {
    decision: String,
}

pub(super) async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = powers::verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to(HERE))
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn end(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    actions::end(&app, &by.access, id).await?;
    Ok(Redirect::to(HERE))
}
