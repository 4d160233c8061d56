//! The layer that turns a refusal for want of a fresh factor into the page that asks for one.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

use super::{Browser, page};
use crate::identity::access::STEP_UP;
use crate::identity::sessions::SignedIn;
use crate::identity::step_up::rules::{Carried, LONGEST_BYTES};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::view::FormErrors;

/// A layer around all pages. Programs are told the problem itself.
pub async fn asks(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if parts.uri.path().starts_with("/api/") {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let asked = parts.clone();
    let (kept, body) = if is_small_form(&parts, &body) {
        match to_bytes(body, LONGEST_BYTES).await {
            Ok(bytes) => (Some(bytes.clone()), Body::from(bytes)),
            Err(_) => {
                let unreadable =
                    Problem::new(StatusCode::BAD_REQUEST, msg!("error-form-unreadable"));
                return unreadable.into_response();
            }
        }
    } else {
        (None, body)
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    let problem = response.extensions().get::<Problem>();
    if problem.is_some_and(|problem| problem.code == STEP_UP) {
        in_between(&app, asked, kept, response).await
    } else {
        response
    }
}

/// A form that says how long it is, and is not long.
fn is_small_form(parts: &Parts, body: &Body) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    // What bounds a body's time hides its length from us; its sender says it in the head.
    let declared = parts.headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let length = declared.or_else(|| body.size_hint().upper());
    parts.method == Method::POST
        && is_form
        && length.is_some_and(|length| length <= LONGEST_BYTES as u64)
}

async fn in_between(
    app: &Arc<App>,
    mut asked: Parts,
    kept: Option<Bytes>,
    problem: Response,
) -> Response {
    let to = asked.uri.path_and_query().map_or("/", |to| to.as_str());
    let carried = match kept {
        Some(body) => Carried::form(to, &body),
        None if asked.method.is_safe() => Carried::page(to),
        None => Carried::page("/"),
    };
    let by = SignedIn::from_request_parts(&mut asked, app).await;
    let browser = Browser::from_request_parts(&mut asked, app).await;
    // Whose session has ended since is told what the refusal says.
    let (Ok(by), Ok(browser)) = (by, browser) else {
        return problem;
    };
    match page(app, &by, (&carried, &browser), FormErrors::default()).await {
        Ok(page) => (StatusCode::FORBIDDEN, page).into_response(),
        Err(problem) => problem.into_response(),
    }
}
