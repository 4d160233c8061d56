//! `/settings/security`: what is asked of everybody who signs in, and changing it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, PolicyError, Waiting};
use super::rules::{Pci, Terms};
use super::views::{PolicyPage, WaitingRow};
use crate::identity::access::Permission;
use crate::identity::passkeys;
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::rules::Limits;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Choice, FormErrors};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/security", get(show).post(propose))
        .route("/settings/security/requests/{id}", post(decide))
}

/// What a policy asks, a sentence for each.
pub(super) fn explained(page: &Page, terms: &Terms) -> Vec<String> {
    let factors = match terms.passkeys_only {
        true => msg!("settings-policy-factors-passkeys"),
        false => msg!("settings-policy-factors-any"),
    };
    let limit = |minutes: Option<i64>, id: &str, standard: &str| match minutes {
        Some(minutes) => page.t1(id, "minutes", minutes),
        None => page.t(standard),
    };
    let pci = match terms.pci {
        Pci::Off => msg!("settings-policy-pci-off"),
        Pci::Days => msg!("settings-policy-pci-days"),
        Pci::DynamicAnalysis => msg!("settings-policy-pci-dynamic"),
    };
    vec![
        page.t(factors),
        page.t1("settings-policy-fresh-is", "minutes", terms.fresh_minutes),
        limit(
            terms.idle_minutes,
            msg!("settings-policy-idle-is"),
            msg!("settings-policy-idle-standard"),
        ),
        limit(
            terms.longest_minutes,
            msg!("settings-policy-longest-is"),
            msg!("settings-policy-longest-standard"),
        ),
        page.t(pci),
        page.t1(
            "settings-policy-reveals-is",
            "count",
            terms.reveals_per_hour,
        ),
    ]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TermsForm {
    factors: String,
    fresh_minutes: String,
    idle_minutes: String,
    longest_minutes: String,
    pci: String,
    reveals_per_hour: String,
}

impl TermsForm {
    fn of(terms: &Terms) -> Self {
        let text = |minutes: Option<i64>| minutes.map(|m| m.to_string()).unwrap_or_default();
        Self {
            factors: if terms.passkeys_only {
                "passkeys"
            } else {
                "any"
            }
            .to_owned(),
            fresh_minutes: terms.fresh_minutes.to_string(),
            idle_minutes: text(terms.idle_minutes),
            longest_minutes: text(terms.longest_minutes),
            pci: terms.pci.as_str().to_owned(),
            reveals_per_hour: terms.reveals_per_hour.to_string(),
        }
    }

    fn read(&self) -> Result<Terms, PolicyError> {
        let number = |text: &str, field| text.trim().parse().map_err(|_| PolicyError::Field(field));
        let optional = |text: &str, field| match text.trim() {
            "" => Ok(None),
            text => number(text, field).map(Some),
        };
        Ok(Terms {
            passkeys_only: match self.factors.as_str() {
                "passkeys" => true,
                "any" => false,
                _ => return Err(PolicyError::Field("factors")),
            },
            fresh_minutes: number(&self.fresh_minutes, "fresh_minutes")?,
            idle_minutes: optional(&self.idle_minutes, "idle_minutes")?,
            longest_minutes: optional(&self.longest_minutes, "longest_minutes")?,
            pci: Pci::parse(&self.pci).ok_or(PolicyError::Field("pci"))?,
            reveals_per_hour: optional(&self.reveals_per_hour, "reveals_per_hour")?
                .unwrap_or(Terms::STANDARD.reveals_per_hour),
        })
    }
}

fn row(page: &Page, by: &SignedIn, waiting: &Waiting) -> WaitingRow {
    let request = &waiting.request;
    WaitingRow {
        id: request.id.to_string(),
        lines: explained(page, &waiting.terms),
        proposed: page.t2(
            "people-request-by",
            "name",
            &waiting.proposed_by,
            "time",
            page.time(request.created.0),
        ),
        until: page.t1("people-request-until", "time", page.time(request.expires.0)),
        is_own: request.proposed_human == by.access.human(),
    }
}

async fn page(
    app: &App,
    by: &SignedIn,
    typed: Option<TermsForm>,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let sight = actions::view(app, &by.access).await?;
    let page = by.page(PolicyPage::TITLE);
    let form = typed.unwrap_or_else(|| TermsForm::of(&sight.policy.terms));
    let configured = Limits::from(app.sessions);
    let choice =
        |value: &str, label: &str, current: &str| Choice::new(value, page.t(label), current);
    Ok(html(&PolicyPage {
        lines: explained(&page, &sight.policy.terms),
        waiting: sight
            .waiting
            .iter()
            .map(|one| row(&page, by, one))
            .collect(),
        factors: [
            ("any", msg!("settings-policy-choose-any")),
            ("passkeys", msg!("settings-policy-choose-passkeys")),
        ]
        .map(|(value, label)| choice(value, label, &form.factors))
        .to_vec(),
        are_passkeys_possible: passkeys::are_possible(app),
        can_change: by.access.may(Permission::PeopleAdminister),
        pci: [
            (Pci::Off, msg!("settings-policy-choose-pci-off")),
            (Pci::Days, msg!("settings-policy-choose-pci-days")),
            (
                Pci::DynamicAnalysis,
                msg!("settings-policy-choose-pci-dynamic"),
            ),
        ]
        .map(|(value, label)| choice(value.as_str(), label, &form.pci))
        .to_vec(),
        idle_hint: page.t1(
            "settings-policy-idle-hint",
            "minutes",
            configured.idle_us / Micros::MINUTE,
        ),
        longest_hint: page.t1(
            "settings-policy-longest-hint",
            "minutes",
            configured.longest_us / Micros::MINUTE,
        ),
        fresh_minutes: form.fresh_minutes,
        idle_minutes: form.idle_minutes,
        longest_minutes: form.longest_minutes,
        reveals_per_hour: form.reveals_per_hour,
        errors,
        page,
    }))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page(&app, &by, None, FormErrors::default()).await
}

async fn propose(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<TermsForm>,
) -> Result<Response, Problem> {
    let done = match form.read() {
        Ok(terms) => actions::propose(&app, &by.access, terms).await,
        Err(error) => {
            // Whoever may not is told so first.
            actions::view(&app, &by.access).await?;
            Err(error)
        }
    };
    let problem = match done {
        Ok(()) => return Ok(Redirect::to("/settings/security").into_response()),
        Err(error @ (PolicyError::Field(_) | PolicyError::Same)) => Problem::from(error),
        Err(other) => return Err(other.into()),
    };
    let mut errors = FormErrors::default();
    errors.add(
        problem.field.unwrap_or("factors"),
        message(&problem, by.locale),
    );
    let page = page(&app, &by, Some(form), errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
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
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = powers::verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to("/settings/security"))
}
