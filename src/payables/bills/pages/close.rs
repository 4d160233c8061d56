//! Cancelling, rejecting and disputing a bill, each with a reason: which of them, the address says.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{id, parts, show};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::{self, BillError, Closing};
use crate::payables::bills::views::ClosePage;
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::FormErrors;

/// One way to close, as its address, its title and its explanation.
#[derive(Debug, Clone, Copy)]
struct Way {
    closing: Closing,
    word: &'static str,
    title: &'static str,
    lead: &'static str,
}

const WAYS: [Way; 3] = [
    Way {
        closing: Closing::Cancel,
        word: "cancel",
        title: msg!("bills-cancel"),
        lead: msg!("bills-close-cancel-lead"),
    },
    Way {
        closing: Closing::Reject,
        word: "reject",
        title: msg!("bills-reject"),
        lead: msg!("bills-close-reject-lead"),
    },
    Way {
        closing: Closing::Dispute,
        word: "dispute",
        title: msg!("bills-dispute"),
        lead: msg!("bills-close-dispute-lead"),
    },
];

fn way(uri: &OriginalUri) -> Result<Way, Problem> {
    let word = uri.path().rsplit('/').next().unwrap_or_default();
    let found = WAYS.into_iter().find(|way| way.word == word);
    found.ok_or_else(Problem::not_found)
}

async fn view(
    app: &App,
    by: &SignedIn,
    (bill, seen): (BillId, Option<i64>),
    way: Way,
    (reason, errors): (String, FormErrors),
) -> Result<ClosePage, Problem> {
    let reach = by.access.reach(Permission::BillsEnter)?;
    let shown = actions::show(app, &by.access, bill).await?;
    reach.check(shown.bill.entity_id)?;
    Ok(ClosePage {
        id: bill.to_string(),
        version: seen.unwrap_or(shown.bill.version),
        bill: show::title(&shown),
        way: way.word,
        page: by.page(way.title),
        lead: by.page(way.title).t(way.lead),
        reason,
        meanwhile: Vec::new(),
        errors,
    })
}

pub async fn ask(
    State(app): State<Arc<App>>,
    by: SignedIn,
    uri: OriginalUri,
    Path(bill): Path<String>,
) -> Result<Response, Problem> {
    let nothing = (String::new(), FormErrors::default());
    let view = view(&app, &by, (id(&bill)?, None), way(&uri)?, nothing).await?;
    Ok(html(&view))
}

#[derive(Debug, Deserialize)]
pub struct Closed {
    version: i64,
    #[serde(default)]
    reason: String,
}

pub async fn close(
    State(app): State<Arc<App>>,
    by: SignedIn,
    uri: OriginalUri,
    Path(bill): Path<String>,
    Checked(form): Checked<Closed>,
) -> Result<Response, Problem> {
    let (bill, way) = (id(&bill)?, way(&uri)?);
    let seen = (bill, form.version);
    match actions::close(&app, &by.access, seen, way.closing, &form.reason).await {
        Ok(_) => Ok(Redirect::to(&format!("/bills/{bill}")).into_response()),
        Err(error @ BillError::NoReason) => {
            let problem = Problem::from(error);
            let mut errors = FormErrors::default();
            errors.add("reason", by.page(way.title).t(problem.code));
            let seen = (bill, Some(form.version));
            let view = view(&app, &by, seen, way, (form.reason, errors)).await?;
            Ok((problem.status, html(&view)).into_response())
        }
        // What she typed stays, and she decides anew about the bill as it is now.
        Err(BillError::Conflict) => {
            let history = actions::show(&app, &by.access, bill).await?.history;
            let typed = (form.reason, FormErrors::default());
            let mut view = view(&app, &by, (bill, None), way, typed).await?;
            view.meanwhile = parts::meanwhile(&mut view.page, history, form.version);
            Ok((StatusCode::CONFLICT, html(&view)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
