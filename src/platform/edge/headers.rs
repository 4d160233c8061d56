//! What every request goes through before the router's own handlers, and what every answer leaves with.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, SERVER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use countersign_sealing::Entropy;
use futures_util::FutureExt as _;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tracing::Instrument as _;

use crate::platform::clock::Clock;
use crate::platform::config::Limits;
use crate::platform::ids::{Id as _, RequestId, uuid_v7};
use crate::platform::web::render::Reader;
use crate::platform::web::{CONTENT_SECURITY_POLICY, DOWNLOAD_POLICY, FormTarget};

/// Below this path answers may be cached: they carry the hash of their content in their names.
pub const ASSETS: &str = "/assets/";

const CONTENT_SECURITY_POLICY_HEADER: &str = "content-security-policy";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The headers of every answer (OWASP ASVS 5.0, chapter V3).
pub const FIXED: [(&str, &str); 8] = [
    ("strict-transport-security", "max-age=63072000"),
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)",
    ),
];

/// What the edge does for every request: gives it an id, bounds its time and body, catches its panic, dresses its answer.
#[derive(Clone)]
pub struct Guard {
    clock: Clock,
    entropy: Arc<dyn Entropy>,
    limits: Limits,
    uploads: &'static [&'static [&'static str]],
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Guard {
    #[must_use]
    pub fn new(clock: Clock, entropy: Arc<dyn Entropy>, limits: Limits) -> Self {
        Self {
            clock,
            entropy,
            limits,
            uploads: &[],
        }
    }

    /// Gives the routes of these patterns the time that files take.
    #[must_use]
    pub fn with_uploads(mut self, patterns: &'static [&'static [&'static str]]) -> Self {
        self.uploads = patterns;
        self
    }

    /// Puts the guard around all routes of `app`, and around what it answers for paths that it does not have.
    /// A route that takes files raises `DefaultBodyLimit` for itself.
    pub fn around(&self, app: Router) -> Router {
        app.layer(DefaultBodyLimit::max(self.limits.body_bytes))
            .layer(RequestBodyTimeoutLayer::new(self.limits.header_timeout))
            .layer(middleware::from_fn_with_state(self.clone(), pass))
    }

    /// Files take longer. The route decides, not the sender's word on what it sends: a raw file has any media type, and a
    /// form that claims to hold one gets no more time elsewhere.
    fn patience(&self, method: &Method, route: &str) -> Duration {
        let takes_files = || self.uploads.iter().any(|list| list.contains(&route));
        if *method == Method::POST && takes_files() {
            self.limits.upload_timeout
        } else {
            self.limits.request_timeout
        }
    }
}

async fn pass(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let began = guard.clock.now();
    let id = RequestId::from_uuid(uuid_v7(began, guard.entropy.as_ref()));
    // Ids tie journal and logs together: one from outside would let a client write into that.
    request.headers_mut().remove(&REQUEST_ID);
    request.extensions_mut().insert(id);
    let path = request.uri().path();
    let (is_asset, reader) = (path.starts_with(ASSETS), Reader::of(path));
    let method = request.method().clone();
    // The path itself may hold the token of a link; the route's pattern cannot.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("-", MatchedPath::as_str);

    // Of the highest level, so that the id is there whatever level is logged.
    let span = tracing::error_span!("request", %id);
    let patience = guard.patience(&method, route);
    let running = AssertUnwindSafe(next.run(request).instrument(span.clone())).catch_unwind();
    let mut response = match tokio::time::timeout(patience, running).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => failure(StatusCode::INTERNAL_SERVER_ERROR, reader, id),
        Err(_late) => failure(StatusCode::REQUEST_TIMEOUT, reader, id),
    };
    let target = response.extensions().get::<FormTarget>();
    let policy = target.and_then(FormTarget::policy);
    dress(response.headers_mut(), is_asset, id);
    if let Some(policy) = policy {
        let name = HeaderName::from_static(CONTENT_SECURITY_POLICY_HEADER);
        response.headers_mut().insert(name, policy);
    }
    let milliseconds = guard.clock.now().since(began) / 1000;
    span.in_scope(|| tracing::info!(%method, route, status = response.status().as_u16(), milliseconds, "answered"));
    response
}

/// An answer of the edge's own: what happened, the id, and nothing else (RFC 9457 for the API, RFC 7644 for directories).
fn failure(status: StatusCode, reader: Reader, id: RequestId) -> Response {
    let title = match status {
        StatusCode::REQUEST_TIMEOUT => "This took too long, and was stopped. Try again.",
        _ => "Something went wrong here. Tell your administrator this number.",
    };
    let (kind, body) = match reader {
        Reader::Person => return (status, format!("{title}\n{id}\n")).into_response(),
        Reader::Program => (
            "application/problem+json",
            serde_json::json!({ "title": title, "status": status.as_u16(), "request": id }),
        ),
        Reader::Directory => (
            "application/scim+json",
            serde_json::json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": status.as_u16().to_string(),
                "detail": format!("{title} {id}"),
            }),
        ),
    };
    let kind = HeaderValue::from_static(kind);
    (status, [(CONTENT_TYPE, kind)], body.to_string()).into_response()
}

fn dress(headers: &mut HeaderMap, is_asset: bool, id: RequestId) {
    // A download brings the one policy that is stricter than that of pages.
    let is_download = headers
        .get(CONTENT_SECURITY_POLICY_HEADER)
        .is_some_and(|policy| policy == DOWNLOAD_POLICY);
    for (name, value) in FIXED {
        if is_download && name == CONTENT_SECURITY_POLICY_HEADER {
            continue;
        }
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    headers.remove(SERVER);
    // A page that a shared computer keeps shows bank accounts to the next who sits there.
    if !is_asset || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
