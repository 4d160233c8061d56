//! Pages of what is shown in full: asking, deciding, opening, and who saw what.

mod ask;
mod decide;
mod seen;
mod shown;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};

use super::actions::{self, Listed};
use super::rules::State as Stands;
use super::views::{RevealPage, RevealRow, RevealsPage};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::Fact;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/reveals", get(list).post(ask::ask))
        .route("/reveals/new", get(ask::show))
        .route("/reveals/vendors", get(ask::vendors))
        .route("/reveals/{id}", get(show))
        .route("/reveals/{id}/decide", post(decide::decide))
        .route("/reveals/{id}/withdraw", post(decide::withdraw))
        .route("/reveals/{id}/open", post(shown::open))
        .route("/vendors/{id}/seen", get(seen::vendor))
        .route(
            "/vendors/{id}/accounts/{account}/seen",
            get(seen::vendor_account),
        )
        .route("/settings/entities/{id}/seen", get(seen::entity))
        .route("/settings/accounts/{id}/seen", get(seen::own_account))
        .route("/people/{id}/seen", get(seen::person))
        .route("/me/seen", get(seen::own))
        .route("/payments/{id}/seen", get(seen::run))
        .route("/bills/{id}/seen", get(seen::bill))
}

fn row(page: &Page, by: &SignedIn, listed: &Listed) -> RevealRow {
    let reveal = &listed.reveal;
    RevealRow {
        href: format!("/reveals/{}", reveal.id),
        purpose: words::purpose(page, reveal.purpose),
        reason: reveal.reason.clone(),
        count: page.t1("reveals-count", "count", reveal.count),
        state: words::state(page, reveal, by.access.now()),
        asked: words::who_and_when(page, &listed.asked_by, reveal.asked),
        decided: words::decided(page, listed),
    }
}

async fn list(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let listed = actions::list(&app, &by.access).await?;
    let page = by.page(RevealsPage::TITLE);
    Ok(html(&RevealsPage {
        can_ask: by.access.may(Permission::SecretsReveal),
        rows: listed.iter().map(|one| row(&page, &by, one)).collect(),
        page,
    }))
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = actions::id_of(&id)?;
    let (listed, values) = actions::view(&app, &by.access, id).await?;
    let page = by.page(RevealPage::TITLE);
    let reveal = &listed.reveal;
    let waits = matches!(reveal.state, Stands::Open | Stands::Approved);
    let advice = if listed.can_open {
        page.t1("reveals-open-until", "time", page.time(reveal.expires.0))
    } else if listed.can_decide {
        page.t1("reveals-decide-until", "time", page.time(reveal.expires.0))
    } else if listed.is_own && reveal.state == Stands::Open {
        page.t(msg!("reveals-another-decides"))
    } else {
        String::new()
    };
    let facts = [
        (
            msg!("reveals-purpose"),
            words::purpose(&page, reveal.purpose),
        ),
        (msg!("reveals-reason"), reveal.reason.clone()),
        (
            msg!("reveals-asked-by"),
            words::who_and_when(&page, &listed.asked_by, reveal.asked),
        ),
        (msg!("reveals-decided-by"), words::decided(&page, &listed)),
    ]
    .into_iter()
    .map(|(label, value)| {
        let value = (!value.is_empty()).then_some(value);
        Fact::new(page.t(label), value, None)
    });
    Ok(html(&RevealPage {
        id: reveal.id.to_string(),
        state: words::state(&page, reveal, by.access.now()),
        facts: facts.collect(),
        values: values.iter().map(|one| words::value(&page, one)).collect(),
        can_decide: listed.can_decide,
        can_open: listed.can_open,
        can_withdraw: listed.is_own && waits && by.access.may(Permission::SecretsReveal),
        advice,
        page,
    }))
}
