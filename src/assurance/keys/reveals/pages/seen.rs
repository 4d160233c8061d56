//! Who saw an object in full, below the object's own page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::actions::{self, RevealError, Seen, What};
use super::super::rules::Object;
use super::super::views::{SeenPage, SeenRow};
use super::words;
use crate::assurance::audit::by_credential;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;

fn row(page: &Page, seen: &Seen) -> SeenRow {
    let (purpose, reason, count) = match &seen.what {
        What::Values(reveal) => (
            words::purpose(page, reveal.purpose),
            reveal.reason.clone(),
            page.t1("reveals-count", "count", reveal.count),
        ),
        What::PaymentFile => (
            page.t(msg!("reveals-file-fetched")),
            String::new(),
            String::new(),
        ),
        What::Document {
            file_name,
            credential,
        } => (
            page.t(msg!("reveals-document-opened")),
            file_name.clone().unwrap_or_default(),
            by_credential(page, credential),
        ),
    };
    SeenRow {
        time: page.time(seen.at.0),
        person: seen.person.clone(),
        purpose,
        reason,
        count,
        approved_by: seen.approved_by.clone().unwrap_or_default(),
    }
}

async fn page(
    app: &App,
    by: &SignedIn,
    (object, back): (Object, String),
) -> Result<Response, Problem> {
    let seen = actions::seen(app, &by.access, object).await?;
    let page = by.page(SeenPage::TITLE);
    let lead = match object {
        Object::Person(_) => msg!("reveals-seen-person"),
        Object::Run(_) => msg!("reveals-seen-run"),
        Object::Bill(_) => msg!("reveals-seen-bill"),
        _ => msg!("reveals-seen-lead"),
    };
    Ok(html(&SeenPage {
        back,
        object: object.id(),
        lead: page.t(lead),
        rows: seen.iter().map(|one| row(&page, one)).collect(),
        page,
    }))
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, RevealError> {
    text.parse().map_err(|_| RevealError::Missing)
}

pub(super) async fn vendor(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(vendor): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::Vendor(id(&vendor)?);
    page(&app, &by, (object, format!("/vendors/{vendor}"))).await
}

pub(super) async fn vendor_account(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((vendor, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let object = Object::Account(id(&vendor)?, id(&account)?);
    let back = format!("/vendors/{vendor}/accounts/{account}");
    page(&app, &by, (object, back)).await
}

pub(super) async fn entity(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(entity): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::Entity(id(&entity)?);
    page(&app, &by, (object, "/settings".to_owned())).await
}

pub(super) async fn own_account(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::OwnAccount(id(&account)?);
    page(&app, &by, (object, format!("/settings/accounts/{account}"))).await
}

pub(super) async fn person(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(person): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::Person(id(&person)?);
    page(&app, &by, (object, format!("/people/{person}"))).await
}

/// What the reader saw herself.
pub(super) async fn own(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let object = Object::Person(by.access.person());
    page(&app, &by, (object, "/me".to_owned())).await
}

pub(super) async fn run(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(run): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::Run(id(&run)?);
    page(&app, &by, (object, format!("/payments/{run}"))).await
}

pub(super) async fn bill(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
) -> Result<Response, Problem> {
    let object = Object::Bill(id(&bill)?);
    page(&app, &by, (object, format!("/bills/{bill}"))).await
}
