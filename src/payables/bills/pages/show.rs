//! One bill: its document at the left, its facts with their sources at the right.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::words::{DASH, money};
use super::{document, facts, holds, id, notices, parts, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::{self, BillError, MAY_HOLD, Shown};
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::rules::{Payment, Processing};
use crate::payables::bills::views::{BillPage, BillsPage, OpenHold};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{FormErrors, Notice, Tone};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `data` shows what the structured invoice says instead of the pages.
    document: String,
    /// Whether it was to be sent to approval just now, and holds kept it here.
    unsent: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let wants_data = asked.document == "data";
    let mut view = view(&app, &by, id(&bill)?, wants_data, FormErrors::default()).await?;
    if asked.unsent.is_some() && !view.holds.is_empty() {
        view.notices.insert(
            0,
            Notice {
                tone: Tone::Warn,
                text: view.page.t(msg!("bills-unsent")),
            },
        );
    }
    Ok(html(&view))
}

/// Where somebody goes whose bill was coded but is held: the holds stand there, each with what to do.
#[must_use]
pub fn unsent(bill: BillId) -> String {
    format!("/bills/{bill}?unsent=held")
}

/// The page, with what is wrong with a form of it.
pub async fn view(
    app: &App,
    by: &SignedIn,
    bill: BillId,
    wants_data: bool,
    errors: FormErrors,
) -> Result<BillPage, BillError> {
    let shown = actions::show(app, &by.access, bill).await?;
    let mut page = by.page(BillsPage::TITLE);
    page.title = title(&shown);
    let at = format!("/bills/{}", shown.bill.id);
    let document = document::view(app, by, &page, &shown, (&at, wants_data)).await?;
    let bill = &shown.bill;
    let (state, is_open) = (bill.processing, !bill.processing.is_closed());
    let may = |permission| by.access.may_in(permission, bill.entity_id);
    let unpaid = is_open && !bill.payment.has_begun() && !shown.is_at_bank;
    let may_code = may(Permission::BillsCode)
        && unpaid
        && matches!(
            state,
            Processing::Captured | Processing::Coding | Processing::SentBack | Processing::Disputed
        );
    let can_send = may_code && !shown.lines.is_empty() && !shown.distributions.is_empty();
    Ok(BillPage {
        notices: notices::notices(&page, &shown, can_send),
        id: bill.id.to_string(),
        version: bill.version,
        vendor: named(&bill.vendor_name),
        number: named(&bill.number),
        summary: parts::summary(&page, &shown),
        amount: money(&page, bill.payable_minor, bill.currency),
        axes: words::axes(&page, bill),
        not_payable: shown
            .reasons
            .iter()
            .map(|reason| page.t(words::reason(reason)))
            .collect(),
        holds: open_holds(&page, by, &shown),
        errors,
        document,
        groups: facts::groups(&page, &shown),
        lines: shown
            .lines
            .iter()
            .map(|line| parts::line(&page, bill, line, &shown.distributions, &shown.chart))
            .collect(),
        totals: parts::totals(&page, bill),
        vat: shown
            .vat
            .iter()
            .map(|row| parts::vat(&page, bill, row))
            .collect(),
        findings: shown
            .findings
            .iter()
            .map(|row| parts::finding(&page, row))
            .collect(),
        chain: parts::chain(&page, &shown),
        can_type: may(Permission::BillsEnter) && unpaid,
        can_code: may_code,
        can_send,
        can_decide: by.access.decides_in(bill.entity_id) && state == Processing::InApproval,
        can_hold: MAY_HOLD.into_iter().any(may)
            && unpaid
            && !shown.holds.iter().any(|hold| hold.kind == HoldKind::Manual),
        can_settle: may(Permission::RunsRelease)
            && bill.payment == Payment::Unpaid
            && state == Processing::Approved
            && bill.payable_minor == Some(0),
        can_close: may(Permission::BillsEnter) && unpaid,
        events: shown
            .history
            .into_iter()
            .map(|told| parts::event(&page, told))
            .collect(),
        page,
    })
}

fn named(text: &str) -> String {
    if text.is_empty() { DASH } else { text }.to_owned()
}

/// Vendor and number; the file's name where neither is known.
pub fn title(shown: &Shown) -> String {
    let title = format!("{} {}", shown.bill.vendor_name, shown.bill.number);
    match (&shown.document, title.trim()) {
        (Some(document), "") => document.file_name.clone(),
        (None, "") => DASH.to_owned(),
        (_, title) => title.to_owned(),
    }
}

fn open_holds(page: &Page, by: &SignedIn, shown: &Shown) -> Vec<OpenHold> {
    let may_release = by
        .access
        .may_in(Permission::HoldsRelease, shown.bill.entity_id);
    shown
        .holds
        .iter()
        .map(|hold| OpenHold {
            name: hold.name(),
            detail: hold.detail.clone(),
            can_release: may_release && hold.kind.may_be_released(),
            hold: holds::view(page, by, shown, hold),
        })
        .collect()
}
