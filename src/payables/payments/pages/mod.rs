//! The pages of payment runs.

mod propose;
mod run;
mod step;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use self::words::{money, run_badge};
use super::actions;
use super::rules::RunStatus;
use super::store::Run;
use super::views::{PaymentsPage, RunRow};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::ids::RunId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::Pager;

/// Rows on one page of the list.
const ROWS: i64 = 50;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/payments", get(list).post(propose::submit))
        .route("/payments/propose", get(propose::show))
        .route("/payments/{id}", get(run::show))
        .route("/payments/{id}/countersign", post(step::countersign))
        .route("/payments/{id}/generate", post(step::generate))
        .route("/payments/{id}/release", post(step::release))
        .route("/payments/{id}/settle", post(step::settle))
        .route("/payments/{id}/void", post(step::void))
        .route("/payments/{id}/remove", post(step::remove))
        .route("/payments/{id}/return", post(step::returned))
        .route("/payments/{id}/file", get(step::file))
}

fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The run before which the page begins.
    after: String,
}

async fn list(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let page = by.page(PaymentsPage::TITLE);
    let mut found = actions::list_runs(&app, &by.access, asked.after, ROWS + 1).await?;
    let has_more = found.len() as i64 > ROWS;
    found.truncate(ROWS as usize);
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|(run, _)| format!("/payments?after={}", run.id));
    Ok(html(&PaymentsPage {
        rows: found
            .iter()
            .map(|(run, account)| row(&page, run, account))
            .collect(),
        pager: Pager {
            previous: None,
            next,
        },
        can_propose: by.access.may_anywhere(Permission::RunsPropose),
        page,
    }))
}

fn row(page: &Page, run: &Run, account: &str) -> RunRow {
    let waits_for = match run.status {
        RunStatus::Proposed => Some(msg!("payments-waits-countersign")),
        RunStatus::Countersigned => Some(msg!("payments-waits-file")),
        RunStatus::FileGenerated => Some(msg!("payments-waits-release")),
        RunStatus::Released => Some(msg!("payments-waits-settle")),
        _ => None,
    };
    RunRow {
        id: run.id.to_string(),
        name: run.reference.clone(),
        from_account: account.to_owned(),
        date: page.date(run.execution_date),
        state: run_badge(page, run.status),
        waits_for: waits_for.map(|id| page.t(id)),
        count: run.payment_count.to_string(),
        sum: money(page, run.total_minor, &run.currency),
    }
}
