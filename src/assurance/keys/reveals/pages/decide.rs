//! A second human's word, and taking back what one asked for.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::super::actions;
use crate::identity::powers::verdict;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;

#[derive(Debug, Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    decision: String,
}

pub(super) async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<DecisionForm>,
) -> Result<Redirect, Problem> {
    let id = actions::id_of(&id)?;
    let verdict = verdict(&form.decision)?;
    actions::decide(&app, &by.access, id, verdict).await?;
    Ok(Redirect::to(&format!("/reveals/{id}")))
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = actions::id_of(&id)?;
    actions::withdraw(&app, &by.access, id).await?;
    Ok(Redirect::to(&format!("/reveals/{id}")))
}
