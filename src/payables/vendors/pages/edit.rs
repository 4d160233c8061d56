//! Making and editing a vendor.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use countersign_sealing::Secret;
use serde::Deserialize;

use super::{DOUBTFUL_VAT_ID, field_error, vendor_id, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::payables::ids::VendorId;
use crate::payables::vendors::VendorError;
use crate::payables::vendors::actions::{self, IdChanges};
use crate::payables::vendors::rules::{Facts, tax_ids};
use crate::payables::vendors::store::{IdChange, Vendor};
use crate::payables::vendors::views::{VendorEditPage, VendorForm};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{FormErrors, Notice, Tone};

/// A vendor as typed. No Debug: it holds tax ids.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    version: i64,
    name: String,
    #[serde(default)]
    other_names: String,
    #[serde(default)]
    vat_id: String,
    #[serde(default)]
    legal_id: String,
    #[serde(default)]
    street: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    post_code: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    terms_days: String,
    #[serde(default)]
    default_gl_account: String,
    #[serde(default)]
    default_cost_centre: String,
}

impl Typed {
    fn facts(&self) -> Facts {
        Facts {
            name: self.name.clone(),
            other_names: self.other_names.clone(),
            country: self.country.clone(),
            street: self.street.clone(),
            building: self.building.clone(),
            post_code: self.post_code.clone(),
            town: self.town.clone(),
            // What is no number is found as no term of payment.
            terms_days: self.terms_days.trim().parse().unwrap_or(-1),
            default_gl_account: Some(self.default_gl_account.clone()),
            default_cost_centre: Some(self.default_cost_centre.clone()),
        }
    }

    /// An empty field keeps what is stored, a single dash clears it.
    fn ids(&self) -> IdChanges {
        let change = |text: &str| match text.trim() {
            "" => IdChange::Keep,
            "-" | "\u{2013}" => IdChange::Clear,
            id => IdChange::Set(Secret::new(id.to_owned())),
        };
        IdChanges {
            vat_id: change(&self.vat_id),
            legal_id: change(&self.legal_id),
        }
    }

    fn form(&self) -> VendorForm {
        VendorForm {
            version: self.version,
            name: self.name.clone(),
            other_names: self.other_names.clone(),
            vat_id: self.vat_id.clone(),
            legal_id: self.legal_id.clone(),
            street: self.street.clone(),
            building: self.building.clone(),
            post_code: self.post_code.clone(),
            town: self.town.clone(),
            country: self.country.clone(),
            terms_days: self.terms_days.clone(),
            default_gl_account: self.default_gl_account.clone(),
            default_cost_centre: self.default_cost_centre.clone(),
            ..VendorForm::default()
        }
    }
}

fn stored(vendor: &Vendor) -> VendorForm {
    VendorForm {
        version: vendor.version,
        name: vendor.name.clone(),
        other_names: vendor.other_names.clone().unwrap_or_default(),
        street: vendor.street.clone(),
        building: vendor.building.clone(),
        post_code: vendor.post_code.clone(),
        town: vendor.town.clone(),
        country: vendor.country.clone(),
        terms_days: vendor.terms_days.to_string(),
        default_gl_account: vendor.default_gl_account.clone().unwrap_or_default(),
        default_cost_centre: vendor.default_cost_centre.clone().unwrap_or_default(),
        ..VendorForm::default()
    }
}

fn hint(page: &Page, masked: Option<&String>) -> String {
    masked.map_or_else(String::new, |masked| {
        page.t1("vendors-id-kept", "masked", masked.as_str())
    })
}

fn new_page(by: &SignedIn, form: VendorForm, errors: FormErrors) -> Response {
    html(&VendorEditPage {
        page: by.page(VendorEditPage::TITLE_NEW),
        action: "/vendors".to_owned(),
        back: "/vendors".to_owned(),
        meanwhile: Vec::new(),
        form,
        errors,
    })
}

fn edit_page(
    by: &SignedIn,
    vendor: &Vendor,
    mut form: VendorForm,
    errors: FormErrors,
) -> VendorEditPage {
    let page = by.page(VendorEditPage::TITLE);
    form.vat_id_hint = hint(&page, vendor.vat_id_masked.as_ref());
    form.legal_id_hint = hint(&page, vendor.legal_id_masked.as_ref());
    VendorEditPage {
        action: format!("/vendors/{}/edit", vendor.id),
        back: format!("/vendors/{}", vendor.id),
        meanwhile: Vec::new(),
        form,
        errors,
        page,
    }
}

pub(super) async fn show_new(by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::VendorsEdit)?;
    let form = VendorForm {
        terms_days: "30".to_owned(),
        ..VendorForm::default()
    };
    Ok(new_page(&by, form, FormErrors::default()))
}

pub(super) async fn create(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    match actions::create_vendor(&app, &by.access, typed.facts(), typed.ids()).await {
        Ok(vendor) => Ok(saved_at(vendor, &typed)),
        Err(error) => {
            let errors = field_error(&by.page(VendorEditPage::TITLE_NEW), error)?;
            let page = new_page(&by, typed.form(), errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub(super) async fn show_edit(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    by.access.require(Permission::VendorsEdit)?;
    let vendor = actions::find_vendor(&app, &by.access, vendor_id(&id)?).await?;
    let form = stored(&vendor);
    Ok(html(&edit_page(&by, &vendor, form, FormErrors::default())))
}

pub(super) async fn save(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    let vendor = vendor_id(&id)?;
    let saved = actions::edit_vendor(
        &app,
        &by.access,
        vendor,
        typed.version,
        typed.facts(),
        typed.ids(),
    );
    match saved.await {
        Ok(_) => Ok(saved_at(vendor, &typed)),
        Err(VendorError::Conflict) => changed(&app, &by, vendor, &typed).await,
        Err(error) => {
            let status = match error {
                VendorError::Asked { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let errors = field_error(&by.page(VendorEditPage::TITLE), error)?;
            let row = actions::find_vendor(&app, &by.access, vendor).await?;
            let page = edit_page(&by, &row, typed.form(), errors);
            Ok((status, html(&page)).into_response())
        }
    }
}

/// The vendor's page, which says so where the VAT id's check digits are others than its country makes.
fn saved_at(vendor: VendorId, typed: &Typed) -> Response {
    let mut to = format!("/vendors/{vendor}");
    let is_set = matches!(typed.ids().vat_id, IdChange::Set(_));
    if is_set && tax_ids::check_vat_id(&typed.vat_id).is_err() {
        to = format!("{to}?doubt={DOUBTFUL_VAT_ID}");
    }
    Redirect::to(&to).into_response()
}

/// What was typed, on top of what somebody else saved in the meantime: the form is about the newest version now.
async fn changed(
    app: &App,
    by: &SignedIn,
    vendor: VendorId,
    typed: &Typed,
) -> Result<Response, Problem> {
    let row = actions::find_vendor(app, &by.access, vendor).await?;
    let told = actions::vendor_changes(app, &by.access, vendor, typed.version).await?;
    let mut form = typed.form();
    form.version = row.version;
    let mut view = edit_page(by, &row, form, FormErrors::default());
    view.page.notice = Some(Notice {
        tone: Tone::Bad,
        text: view.page.t("vendors-conflict-kept"),
    });
    let page = &view.page;
    view.meanwhile = told.iter().map(|told| words::change(page, told)).collect();
    Ok((StatusCode::CONFLICT, html(&view)).into_response())
}
