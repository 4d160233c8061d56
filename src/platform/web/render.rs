//! Turns a [`Problem`] into what its reader understands: a page, problem+json (RFC 9457) under `/api/`, or SCIM's error
//! (RFC 7644, 3.12) under `/scim/`.

use std::error::Error;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::messages::{Argument, Locale, Messages};
use super::page::Page;
use super::problem::Problem;
use super::view::FormErrors;
use crate::msg;
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

/// The same for somebody who is signed in.
#[derive(Debug, Template)]
#[template(path = "platform/error_framed.html")]
pub struct FramedErrorPage {
    pub page: Page,
    pub status: u16,
    pub message: String,
    /// See [`ErrorPage`].
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

/// Gives the frame of pages to whoever is signed in, by what her request shows; none to anybody else.
pub type Frames = Arc<dyn Fn(Parts) -> BoxFuture<'static, Option<Page>> + Send + Sync>;

/// Who reads the answers of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Person,
    Program,
    Directory,
}

impl Reader {
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/") {
            Self::Program
        } else if path.starts_with("/scim/") {
            Self::Directory
        } else {
            Self::Person
        }
    }
}

/// A layer around the whole router: who is signed in keeps her navigation on the page of a problem.
pub async fn problems_in(State(frames): State<Frames>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_page = Reader::of(parts.uri.path()) == Reader::Person;
    let asked = is_page.then(|| parts.clone());
    let frame = asked.map(|parts| move || frames(parts));
    rendered(Request::from_parts(parts, body), next, frame).await
}

/// The same layer without frames.
pub async fn problems(request: Request, next: Next) -> Response {
    let none: Option<fn() -> BoxFuture<'static, Option<Page>>> = None;
    rendered(request, next, none).await
}

async fn rendered(
    request: Request,
    next: Next,
    frame: Option<impl FnOnce() -> BoxFuture<'static, Option<Page>>>,
) -> Response {
    let reader = Reader::of(request.uri().path());
    let id = request.extensions().get::<RequestId>().copied();
    let accepted = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let locale = Locale::choose(None, accepted);
    let showed_token = request.headers().contains_key(header::AUTHORIZATION);
    let mut response = next.run(request).await;
    let found = response.extensions_mut().remove::<Problem>();
    let Some(problem) = found.or_else(|| refused_by_the_router(&response)) else {
        return response;
    };
    log(&problem, id);
    let mut answer = match reader {
        Reader::Program => as_json(&problem, locale, id),
        Reader::Directory => as_scim(&problem, locale),
        Reader::Person => {
            let frame = match frame {
                // What failed here may fail again: such a page needs nothing that the database would have to give.
                Some(frame) if !problem.status.is_server_error() => frame().await,
                _ => None,
            };
            as_page(&problem, (locale, frame), id)
        }
    };
    // A method that is refused comes with those that are taken (RFC 9110, 15.5.6).
    if let Some(methods) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, methods.clone());
    }
    if problem.status == StatusCode::TOO_MANY_REQUESTS {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(wait_s(&problem)));
    }
    if let Some(challenge) = challenge(&problem, showed_token).filter(|_| reader != Reader::Person)
    {
        let challenge = HeaderValue::from_static(challenge);
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// After how many seconds it is worth asking again: what the problem itself says in minutes, or soon.
fn wait_s(problem: &Problem) -> u64 {
    let minutes = problem.args.iter().find(|(name, _)| *name == "minutes");
    let minutes = minutes.and_then(|(_, minutes)| minutes.parse::<u64>().ok());
    minutes.map_or(30, |minutes| minutes.saturating_mul(60))
}

/// What the router and its extractors refuse comes as a line for programmers, or as nothing: it becomes a problem of ours.
fn refused_by_the_router(response: &Response) -> Option<Problem> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    if !is_bare || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let code = match status {
        StatusCode::NOT_FOUND => return Some(Problem::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => msg!("error-request-method"),
        StatusCode::PAYLOAD_TOO_LARGE => msg!("error-request-too-large"),
        _ if status.is_client_error() => msg!("error-request-unreadable"),
        _ => msg!("error-internal"),
    };
    Some(Problem::new(status, code))
}

/// What a program is told about its token (RFC 6750, 3). Who showed none is told no reason.
fn challenge(problem: &Problem, showed_token: bool) -> Option<&'static str> {
    match problem.status {
        StatusCode::UNAUTHORIZED if showed_token => {
            Some("Bearer realm=\"countersign\", error=\"invalid_token\"")
        }
        StatusCode::UNAUTHORIZED => Some("Bearer realm=\"countersign\""),
        // RFC 9470, 3: the permission is there, and what shows the person is not.
        StatusCode::FORBIDDEN if showed_token && problem.code == msg!("error-step-up") => {
            Some("Bearer realm=\"countersign\", error=\"insufficient_user_authentication\"")
        }
        StatusCode::FORBIDDEN if showed_token => {
            Some("Bearer realm=\"countersign\", error=\"insufficient_scope\"")
        }
        _ => None,
    }
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

/// A refusal that belongs to a field, beside it.
///
/// # Errors
/// The problem itself where it belongs to none.
pub fn at_field(problem: Problem, locale: Locale) -> Result<FormErrors, Problem> {
    let Some(field) = problem.field else {
        return Err(problem);
    };
    let mut errors = FormErrors::default();
    errors.add(field, message(&problem, locale));
    Ok(errors)
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

fn as_scim(problem: &Problem, locale: Locale) -> Response {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": problem.status.as_u16().to_string(),
        "detail": message(problem, locale),
    });
    if let Some(kind) = problem.kind {
        body["scimType"] = json!(kind);
    }
    let mut response = (problem.status, body.to_string()).into_response();
    let kind = HeaderValue::from_static("application/scim+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn as_page(
    problem: &Problem,
    (locale, frame): (Locale, Option<Page>),
    id: Option<RequestId>,
) -> Response {
    let status = problem.status.as_u16();
    let reference = id.map(|id| id.to_string());
    let rendered = match frame {
        Some(mut page) => {
            page.title = page.t(title(problem.status));
            FramedErrorPage {
                message: message(problem, page.locale),
                page,
                status,
                reference,
            }
            .render()
        }
        None => ErrorPage {
            page: Page::signed_out(locale, title(problem.status), String::new()),
            status,
            message: message(problem, locale),
            reference,
        }
        .render(),
    };
    match rendered {
        Ok(html) => (problem.status, Html(html)).into_response(),
        Err(_) => problem.status.into_response(),
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => msg!("errors-title-signed-out"),
        403 => msg!("errors-title-forbidden"),
        404 => msg!("errors-title-not-found"),
        409 => msg!("errors-title-conflict"),
        400..=499 => msg!("errors-title-invalid"),
        _ => msg!("errors-title-internal"),
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
