//! The API's description (OpenAPI 3.1) at `/api/openapi.json`.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, Info, OpenApi, PathItem};

use super::idempotency::KEPT_US;
use crate::platform::clock::Micros;

/// The name under which operations refer to the bearer token.
const BEARER: &str = "bearer";

/// The description of the routes, completed by what all of them share: whose API it is, and how callers show who they are.
///
/// # Errors
/// Where it cannot be written as JSON: an empty description would pass for one without routes.
pub fn document(mut description: OpenApi) -> serde_json::Result<String> {
    description.info = Info::new("Countersign", env!("CARGO_PKG_VERSION"));
    description.info.description = Some(about());
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An API token of a person, made under /me. It can do what its permissions and the person's roles allow.",
        ))
        .build();
    description
        .components
        .get_or_insert_with(Components::new)
        .add_security_scheme(BEARER, SecurityScheme::Http(scheme));
    for (path, item) in &mut description.paths.paths {
        name_operations(path, item);
    }
    // A parameter that takes the rest of the address has no form of its own there.
    let paths = std::mem::take(&mut description.paths.paths);
    let paths = paths
        .into_iter()
        .map(|(path, item)| (path.replace("{*", "{"), item));
    description.paths.paths = paths.collect();
    let scopes: [&str; 0] = [];
    description.security = Some(vec![SecurityRequirement::new(BEARER, scopes)]);
    serde_json::to_string(&description)
}

fn about() -> String {
    format!(
        "Writes take an `Idempotency-Key` header of 1 to 200 characters. A key is the person's behind the token: sent again with \
         the same request, by any of her tokens, it gives the first answer and does nothing twice. A key is kept for {} hours from \
         its first use; after that it is as if it had never been sent. Refusals are problem+json (RFC 9457) with a `code`.",
        KEPT_US / Micros::HOUR
    )
}

/// Operations are named by method and address. Functions of several fields have one name, and names must differ (OpenAPI
/// 3.1, 4.8.10), or generated clients lose all but one of them.
fn name_operations(path: &str, item: &mut PathItem) {
    let named = path.strip_prefix("/api/v1/").unwrap_or(path);
    let words: Vec<&str> = named
        .split(|sign: char| !sign.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let operations = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ];
    for (method, operation) in operations {
        if let Some(operation) = operation {
            operation.operation_id = Some(format!("{method}_{}", words.join("_")));
        }
    }
}

/// Serves the description to whoever asks: it says nothing of anybody's data.
pub fn router(document: String) -> Router {
    let answer = async move || ([(header::CONTENT_TYPE, "application/json")], document);
    Router::new().route("/api/openapi.json", get(answer))
}
