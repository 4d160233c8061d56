//! The steps that people take with a run, each with the run as they saw it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::run::run_page;
use super::run_id;
use crate::identity::sessions::SignedIn;
use crate::payables::digests::from_hex;
use crate::payables::ids::RunId;
use crate::payables::payments::actions::{self, PaymentError, Seen};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{FormErrors, Notice, Tone};

/// What every step sends: the run as it was seen.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    digest: String,
    version: i64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    payment: String,
    #[serde(default)]
    why: String,
}

impl Step {
    fn seen(&self, run: RunId) -> Result<Seen, Problem> {
        Ok(Seen {
            run,
            version: self.version,
            digest: from_hex(&self.digest).ok_or(PaymentError::Conflict)?,
        })
    }
}

/// Back to the run; what a person can mend is said on its page.
async fn answer(
    app: &App,
    by: &SignedIn,
    run: RunId,
    done: Result<(), PaymentError>,
) -> Result<Response, Problem> {
    let problem = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/payments/{run}")).into_response()),
        Err(error) => Problem::from(error),
    };
    let shown = matches!(
        problem.status,
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    );
    if !shown {
        return Err(problem);
    }
    let view = actions::view_run(app, &by.access, run).await?;
    let mut errors = FormErrors::default();
    let text = message(&problem, by.locale);
    let mut page = match problem.field {
        Some(field) => {
            errors.add(field, text);
            run_page(by, &view, errors)
        }
        None => {
            let mut page = run_page(by, &view, errors);
            page.trouble = Some(Notice {
                tone: Tone::Bad,
                text,
            });
            page
        }
    };
    // The reason of a removal has a field of its own on the page.
    for error in &mut page.errors.0 {
        if error.field == "reason" && !page.actions.iter().any(|action| action.needs_reason) {
            error.field = "why".to_owned();
        }
    }
    Ok((problem.status, html(&page)).into_response())
}

pub(super) async fn countersign(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let done = actions::countersign_run(&app, &by.access, step.seen(run)?).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn generate(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let done = actions::generate_file(&app, &by.access, step.seen(run)?).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn release(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let done = actions::release_run(&app, &by.access, step.seen(run)?).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn settle(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let done = actions::settle_run(&app, &by.access, step.seen(run)?).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn void(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let done = actions::void_run(&app, &by.access, step.seen(run)?, &step.reason).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let payment = step.payment.parse().map_err(|_| Problem::not_found())?;
    let seen = step.seen(run)?;
    let done = actions::remove_payment(&app, &by.access, seen, payment, &step.why).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn returned(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(step): Checked<Step>,
) -> Result<Response, Problem> {
    let run = run_id(&id)?;
    let payment = step.payment.parse().map_err(|_| Problem::not_found())?;
    let seen = step.seen(run)?;
    let done = actions::return_payment(&app, &by.access, seen, payment, &step.why).await;
    answer(&app, &by, run, done).await
}

pub(super) async fn file(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let file = actions::download_file(&app, &by.access, run_id(&id)?).await?;
    // Our own reference: digits, letters and hyphens alone.
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    let headers = [
        (header::CONTENT_TYPE, "application/xml".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}
