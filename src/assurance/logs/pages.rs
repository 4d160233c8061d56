//! `/journal/logs`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::views::LogsPage;
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::logs::Held;
use crate::platform::web::Problem;
use crate::platform::web::messages::Messages;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/journal/logs", get(show))
}

/// What this server keeps; another server of the same installation has a folder of its own.
async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    by.access.require(Permission::JournalRead)?;
    let retention = app.logs.clone().ok_or_else(Problem::not_found)?;
    let looked = retention.clone();
    let held = tokio::task::spawn_blocking(move || looked.held()).await;
    let held: Option<Held> = match held {
        Ok(Ok(held)) => Some(held),
        Ok(Err(error)) => {
            tracing::error!(%error, "the folder of logs cannot be read");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the folder of logs was not looked at");
            None
        }
    };
    let page = by.page(LogsPage::TITLE);
    let today = app.now().utc_date();
    let verdict = match &held {
        None => Badge::new(Tone::Bad, page.t(msg!("logs-unreadable"))),
        Some(held) if retention.is_overdue(held, today) => {
            Badge::new(Tone::Bad, page.t(msg!("logs-overdue")))
        }
        Some(_) if !retention.is_enough() => Badge::new(Tone::Warn, page.t(msg!("logs-short"))),
        Some(_) => Badge::new(Tone::Good, page.t(msg!("logs-kept"))),
    };
    let held = held.unwrap_or_default();
    let retained = Messages::text_with(
        page.locale,
        msg!("logs-retention"),
        &[
            ("keep", &retention.keep_days),
            ("online", &retention.online_days),
        ],
    );
    let size = held.bytes.div_ceil(1024);
    Ok(html(&LogsPage {
        verdict,
        retained,
        oldest: held.oldest.map(|day| page.date(day)),
        online: held.online.to_string(),
        archived: held.archived.to_string(),
        size: format!("{size} KiB"),
        page,
    }))
}
