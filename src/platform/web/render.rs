//! Turns a [`Problem`] into what its reader understands: a page, or problem+json (RFC 9457) under `/api/`.

use std::error::Error;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::messages::{Argument, Locale, Messages};
use super::page::Page;
use super::problem::Problem;
use crate::platform::ids::RequestId;
use crate::platform::store::StoreError;

/// The page of an error.
#[derive(Debug, Template)]
#[template(path = "platform/error.html")]
pub struct ErrorPage {
    pub page: Page,
    pub status: u16,
    pub message: String,
    /// The request's id, by which the operator finds the cause in the log.
    pub reference: Option<String>,
}

/// A page as an answer.
#[must_use]
pub fn html(view: &impl Template) -> Response {
    match view.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

/// A layer around the whole router.
pub async fn problems(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let id = request.extensions().get::<RequestId>().copied();
    let accepted = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let locale = Locale::choose(None, accepted);
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // What the router itself refuses has no problem of ours yet.
        None if response.status() == StatusCode::NOT_FOUND && is_empty(&response) => {
            Problem::not_found()
        }
        None => return response,
    };
    log(&problem, id);
    if is_api {
        as_json(&problem, locale, id)
    } else {
        as_page(&problem, locale, id)
    }
}

fn is_empty(response: &Response) -> bool {
    !response.headers().contains_key(header::CONTENT_TYPE)
}

/// Tells the operator why something failed, where the failure was ours.
pub fn log(problem: &Problem, id: Option<RequestId>) {
    let Some(source) = &problem.source else {
        return;
    };
    let mut chain = source.to_string();
    let mut cause = source.source();
    while let Some(error) = cause {
        chain = format!("{chain}: {error}");
        cause = error.source();
    }
    let request = id.map(|id| id.to_string()).unwrap_or_default();
    if needs_operator(problem, source.as_ref()) {
        tracing::error!(code = problem.code, %request, %chain, "a request failed");
    } else {
        tracing::info!(code = problem.code, %request, %chain, "a request was refused");
    }
}

/// A refusal is the sender's matter; what failed here, and a row that somebody forged, is the operator's.
fn needs_operator(problem: &Problem, source: &(dyn Error + Send + Sync + 'static)) -> bool {
    let is_forged = matches!(
        source.downcast_ref::<StoreError>(),
        Some(StoreError::Forged { .. })
    );
    problem.status.is_server_error() || is_forged
}

/// The problem's text in the reader's language.
#[must_use]
pub fn message(problem: &Problem, locale: Locale) -> String {
    let told = |ids: &Vec<&'static str>| {
        let texts: Vec<String> = ids.iter().map(|id| Messages::text(locale, id)).collect();
        texts.join(", ")
    };
    let lists = problem.lists.iter().map(|(name, ids)| (*name, told(ids)));
    let lists: Vec<(&str, String)> = lists.collect();
    let args: Vec<(&str, &dyn Argument)> = problem
        .args
        .iter()
        .map(|(name, value)| (*name, value))
        .chain(lists.iter().map(|(name, value)| (*name, value)))
        .map(|(name, value)| (name, value as &dyn Argument))
        .collect();
    Messages::text_with(locale, problem.code, &args)
}

fn as_json(problem: &Problem, locale: Locale, id: Option<RequestId>) -> Response {
    let body = json!({
        "type": format!("urn:countersign:problem:{}", problem.code),
        "title": problem.status.canonical_reason(),
        "status": problem.status.as_u16(),
        "detail": message(problem, locale),
        "code": problem.code,
        "field": problem.field,
        "request": id.map(|id| id.to_string()),
    });
    let mut response = (problem.status, body.to_string()).into_response();
    let json = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn as_page(problem: &Problem, locale: Locale, id: Option<RequestId>) -> Response {
    let mut page = Page::signed_out(locale, title(problem.status), String::new());
    page.csrf.clear();
    let error = ErrorPage {
        page,
        status: problem.status.as_u16(),
        message: message(problem, locale),
        reference: id.map(|id| id.to_string()),
    };
    match error.render() {
        Ok(html) => (problem.status, Html(html)).into_response(),
        Err(_) => problem.status.into_response(),
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => crate::msg!("errors-title-signed-out"),
        403 => crate::msg!("errors-title-forbidden"),
        404 => crate::msg!("errors-title-not-found"),
        409 => crate::msg!("errors-title-conflict"),
        400..=499 => crate::msg!("errors-title-invalid"),
        _ => crate::msg!("errors-title-internal"),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(path: &str, language: &str) -> (StatusCode, String, String) {
        let failing =
            || async { Problem::internal(std::io::Error::other("the disk's secret name")) };
        let router = Router::new()
            .route("/broken", get(failing))
            .route("/api/v1/broken", get(failing))
            .layer(from_fn(problems));
        let request = Request::get(path)
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Body::empty())
            .expect("a request");
        let response = router.oneshot(request).await.expect("infallible");
        let kind = response.headers()[header::CONTENT_TYPE]
            .to_str()
            .expect("text")
            .to_owned();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        (status, kind, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_failure_tells_the_reader_in_her_language_and_an_attacker_nothing() {
        for (path, kind) in [
            ("/broken", "text/html"),
            ("/api/v1/broken", "application/problem+json"),
        ] {
            let (status, found, body) = answer(path, "de").await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(found.starts_with(kind), "{found}");
            assert!(body.contains("schiefgegangen"), "{body}");
            assert!(!body.contains("secret"), "{body}");
        }
        let (status, _, body) = answer("/nowhere", "en").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(body.contains("There is nothing at this address"), "{body}");
    }
}
