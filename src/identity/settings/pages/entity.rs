//! Adding a legal entity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::actions;
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::identity::settings::views::NewEntityPage;
use crate::identity::setup::pages::{countries, currencies};
use crate::identity::setup::rules::{self as typed, EntityFields};
use crate::identity::setup::views::EntityForm;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

fn page(by: &SignedIn, fields: &EntityFields, errors: FormErrors) -> Response {
    html(&NewEntityPage {
        form: EntityForm::of(fields),
        countries: countries(&fields.country),
        currencies: currencies(&fields.currency),
        errors,
        page: by.page(NewEntityPage::TITLE),
    })
}

pub(super) async fn show(by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::SettingsEdit)?;
    Ok(page(&by, &EntityFields::default(), FormErrors::default()))
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(fields): Checked<EntityFields>,
) -> Result<Response, Problem> {
    by.access.require(Permission::SettingsEdit)?;
    match typed::entity(&fields, &by.page(NewEntityPage::TITLE)) {
        Ok(new) => {
            actions::add_entity(&app, &by.access, new).await?;
            Ok(Redirect::to("/settings").into_response())
        }
        Err(errors) => {
            let page = page(&by, &fields, errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
