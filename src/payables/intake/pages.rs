//! `/bills/upload`: any number of files at once, with or without script.

use std::sync::Arc;

use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use countersign_einvoice::check::{Finding, Level};
use serde::Serialize;

use super::actions::{Arriving, File, IntakeError, Outcome, TakenIn, size_text, take_in};
use super::views::{UploadPage, UploadResult, outcomes};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::pages::details;
use crate::payables::bills::rules::Via;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::CheckedUpload;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, log, message};

/// A form without script carries several files: so many of the largest size.
const LARGEST_FILES: u64 = 4;
/// Most bytes of a form, where that is more: they pass through, so that one file that is far too large does not take the
/// others along. Its time is limited (`limits.upload_timeout_ms`).
const FORM_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// What a form has beside its files, in bytes.
const FRAME_BYTES: u64 = 1024 * 1024;
/// Findings shown for one file; its bill shows them all.
const FINDINGS: usize = 20;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/bills/upload", get(show).post(upload))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    by.access.reach(Permission::BillsEnter)?;
    Ok(upload_page(&app, by.page(UploadPage::TITLE), Vec::new()))
}

fn upload_page(app: &App, page: Page, results: Vec<UploadResult>) -> Response {
    html(&UploadPage {
        max_size: size_text(app.upload_bytes),
        results,
        outcomes: outcomes(&page),
        page,
    })
}

/// The form, which may be as large as its files.
struct Files(CheckedUpload);

impl FromRequest<Arc<App>> for Files {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let largest = app.upload_bytes.saturating_mul(LARGEST_FILES);
        limit(&mut request, largest.max(FORM_BYTES));
        CheckedUpload::from_request(request, app).await.map(Self)
    }
}

/// Lets the request's body hold `files` bytes of files.
pub(super) fn limit(request: &mut Request, files: u64) {
    let bytes = usize::try_from(files.saturating_add(FRAME_BYTES)).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(bytes).apply(request);
}

/// What became of one file.
struct Done {
    file: String,
    taken: Result<TakenIn, Problem>,
}

/// One file's answer for the script; see [`UploadPage`].
#[derive(Debug, Serialize)]
struct Line {
    file: String,
    outcome: &'static str,
    bill_url: Option<String>,
    findings: Vec<LineFinding>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct LineFinding {
    rule: String,
    message: String,
}

async fn upload(
    State(app): State<Arc<App>>,
    by: SignedIn,
    headers: HeaderMap,
    form: Result<Files, Problem>,
) -> Result<Response, Problem> {
    let is_script = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("application/json"));
    let answered = match (by.access.reach(Permission::BillsEnter), form) {
        (Err(denied), _) => Err(denied.into()),
        (Ok(_), Err(problem)) => Err(problem),
        (Ok(_), Ok(form)) => all(&app, &by, form).await,
    };
    let page = by.page(UploadPage::TITLE);
    match answered {
        Ok(done) if is_script => {
            let lines: Vec<Line> = done.into_iter().map(|done| line(&page, done)).collect();
            Ok(json(StatusCode::OK, &lines))
        }
        Ok(done) => {
            let results = done.into_iter().map(|done| result(&page, done)).collect();
            Ok(upload_page(&app, page, results))
        }
        // The script reads no page: it gets the same words as a line.
        Err(problem) if is_script => {
            let status = problem.status;
            let done = Done {
                file: String::new(),
                taken: Err(problem),
            };
            Ok(json(status, &[line(&page, done)]))
        }
        Err(problem) => Err(problem),
    }
}

fn json(status: StatusCode, lines: &[Line]) -> Response {
    (status, axum::Json(lines)).into_response()
}

/// Takes in one file after the other, each read when the one before is done.
async fn all(app: &App, by: &SignedIn, Files(mut form): Files) -> Result<Vec<Done>, Problem> {
    let mut done = Vec::new();
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            // What was taken in stays, and is told.
            Err(problem) => {
                done.push(cut(String::new(), problem));
                break;
            }
        };
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        match arrive(app, field).await {
            // A form without a chosen file sends one without name and bytes.
            Ok(file) if name.is_empty() && file.is_empty() => {}
            Ok(file) => {
                let taken = take_in(app, &by.access, &name, file, Via::Upload).await;
                let taken = taken.map_err(|error| told(by, error));
                done.push(Done { file: name, taken });
            }
            Err(NotArrived::Refused(error)) => {
                let taken = Err(told(by, error));
                done.push(Done { file: name, taken });
            }
            Err(NotArrived::Cut(status)) => {
                let problem = Problem::new(status, msg!("error-form-unreadable"));
                done.push(cut(name, problem));
                break;
            }
        }
    }
    if done.is_empty() {
        return Err(Problem::invalid(msg!("intake-no-file")).field("files"));
    }
    Ok(done)
}

/// A failure of ours reaches the log here, since the answer as a whole is none.
fn told(by: &SignedIn, error: IntakeError) -> Problem {
    let problem = Problem::from(error);
    log(&problem, Some(by.request.id));
    problem
}

/// The form ended before its end.
fn cut(file: String, problem: Problem) -> Done {
    let taken = Err(Problem::new(problem.status, msg!("intake-cut")));
    Done { file, taken }
}

/// Why a file of a form did not come in.
pub(super) enum NotArrived {
    /// It may not, or we could not take it. The next one is tried.
    Refused(IntakeError),
    /// The form ended within it.
    Cut(StatusCode),
}

/// Takes one file of a form to the disk. What is too large is read to its end, so that the next file is found.
pub(super) async fn arrive(app: &App, mut field: Field<'_>) -> Result<File, NotArrived> {
    let mut arriving = Arriving::begin(app, app.upload_bytes)
        .await
        .map_err(NotArrived::Refused)?;
    loop {
        match field.chunk().await {
            Ok(Some(bytes)) => arriving.write(&bytes).await.map_err(NotArrived::Refused)?,
            Ok(None) => break,
            Err(error) => return Err(NotArrived::Cut(error.status())),
        }
    }
    arriving.finish().await.map_err(NotArrived::Refused)
}

/// The outcome's place in [`outcomes`], and what there is to say.
fn said(page: &Page, taken: &Result<TakenIn, Problem>) -> (usize, String) {
    match taken {
        Ok(taken) => match taken.outcome {
            Outcome::New if taken.findings.iter().any(weighs) => (1, String::new()),
            Outcome::New => (0, String::new()),
            Outcome::KeptForTyping => (2, String::new()),
            Outcome::Duplicate => (3, page.t(msg!("intake-known"))),
        },
        Err(problem) => (4, message(problem, page.locale)),
    }
}

fn weighs(finding: &Finding) -> bool {
    matches!(finding.level, Level::Fatal | Level::Warning)
}

fn bill_url(taken: &Result<TakenIn, Problem>) -> Option<String> {
    let taken = taken.as_ref().ok()?;
    Some(format!("/bills/{}", taken.bill))
}

fn findings(taken: &Result<TakenIn, Problem>) -> &[Finding] {
    let all = taken.as_ref().map_or(&[][..], |taken| &taken.findings);
    &all[..all.len().min(FINDINGS)]
}

/// A finding as one text.
fn explained(page: &Page, finding: &Finding) -> String {
    match details::finding(page, finding.rule.as_str(), &finding.message) {
        (text, Some(detail)) => format!("{text} {detail}"),
        (text, None) => text,
    }
}

fn line(page: &Page, done: Done) -> Line {
    let (place, text) = said(page, &done.taken);
    Line {
        outcome: outcomes(page)[place].key,
        bill_url: bill_url(&done.taken),
        findings: findings(&done.taken)
            .iter()
            .map(|finding| LineFinding {
                rule: finding.rule.to_string(),
                message: explained(page, finding),
            })
            .collect(),
        error: (!text.is_empty()).then_some(text),
        file: done.file,
    }
}

fn result(page: &Page, done: Done) -> UploadResult {
    let (place, message) = said(page, &done.taken);
    UploadResult {
        outcome: outcomes(page)[place].badge.clone(),
        message,
        bill_href: bill_url(&done.taken),
        findings: findings(&done.taken)
            .iter()
            .map(|finding| format!("{}: {}", finding.rule, explained(page, finding)))
            .collect(),
        file: done.file,
    }
}
