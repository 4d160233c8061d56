//! Streams for programs, to be read: whoever watches receivers sees here whether entries reach them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, Sight};
use super::rules::Health;
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The organisation's streams, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct StreamsBody {
    streams: Vec<StreamBody>,
}

/// A place to which the journal is streamed.
#[derive(Debug, Serialize, ToSchema)]
struct StreamBody {
    id: String,
    name: String,
    /// `webhook` or `syslog`.
    kind: String,
    address: String,
    /// `jsonl` or `ocsf`.
    format: String,
    /// `proposed`, `active`, `paused`, `refused`, `removed` or `replaced`.
    state: String,
    /// Why it is paused: `asked`, or `gone` where the receiver said so.
    reason: Option<String>,
    /// Whether it is active and every try has failed for more than an hour.
    is_failing: bool,
    /// The journal's epoch that it is in.
    epoch: Option<i64>,
    /// The number of the entry that is sent next.
    next: Option<i64>,
    /// How many entries wait.
    lag: i64,
    /// Failures in a row.
    attempts: i64,
    /// Microseconds since 1970 UTC.
    last_success_us: Option<i64>,
    /// What the newest try failed for, as docs/journal.md has it.
    last_error: Option<String>,
    failing_since_us: Option<i64>,
}

impl From<Sight> for StreamBody {
    fn from(sight: Sight) -> Self {
        let (stream, own) = (sight.stream, sight.position.as_ref());
        Self {
            id: stream.id.to_string(),
            name: stream.name,
            kind: stream.kind.to_string(),
            address: stream.address,
            format: stream.format.to_string(),
            state: stream.state.to_string(),
            reason: stream.reason.map(|reason| reason.to_string()),
            is_failing: sight.health == Health::Failing,
            epoch: own.map(|own| own.epoch),
            next: own.map(|own| own.next),
            lag: sight.lag,
            attempts: own.map_or(0, |own| own.attempts),
            last_success_us: own.and_then(|own| own.last_success).map(|at| at.0),
            last_error: own
                .and_then(|own| own.last_error)
                .map(|error| error.to_string()),
            failing_since_us: own.and_then(|own| own.failing_since).map(|at| at.0),
        }
    }
}

/// Lists the streams of the journal.
#[utoipa::path(get, path = "/api/v1/streams", tag = "journal", responses((status = 200, body = StreamsBody)))]
async fn list(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<StreamsBody>, Problem> {
    let streams = actions::list(&app, &by.access).await?;
    Ok(Json(StreamsBody {
        streams: streams.into_iter().map(StreamBody::from).collect(),
    }))
}
