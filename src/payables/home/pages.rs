//! `GET /`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use super::actions::{self, ForAnother};
use super::rules::QueueKind;
use super::store::QueueItem;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::pages::words::kind;
use crate::payables::bills::rules::BillKind;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::home::{HomePage, Queue, QueueRow};
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(home))
}

async fn home(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let waiting = actions::waiting(&app, &by.access).await?;
    let page = by.page(HomePage::TITLE);
    let today = by.access.now().timestamp().to_zoned(by.zone.clone()).date();
    let mut queues: Vec<Queue> = waiting
        .into_iter()
        .map(|(kind, items)| queue(&page, kind, items, today))
        .collect();
    // Beneath her own: apart, and each named.
    let others = actions::waiting_for_others(&app, &by.access).await?;
    queues.extend(
        others
            .into_iter()
            .map(|other| for_another(&page, other, today)),
    );
    let count: u32 = queues.iter().map(|queue| queue.count).sum();
    Ok(html(&HomePage {
        summary: page.t1("home-summary", "count", count),
        queues,
        figures: Vec::new(),
        page,
    }))
}

fn queue(page: &Page, kind: QueueKind, items: Vec<QueueItem>, today: Date) -> Queue {
    let count = items.first().map_or(0, |item| item.count);
    let (title, href) = match kind {
        QueueKind::Approve => (msg!("home-to-approve"), "/approvals"),
        QueueKind::Countersign => (msg!("home-to-countersign"), "/payments"),
        QueueKind::Release => (msg!("home-to-release"), "/payments"),
        QueueKind::Verify => (msg!("home-to-verify"), "/vendors"),
        QueueKind::Reveal => (msg!("home-to-reveal"), "/reveals"),
        QueueKind::VerifyOwn => (msg!("home-to-verify-own"), "/settings"),
        QueueKind::ReleaseHold => (msg!("home-on-hold"), "/bills?view=held"),
        QueueKind::Mend => (msg!("home-to-mend"), "/bills?view=coding"),
        QueueKind::Type => (msg!("home-to-type"), "/bills?view=typing"),
        QueueKind::Code => (msg!("home-to-code"), "/bills?view=coding"),
    };
    Queue {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        title: page.t(title),
        href: href.to_owned(),
        rows: items
            .into_iter()
            .map(|item| row(page, kind, item, today))
            .collect(),
    }
}

/// "to approve for Ann, until 3 July".
fn for_another(page: &Page, other: ForAnother, today: Date) -> Queue {
    let until = page.date(other.until);
    Queue {
        title: page.t2("home-to-approve-for", "name", &other.name, "until", until),
        ..queue(page, QueueKind::Approve, other.items, today)
    }
}

fn row(page: &Page, queue: QueueKind, item: QueueItem, today: Date) -> QueueRow {
    let id = &item.id;
    let href = match queue {
        QueueKind::Approve => format!("/approvals/{id}"),
        QueueKind::Countersign | QueueKind::Release => format!("/payments/{id}"),
        QueueKind::Verify => format!("/vendors/{id}"),
        QueueKind::Reveal => format!("/reveals/{id}"),
        QueueKind::VerifyOwn => format!("/settings/accounts/{id}"),
        QueueKind::ReleaseHold | QueueKind::Mend => format!("/bills/{id}"),
        QueueKind::Type => format!("/bills/{id}/edit"),
        QueueKind::Code => format!("/bills/{id}/coding"),
    };
    let is_run = matches!(queue, QueueKind::Countersign | QueueKind::Release);
    let late = item.due.is_some_and(|due| due < today);
    let due = match item.due {
        Some(due) if is_run => page.t1("home-execution", "date", page.date(due)),
        Some(due) if late => page.t1("home-overdue", "date", page.date(due)),
        Some(due) => page.t1("home-due", "date", page.date(due)),
        None if queue == QueueKind::Reveal => page.t(msg!("home-asked-by-another")),
        None if matches!(queue, QueueKind::Verify | QueueKind::VerifyOwn) => {
            page.t(msg!("home-entered-by-another"))
        }
        None => page.t(msg!("home-no-due-date")),
    };
    let reason = match HoldKind::parse(&item.note) {
        Some(hold) if queue == QueueKind::ReleaseHold => page.t(hold.label()),
        _ => item.note,
    };
    let amount = match (item.amount_minor, item.currency) {
        (Some(minor), Some(currency)) => {
            let digits = u8::try_from(currency.digits()).unwrap_or(u8::MAX);
            page.money(minor, digits, currency.code())
        }
        _ => String::new(),
    };
    let is_credit = BillKind::parse(&item.kind) == Some(BillKind::CreditNote);
    QueueRow {
        href,
        badge: is_credit.then(|| Badge::new(Tone::Info, page.t(kind(BillKind::CreditNote)))),
        // A bill that nobody has read yet has no vendor: its row still needs a name to follow.
        title: if item.title.is_empty() {
            page.t(msg!("home-unread"))
        } else {
            item.title
        },
        detail: item.detail,
        why: if reason.is_empty() {
            due
        } else {
            format!("{reason} · {due}")
        },
        late,
        amount,
    }
}
