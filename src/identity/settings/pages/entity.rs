//! Adding a legal entity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{DOUBTFUL_VAT_ID, actions};
use crate::identity::access::Permission;
use crate::identity::organisations::VatId;
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
            let is_doubtful = new.vat_id.as_ref().is_some_and(VatId::is_doubtful);
            actions::add_entity(&app, &by.access, new).await?;
            let mut to = "/settings".to_owned();
            if is_doubtful {
                to = format!("{to}?doubt={DOUBTFUL_VAT_ID}");
            }
            Ok(Redirect::to(&to).into_response())
        }
        Err(errors) => {
            let page = page(&by, &fields, errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
