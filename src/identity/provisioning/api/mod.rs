//! `/scim/v2`: what a directory asks for (RFC 7644).

mod discovery;
mod groups;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::DirectoryAccess;
use super::actions::{self, Found};
use super::rules::{DirectoryToken, Fault, Object, resource};
use crate::msg;
use crate::platform::app::App;
use crate::platform::scope::{Actor, Caller, CredentialKind};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

/// RFC 7644, 8.1.
const MEDIA_TYPE: &str = "application/scim+json";

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(users::routes())
        .merge(groups::routes())
        .merge(discovery::routes())
        .route(
            "/scim/v2/Me",
            get(not_here)
                .post(not_here)
                .put(not_here)
                .patch(not_here)
                .delete(not_here),
        )
        .route("/scim/v2/Bulk", axum::routing::post(not_here))
        .route("/scim/v2/.search", axum::routing::post(not_here))
}

/// What the standard leaves open, and we leave out (RFC 7644, 3.11: a directory is nobody's account).
async fn not_here(_: DirectoryAccess) -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED, msg!("scim-error-not-here"))
}

impl FromRequestParts<Arc<App>> for DirectoryAccess {
    type Rejection = Problem;

    /// Missing, unknown, unconfirmed, expired and revoked answer alike. Cookies and people's tokens are not looked at.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let request = RequestInfo::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let token = shown(&parts.headers).ok_or_else(Problem::signed_out)?;
        let (scope, found) = actions::standing(app, token.0.stored())
            .await?
            .ok_or_else(Problem::signed_out)?;
        let caller = Caller {
            scope,
            actor: Actor {
                person: None,
                on_behalf_of: None,
                credential: CredentialKind::Directory,
                credential_id: Some(found.id),
                request: request.id,
            },
            judged_by: None,
            now: app.now(),
        };
        Ok(Self {
            caller,
            directory: found.directory,
        })
    }
}

fn shown(headers: &HeaderMap) -> Option<DirectoryToken> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| DirectoryToken::parse(token.trim()))
        .flatten()
}

/// A message or a resource as it was sent.
#[derive(Debug)]
struct Sent(Value);

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        let is_json = kind.is_some_and(|kind| {
            kind.eq_ignore_ascii_case(MEDIA_TYPE) || kind.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                msg!("scim-error-media-type"),
            ));
        }
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|rejection| {
                Problem::new(rejection.status(), msg!("error-request-too-large"))
            })?;
        let value = serde_json::from_slice(&bytes);
        value
            .map(Self)
            .map_err(|_| Fault::Syntax("JSON".to_owned()).into())
    }
}

/// The version that a change is made for.
#[derive(Debug)]
struct IfMatch(Option<String>);

impl FromRequestParts<Arc<App>> for IfMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Self::Rejection> {
        Ok(Self(condition(&parts.headers, header::IF_MATCH)))
    }
}

fn condition(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        // A condition that cannot be read is one that nothing fulfils.
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = HeaderValue::from_static(MEDIA_TYPE);
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// A resource with its entity tag and, where it is new, its address.
fn one(status: StatusCode, (resource, version): (Object, i64), location: &str) -> Response {
    let mut response = answer(status, &Value::Object(resource));
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&resource::tag(version)) {
        headers.insert(header::ETAG, tag);
    }
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(location)
    {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// A resource that was read; nothing of it where the reader has this version (RFC 9110, 13.1.2).
fn read(headers: &HeaderMap, found: (Object, i64)) -> Response {
    let version = found.1;
    let has_it = condition(headers, header::IF_NONE_MATCH)
        .is_some_and(|condition| resource::names(&condition, version));
    let mut response = one(StatusCode::OK, found, "");
    if has_it {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
    }
    response
}

fn listed(found: Found) -> Response {
    let count = found.resources.len();
    answer(
        StatusCode::OK,
        &json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": found.total,
            "startIndex": found.start,
            "itemsPerPage": count,
            "Resources": found.resources,
        }),
    )
}
