//! The pages of people and invitations.

mod roles;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

pub(in crate::identity) use roles::{
    held_labels, parse_grants, role_choices, role_label, roles_within,
};

use super::actions::{self, Invitation, Member, PeopleError};
use super::rules::Status;
use super::views::{
    AcceptPage, InvitationLink, InvitePage, JoinRow, PeoplePage, PersonPage, PersonRow,
};
use crate::identity::access::{Grant, Permission};
use crate::identity::humans::{self, JoinSight};
use crate::identity::passwords::{self, Password};
use crate::identity::policy;
use crate::identity::powers;
use crate::identity::sessions::{SignedIn, Visitor, with_cookie};
use crate::identity::setup::rules as typed;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::scope::Scope;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::messages::{Argument, Messages};
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/people", get(list))
        .route("/people/invite", get(show_invite).post(invite))
        .route("/people/{id}", get(show_person))
        .route("/people/{id}/invite", post(invite_again))
        .route("/people/{id}/roles", post(set_roles))
        .route("/people/{id}/suspend", post(suspend))
        .route("/people/{id}/resume", post(resume))
        .route("/invitations/{token}", get(show_invitation).post(accept))
}

fn badge(page: &Page, status: Status) -> Badge {
    match status {
        Status::Active => Badge::new(Tone::Good, page.t(msg!("people-active"))),
        Status::Invited => Badge::new(Tone::Warn, page.t(msg!("people-invited"))),
        Status::Suspended => Badge::new(Tone::Bad, page.t(msg!("people-suspended"))),
    }
}

fn row(page: &Page, member: Member) -> PersonRow {
    PersonRow {
        href: format!("/people/{}", member.person.id),
        roles: held_labels(page, &member.roles),
        state: badge(page, member.person.status),
        last_seen: member.last_seen.map(|at| page.time(at.0)),
        email: if member.person.is_service() {
            page.t(msg!("people-service"))
        } else {
            member.person.email
        },
        name: member.person.name,
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    people_page(&app, &by, None).await
}

async fn people_page(
    app: &App,
    by: &SignedIn,
    link: Option<InvitationLink>,
) -> Result<Response, Problem> {
    let members = actions::list(app, &by.access).await?;
    let requests = powers::list(app, &by.access).await?;
    let page = by.page(PeoplePage::TITLE);
    Ok(html(&PeoplePage {
        waiting: requests.open.len(),
        alone: requests
            .alone
            .map(|name| page.t1("people-one-administrator", "name", name)),
        can_invite: by.access.may(Permission::PeopleAdminister),
        link,
        rows: members
            .into_iter()
            .map(|member| row(&page, member))
            .collect(),
        page,
    }))
}

async fn invite_page(
    app: &App,
    by: &SignedIn,
    form: &InviteForm,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let (page, ticked) = (by.page(InvitePage::TITLE), parse_grants(&form.roles));
    let offered = actions::offered(app, &by.access).await?;
    Ok(html(&InvitePage {
        roles: role_choices(&page, &offered.roles, None, &ticked),
        within: roles_within(&page, &offered, &ticked),
        name: form.name.clone(),
        email: form.email.clone(),
        errors,
        page,
    }))
}

async fn invite_refused(
    app: &App,
    by: &SignedIn,
    form: &InviteForm,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let page = invite_page(app, by, form, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct InviteForm {
    name: String,
    email: String,
    #[serde(default)]
    roles: Vec<String>,
}

async fn show_invite(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    invite_page(&app, &by, &InviteForm::default(), FormErrors::default()).await
}

async fn invite(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<InviteForm>,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let page = by.page(InvitePage::TITLE);
    let mut errors = FormErrors::default();
    let (name, email) = typed::person((&form.name, &form.email), &page, &mut errors);
    let grants = parse_grants(&form.roles);
    if grants.is_empty() {
        errors.add("roles", page.t(msg!("people-no-role")));
    }
    if !errors.is_empty() {
        return invite_refused(&app, &by, &form, errors).await;
    }
    match actions::invite(&app, &by.access, (&name, &email, by.locale), &grants).await {
        Ok(token) => {
            let link = app.link(&format!("/invitations/{}", *token.expose()));
            people_page(&app, &by, Some(InvitationLink(link))).await
        }
        Err(PeopleError::Known) => {
            errors.add("email", page.t(msg!("error-person-known")));
            invite_refused(&app, &by, &form, errors).await
        }
        Err(other) => Err(other.into()),
    }
}

fn person_id(text: &str) -> Result<PersonId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn show_person(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = person_id(&id)?;
    let mut members = actions::list(&app, &by.access).await?;
    let at = members.iter().position(|member| member.person.id == id);
    let member = members.remove(at.ok_or_else(Problem::not_found)?);
    if member.person.is_service() {
        return Ok(Redirect::to(&format!("/people/services/{id}")).into_response());
    }
    let mut page = by.page(PeoplePage::TITLE);
    page.title.clone_from(&member.person.name);
    let joins = humans::joins_of(&app, &by.access, id).await?;
    let waiting = powers::waiting_for(&app, &by.access, id).await?;
    let offered = actions::offered(&app, &by.access).await?;
    let ticked: Vec<Grant> = member.roles.iter().map(|held| held.grant).collect();
    let view = PersonPage {
        waiting: waiting
            .iter()
            .map(|listed| page.t1("people-request-asks", "what", powers::what(&page, listed)))
            .collect(),
        id: id.to_string(),
        roles: role_choices(&page, &offered.roles, None, &ticked),
        within: roles_within(&page, &offered, &ticked),
        can_change: by.access.may(Permission::PeopleAdminister),
        can_reset_factor: by.access.may(Permission::PeopleAdminister)
            && member.person.status == Status::Active
            && member.person.human != by.access.human(),
        is_oneself: member.person.human == by.access.human(),
        is_suspended: member.person.status == Status::Suspended,
        by_directory: member.person.suspended_by.is_some(),
        is_invited: member.person.status == Status::Invited,
        others: others(&members, &joins),
        joins: joins.iter().map(|join| join_row(&page, join)).collect(),
        row: row(&page, member),
        page,
    };
    Ok(html(&view))
}

/// People's accounts that are not said to be this human's.
fn others(members: &[Member], joins: &[JoinSight]) -> Vec<Choice> {
    let is_other = |member: &&Member| {
        let is_joined = joins.iter().any(|join| join.account.id == member.person.id);
        !member.person.is_service() && !is_joined
    };
    let choice = |member: &Member| {
        let label = format!("{} ({})", member.person.name, member.person.email);
        Choice::new(member.person.id.to_string(), label, "")
    };
    members.iter().filter(is_other).map(choice).collect()
}

fn join_row(page: &Page, join: &JoinSight) -> JoinRow {
    let asked = join.split.as_ref().map(|(name, until, _)| {
        let until = page.time(until.0);
        page.t2("people-split-asked", "name", name, "time", until)
    });
    let facts: [(&str, &dyn Argument); 3] = [
        ("name", &join.account.name),
        ("by", &join.joined_by),
        ("time", &page.time(join.joined.0)),
    ];
    JoinRow {
        id: join.id.to_string(),
        text: Messages::text_with(page.locale, msg!("people-joined-with"), &facts),
        asked,
        is_own: join.split.as_ref().is_some_and(|(_, _, is_own)| *is_own),
    }
}

#[derive(Debug, Deserialize)]
struct RolesForm {
    #[serde(default)]
    roles: Vec<String>,
}

async fn set_roles(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<RolesForm>,
) -> Result<Redirect, Problem> {
    let id = person_id(&id)?;
    actions::set_grants(&app, &by.access, id, &parse_grants(&form.roles)).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn invite_again(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let token = actions::invite_again(&app, &by.access, person_id(&id)?, by.locale).await?;
    let link = app.link(&format!("/invitations/{}", *token.expose()));
    people_page(&app, &by, Some(InvitationLink(link))).await
}

async fn suspend(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = person_id(&id)?;
    actions::set_suspended(&app, &by.access, id, true).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}

async fn resume(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = person_id(&id)?;
    actions::set_suspended(&app, &by.access, id, false).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}

async fn show_invitation(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let invitation = actions::invitation(&app, &token).await?;
    let name = invitation.person.name.clone();
    let view = accept_page(&visitor, token, &invitation, name, FormErrors::default());
    Ok(visitor.answer(view))
}

fn accept_page(
    visitor: &Visitor,
    token: String,
    invitation: &Invitation,
    name: String,
    errors: FormErrors,
) -> Response {
    let mut page = visitor.page(AcceptPage::TITLE);
    page.organisation = Some(invitation.organisation.clone());
    html(&AcceptPage {
        token,
        organisation: invitation.organisation.clone(),
        roles: held_labels(&page, &invitation.roles),
        name,
        email: invitation.person.email.clone(),
        errors,
        page,
    })
}

#[derive(Debug, Deserialize)]
struct AcceptForm {
    name: String,
    password: Password,
    password_again: Password,
}

async fn accept(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(form): Checked<AcceptForm>,
) -> Result<Response, Problem> {
    let invitation = actions::invitation(&app, &token).await?;
    let page = visitor.page(AcceptPage::TITLE);
    let mut errors = FormErrors::default();
    let typed_as = (form.name.as_str(), invitation.person.email.as_str());
    let (name, email) = typed::person(typed_as, &page, &mut errors);
    let context = [
        name.as_str(),
        &email,
        &invitation.organisation,
        &invitation.slug,
    ];
    let both = (&form.password, &form.password_again);
    let scope = Scope::of(invitation.link.organisation);
    let policy = policy::of_organisation(&app, scope).await?;
    typed::new_password(both, (&context, &policy), &page, &mut errors);
    if !errors.is_empty() {
        let view = accept_page(&visitor, token, &invitation, form.name, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view).into_response());
    }
    let hashed = passwords::hash(&app, form.password).await?;
    let opened = actions::accept(&app, &invitation, &name, hashed, &visitor.request).await?;
    Ok(with_cookie(Redirect::to("/enrol"), &opened.token))
}
