//! What is sent from a person's page to say that two accounts are one human's.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::post;
use serde::Deserialize;

use super::actions;
use crate::identity::access::Permission;
use crate::identity::powers;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/people/{id}/joins", post(join))
        .route("/people/{id}/joins/split", post(split))
        .route("/people/{id}/joins/decide", post(decide))
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn back(person: PersonId) -> Redirect {
    Redirect::to(&format!("/people/{person}"))
}

#[derive(Debug, Deserialize)]
struct JoinForm {
    other: String,
}

async fn join(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<JoinForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let (person, other) = (id_of(&id)?, id_of(&form.other)?);
    actions::join(&app, &by.access, (person, other)).await?;
    Ok(back(person))
}

#[derive(Debug, Deserialize)]
struct SplitForm {
    join: String,
}

async fn split(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<SplitForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let person = id_of(&id)?;
    actions::propose_split(&app, &by.access, id_of(&form.join)?).await?;
    Ok(back(person))
}

#[derive(Debug, Deserialize)]
struct DecisionForm {
    join: String,
    decision: String,
}

async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let person = id_of(&id)?;
    let verdict = powers::verdict(&form.decision)?;
    actions::decide_split(&app, &by.access, id_of(&form.join)?, verdict).await?;
    Ok(back(person))
}
