//! The answers that hold values in full: no browser keeps them, and there is no second one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::super::actions::{self, Shown, ShownValue};
use super::super::rules::Revealable;
use super::super::views::{ShownPage, ShownRow};
use super::words;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;

const KEPT_NOWHERE: &str = "no-store";

fn row(page: &Page, value: &ShownValue) -> ShownRow {
    let text = value.secret.expose();
    let is_account = matches!(
        value.masked.named.what,
        Revealable::VendorIban | Revealable::EntityIban
    );
    let grouped = || {
        let groups = text.as_bytes().chunks(4);
        let groups: Vec<&str> = groups
            .filter_map(|four| str::from_utf8(four).ok())
            .collect();
        groups.join(" ")
    };
    ShownRow {
        what: words::what(page, value.masked.named.what),
        owner: value.masked.owner_name.clone(),
        value: if is_account { grouped() } else { text.clone() },
    }
}

pub(super) fn page(by: &SignedIn, shown: &Shown) -> Response {
    let page = by.page(ShownPage::TITLE);
    let values = shown.values.iter().map(|value| row(&page, value)).collect();
    let body = html(&ShownPage { values, page });
    ([(header::CACHE_CONTROL, KEPT_NOWHERE)], body).into_response()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OpenForm {
    /// `csv` for a file.
    format: String,
}

pub(super) async fn open(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(form): Checked<OpenForm>,
) -> Result<Response, Problem> {
    let shown = actions::open(&app, &by.access, actions::id_of(&id)?).await?;
    if form.format != "csv" {
        return Ok(page(&by, &shown));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"revealed.csv\"",
        ),
        (header::CACHE_CONTROL, KEPT_NOWHERE),
    ];
    Ok((headers, file(&shown)).into_response())
}

/// RFC 4180 with a heading; what would be a formula to a spreadsheet is made text.
fn file(shown: &Shown) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 3]| {
        let defused = cells.map(|cell| {
            let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            format!("{}{cell}", if is_formula { "'" } else { "" })
        });
        writer
            .write_record(defused)
            .expect("writing to memory does not fail, and records have one length");
    };
    write(["field", "of", "value"]);
    for value in &shown.values {
        let masked = &value.masked;
        write([
            masked.named.what.as_str(),
            &masked.owner_name,
            value.secret.expose(),
        ]);
    }
    writer.into_inner().unwrap_or_default()
}
