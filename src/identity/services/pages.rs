//! The pages of service accounts.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions;
use super::views::{NewServicePage, ServicePage};
use crate::identity::access::{Grant, Permission, allows_service};
use crate::identity::organisations::{NAME_CHARS, text};
use crate::identity::people::{self, EntityRoles, RoleChoice, Status, held_labels, parse_grants};
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::identity::tokens::views::NewToken;
use crate::identity::tokens::{LONGEST_DAYS, permission_choices, row};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/people/services/new", get(show_new).post(create))
        .route("/people/services/{id}", get(show))
        .route("/people/services/{id}/tokens", post(make_token))
        .route(
            "/people/services/{id}/tokens/{credential}/revoke",
            post(revoke_token),
        )
}

/// The roles that a program may have: those without power, everywhere and in each legal entity.
async fn roles(
    app: &App,
    by: &SignedIn,
    page: &Page,
    ticked: &[Grant],
) -> Result<(Vec<RoleChoice>, Vec<EntityRoles>), Problem> {
    let offered = people::offered(app, &by.access).await?;
    let is_without_power = |choice: &RoleChoice| {
        let grant = Grant::parse(&choice.value);
        grant.is_some_and(|grant| !powers::has_power(offered.roles.gives(grant.role)))
    };
    let mut everywhere = people::role_choices(page, &offered.roles, None, ticked);
    let mut within = people::roles_within(page, &offered, ticked);
    everywhere.retain(is_without_power);
    for entity in &mut within {
        entity.roles.retain(is_without_power);
    }
    Ok((everywhere, within))
}

#[derive(Debug, Default, Deserialize)]
struct NewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    roles: Vec<String>,
}

async fn new_page(
    app: &App,
    by: &SignedIn,
    form: &NewForm,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let page = by.page(NewServicePage::TITLE);
    let (roles, within) = roles(app, by, &page, &parse_grants(&form.roles)).await?;
    Ok(html(&NewServicePage {
        name: form.name.clone(),
        roles,
        within,
        errors,
        page,
    }))
}

async fn show_new(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    new_page(&app, &by, &NewForm::default(), FormErrors::default()).await
}

async fn create(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<NewForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let page = by.page(NewServicePage::TITLE);
    let mut errors = FormErrors::default();
    let name = text(&form.name, NAME_CHARS).unwrap_or_else(|_| {
        errors.add("name", page.t(msg!("setup-wrong-missing")));
        String::new()
    });
    let grants = parse_grants(&form.roles);
    if grants.is_empty() {
        errors.add("roles", page.t(msg!("people-no-role")));
    }
    if !errors.is_empty() {
        let page = new_page(&app, &by, &form, errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = actions::create(&app, &by.access, &name, &grants).await?;
    Ok(Redirect::to(&format!("/people/services/{id}")).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct TokenForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    permissions: Vec<String>,
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn page(
    app: &App,
    by: &SignedIn,
    id: PersonId,
    (form, errors, shown): (TokenForm, FormErrors, Option<NewToken>),
) -> Result<Response, Problem> {
    let view = actions::view(app, &by.access, id).await?;
    let mut page = by.page(ServicePage::TITLE);
    page.title.clone_from(&view.person.name);
    let ticked: Vec<Grant> = view.roles.iter().map(|held| held.grant).collect();
    let (roles, within) = roles(app, by, &page, &ticked).await?;
    let now = app.now();
    Ok(html(&ServicePage {
        id: id.to_string(),
        can_change: by.access.may(Permission::PeopleAdminister),
        is_suspended: view.person.status == Status::Suspended,
        answers: page.t1("people-service-answers", "name", &view.answers),
        held: held_labels(&page, &view.roles),
        roles,
        within,
        tokens: view
            .tokens
            .into_iter()
            .map(|token| row(&page, token, now))
            .collect(),
        permissions: permission_choices(&page, allows_service, &form.permissions),
        shown,
        typed_name: form.name,
        typed_days: form.days,
        errors,
        page,
    }))
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let nothing = (TokenForm::default(), FormErrors::default(), None);
    page(&app, &by, id_of(&id)?, nothing).await
}

async fn make_token(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<TokenForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let (id, words) = (id_of(&id)?, by.page(ServicePage::TITLE));
    let mut errors = FormErrors::default();
    let name = text(&form.name, NAME_CHARS).unwrap_or_else(|_| {
        errors.add("name", words.t(msg!("setup-wrong-missing")));
        String::new()
    });
    let days = form.days.trim().parse::<i64>().unwrap_or(0);
    if !(1..=LONGEST_DAYS).contains(&days) {
        errors.add("days", words.t(msg!("people-token-wrong-days")));
    }
    let typed = form.permissions.iter();
    let permissions: Vec<Permission> = typed.filter_map(|text| Permission::parse(text)).collect();
    if permissions.is_empty() {
        errors.add("permissions", words.t(msg!("people-token-no-permission")));
    }
    if !errors.is_empty() {
        let page = page(&app, &by, id, (form, errors, None)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let wanted = (name.as_str(), permissions.as_slice(), days);
    let token = actions::make_token(&app, &by.access, id, wanted).await?;
    let shown = Some(NewToken(token.expose().to_string()));
    page(
        &app,
        &by,
        id,
        (TokenForm::default(), FormErrors::default(), shown),
    )
    .await
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn revoke_token(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((id, token)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let (id, token) = (id_of(&id)?, id_of(&token)?);
    actions::revoke_token(&app, &by.access, id, token).await?;
    Ok(Redirect::to(&format!("/people/services/{id}")))
}
