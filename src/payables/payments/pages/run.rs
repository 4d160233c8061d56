//! A run from its proposal to its settlement.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{run_id, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::digests::to_hex;
use crate::payables::payments::actions::{self, RunView};
use crate::payables::payments::rules::{PaymentStatus, RunStatus};
use crate::payables::payments::views::{
    LeftOut, PaymentFile, PaymentRow, PaymentsPage, RunAction, RunPage,
};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, ChainStep, Choice, Fact, FormErrors, Notice, Tone};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let view = actions::view_run(&app, &by.access, run_id(&id)?).await?;
    Ok(html(&run_page(&by, &view, FormErrors::default())))
}

pub(super) fn run_page(by: &SignedIn, view: &RunView, errors: FormErrors) -> RunPage {
    let mut page = by.page(PaymentsPage::TITLE);
    let run = &view.run;
    page.title = page.t1("payments-run-name", "reference", run.reference.as_str());
    let sum = words::money(&page, run.total_minor, &run.currency);
    let blocked = blocked(&page, by, view);
    let may_in = |permission| by.access.may_in(permission, run.entity);
    let can_change = run.status.is_unreleased() && may_in(Permission::RunsCountersign);
    RunPage {
        id: run.id.to_string(),
        digest: to_hex(&view.digest),
        version: run.version,
        state: words::run_badge(&page, run.status),
        summary: page.t2(
            "payments-summary",
            "date",
            page.date(run.execution_date),
            "account",
            view.account_masked.as_str(),
        ),
        trouble: trouble(&page, view),
        conceded: conceded(&page, view),
        rows: rows(&page, view),
        left_out: removed(&page, view),
        next_step: page.t(next_step(run.status)),
        actions: offered(&page, by, view, blocked.is_some()),
        blocked,
        can_remove: can_change && !view.rows.is_empty(),
        can_return: run.status.may_return()
            && may_in(Permission::RunsRelease)
            && !view.rows.is_empty(),
        removable: view
            .rows
            .iter()
            .map(|row| {
                let label = format!("{} {}", row.number, row.vendor);
                Choice::new(row.id.to_string(), label, "")
            })
            .collect(),
        errors,
        file: file_of(&page, view),
        facts: facts(&page, view, &sum),
        chain: chain(&page, view),
        sum,
        page,
    }
}

const fn next_step(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Proposed => msg!("payments-next-countersign"),
        RunStatus::Countersigned => msg!("payments-next-generate"),
        RunStatus::FileGenerated => msg!("payments-next-release"),
        RunStatus::Released | RunStatus::Acknowledged => msg!("payments-next-settle"),
        RunStatus::Settled | RunStatus::Reconciled | RunStatus::PartlyReturned => {
            msg!("payments-next-nothing")
        }
        RunStatus::Voided => msg!("payments-next-voided"),
    }
}

fn trouble(page: &Page, view: &RunView) -> Option<Notice> {
    let texts: Vec<String> = view
        .troubles
        .iter()
        .map(|trouble| format!("{}: {}", trouble.number, words::all(page, &trouble.why)))
        .collect();
    (!texts.is_empty()).then(|| Notice {
        tone: Tone::Bad,
        text: page.t1("payments-trouble", "bills", texts.join(" ")),
    })
}

/// Whoever countersigns sees where one human did both checks.
fn conceded(page: &Page, view: &RunView) -> Option<Notice> {
    let numbers: Vec<&str> = view.conceded.iter().map(|(n, _)| n.as_str()).collect();
    (!numbers.is_empty()).then(|| Notice {
        tone: Tone::Warn,
        text: page.t1("payments-conceded", "bills", numbers.join(", ")),
    })
}

/// Why this person may not take the next step.
fn blocked(page: &Page, by: &SignedIn, view: &RunView) -> Option<String> {
    let status = view.run.status;
    let needed = match status {
        RunStatus::Proposed => Permission::RunsCountersign,
        RunStatus::Countersigned | RunStatus::FileGenerated | RunStatus::Released => {
            Permission::RunsRelease
        }
        _ => return None,
    };
    if !by.access.may_in(needed, view.run.entity) {
        return Some(page.t("payments-blocked-role"));
    }
    if view.is_day_past {
        return Some(page.t("payments-error-day-past"));
    }
    if status == RunStatus::Proposed && view.is_own_proposal {
        return Some(page.t("payments-error-same-human"));
    }
    let acts = matches!(status, RunStatus::Proposed | RunStatus::FileGenerated);
    if acts && !view.own_duties.is_empty() {
        let bills: Vec<String> = view
            .own_duties
            .iter()
            .map(|(number, pairs)| format!("{number} ({})", words::duties(page, pairs)))
            .collect();
        return Some(page.t1("payments-error-duties", "bills", bills.join("; ")));
    }
    None
}

fn offered(page: &Page, by: &SignedIn, view: &RunView, is_blocked: bool) -> Vec<RunAction> {
    let step = match view.run.status {
        RunStatus::Proposed => Some(("countersign", msg!("payments-do-countersign"))),
        RunStatus::Countersigned => Some(("generate", msg!("payments-do-generate"))),
        RunStatus::FileGenerated => Some(("release", msg!("payments-do-release"))),
        RunStatus::Released => Some(("settle", msg!("payments-do-settle"))),
        _ => None,
    };
    let next = step
        .filter(|_| !is_blocked && view.troubles.is_empty())
        .map(|(verb, label)| RunAction {
            verb,
            label: page.t(label),
            primary: true,
            danger: false,
            needs_reason: false,
        });
    let may_void = [Permission::RunsCountersign, Permission::RunsPropose]
        .into_iter()
        .any(|permission| by.access.may_in(permission, view.run.entity));
    let void = (view.run.status.is_unreleased() && may_void).then(|| RunAction {
        verb: "void",
        label: page.t(msg!("payments-do-void")),
        primary: false,
        danger: true,
        needs_reason: true,
    });
    next.into_iter().chain(void).collect()
}

fn rows(page: &Page, view: &RunView) -> Vec<PaymentRow> {
    view.rows
        .iter()
        .map(|row| PaymentRow {
            bill_id: row.bill.to_string(),
            vendor: row.vendor.clone(),
            number: row.number.clone(),
            remittance: row.remittance.clone(),
            account_masked: row.account_masked.clone(),
            account_proof: if row.amount_minor < 0 {
                page.t("payments-netted")
            } else {
                String::new()
            },
            state: words::payment_badge(page, row.status),
            amount: words::money(page, row.amount_minor, &view.run.currency),
        })
        .collect()
}

fn removed(page: &Page, view: &RunView) -> Vec<LeftOut> {
    view.removed
        .iter()
        .map(|removed| LeftOut {
            bill_id: removed.bill.to_string(),
            vendor: removed.vendor_name.clone(),
            number: removed.number.clone(),
            why: if removed.status == PaymentStatus::Returned {
                page.t1("payments-returned-why", "reason", removed.reason.as_str())
            } else {
                removed.reason.clone()
            },
            action: None,
            amount: words::money(page, removed.amount_minor, &view.run.currency),
        })
        .collect()
}

/// The file's link stands for those alone who may have it.
fn file_of(page: &Page, view: &RunView) -> Option<PaymentFile> {
    let sha256 = view.run.file_sha256.filter(|_| view.may_fetch)?;
    let bytes = view.file_size_bytes.unwrap_or_default();
    Some(PaymentFile {
        name: format!("{}.xml", view.run.reference),
        size: page.t1("payments-bytes", "count", bytes),
        sha256: to_hex(&sha256),
    })
}

fn facts(page: &Page, view: &RunView, sum: &str) -> Vec<Fact> {
    let mut facts: Vec<Fact> = [
        (msg!("payments-entity"), view.entity.clone()),
        (msg!("payments-from"), view.account_masked.clone()),
        (msg!("payments-format"), "pain.001.001.09".to_owned()),
        (msg!("payments-date"), page.date(view.run.execution_date)),
        (msg!("payments-count"), view.run.payment_count.to_string()),
        (msg!("payments-sum"), sum.to_owned()),
    ]
    .into_iter()
    .map(|(label, value)| Fact::new(page.t(label), Some(value), None))
    .collect();
    for fact in facts.iter_mut().skip(4) {
        fact.numeric = true;
    }
    facts
}

fn chain(page: &Page, view: &RunView) -> Vec<ChainStep> {
    let run = &view.run;
    let done = |at: i64| Badge::new(Tone::Good, page.time(at));
    let step = |who: Option<&String>, why, at: Option<i64>| ChainStep {
        who: who.cloned().unwrap_or_else(|| page.t("payments-another")),
        why: page.t(why),
        state: at.map_or_else(|| Badge::new(Tone::Neutral, page.t("payments-open")), done),
    };
    vec![
        step(
            Some(&view.proposed_by),
            msg!("payments-did-propose"),
            Some(run.proposed.0),
        ),
        step(
            view.countersigned_by.as_ref(),
            msg!("payments-did-countersign"),
            run.countersigned.map(|at| at.0),
        ),
        step(
            view.released_by.as_ref(),
            msg!("payments-did-release"),
            run.released.map(|at| at.0),
        ),
    ]
}
