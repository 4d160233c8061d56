//! The setup's three forms. What was typed travels on in hidden fields; nothing is stored before the last one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use countersign_money::Currency;
use serde::Deserialize;

use super::actions::{self, Order};
use super::rules::{self, EntityFields, OrganisationFields};
use super::views::{
    AdministratorForm, AdministratorPage, Carried, EntityForm, EntityPage, OrganisationForm,
    OrganisationPage, steps,
};
use crate::identity::organisations::VatId;
use crate::identity::passwords::{self, Password};
use crate::identity::policy::Policy;
use crate::identity::sessions::{Visitor, with_cookie};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Choice, FormErrors, Notice, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/setup/{token}", get(begin))
        .route("/setup/organisation", post(organisation))
        .route("/setup/entity", post(entity))
        .route("/setup/administrator", post(administrator))
}

/// One form of all steps: each step sends its own fields and carries the earlier ones.
#[derive(Debug, Deserialize)]
struct Form {
    link: String,
    #[serde(flatten)]
    organisation: OrganisationFields,
    #[serde(flatten)]
    entity: EntityFields,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default = "nothing")]
    password: Password,
    #[serde(default = "nothing")]
    password_again: Password,
}

fn nothing() -> Password {
    Password::new(String::new())
}

async fn begin(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    actions::link(&app, &token).await?;
    let fields = OrganisationFields {
        locale: visitor.request.locale.tag().to_owned(),
        zone: "Europe/Berlin".to_owned(),
        ..OrganisationFields::default()
    };
    Ok(visitor.answer(organisation_page(
        &visitor,
        &token,
        &fields,
        FormErrors::default(),
    )))
}

fn organisation_page(
    visitor: &Visitor,
    link: &str,
    fields: &OrganisationFields,
    errors: FormErrors,
) -> Response {
    let page = visitor.page(OrganisationPage::TITLE);
    html(&OrganisationPage {
        steps: steps(&page, 0),
        carried: Carried(vec![("link", link.to_owned())]),
        form: OrganisationForm {
            name: fields.organisation_name.clone(),
        },
        locales: vec![
            Choice::new("en", "English", &fields.locale),
            Choice::new("de", "Deutsch", &fields.locale),
        ],
        zones: zones(&fields.zone),
        errors,
        page,
    })
}

async fn organisation(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Checked(form): Checked<Form>,
) -> Result<Response, Problem> {
    actions::link(&app, &form.link).await?;
    let page = visitor.page(EntityPage::TITLE);
    Ok(match rules::organisation(&form.organisation, &page) {
        Ok(_) => entity_page(&page, &form, FormErrors::default()),
        Err(errors) => organisation_page(&visitor, &form.link, &form.organisation, errors),
    })
}

fn entity_page(page: &Page, form: &Form, errors: FormErrors) -> Response {
    let fields = &form.entity;
    let page = page.clone();
    html(&EntityPage {
        steps: steps(&page, 1),
        carried: carried_organisation(form),
        form: EntityForm::of(fields),
        countries: countries(&fields.country),
        currencies: currencies(&fields.currency),
        errors,
        page,
    })
}

async fn entity(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Checked(form): Checked<Form>,
) -> Result<Response, Problem> {
    actions::link(&app, &form.link).await?;
    let page = visitor.page(EntityPage::TITLE);
    Ok(match rules::entity(&form.entity, &page) {
        Ok(_) => administrator_page(&visitor, &form, FormErrors::default()),
        Err(errors) => entity_page(&page, &form, errors),
    })
}

fn administrator_page(visitor: &Visitor, form: &Form, errors: FormErrors) -> Response {
    let mut page = visitor.page(AdministratorPage::TITLE);
    if VatId::parse(&form.entity.vat_id).is_ok_and(|id| id.is_doubtful()) {
        page.notice = Some(Notice {
            tone: Tone::Warn,
            text: page.t(msg!("setup-vat-id-doubtful")),
        });
    }
    let mut carried = carried_organisation(form);
    let fields = &form.entity;
    carried.0.extend([
        ("entity_name", fields.entity_name.clone()),
        ("street", fields.street.clone()),
        ("building", fields.building.clone()),
        ("postcode", fields.postcode.clone()),
        ("town", fields.town.clone()),
        ("country", fields.country.clone()),
        ("currency", fields.currency.clone()),
        ("vat_id", fields.vat_id.clone()),
        ("iban", fields.iban.clone()),
        ("bic", fields.bic.clone()),
    ]);
    html(&AdministratorPage {
        steps: steps(&page, 2),
        carried,
        form: AdministratorForm {
            name: form.name.clone(),
            email: form.email.clone(),
        },
        errors,
        page,
    })
}

fn carried_organisation(form: &Form) -> Carried {
    let fields = &form.organisation;
    Carried(vec![
        ("link", form.link.clone()),
        ("organisation_name", fields.organisation_name.clone()),
        ("locale", fields.locale.clone()),
        ("zone", fields.zone.clone()),
    ])
}

async fn administrator(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Checked(form): Checked<Form>,
) -> Result<Response, Problem> {
    let link = actions::link(&app, &form.link).await?;
    let page = visitor.page(EntityPage::TITLE);
    // Hidden fields are the sender's to change: all of them are read again.
    let organisation = match rules::organisation(&form.organisation, &page) {
        Ok(organisation) => organisation,
        Err(errors) => {
            return Ok(organisation_page(
                &visitor,
                &form.link,
                &form.organisation,
                errors,
            ));
        }
    };
    let entity = match rules::entity(&form.entity, &page) {
        Ok(entity) => entity,
        Err(errors) => return Ok(entity_page(&page, &form, errors)),
    };
    let mut errors = FormErrors::default();
    let (name, email) = rules::person((&form.name, &form.email), &page, &mut errors);
    let context = [
        name.as_str(),
        &email,
        &organisation.name,
        &organisation.slug,
        &entity.name,
    ];
    rules::new_password(
        (&form.password, &form.password_again),
        (&context, &Policy::STANDARD),
        &page,
        &mut errors,
    );
    if !errors.is_empty() {
        return Ok(administrator_page(&visitor, &form, errors));
    }
    let order = Order {
        locale: rules::locale(&form.organisation, &page).tag(),
        password: passwords::hash(&app, form.password.clone()).await?,
        organisation,
        entity,
        name,
        email,
    };
    let opened = actions::create(&app, link, order, &visitor.request).await?;
    Ok(with_cookie(
        Redirect::to("/enrol").into_response(),
        &opened.token,
    ))
}

fn zones(current: &str) -> Vec<Choice> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/"))
        .collect();
    names.push("UTC".to_owned());
    names.sort();
    names
        .into_iter()
        .map(|name| Choice::new(name.clone(), name, current))
        .collect()
}

/// Countries whose companies pay from an IBAN, each by its own name for itself.
const COUNTRIES: &[(&str, &str)] = &[
    ("AD", "Andorra"),
    ("AT", "Österreich"),
    ("BE", "Belgique / België"),
    ("BG", "България"),
    ("CH", "Schweiz / Suisse"),
    ("CY", "Κύπρος"),
    ("CZ", "Česko"),
    ("DE", "Deutschland"),
    ("DK", "Danmark"),
    ("EE", "Eesti"),
    ("ES", "España"),
    ("FI", "Suomi"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("GR", "Ελλάδα"),
    ("HR", "Hrvatska"),
    ("HU", "Magyarország"),
    ("IE", "Ireland"),
    ("IS", "Ísland"),
    ("IT", "Italia"),
    ("LI", "Liechtenstein"),
    ("LT", "Lietuva"),
    ("LU", "Luxembourg"),
    ("LV", "Latvija"),
    ("MC", "Monaco"),
    ("MT", "Malta"),
    ("NL", "Nederland"),
    ("NO", "Norge"),
    ("PL", "Polska"),
    ("PT", "Portugal"),
    ("RO", "România"),
    ("RS", "Srbija"),
    ("SE", "Sverige"),
    ("SI", "Slovenija"),
    ("SK", "Slovensko"),
    ("SM", "San Marino"),
    ("TR", "Türkiye"),
    ("UA", "Україна"),
];

pub(in crate::identity) fn countries(current: &str) -> Vec<Choice> {
    let current = if current.is_empty() { "DE" } else { current };
    COUNTRIES
        .iter()
        .map(|(code, name)| Choice::new(*code, format!("{name} ({code})"), current))
        .collect()
}

pub(in crate::identity) fn currencies(current: &str) -> Vec<Choice> {
    let current = if current.is_empty() { "EUR" } else { current };
    Currency::LIST
        .iter()
        .filter(|currency| currency.is_active())
        .map(|currency| Choice::new(currency.code(), currency.code(), current))
        .collect()
}
