//! `/settings/roles`: the roles that the organisation has made.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, Holder, Sight, Waiting};
use super::rules::{Duty, duties};
use super::store::CustomRole;
use super::views::{RolePage, RoleRow, RolesPage, WaitingRow};
use crate::identity::access::{self, CustomRoleId, Permission, PermissionSet};
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{at_field, html};
use crate::platform::web::view::{Badge, FormErrors, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/roles", get(list))
        .route("/settings/roles/new", get(show_new).post(make))
        .route("/settings/roles/{id}", get(show).post(change))
        .route("/settings/roles/{id}/retire", post(retire))
        .route("/settings/roles/changes/{id}", post(decide))
}

/// Permissions, words separated by commas.
pub(in crate::identity) fn words(set: PermissionSet) -> String {
    let words: Vec<&str> = set.iter().map(Permission::as_str).collect();
    words.join(", ")
}

fn holder(page: &Page, holder: &Holder) -> String {
    match &holder.entity {
        Some(entity) => page.t2("people-role-in", "role", &holder.name, "entity", entity),
        None => holder.name.clone(),
    }
}

fn badge(page: &Page, role: &CustomRole) -> Badge {
    match role.retired {
        None => Badge::new(Tone::Good, page.t(msg!("roles-in-use"))),
        Some(_) => Badge::new(Tone::Neutral, page.t(msg!("roles-retired"))),
    }
}

fn waiting(page: &Page, by: &SignedIn, waiting: &Waiting) -> WaitingRow {
    let change = &waiting.change;
    let (name, time) = (&waiting.proposed_by, page.time(change.created.0));
    WaitingRow {
        id: change.id.to_string(),
        what: page.t2(
            "roles-gains",
            "role",
            &waiting.role,
            "permissions",
            words(change.gains),
        ),
        proposed: page.t2("people-request-by", "name", name, "time", time),
        until: page.t1("people-request-until", "time", page.time(change.expires.0)),
        is_own: change.proposed_human == by.access.human(),
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let sight = actions::list(&app, &by.access).await?;
    let page = by.page(RolesPage::TITLE);
    let row = |role: &CustomRole| {
        let holders = sight.holders_of(role.id).map(|one| holder(&page, one));
        RoleRow {
            href: format!("/settings/roles/{}", role.id),
            name: role.name.clone(),
            permissions: words(role.permissions),
            state: badge(&page, role),
            holders: holders.collect::<Vec<_>>().join(", "),
        }
    };
    Ok(html(&RolesPage {
        can_change: by.access.may(Permission::PeopleAdminister),
        waiting: sight
            .waiting
            .iter()
            .map(|one| waiting(&page, &by, one))
            .collect(),
        rows: sight.roles.iter().map(row).collect(),
        page,
    }))
}

#[derive(Debug, Default, Deserialize)]
struct RoleForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    permissions: Vec<String>,
}

impl RoleForm {
    /// A word that is no permission gives nothing.
    fn permissions(&self) -> PermissionSet {
        let words = self.permissions.iter();
        words.filter_map(|word| Permission::parse(word)).collect()
    }
}

/// Which duties meet in a role: it is allowed, and whoever makes it knows.
fn meeting(page: &Page, permissions: PermissionSet) -> Option<String> {
    let label = |duty: &Duty| {
        page.t(match duty {
            Duty::Entering => msg!("roles-duty-entering"),
            Duty::Approving => msg!("roles-duty-approving"),
            Duty::Verifying => msg!("roles-duty-verifying"),
            Duty::Releasing => msg!("roles-duty-releasing"),
        })
    };
    let duties = duties(permissions);
    let labels: Vec<String> = duties.iter().map(label).collect();
    (duties.len() > 1).then(|| page.t1("roles-duties-meet", "duties", labels.join(", ")))
}

fn role_page(
    by: &SignedIn,
    form: &RoleForm,
    shown: Option<(&Sight, &CustomRole)>,
    errors: FormErrors,
) -> RolePage {
    let mut page = by.page(RolePage::TITLE);
    if let Some((_, role)) = shown {
        page.title.clone_from(&role.name);
    }
    let ticked = form.permissions();
    let choice =
        |permission: &Permission| access::choice(&page, *permission, ticked.contains(*permission));
    let may = by.access.may(Permission::PeopleAdminister);
    let stands = shown.is_none_or(|(_, role)| role.retired.is_none());
    let holders = shown.map(|(sight, role)| {
        let holders = sight.holders_of(role.id).map(|one| holder(&page, one));
        holders.collect()
    });
    RolePage {
        id: shown.map(|(_, role)| role.id.to_string()),
        action: shown.map_or_else(
            || "/settings/roles/new".to_owned(),
            |(_, role)| format!("/settings/roles/{}", role.id),
        ),
        retire: shown
            .filter(|_| may && stands)
            .map(|(_, role)| format!("/settings/roles/{}/retire", role.id)),
        can_change: may && stands,
        name: form.name.clone(),
        permissions: Permission::ALL.iter().map(choice).collect(),
        meeting: meeting(&page, ticked),
        holders: holders.unwrap_or_default(),
        errors,
        page,
    }
}

async fn show_new(by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let page = role_page(&by, &RoleForm::default(), None, FormErrors::default());
    Ok(html(&page))
}

async fn make(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<RoleForm>,
) -> Result<Response, Problem> {
    match actions::make(&app, &by.access, &form.name, form.permissions()).await {
        Ok(id) => Ok(Redirect::to(&format!("/settings/roles/{id}")).into_response()),
        Err(error) => {
            let page = role_page(&by, &form, None, at_field(error.into(), by.locale)?);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
        }
    }
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let sight = actions::list(&app, &by.access).await?;
    let role = sight.role(id_of(&id)?).ok_or_else(Problem::not_found)?;
    let form = RoleForm {
        name: role.name.clone(),
        permissions: role.permissions.iter().map(|one| one.to_string()).collect(),
    };
    let shown = Some((&sight, role));
    Ok(html(&role_page(&by, &form, shown, FormErrors::default())))
}

async fn change(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<RoleForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id: CustomRoleId = id_of(&id)?;
    let typed = (form.name.as_str(), form.permissions());
    let Err(error) = actions::change(&app, &by.access, id, typed).await else {
        return Ok(Redirect::to("/settings/roles").into_response());
    };
    let errors = at_field(error.into(), by.locale)?;
    let sight = actions::list(&app, &by.access).await?;
    let role = sight.role(id).ok_or_else(Problem::not_found)?;
    let page = role_page(&by, &form, Some((&sight, role)), errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn retire(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    actions::retire(&app, &by.access, id_of(&id)?).await?;
    Ok(Redirect::to("/settings/roles"))
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
    let verdict = powers::verdict(&form.decision)?;
    actions::decide(&app, &by.access, id_of(&id)?, verdict).await?;
    Ok(Redirect::to("/settings/roles"))
}
