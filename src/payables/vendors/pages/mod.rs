//! The pages of vendors and their bank accounts.

mod account;
mod edit;
mod verify;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use self::words::{account_badge, account_explained, status_badge, status_label, step_label};
use super::VendorError;
use super::actions::{self, AccountView, VendorView};
use super::rules::VendorStatus;
use super::rules::accounts::AccountStatus;
use super::store::{After, Filter, Listed, Vendor, VendorBill};
use super::views::{AccountRow, StatusStep, VendorPage, VendorRow, VendorsPage};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::ids::VendorId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{
    Badge, Choice, Event, Fact, FormErrors, Notice, Pager, Tab, Tone,
};

/// Rows on one page of the list.
const ROWS: i64 = 50;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/vendors", get(list).post(edit::create))
        .route("/vendors/new", get(edit::show_new))
        .route("/vendors/{id}", get(show))
        .route("/vendors/{id}/edit", get(edit::show_edit).post(edit::save))
        .route("/vendors/{id}/status", post(set_status))
        .route("/vendors/{id}/accounts", post(account::enter))
        .route("/vendors/{id}/accounts/new", get(account::show_new))
        .route("/vendors/{id}/accounts/{account}", get(account::show))
        .route(
            "/vendors/{id}/accounts/{account}/verify",
            get(verify::show).post(verify::verify),
        )
        .route(
            "/vendors/{id}/accounts/{account}/reject",
            post(account::reject),
        )
}

fn vendor_id(text: &str) -> Result<VendorId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The messages of all that is wrong, each for the field that it names; problems without a field go on as they are.
fn field_error(page: &Page, error: VendorError) -> Result<FormErrors, Problem> {
    if let VendorError::Faulty(faults) = &error {
        let mut errors = FormErrors::default();
        for one in faults {
            errors.add(one.field, message(&super::fault(*one), page.locale));
        }
        return Ok(errors);
    }
    problem_at_field(&Problem::from(error), page.locale)
}

fn problem_at_field(problem: &Problem, locale: Locale) -> Result<FormErrors, Problem> {
    let field = problem.field.ok_or_else(|| problem.clone())?;
    let mut errors = FormErrors::default();
    errors.add(field, message(problem, locale));
    Ok(errors)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// A state, or nothing for all.
    view: String,
    q: String,
    /// Where the page begins: a name's key and an id.
    after: String,
}

async fn list(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let page = by.page(VendorsPage::TITLE);
    let status = VendorStatus::parse(&asked.view);
    let filter = Filter {
        status,
        query: asked.q.clone(),
    };
    let (name_key, id) = asked.after.rsplit_once('_').unwrap_or_default();
    let after = After {
        name_key: name_key.to_owned(),
        id: id.to_owned(),
    };
    let mut found = actions::list_vendors(&app, &by.access, filter, after, ROWS + 1).await?;
    let has_more = found.len() as i64 > ROWS;
    found.truncate(ROWS as usize);
    let next = found.last().filter(|_| has_more).map(|last| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("view", &asked.view)
            .append_pair("q", &asked.q)
            .append_pair("after", &format!("{}_{}", last.name_key, last.id))
            .finish();
        format!("/vendors?{query}")
    });
    Ok(html(&VendorsPage {
        tabs: tabs(&page, status),
        query: asked.q,
        view: status.map_or("", VendorStatus::as_str).to_owned(),
        can_edit: by.access.may(Permission::VendorsEdit),
        rows: found.into_iter().map(|row| list_row(&page, row)).collect(),
        pager: Pager {
            previous: None,
            next,
        },
        page,
    }))
}

fn tabs(page: &Page, open: Option<VendorStatus>) -> Vec<Tab> {
    let tab = |label: String, href: String, current| Tab {
        label,
        href,
        count: None,
        current,
    };
    let all = tab(
        page.t(msg!("vendors-all")),
        "/vendors".to_owned(),
        open.is_none(),
    );
    let each = [
        VendorStatus::Active,
        VendorStatus::Requested,
        VendorStatus::Onboarding,
        VendorStatus::InReview,
        VendorStatus::Suspended,
        VendorStatus::Blocked,
        VendorStatus::Archived,
    ];
    let each = each.into_iter().map(|status| {
        tab(
            status_label(page, status),
            format!("/vendors?view={status}"),
            open == Some(status),
        )
    });
    std::iter::once(all).chain(each).collect()
}

fn list_row(page: &Page, row: Listed) -> VendorRow {
    VendorRow {
        id: row.id.to_string(),
        place: words::place(&row.town, &row.country),
        state: status_badge(page, row.status),
        open_bills: row.open_bills.to_string(),
        name: row.name,
    }
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let view = actions::view_vendor(&app, &by.access, vendor_id(&id)?).await?;
    let mut page = vendor_page(&by, &view, FormErrors::default());
    if told.doubt == DOUBTFUL_VAT_ID {
        page.page.notice = Some(Notice {
            tone: Tone::Warn,
            text: page.page.t(msg!("vendors-vat-id-doubtful")),
        });
    }
    Ok(html(&page))
}

/// That the VAT id just saved has other check digits than its country makes: it is sealed, so its page cannot know later.
const DOUBTFUL_VAT_ID: &str = "vat-id";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    doubt: String,
}

fn vendor_page(by: &SignedIn, view: &VendorView, errors: FormErrors) -> VendorPage {
    let mut page = by.page(VendorsPage::TITLE);
    let vendor = &view.vendor;
    page.title.clone_from(&vendor.name);
    let may = |permission| by.access.may(permission);
    let is_paid = view
        .accounts
        .iter()
        .any(|account| account.status == AccountStatus::Verified);
    let warning = match (vendor.status, is_paid) {
        (VendorStatus::Active, true) => None,
        (VendorStatus::Active, false) => Some(msg!("vendors-warning-no-account")),
        _ => Some(msg!("vendors-warning-not-active")),
    };
    VendorPage {
        id: vendor.id.to_string(),
        state: status_badge(&page, vendor.status),
        summary: page.t1("vendors-since", "date", page.time(vendor.created.0)),
        warning: warning.map(|id| Notice {
            tone: Tone::Warn,
            text: page.t(id),
        }),
        accounts: view
            .accounts
            .iter()
            .map(|account| account_row(&page, account))
            .collect(),
        bills: view
            .bills
            .iter()
            .map(|bill| bill_row(&page, bill))
            .collect(),
        facts: facts(&page, view),
        events: events(&page, &view.accounts),
        can_edit: may(Permission::VendorsEdit),
        steps: if may(Permission::VendorsEdit) {
            steps(&page, vendor.status)
        } else {
            Vec::new()
        },
        version: vendor.version,
        errors,
        can_add_account: may(Permission::BankAccountsEnter) && vendor.status.takes_accounts(),
        ids: sealed_ids(&page, vendor),
        seen: format!("/vendors/{}/seen", vendor.id),
        page,
    }
}

/// The vendor's tax numbers by the names under which they are asked for in full, for those who may.
fn sealed_ids(page: &Page, vendor: &Vendor) -> Vec<Choice> {
    let ids = [
        (
            "vendor-vat-id",
            msg!("vendors-vat-id"),
            &vendor.vat_id_masked,
        ),
        (
            "vendor-legal-id",
            msg!("vendors-legal-id"),
            &vendor.legal_id_masked,
        ),
    ];
    ids.into_iter()
        .filter(|(_, _, masked)| page.can_reveal && masked.is_some())
        .map(|(name, label, _)| Choice::new(format!("{name}:{}", vendor.id), page.t(label), ""))
        .collect()
}

fn steps(page: &Page, from: VendorStatus) -> Vec<StatusStep> {
    VendorStatus::ALL
        .iter()
        .filter(|to| from.may_become(**to))
        .map(|to| StatusStep {
            to: to.as_str(),
            label: step_label(page, *to),
            primary: *to == VendorStatus::Active,
            danger: to.needs_reason(),
        })
        .collect()
}

fn facts(page: &Page, view: &VendorView) -> Vec<Fact> {
    let vendor = &view.vendor;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let street = format!("{} {}", vendor.street, vendor.building);
    let town = format!("{} {}", vendor.post_code, vendor.town);
    let others = vendor.other_names.as_deref().unwrap_or_default();
    let others: Vec<&str> = others.lines().collect();
    [
        (msg!("vendors-other-names"), text(&others.join(", "))),
        (msg!("vendors-vat-id"), vendor.vat_id_masked.clone()),
        (msg!("vendors-legal-id"), vendor.legal_id_masked.clone()),
        (msg!("vendors-street"), text(street.trim())),
        (msg!("vendors-town"), text(town.trim())),
        (msg!("vendors-country"), text(&vendor.country)),
        (msg!("vendors-terms"), Some(vendor.terms_days.to_string())),
        (
            msg!("vendors-default-gl"),
            vendor.default_gl_account.clone(),
        ),
        (
            msg!("vendors-default-cost-centre"),
            vendor.default_cost_centre.clone(),
        ),
    ]
    .into_iter()
    .map(|(label, value)| Fact::new(page.t(label), value, None))
    .collect()
}

fn account_row(page: &Page, account: &AccountView) -> AccountRow {
    let who = |name: &str, at| page.t2("vendors-by", "person", name, "time", page.time(at));
    AccountRow {
        id: account.id.to_string(),
        masked: account.masked.clone(),
        in_full: account::in_full(account.id),
        holder: account.holder.clone(),
        state: account_badge(page, account.status),
        explained: account_explained(page, account),
        entered_by: who(&account.entered_by, account.entered.0),
        verified_by: account
            .verified_by
            .as_ref()
            .zip(account.verified)
            .map(|(name, at)| who(name, at.0)),
        can_verify: account.can_verify,
    }
}

fn bill_row(page: &Page, bill: &VendorBill) -> super::views::VendorBill {
    let date = bill.due_date.as_deref().and_then(|date| date.parse().ok());
    let amount = bill.currency.as_deref().zip(bill.payable_minor);
    super::views::VendorBill {
        id: bill.id.to_string(),
        number: bill.number.clone(),
        due_date: date.map(|date| page.date(date)).unwrap_or_default(),
        state: Badge::new(Tone::Neutral, words::processing(page, bill.processing)),
        amount: amount
            .map(|(currency, minor)| words::money(page, minor, currency))
            .unwrap_or_default(),
    }
}

/// What happened to the vendor's accounts, the latest first.
fn events(page: &Page, accounts: &[AccountView]) -> Vec<Event> {
    let mut all: Vec<_> = accounts
        .iter()
        .flat_map(|account| {
            account
                .steps
                .iter()
                .map(move |step| (step.at, account, step))
        })
        .collect();
    all.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    all.into_iter()
        .map(|(_, account, step)| words::step_event(page, &account.masked, step))
        .collect()
}

#[derive(Debug, Deserialize)]
struct StatusForm {
    version: i64,
    to: String,
    #[serde(default)]
    reason: String,
}

async fn set_status(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<StatusForm>,
) -> Result<Response, Problem> {
    let vendor = vendor_id(&id)?;
    let to = VendorStatus::parse(&form.to).ok_or(VendorError::Field("to"))?;
    let done =
        actions::change_status(&app, &by.access, vendor, form.version, to, &form.reason).await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/vendors/{vendor}")).into_response()),
        Err(error) => {
            let mut errors = field_error(&by.page(VendorsPage::TITLE), error)?;
            // What is missing stands in the edit form; here the message is shown at the reason.
            for error in &mut errors.0 {
                error.field = "reason".to_owned();
            }
            let view = actions::view_vendor(&app, &by.access, vendor).await?;
            let page = vendor_page(&by, &view, errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)).into_response())
        }
    }
}
