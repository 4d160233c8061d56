//! The journal for programs: entries newest first, and one by its number.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions;
use super::pages::download;
use super::rules::{self, Format};
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::store::journal::read::{Filter, Told};
use crate::platform::web::Problem;
use crate::platform::web::filter::known;

/// Entries in one answer at most.
const LIMIT: i64 = 200;
/// Entries in one answer to a program that follows the journal, at most.
const FOLLOWED: i64 = 1_000;
/// Entries in one answer where nothing else is asked for.
const USUAL: i64 = 50;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export))
        .routes(routes!(follow))
        .routes(routes!(show))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A person's id.
    person: Option<String>,
    /// Such as `bill.coded`.
    action: Option<String>,
    /// Such as `bill`.
    kind: Option<String>,
    /// An object's id.
    object: Option<String>,
    /// The `X-Request-Id` of an answer.
    request: Option<String>,
    /// From this moment on, in microseconds since 1970 UTC.
    from_us: Option<String>,
    /// Before this moment.
    until_us: Option<String>,
}

impl Which {
    fn filter(self) -> Result<Filter, Problem> {
        Ok(Filter {
            actor: self.person.unwrap_or_default(),
            action: self.action.unwrap_or_default(),
            object_kind: self.kind.unwrap_or_default(),
            object_id: self.object.unwrap_or_default(),
            request: self.request.unwrap_or_default(),
            from: known(self.from_us, "from_us", moment)?,
            until: known(self.until_us, "until_us", moment)?,
        })
    }
}

/// Which part of them.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Part {
    /// `next` of the answer before.
    after: Option<String>,
    /// From 1 to 200; 50 where it is absent.
    limit: Option<String>,
}

/// How they are written.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Written {
    /// `csv`, `jsonl` or `ocsf` (version 1.3.0, an event a line); `jsonl` where it is absent.
    format: Option<String>,
}

fn moment(text: &str) -> Option<Micros> {
    text.parse().ok().map(Micros)
}

/// A part of the journal, the newest entries first.
#[derive(Debug, Serialize, ToSchema)]
struct EntriesBody {
    entries: Vec<EntryBody>,
    /// Names the next part; none where this is the last one.
    next: Option<String>,
}

/// What somebody did.
#[derive(Debug, Serialize, ToSchema)]
struct EntryBody {
    id: String,
    /// Its number in the tree, from zero; none for about a second after it was committed.
    number: Option<i64>,
    /// Microseconds since 1970 UTC.
    at_us: i64,
    person: Option<String>,
    /// The name that the person has now.
    person_name: Option<String>,
    on_behalf_of: Option<String>,
    /// `session`, `token`, `link`, `command-line`, `anonymous` or `system`.
    credential: String,
    action: String,
    object_kind: String,
    object: String,
    object_version: i64,
    request: String,
    /// Empty where what the entry commits to was erased.
    changes: Vec<ChangeBody>,
}

/// One field before and after.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeBody {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<Told> for EntryBody {
    fn from(told: Told) -> Self {
        Self {
            id: told.id.to_string(),
            number: told.seq,
            at_us: told.at_us,
            person: told.actor.map(|person| person.to_string()),
            person_name: told.actor_name,
            on_behalf_of: told.on_behalf_of.map(|person| person.to_string()),
            credential: told.credential_kind,
            action: told.action,
            object_kind: told.object_kind,
            object: told.object_id,
            object_version: told.object_version,
            request: told.request_id,
            changes: told
                .changes
                .into_iter()
                .map(|change| ChangeBody {
                    field: change.field,
                    before: change.before,
                    after: change.after,
                })
                .collect(),
        }
    }
}

/// Lists entries, the newest first.
#[utoipa::path(get, path = "/api/v1/journal", tag = "journal", params(Which, Part),
    responses((status = 200, body = EntriesBody), (status = 422, description = "A filter cannot be understood")))]
async fn list(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(which): Query<Which>,
    Query(part): Query<Part>,
) -> Result<Json<EntriesBody>, Problem> {
    let limit = known(part.limit, "limit", |text| {
        text.parse()
            .ok()
            .filter(|limit| (1..=LIMIT).contains(limit))
    })?
    .unwrap_or(USUAL);
    let before = known(part.after, "after", |text| text.parse().ok())?;
    let filter = which.filter()?;
    // One more than asked for, to know whether there is a next part.
    let shown = actions::list(&app.store, &by.access, filter, before, limit + 1).await?;
    let mut entries: Vec<EntryBody> = shown.entries.into_iter().map(Into::into).collect();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    Ok(Json(EntriesBody {
        next: entries
            .last()
            .filter(|_| has_more)
            .map(|last| last.id.clone()),
        entries,
    }))
}

/// From where on a program follows the journal.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Onwards {
    /// The number of the first entry that is wanted: `next` of the answer before, 0 at the beginning.
    from: Option<String>,
    /// From 1 to 1000; 500 where it is absent.
    limit: Option<String>,
    /// `jsonl` (entries as the export of that name has them) or `ocsf` (events of version 1.3.0); `jsonl` where it is absent.
    format: Option<String>,
}

/// Entries in the order of their numbers, which are dense: none is left out, and none comes twice to whoever asks with `next`.
#[derive(Debug, Serialize, ToSchema)]
struct OnwardsBody {
    /// Another one than before means that the journal was restored from a backup: an entry of it says from which number on.
    epoch: i64,
    /// To ask with next, also where this answer is empty.
    next: i64,
    #[schema(value_type = Vec<Object>)]
    events: Vec<serde_json::Value>,
}

/// Follows the journal: entries with their numbers, the lowest first.
#[utoipa::path(get, path = "/api/v1/journal/onwards", tag = "journal", params(Onwards),
    responses((status = 200, body = OnwardsBody), (status = 422, description = "A parameter cannot be understood")))]
async fn follow(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(asked): Query<Onwards>,
) -> Result<Json<OnwardsBody>, Problem> {
    let whole = |text: &str, least: i64, most: i64| {
        let number: Option<i64> = text.parse().ok();
        number.filter(|number| (least..=most).contains(number))
    };
    let from = known(asked.from, "from", |text| whole(text, 0, i64::MAX))?.unwrap_or(0);
    let limit = known(asked.limit, "limit", |text| whole(text, 1, FOLLOWED))?;
    let format = known(asked.format, "format", |text| {
        Format::parse(text).filter(|format| *format != Format::Csv)
    })?;
    let (epoch, entries) =
        actions::follow(&app.store, &by.access, from, limit.unwrap_or(FOLLOWED / 2)).await?;
    let last = entries.last().and_then(|entry| entry.seq);
    let organisation = by.access.scope().organisation();
    let format = format.unwrap_or(Format::JsonLines);
    Ok(Json(OnwardsBody {
        epoch,
        next: last.map_or(from, |last| last + 1),
        events: entries
            .iter()
            .filter_map(|entry| rules::json(entry, organisation, format))
            .collect(),
    }))
}

/// Writes all entries that fit, the newest first. That they were taken is itself an entry.
#[utoipa::path(get, path = "/api/v1/journal/export", tag = "journal", params(Which, Written),
    responses((status = 200, body = String, content_type = "application/jsonl"),
        (status = 422, description = "A filter cannot be understood")))]
async fn export(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(which): Query<Which>,
    Query(written): Query<Written>,
) -> Result<Response, Problem> {
    let format = known(written.format, "format", Format::parse)?.unwrap_or(Format::JsonLines);
    let filter = which.filter()?;
    let export = actions::take(&app.store, &by.access, filter, format).await?;
    Ok(download(export, format))
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/journal/{number}", tag = "journal",
    params(("number" = i64, Path, description = "The entry's number in the tree, from zero")),
    responses((status = 200, body = EntryBody), (status = 404, description = "No entry has this number")))]
async fn show(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(number): Path<String>,
) -> Result<Json<EntryBody>, Problem> {
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let shown = actions::one(&app.store, &by.access, number).await?;
    let entry = shown.entries.into_iter().next();
    entry
        .map(|entry| Json(entry.into()))
        .ok_or_else(Problem::not_found)
}
