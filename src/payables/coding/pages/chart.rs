//! `/chart/{list}`: the codes that lines are coded with.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::actions::{self, CodingError, Imported};
use super::super::rules::import::{BYTES_MAX, ImportProblem};
use super::super::rules::{CodeError, List};
use super::super::store::ChartEntryId;
use super::super::views::{ChartPage, ChartRow, RefusedLine};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::{Checked, CheckedUpload};
use crate::platform::web::messages::Messages;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{FormErrors, Tab};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/chart", get(first))
        .route("/chart/{list}", get(show).post(add))
        .route("/chart/{list}/import", post(import))
        .route("/chart/{list}/{id}/rename", post(rename))
        .route("/chart/{list}/{id}/retire", post(retire))
        .route("/chart/{list}/{id}/restore", post(restore))
}

async fn first(_: SignedIn) -> Redirect {
    Redirect::to("/chart/gl-accounts")
}

fn named(list: &str) -> Result<List, Problem> {
    List::parse(list).ok_or_else(Problem::not_found)
}

async fn view(app: &App, by: &SignedIn, list: List) -> Result<ChartPage, Problem> {
    let entries = actions::list(app, &by.access, list).await?;
    let page = by.page(ChartPage::TITLE);
    let tab = |of: List, label| Tab {
        label: page.t(label),
        href: format!("/chart/{of}"),
        count: None,
        current: of == list,
    };
    Ok(ChartPage {
        tabs: vec![
            tab(List::GlAccounts, msg!("coding-gl-accounts")),
            tab(List::CostCentres, msg!("coding-cost-centres")),
        ],
        list: list.as_str(),
        rows: entries
            .into_iter()
            .map(|entry| ChartRow {
                id: entry.id.to_string(),
                version: entry.version,
                code: entry.code,
                name: entry.name,
                retired: entry.retired_us.is_some(),
            })
            .collect(),
        can_edit: by.access.may(Permission::SettingsEdit),
        code: String::new(),
        name: String::new(),
        errors: FormErrors::default(),
        imported: None,
        refused: Vec::new(),
        page,
    })
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(list): Path<String>,
) -> Result<Response, Problem> {
    Ok(html(&view(&app, &by, named(&list)?).await?))
}

#[derive(Debug, Deserialize)]
struct NewCode {
    code: String,
    name: String,
}

async fn add(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(list): Path<String>,
    Checked(new): Checked<NewCode>,
) -> Result<Response, Problem> {
    let list = named(&list)?;
    let error = match actions::add(&app, &by.access, list, &new.code, &new.name).await {
        Ok(_) => return Ok(Redirect::to(&format!("/chart/{list}")).into_response()),
        Err(error) => error,
    };
    let page = by.page(ChartPage::TITLE);
    let (field, text) = match &error {
        CodingError::Code(CodeError::Code) => ("code", page.t(msg!("coding-code-wrong"))),
        CodingError::Code(CodeError::Name) => ("name", page.t(msg!("coding-name-wrong"))),
        CodingError::CodeTaken(code) => ("code", page.t1("coding-code-taken", "code", code)),
        _ => return Err(error.into()),
    };
    let mut view = view(&app, &by, list).await?;
    view.errors.add(field, text);
    (view.code, view.name) = (new.code, new.name);
    Ok((Problem::from(error).status, html(&view)).into_response())
}

#[derive(Debug, Deserialize)]
struct Renamed {
    version: i64,
    name: String,
}

async fn rename(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((list, entry)): Path<(String, String)>,
    Checked(renamed): Checked<Renamed>,
) -> Result<Redirect, Problem> {
    let (list, entry) = (named(&list)?, id(&entry)?);
    actions::rename(
        &app,
        &by.access,
        list,
        (entry, renamed.version),
        &renamed.name,
    )
    .await?;
    Ok(Redirect::to(&format!("/chart/{list}")))
}

fn id(text: &str) -> Result<ChartEntryId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Debug, Deserialize)]
struct Versioned {
    version: i64,
}

async fn retire(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((list, entry)): Path<(String, String)>,
    Checked(Versioned { version }): Checked<Versioned>,
) -> Result<Redirect, Problem> {
    let (list, entry) = (named(&list)?, id(&entry)?);
    actions::retire(&app, &by.access, list, (entry, version), false).await?;
    Ok(Redirect::to(&format!("/chart/{list}")))
}

async fn restore(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path((list, entry)): Path<(String, String)>,
    Checked(Versioned { version }): Checked<Versioned>,
) -> Result<Redirect, Problem> {
    let (list, entry) = (named(&list)?, id(&entry)?);
    actions::retire(&app, &by.access, list, (entry, version), true).await?;
    Ok(Redirect::to(&format!("/chart/{list}")))
}

async fn import(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(list): Path<String>,
    mut upload: CheckedUpload,
) -> Result<Response, Problem> {
    let list = named(&list)?;
    let mut bytes = Vec::new();
    while let Some(mut field) = upload.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let unreadable = |_| Problem::invalid(msg!("error-form-unreadable"));
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > BYTES_MAX {
                return Err(Problem::invalid(msg!("coding-file-too-large")).field("file"));
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    let imported = actions::import(&app, &by.access, list, &bytes).await?;
    let mut view = view(&app, &by, list).await?;
    view.imported = Some(told(&view.page, &imported));
    let refused = imported.findings.into_iter().map(|finding| RefusedLine {
        line: finding.line,
        text: finding.text,
        why: view.page.t(why(finding.problem)),
    });
    view.refused = refused.collect();
    Ok(html(&view))
}

fn told(page: &Page, imported: &Imported) -> String {
    Messages::text_with(
        page.locale,
        msg!("coding-imported"),
        &[
            ("added", &imported.added),
            ("renamed", &imported.renamed),
            ("unchanged", &imported.unchanged),
        ],
    )
}

fn why(problem: ImportProblem) -> &'static str {
    match problem {
        ImportProblem::NotText => msg!("coding-import-not-text"),
        ImportProblem::Columns => msg!("coding-import-columns"),
        ImportProblem::Code => msg!("coding-code-wrong"),
        ImportProblem::Name => msg!("coding-name-wrong"),
        ImportProblem::Twice => msg!("coding-import-twice"),
        ImportProblem::TooMany => msg!("coding-import-too-many"),
    }
}
