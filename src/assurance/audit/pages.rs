//! `/journal`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use data_encoding::HEXLOWER;
use futures_util::stream;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::actions::{self, AuditError, Export, Shown};
use super::rules::{Format, end_of, href, start_of, words};
use super::views::{JournalPage, JournalRow};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::EntryId;
use crate::platform::store::journal::read::{Filter, Told};
use crate::platform::store::journal::witnessed::Refusal;
use crate::platform::web::Problem;
use crate::platform::web::doings;
use crate::platform::web::form::Checked;
use crate::platform::web::messages::Messages;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Change, Choice, Pager, Tone};

/// Entries on one page.
const PAGE: i64 = 50;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/journal", get(list))
        .route("/journal/export", post(export))
        .route("/journal/verify", post(verify))
        .route("/journal/{number}", get(one))
}

/// The filters as they stand in the address and in the export's form. What makes no sense filters nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    person: String,
    action: String,
    kind: String,
    object: String,
    request: String,
    from: String,
    until: String,
    after: String,
    format: String,
}

impl Asked {
    fn filter(&self, zone: &TimeZone) -> Filter {
        let day = |text: &str| text.parse::<Date>().ok();
        Filter {
            actor: self.person.clone(),
            action: self.action.clone(),
            object_kind: self.kind.clone(),
            object_id: self.object.clone(),
            request: self.request.trim().to_owned(),
            from: day(&self.from).and_then(|day| start_of(day, zone)),
            until: day(&self.until).and_then(|day| end_of(day, zone)),
        }
    }

    fn is_filtered(&self) -> bool {
        [
            &self.person,
            &self.action,
            &self.kind,
            &self.object,
            &self.request,
            &self.from,
            &self.until,
        ]
        .iter()
        .any(|text| !text.is_empty())
    }

    fn href_after(&self, entry: EntryId) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("person", &self.person),
            ("action", &self.action),
            ("kind", &self.kind),
            ("object", &self.object),
            ("request", &self.request),
            ("from", &self.from),
            ("until", &self.until),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("after", &entry.to_string());
        format!("/journal?{}", query.finish())
    }
}

async fn list(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let before = asked.after.parse().ok();
    let filter = asked.filter(&by.zone);
    // One more than a page, to know whether there is a next one.
    let mut shown = actions::list(&app.store, &by.access, filter, before, PAGE + 1).await?;
    let more = shown.entries.len() > PAGE as usize;
    shown.entries.truncate(PAGE as usize);
    let pager = Pager {
        previous: before.is_some().then(|| "/journal".to_owned()),
        next: shown
            .entries
            .last()
            .filter(|_| more)
            .map(|last| asked.href_after(last.id)),
    };
    Ok(html(&view(&by, &asked, shown, pager)))
}

async fn one(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(number): Path<i64>,
) -> Result<Response, Problem> {
    let shown = actions::one(&app.store, &by.access, number).await?;
    let pager = Pager {
        previous: Some("/journal".to_owned()),
        next: None,
    };
    Ok(html(&view(&by, &Asked::default(), shown, pager)))
}

async fn export(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(asked): Checked<Asked>,
) -> Result<Response, Problem> {
    let format = Format::parse(&asked.format).unwrap_or(Format::Csv);
    let filter = asked.filter(&by.zone);
    let export = actions::take(&app.store, &by.access, filter, format).await?;
    Ok(download(export, format))
}

/// The export as an answer. What goes wrong on the way cuts it off, which the client's connection tells.
pub(super) fn download(export: Export, format: Format) -> Response {
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| {
            tracing::error!(%error, "a journal's export was cut off");
        })?;
        Ok::<_, AuditError>(piece.map(|piece| (piece, export)))
    });
    let name = format!("attachment; filename=\"{}\"", format.file_name());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn verify(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    actions::verify_now(&app, &by.access).await?;
    Ok(Redirect::to("/journal"))
}

fn view(by: &SignedIn, asked: &Asked, shown: Shown, pager: Pager) -> JournalPage {
    let page = by.page(JournalPage::TITLE);
    let (proof, proof_text) = match shown.alarm.and_then(alarm) {
        Some(message) => (
            Badge::new(Tone::Bad, page.t(msg!("journal-not-sound"))),
            page.t(message),
        ),
        None => proof(&page, shown.last_verification.as_ref()),
    };
    let everybody = Choice::new("", page.t(msg!("journal-everybody")), &asked.person);
    let people = shown
        .people
        .iter()
        .map(|(id, name)| Choice::new(id.to_string(), name, &asked.person));
    let everything = Choice::new("", page.t(msg!("journal-everything")), &asked.action);
    let actions = shown
        .actions
        .iter()
        .map(|action| Choice::new(action, doings::action(&page, action), &asked.action));
    JournalPage {
        proof,
        proof_text,
        head: shown.head.map_or_else(String::new, |head| {
            let root = HEXLOWER.encode(&head.root);
            Messages::text_with(
                page.locale,
                msg!("journal-head"),
                &[
                    ("size", &head.size),
                    ("root", &root),
                    ("pending", &head.pending),
                ],
            )
        }),
        people: std::iter::once(everybody).chain(people).collect(),
        actions: std::iter::once(everything).chain(actions).collect(),
        from: asked.from.clone(),
        until: asked.until.clone(),
        person: asked.person.clone(),
        action: asked.action.clone(),
        kind: asked.kind.clone(),
        object: asked.object.clone(),
        request: asked.request.clone(),
        filtered: asked.is_filtered(),
        rows: shown
            .entries
            .into_iter()
            .map(|entry| row(&page, entry))
            .collect(),
        pager,
        page,
    }
}

/// What the newest verification found, in the words of its own entry.
/// What the witness says outdoes what the server found in itself.
const fn alarm(refusal: Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::RolledBack => Some(msg!("journal-witness-rolled-back")),
        Refusal::Rewritten => Some(msg!("journal-witness-rewritten")),
        _ => None,
    }
}

fn proof(page: &Page, entry: Option<&Told>) -> (Badge, String) {
    let Some(entry) = entry else {
        let never = page.t(msg!("journal-never-verified"));
        return (
            Badge::new(Tone::Neutral, page.t(msg!("journal-unverified"))),
            never,
        );
    };
    let fact = |name: &str| entry.after(name).unwrap_or_default().to_owned();
    let when = page.time(entry.at_us);
    if fact("result") == "sound" {
        let text = Messages::text_with(
            page.locale,
            msg!("journal-sound"),
            &[
                ("size", &fact("size")),
                ("rows", &fact("rows")),
                ("when", &when),
            ],
        );
        (
            Badge::new(Tone::Good, page.t(msg!("journal-verified"))),
            text,
        )
    } else {
        let text = page.t2("journal-bad", "reason", fact("reason"), "when", when);
        (
            Badge::new(Tone::Bad, page.t(msg!("journal-not-sound"))),
            text,
        )
    }
}

/// By what somebody acted, in the reader's language.
pub(in crate::assurance) fn by_credential(page: &Page, kind: &str) -> String {
    page.t(match kind {
        "session" => msg!("journal-by-session"),
        "token" => msg!("journal-by-token"),
        "directory" => msg!("journal-by-directory"),
        "link" => msg!("journal-by-link"),
        "command-line" => msg!("journal-by-command-line"),
        "job" => msg!("journal-by-job"),
        _ => msg!("journal-by-nobody"),
    })
}

fn row(page: &Page, entry: Told) -> JournalRow {
    let actor = match (entry.actor_name, entry.actor) {
        (Some(name), _) => name,
        (None, Some(id)) => id.to_string(),
        (None, None) => doings::actor(page, None, &entry.credential_kind),
    };
    let credential = by_credential(page, &entry.credential_kind);
    let changes = entry.changes.into_iter().map(|change| Change {
        field: words(&change.field),
        before: change.before,
        after: change.after,
    });
    JournalRow {
        number: entry.seq.map(|seq| seq.to_string()),
        time: page.time(entry.at_us),
        machine_time: page.machine_time(entry.at_us),
        actor,
        credential,
        action: doings::action(page, &entry.action),
        canonical: entry.action,
        object_href: href(&entry.object_kind, &entry.object_id),
        object_filter: format!("/journal?object={}", entry.object_id),
        object: format!("{} {}", words(&entry.object_kind), tail(&entry.object_id)),
        request_filter: format!("/journal?request={}", entry.request_id),
        request: tail(&entry.request_id).to_owned(),
        changes: changes.collect(),
    }
}

/// The end of an id, where two of the same minute differ.
fn tail(id: &str) -> &str {
    let start = id.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    &id[start..]
}
