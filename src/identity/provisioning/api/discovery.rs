//! What we can do, for directories that ask (RFC 7644, 4). Asked for with a token like everything else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::{answer, listed};
use crate::identity::provisioning::DirectoryAccess;
use crate::identity::provisioning::actions::Found;
use crate::identity::provisioning::rules::{KINDS, Kind, MOST, Object};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/scim/v2/ServiceProviderConfig", get(config))
        .route("/scim/v2/ResourceTypes", get(kinds))
        .route("/scim/v2/ResourceTypes/{name}", get(kind))
        .route("/scim/v2/Schemas", get(schemas))
        .route("/scim/v2/Schemas/{urn}", get(schema))
}

/// A directory that asks what we can do, and filters nothing: one that believed its filter was followed would take the rest for
/// what is not there (RFC 7644, 4).
struct Asking;

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        DirectoryAccess::from_request_parts(parts, app).await?;
        let query = parts.uri.query().unwrap_or_default();
        let filters =
            url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "filter");
        match filters {
            true => Err(Problem::new(
                StatusCode::FORBIDDEN,
                msg!("scim-error-no-filter"),
            )),
            false => Ok(Self),
        }
    }
}

/// RFC 7643, 5.
async fn config(State(app): State<Arc<App>>, _: Asking) -> Response {
    let bearer = json!({
        "type": "oauthbearertoken",
        "name": "Token of a directory",
        "description": "A token that an administrator makes in the settings and another one confirms",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": true,
    });
    let config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MOST },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [bearer],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": app.link("/scim/v2/ServiceProviderConfig"),
        },
    });
    answer(StatusCode::OK, &config)
}

fn all(described: Vec<Value>) -> Response {
    let resources: Vec<Object> = described
        .into_iter()
        .filter_map(|one| one.as_object().cloned())
        .collect();
    listed(Found {
        total: resources.len(),
        start: 1,
        resources,
    })
}

fn described_kind(app: &App, kind: &Kind) -> Value {
    kind.described(&app.link(&format!("/scim/v2/ResourceTypes/{}", kind.name)))
}

async fn kinds(State(app): State<Arc<App>>, _: Asking) -> Response {
    all(KINDS
        .iter()
        .map(|kind| described_kind(&app, kind))
        .collect())
}

async fn kind(
    State(app): State<Arc<App>>,
    _: Asking,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let found = KINDS.iter().find(|kind| kind.name == name);
    let kind = found.ok_or_else(Problem::not_found)?;
    Ok(answer(StatusCode::OK, &described_kind(&app, kind)))
}

/// Each schema by its URN and as it is shown.
fn described_schemas(app: &App) -> Vec<(&'static str, Value)> {
    let schemas = KINDS.iter().flat_map(|kind| kind.schemas());
    schemas
        .map(|schema| {
            let location = app.link(&format!("/scim/v2/Schemas/{}", schema.id));
            (schema.id, schema.described(&location))
        })
        .collect()
}

async fn schemas(State(app): State<Arc<App>>, _: Asking) -> Response {
    let described = described_schemas(&app).into_iter();
    all(described.map(|(_, described)| described).collect())
}

async fn schema(
    State(app): State<Arc<App>>,
    _: Asking,
    Path(urn): Path<String>,
) -> Result<Response, Problem> {
    let described = described_schemas(&app).into_iter();
    let mut found = described.filter(|(id, _)| id.eq_ignore_ascii_case(&urn));
    let (_, schema) = found.next().ok_or_else(Problem::not_found)?;
    Ok(answer(StatusCode::OK, &schema))
}
