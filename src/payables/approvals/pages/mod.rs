//! The approver's inbox and the page on which she decides.

mod decide;
mod policy;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use self::decide::Typed;
use super::actions::{self, ApprovalError, InboxRow, NewDecision};
use super::rules::Verdict;
use super::store::inbox::DecidedRow;
use super::views::{ApprovalRow, InboxPage};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::pages::show::unsent;
use crate::payables::bills::pages::words::money;
use crate::payables::digests::from_hex;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Badge, FormErrors, Pager, Tab, Tone};

/// Rows on one page of the inbox.
const PAGE: i64 = 50;
/// A bill that is due within so many days is urgent.
const URGENT_DAYS: i64 = 2;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/approvals", get(inbox))
        .route("/approvals/policy", get(policy::show).post(policy::set))
        .route("/approvals/{id}", get(show).post(decide))
        .route("/bills/{id}/send", post(send))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `decided`, or nothing for what waits.
    view: String,
    /// Where the page begins: a due date and a bill, or a decision.
    after: String,
}

async fn inbox(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let page = by.page(InboxPage::TITLE);
    let is_decided = asked.view == "decided";
    let tab = |label: String, href: &str, current| Tab {
        label,
        href: href.to_owned(),
        count: None,
        current,
    };
    let tabs = vec![
        tab(page.t(msg!("approvals-waiting")), "/approvals", !is_decided),
        tab(
            page.t(msg!("approvals-decided")),
            "/approvals?view=decided",
            is_decided,
        ),
    ];
    let (rows, pager): (Vec<ApprovalRow>, Option<String>) = if is_decided {
        let before = Some(asked.after).filter(|text| !text.is_empty());
        let mut found = actions::decided(&app, &by.access, before, PAGE + 1).await?;
        let next = next_page(&mut found, |row| {
            format!("/approvals?view=decided&after={}", row.id)
        });
        (
            found
                .into_iter()
                .map(|row| decided_row(&page, row))
                .collect(),
            next,
        )
    } else {
        let after = asked
            .after
            .split_once('_')
            .map(|(date, bill)| (date.to_owned(), bill.to_owned()));
        let mut found = actions::inbox(&app, &by.access, after, PAGE + 1).await?;
        let next = next_page(&mut found, |row| {
            let (date, bill) = row.waiting.after();
            format!("/approvals?after={date}_{bill}")
        });
        let today = words::today(&by);
        (
            found
                .iter()
                .map(|row| inbox_row(&page, row, today))
                .collect(),
            next,
        )
    };
    Ok(html(&InboxPage {
        tabs,
        rows,
        pager: Pager {
            previous: None,
            next: pager,
        },
        decided: is_decided,
        page,
    }))
}

/// Cuts what was read beyond one page, and says where the next one begins.
fn next_page<T>(rows: &mut Vec<T>, href: impl Fn(&T) -> String) -> Option<String> {
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    rows.last().filter(|_| more).map(href)
}

fn inbox_row(page: &Page, row: &InboxRow, today: jiff::civil::Date) -> ApprovalRow {
    let waiting = &row.waiting;
    let soon = today.saturating_add(jiff::Span::new().days(URGENT_DAYS));
    ApprovalRow {
        id: waiting.bill.to_string(),
        vendor: waiting.vendor_name.clone(),
        number: waiting.number.clone(),
        purpose: waiting.purpose.clone().unwrap_or_default(),
        amount: money(page, waiting.payable_minor, waiting.currency),
        due_date: waiting
            .due_date
            .map_or_else(|| "\u{2013}".to_owned(), |date| page.date(date)),
        urgent: waiting.due_date.is_some_and(|date| date <= soon),
        why_you: match &row.behalf {
            Some(name) => page.t1("approvals-on-behalf", "name", name),
            None => words::why(page, row.asked, row.own_currency),
        },
        remark: (waiting.holds > 0).then(|| {
            Badge::new(
                Tone::Warn,
                page.t1("approvals-holds", "count", waiting.holds),
            )
        }),
        sent_by: waiting.requested_by.clone().unwrap_or_default(),
        waiting_since: page.time(waiting.requested.0),
    }
}

fn decided_row(page: &Page, row: DecidedRow) -> ApprovalRow {
    ApprovalRow {
        id: row.bill.to_string(),
        vendor: row.vendor_name,
        number: row.number,
        purpose: row.reason,
        amount: money(page, row.payable_minor, row.currency),
        due_date: page.time(row.decided.0),
        urgent: false,
        why_you: String::new(),
        remark: Some(words::verdict(page, row.verdict)),
        sent_by: String::new(),
        waiting_since: String::new(),
    }
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Problem> {
    let case = actions::look(&app, &by.access, id(&bill)?).await?;
    let wants_data = looked.document == "data";
    let view = decide::view(&app, &by, case, wants_data, Typed::default()).await?;
    Ok(html(&view))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Looked {
    /// `data` shows what the structured invoice says instead of the pages.
    document: String,
}

#[derive(Debug, Deserialize)]
struct Decision {
    digest: String,
    #[serde(default)]
    comment: String,
    decision: String,
}

async fn decide(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(form): Checked<Decision>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let seen = from_hex(&form.digest).ok_or(ApprovalError::Stale)?;
    let verdict = match form.decision.as_str() {
        "approve" => Verdict::Approve,
        "reject" => Verdict::Reject,
        "send_back" => Verdict::SendBack,
        _ => return Err(Problem::invalid(msg!("error-form-unreadable"))),
    };
    let new = NewDecision {
        bill,
        verdict,
        reason: form.comment.clone(),
        seen,
    };
    let error = match actions::decide(&app, &by.access, new).await {
        Ok(_) => return Ok(Redirect::to("/approvals").into_response()),
        Err(error) => error,
    };
    // What the approver can mend comes back on the page with what she typed, and so does what others did in the meantime.
    let problem = Problem::from(error);
    let is_told_here = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT];
    if !is_told_here.contains(&problem.status) {
        return Err(problem);
    }
    let mut errors = FormErrors::default();
    errors.add("comment", message(&problem, by.locale));
    let case = actions::look(&app, &by.access, bill).await?;
    let comment = form.comment;
    let view = decide::view(&app, &by, case, false, Typed { comment, errors }).await?;
    Ok((problem.status, html(&view)).into_response())
}

#[derive(Debug, Deserialize)]
struct Sent {
    version: i64,
}

async fn send(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(Sent { version }): Checked<Sent>,
) -> Result<Redirect, Problem> {
    sent(&app, &by, (id(&bill)?, version)).await
}

/// Sends a bill to its approvers, and leads back to it: to its holds where they keep it here.
pub(in crate::payables) async fn sent(
    app: &App,
    by: &SignedIn,
    (bill, version): (BillId, i64),
) -> Result<Redirect, Problem> {
    match actions::submit(app, &by.access, (bill, version)).await {
        Ok(_) => Ok(Redirect::to(&format!("/bills/{bill}"))),
        Err(ApprovalError::Held(_)) => Ok(Redirect::to(&unsent(bill))),
        Err(error) => Err(error.into()),
    }
}

/// An address that names no bill leads nowhere.
fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
