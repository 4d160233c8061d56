//! The page of one's own delegations.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use serde::Deserialize;

use super::actions::{self, DelegationError, Listed, NewDelegation};
use super::rules::is_within;
use super::views::{DelegationRow, DelegationsPage};
use crate::identity::access::Permission;
use crate::identity::organisations::EntityId;
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{at_field, html};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me/delegations", get(show).post(create))
        .route("/me/delegations/end", post(end))
        .route("/people/delegations", post(create_for))
        .route("/people/delegations/{id}", post(decide))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DelegationForm {
    /// Who is absent, where an administrator delegates for her.
    principal: String,
    delegate: String,
    entity: String,
    from: String,
    until: String,
}

fn state(page: &Page, listed: &Listed, today: Date) -> (Badge, bool) {
    let delegation = &listed.delegation;
    let badge = |tone, id| Badge::new(tone, page.t(id));
    if delegation.ended.is_some() {
        return (badge(Tone::Neutral, msg!("people-delegation-ended")), false);
    }
    if let Some(until) = delegation.waits {
        let waits = page.t1("people-delegation-waits", "time", page.time(until.0));
        return (Badge::new(Tone::Warn, waits), true);
    }
    if today > delegation.until {
        return (badge(Tone::Neutral, msg!("people-delegation-over")), false);
    }
    if is_within(delegation.from, delegation.until, today) {
        return (badge(Tone::Good, msg!("people-delegation-now")), true);
    }
    (badge(Tone::Info, msg!("people-delegation-later")), true)
}

fn row(page: &Page, listed: Listed, today: Date) -> DelegationRow {
    let (state, can_end) = state(page, &listed, today);
    let everywhere = || page.t(msg!("people-delegation-everywhere"));
    DelegationRow {
        id: listed.delegation.id.to_string(),
        entity: listed.entity.clone().unwrap_or_else(everywhere),
        from: page.date(listed.delegation.from),
        until: page.date(listed.delegation.until),
        principal: listed.principal,
        delegate: listed.delegate,
        waits: listed.delegation.waits.is_some() && listed.delegation.ended.is_none(),
        state,
        can_end,
    }
}

async fn page(
    app: &App,
    by: &SignedIn,
    form: DelegationForm,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let own = actions::list(app, &by.access).await?;
    let page = by.page(DelegationsPage::TITLE);
    let mut delegates = vec![Choice::new("", "", &form.delegate)];
    for person in &own.others {
        let id = person.id.to_string();
        delegates.push(Choice::new(&id, &person.name, &form.delegate));
    }
    let mut principals = vec![Choice::new("", "", &form.principal)];
    for person in &own.principals {
        let id = person.id.to_string();
        principals.push(Choice::new(&id, &person.name, &form.principal));
    }
    let everywhere = page.t(msg!("people-delegation-everywhere"));
    let mut entities = vec![Choice::new("", &everywhere, &form.entity)];
    for entity in &own.entities {
        let id = entity.id.to_string();
        entities.push(Choice::new(&id, &entity.name, &form.entity));
    }
    Ok(html(&DelegationsPage {
        administers: by.access.may(Permission::PeopleAdminister),
        principals,
        can_delegate: by.access.may_anywhere(Permission::BillsDecide),
        rows: own
            .listed
            .into_iter()
            .map(|listed| row(&page, listed, own.today))
            .collect(),
        delegates,
        entities,
        from: if form.from.is_empty() {
            own.today.to_string()
        } else {
            form.from
        },
        until: form.until,
        errors,
        page,
    }))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    page(&app, &by, DelegationForm::default(), FormErrors::default()).await
}

/// The form as it is meant, or what is wrong with it.
fn read(form: &DelegationForm, page: &Page) -> Result<NewDelegation, FormErrors> {
    let mut errors = FormErrors::default();
    let mut wrong = |field, id| errors.add(field, page.t(id));
    let delegate = form.delegate.parse::<PersonId>();
    if delegate.is_err() {
        wrong("delegate", msg!("error-delegation-not-active"));
    }
    let entity = match form.entity.as_str() {
        "" => Ok(None),
        text => text.parse::<EntityId>().map(Some),
    };
    if entity.is_err() {
        wrong("entity", msg!("people-delegation-wrong-entity"));
    }
    let (from, until) = (form.from.parse::<Date>(), form.until.parse::<Date>());
    for (field, date) in [("from", &from), ("until", &until)] {
        if date.is_err() {
            wrong(field, msg!("people-delegation-wrong-date"));
        }
    }
    match (delegate, entity, from, until) {
        (Ok(delegate), Ok(entity), Ok(from), Ok(until)) => Ok(NewDelegation {
            delegate,
            entity,
            from,
            until,
        }),
        _ => Err(errors),
    }
}

async fn create(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<DelegationForm>,
) -> Result<Response, Problem> {
    by.access.reach(Permission::BillsDecide)?;
    let errors = match read(&form, &by.page(DelegationsPage::TITLE)) {
        Ok(new) => match actions::delegate(&app, &by.access, new).await {
            Ok(_) => return Ok(Redirect::to("/me/delegations").into_response()),
            Err(error) => at_field(error.into(), by.locale)?,
        },
        Err(errors) => errors,
    };
    let page = page(&app, &by, form, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn create_for(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<DelegationForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let principal = form.principal.parse::<PersonId>();
    let principal = principal.map_err(|_| DelegationError::DecidesNothing);
    let errors = match (principal, read(&form, &by.page(DelegationsPage::TITLE))) {
        (_, Err(errors)) => errors,
        (Err(error), _) => at_field(error.into(), by.locale)?,
        (Ok(principal), Ok(new)) => {
            match actions::delegate_for(&app, &by.access, (principal, new)).await {
                Ok(_) => return Ok(Redirect::to("/me/delegations").into_response()),
                Err(error) => at_field(error.into(), by.locale)?,
            }
        }
    };
    let page = page(&app, &by, form, errors).await?;
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
    by.access.require(Permission::PeopleAdminister)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = powers::verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to("/me/delegations"))
}

#[derive(Debug, Deserialize)]
struct EndForm {
    delegation: String,
}

async fn end(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<EndForm>,
) -> Result<Redirect, Problem> {
    let ended = match form.delegation.parse() {
        Ok(id) => actions::end(&app, &by.access, id).await,
        Err(_) => Err(DelegationError::Missing),
    };
    match ended {
        // The page that she comes back to says how it stands.
        Ok(()) | Err(DelegationError::Missing | DelegationError::Ended) => {
            Ok(Redirect::to("/me/delegations"))
        }
        Err(other) => Err(other.into()),
    }
}
