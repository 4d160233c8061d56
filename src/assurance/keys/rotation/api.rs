//! How old the keys are, for programs that watch them. Ordering a rotation takes a human.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, Standing};
use super::rules::days;
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::keys::RootInUse;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The levels of the organisation's keys.
#[derive(Debug, Serialize, ToSchema)]
struct KeysBody {
    levels: Vec<LevelBody>,
    /// The two roots, which are the installation's.
    roots: Vec<RootBody>,
}

/// How one root stands.
#[derive(Debug, Serialize, ToSchema)]
struct RootBody {
    /// `storage-root` or `field-root`.
    root: &'static str,
    /// When it came into use, in microseconds since 1970 UTC.
    since_us: Option<i64>,
    /// How many days it is used.
    period_days: u32,
    /// When another one must take its place.
    due_us: Option<i64>,
    is_due: bool,
}

/// How one level stands.
#[derive(Debug, Serialize, ToSchema)]
struct LevelBody {
    /// `values`, `documents` or `subjects`.
    level: String,
    /// The version in use; none for subjects, each of whom has their own.
    version: Option<i64>,
    /// Since when the key, or the oldest one, is in use, in microseconds since 1970 UTC.
    since_us: Option<i64>,
    /// How many days it is used.
    period_days: u32,
    /// When it is due to be rotated.
    due_us: Option<i64>,
    is_due: bool,
    /// Whether a rotation is under way.
    is_rotating: bool,
    /// What is left under retired keys.
    left: i64,
    /// What there was when the rotation was ordered; none where none is under way.
    total: Option<i64>,
}

/// How old the organisation's keys are, and what is left under retired ones.
#[utoipa::path(get, path = "/api/v1/keys", tag = "keys", responses((status = 200, body = KeysBody)))]
async fn list(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<KeysBody>, Problem> {
    let levels = actions::standing(&app, &by.access).await?;
    let levels = levels.iter().map(|one| body(&app, one)).collect();
    let roots = actions::roots(&app, &by.access).await?;
    let roots = roots.iter().map(|one| root(&app, one)).collect();
    Ok(Json(KeysBody { levels, roots }))
}

fn body(app: &App, standing: &Standing) -> LevelBody {
    let period_days = days(app.periods, standing.level);
    let due = standing.due(period_days);
    LevelBody {
        level: standing.level.to_string(),
        version: standing.version,
        since_us: standing.since.map(|since| since.0),
        period_days,
        due_us: due.map(|due| due.0),
        is_due: due.is_some_and(|due| due <= app.now()),
        is_rotating: standing.under_way().is_some(),
        left: standing.left,
        total: standing.under_way().map(|rotation| rotation.total),
    }
}

fn root(app: &App, one: &RootInUse) -> RootBody {
    let period_days = app.periods.root_days;
    let due = one.due(period_days);
    RootBody {
        root: one.name(),
        since_us: one.since.map(|since| since.0),
        period_days,
        due_us: due.map(|due| due.0),
        is_due: due.is_some_and(|due| due <= app.now()),
    }
}
