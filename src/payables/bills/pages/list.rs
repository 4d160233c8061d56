//! `GET /bills`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::identity::access::{Mandate, Permission};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions;
use crate::payables::bills::rules::axes::{Payment, Processing};
use crate::payables::bills::store::list::{Filter, Listed, View};
use crate::payables::bills::views::{BillRow, BillsPage, Column};
use crate::payables::vendors;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, Pager, Tab, Tone};

/// Rows on one page.
const PAGE: i64 = 50;
/// Vendors to choose from; a search by name finds the others.
const VENDORS: i64 = 200;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/bills", get(list))
}

/// What the address asks for, as typed. What makes no sense asks for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    view: String,
    q: String,
    vendor: String,
    due: String,
    /// For whom the reader decides.
    #[serde(rename = "for")]
    decided_for: String,
    after: String,
}

impl Asked {
    fn view(&self) -> View {
        View::parse(&self.view).unwrap_or(View::All)
    }

    fn is_filtered(&self) -> bool {
        !(self.q.trim().is_empty()
            && self.vendor.is_empty()
            && self.due.is_empty()
            && self.decided_for.is_empty())
    }

    fn filter(&self, today: Date) -> Filter {
        let ahead = |days: i64| today.saturating_add(Span::new().days(days));
        Filter {
            view: self.view(),
            text: self.q.clone(),
            vendor: self.vendor.parse().ok(),
            due_until: match self.due.as_str() {
                "overdue" => Some(ahead(-1)),
                "week" => Some(ahead(7)),
                "month" => Some(ahead(30)),
                _ => None,
            },
            decided_for: self.decided_for.parse().ok(),
            after: self.after.parse().ok(),
            limit: PAGE + 1,
        }
    }

    /// The address of the same list in another view, or behind a bill.
    fn href(&self, view: View, after: &str) -> String {
        let mut query = Serializer::new(String::new());
        let parts = [
            ("view", view.as_str()),
            ("q", self.q.trim()),
            ("vendor", &self.vendor),
            ("due", &self.due),
            ("for", &self.decided_for),
            ("after", after),
        ];
        query.extend_pairs(parts.into_iter().filter(|(_, value)| !value.is_empty()));
        format!("/bills?{}", query.finish())
    }
}

async fn list(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let today = by.access.now().timestamp().to_zoned(by.zone.clone()).date();
    let mut found = actions::list(&app, &by.access, asked.filter(today)).await?;
    let counts = actions::counts(&app, &by.access).await?;
    let page = by.page(BillsPage::TITLE);
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| asked.href(asked.view(), &last.id.to_string()));
    Ok(html(&BillsPage {
        can_add: by.access.may_anywhere(Permission::BillsEnter),
        tabs: tabs(&page, &asked, &counts),
        view: asked.view().to_string(),
        query: asked.q.clone(),
        vendors: vendor_choices(&app, &by, &page, &asked.vendor).await?,
        due: due_choices(&page, &asked.due),
        decided_for: principals(&page, by.access.mandates(), &asked.decided_for),
        filtered: asked.is_filtered() || (found.is_empty() && asked.view() != View::All),
        columns: columns(&page),
        rows: found
            .into_iter()
            .map(|row| line(&page, row, today))
            .collect(),
        pager: Pager {
            previous: None,
            next,
        },
        page,
    }))
}

fn tabs(page: &Page, asked: &Asked, counts: &[(View, i64)]) -> Vec<Tab> {
    let label = |view| match view {
        View::All => msg!("bills-view-all"),
        View::Typing => msg!("bills-view-typing"),
        View::Coding => msg!("bills-view-coding"),
        View::Approval => msg!("bills-view-approval"),
        View::Approved => msg!("bills-view-approved"),
        View::Held => msg!("bills-view-held"),
        View::Closed => msg!("bills-view-closed"),
    };
    [
        View::All,
        View::Typing,
        View::Coding,
        View::Approval,
        View::Approved,
        View::Held,
        View::Closed,
    ]
    .into_iter()
    .map(|view| Tab {
        label: page.t(label(view)),
        href: asked.href(view, ""),
        count: counts
            .iter()
            .find(|(of, count)| *of == view && *count > 0)
            .and_then(|(_, count)| u32::try_from(*count).ok()),
        current: view == asked.view(),
    })
    .collect()
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |id, numeric| Column {
        label: page.t(id),
        numeric,
    };
    vec![
        column(msg!("bills-vendor"), false),
        column(msg!("bills-amount"), true),
        column(msg!("bills-dated"), false),
        column(msg!("bills-due"), false),
        column(msg!("bills-processing"), false),
        column(msg!("bills-payment"), false),
        column(msg!("bills-holds-column"), false),
    ]
}

/// The vendors by name. Who may not see vendors filters by none.
async fn vendor_choices(
    app: &App,
    by: &SignedIn,
    page: &Page,
    current: &str,
) -> Result<Vec<Choice>, Problem> {
    let mut choices = vec![Choice::new("", page.t(msg!("bills-vendor-any")), current)];
    if by.access.may(Permission::VendorsRead) {
        let (all, start) = (
            vendors::store::Filter::default(),
            vendors::store::After::default(),
        );
        let found = vendors::actions::list_vendors(app, &by.access, all, start, VENDORS).await?;
        choices.extend(
            found
                .into_iter()
                .map(|vendor| Choice::new(vendor.id.to_string(), vendor.name, current)),
        );
    }
    Ok(choices)
}

fn due_choices(page: &Page, current: &str) -> Vec<Choice> {
    [
        ("", msg!("bills-due-any")),
        ("overdue", msg!("bills-due-overdue")),
        ("week", msg!("bills-due-week")),
        ("month", msg!("bills-due-month")),
    ]
    .into_iter()
    .map(|(value, id)| Choice::new(value, page.t(id), current))
    .collect()
}

/// Those for whom the reader decides now; none where there is nobody.
fn principals(page: &Page, mandates: &[Mandate], current: &str) -> Vec<Choice> {
    if mandates.is_empty() {
        return Vec::new();
    }
    let mut choices = vec![Choice::new("", page.t(msg!("bills-for-any")), current)];
    for mandate in mandates {
        let until = page.date(mandate.until);
        let label = page.t2("bills-for", "name", &mandate.name, "until", until);
        choices.push(Choice::new(mandate.principal.to_string(), label, current));
    }
    choices
}

fn line(page: &Page, bill: Listed, today: Date) -> BillRow {
    let dash = || "\u{2013}".to_owned();
    let date = |date: Option<Date>| date.map_or_else(dash, |date| page.date(date));
    let amount = bill
        .payable_minor
        .zip(bill.currency)
        .map(|(minor, currency)| {
            let digits = u8::try_from(currency.digits()).unwrap_or(u8::MAX);
            page.money(minor, digits, currency.code())
        });
    // A bill that nobody has read yet is known by its file alone, and its row needs a name to follow.
    let vendor = if bill.vendor_name.is_empty() {
        page.t(msg!("bills-unread"))
    } else {
        bill.vendor_name
    };
    let number = if bill.number.is_empty() {
        bill.file_name.unwrap_or_default()
    } else {
        bill.number
    };
    BillRow {
        id: bill.id.to_string(),
        vendor,
        number,
        amount: amount.unwrap_or_else(dash),
        invoice_date: date(bill.issue_date),
        due_date: date(bill.due_date),
        overdue: bill.payment == Payment::Unpaid
            && !bill.processing.is_closed()
            && bill.due_date.is_some_and(|due| due < today),
        processing: processing(page, bill.processing),
        waits_for: None,
        payment: payment(page, bill.payment),
        holds: (bill.holds > 0)
            .then(|| Badge::new(Tone::Warn, page.t1("bills-hold-count", "count", bill.holds))),
    }
}

/// Where processing stands, in the reader's words.
pub fn processing(page: &Page, processing: Processing) -> Badge {
    let (tone, id) = match processing {
        Processing::Received => (Tone::Warn, msg!("bills-state-received")),
        Processing::Captured => (Tone::Info, msg!("bills-state-captured")),
        Processing::Coding => (Tone::Info, msg!("bills-state-coding")),
        Processing::InApproval => (Tone::Info, msg!("bills-state-in-approval")),
        Processing::Approved => (Tone::Good, msg!("bills-state-approved")),
        Processing::SentBack => (Tone::Warn, msg!("bills-state-sent-back")),
        Processing::Disputed => (Tone::Warn, msg!("bills-state-disputed")),
        Processing::Rejected => (Tone::Bad, msg!("bills-state-rejected")),
        Processing::Cancelled => (Tone::Neutral, msg!("bills-state-cancelled")),
    };
    Badge::new(tone, page.t(id))
}

/// Where the money stands, in the reader's words.
pub fn payment(page: &Page, payment: Payment) -> Badge {
    let (tone, id) = match payment {
        Payment::Unpaid => (Tone::Neutral, msg!("bills-payment-unpaid")),
        Payment::Scheduled => (Tone::Info, msg!("bills-payment-scheduled")),
        Payment::PartlyPaid => (Tone::Warn, msg!("bills-payment-partly-paid")),
        Payment::Paid => (Tone::Good, msg!("bills-payment-paid")),
    };
    Badge::new(tone, page.t(id))
}
