//! `/settings/keys`: how old the organisation's keys are, and replacing them.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use countersign_sealing::Hierarchy;
use serde::Deserialize;

use super::actions::{self, RotationError, Standing};
use super::rules::{Level, SOON_US, days};
use super::views::{BackupNote, KeysPage, LevelRow, RootRow};
use crate::assurance::keys::backup::actions::{self as backups, State as Backups};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::RootInUse;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, FormErrors, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/keys", get(show))
        .route("/settings/keys/rotate", post(rotate))
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    let levels = actions::standing(&app, &by.access).await?;
    let roots = actions::roots(&app, &by.access).await?;
    let former = actions::under_former(&app, &by.access).await?;
    let backup = backups::standing(&app, &by.access).await?;
    let page = by.page(KeysPage::TITLE);
    let view = KeysPage {
        levels: levels.iter().map(|one| row(&app, &page, one)).collect(),
        roots: roots.iter().map(|one| root(&app, &page, one)).collect(),
        former: former.map(|keys| page.t1("keys-former", "keys", keys)),
        backup: note(&page, backup),
        may_rotate: by.access.may(Permission::SettingsEdit),
        errors: FormErrors::default(),
        page,
    };
    Ok(html(&view))
}

fn row(app: &App, page: &Page, standing: &Standing) -> LevelRow {
    let due = standing.due(days(app.periods, standing.level));
    let is_under_way = standing.under_way().is_some();
    let is_due = due.is_some_and(|due| due <= app.now());
    let state = match (is_under_way, is_due) {
        (true, _) => Badge::new(Tone::Info, page.t(msg!("keys-rotating"))),
        (false, true) => Badge::new(Tone::Bad, page.t(msg!("keys-due"))),
        (false, false) => Badge::new(Tone::Good, page.t(msg!("keys-in-time"))),
    };
    let total = standing.under_way().map(|rotation| rotation.total);
    LevelRow {
        level: standing.level.as_str(),
        name: page.t(name(standing.level)),
        version: standing
            .version
            .map_or_else(String::new, |version| version.to_string()),
        since: standing
            .since
            .map_or_else(String::new, |since| page.time(since.0)),
        due: due.map_or_else(String::new, |due| page.time(due.0)),
        state,
        progress: total.map_or_else(String::new, |total| {
            page.t2("keys-left", "left", standing.left, "total", total)
        }),
        is_under_way,
    }
}

fn root(app: &App, page: &Page, one: &RootInUse) -> RootRow {
    let (due, now) = (one.due(app.periods.root_days), app.now());
    let state = match due.map(|due| due.since(now)) {
        Some(left_us) if left_us <= 0 => Badge::new(Tone::Bad, page.t(msg!("keys-due"))),
        Some(left_us) if left_us <= SOON_US => {
            Badge::new(Tone::Warn, page.t(msg!("keys-root-soon")))
        }
        Some(_) => Badge::new(Tone::Good, page.t(msg!("keys-in-time"))),
        None => Badge::new(Tone::Neutral, page.t(msg!("keys-root-unknown"))),
    };
    let time = |moment: Option<Micros>| moment.map_or_else(String::new, |at| page.time(at.0));
    RootRow {
        name: page.t(match one.hierarchy {
            Hierarchy::Storage => msg!("keys-root-storage"),
            Hierarchy::Field => msg!("keys-root-field"),
        }),
        since: time(one.since),
        due: time(due),
        state,
    }
}

fn note(page: &Page, standing: backups::Standing) -> BackupNote {
    let (tone, state, mend) = match standing.state {
        Backups::InTime => (Tone::Good, msg!("keys-backup-in-time"), None),
        Backups::NotMade => {
            let mend = msg!("keys-backup-mend-not-made");
            (Tone::Warn, msg!("keys-backup-not-made"), Some(mend))
        }
        Backups::Late => {
            let mend = msg!("keys-backup-mend-late");
            (Tone::Bad, msg!("keys-backup-late"), Some(mend))
        }
        Backups::Expired => {
            let mend = msg!("keys-backup-mend-expired");
            (Tone::Bad, msg!("keys-backup-expired"), Some(mend))
        }
    };
    let newest = match standing.newest {
        Some(backup) => {
            let (made, expires) = (page.time(backup.made.0), page.time(backup.expires.0));
            page.t2("keys-backup-newest", "made", made, "expires", expires)
        }
        None => page.t(msg!("keys-backup-none")),
    };
    BackupNote {
        state: Badge::new(tone, page.t(state)),
        newest,
        mend: mend.map_or_else(String::new, |mend| page.t(mend)),
    }
}

/// What a level is called.
const fn name(level: Level) -> &'static str {
    match level {
        Level::Values => msg!("keys-level-values"),
        Level::Documents => msg!("keys-level-documents"),
        Level::Subjects => msg!("keys-level-subjects"),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ordered {
    level: String,
}

async fn rotate(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<Ordered>,
) -> Result<Redirect, Problem> {
    let level = Level::parse(&form.level).ok_or(RotationError::UnknownLevel)?;
    actions::order(&app, &by.access, level).await?;
    Ok(Redirect::to("/settings/keys"))
}
