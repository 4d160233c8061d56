//! The few files a page loads, embedded in the binary and named by their content, so that they are cached for ever.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;

struct Asset {
    name: &'static str,
    url: String,
    mime: &'static str,
    bytes: &'static [u8],
}

const SOURCES: [(&str, &str, &[u8]); 4] = [
    (
        "countersign.css",
        "text/css; charset=utf-8",
        include_bytes!("../../../assets/platform/countersign.css"),
    ),
    (
        "countersign.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/platform/countersign.js"),
    ),
    (
        "passkeys.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../assets/platform/passkeys.js"),
    ),
    (
        "mark.svg",
        "image/svg+xml",
        include_bytes!("../../../assets/platform/mark.svg"),
    ),
];

fn all() -> &'static [Asset] {
    static ASSETS: OnceLock<Vec<Asset>> = OnceLock::new();
    ASSETS.get_or_init(|| {
        SOURCES
            .into_iter()
            .map(|(name, mime, bytes)| Asset {
                name,
                url: format!("/assets/{}", hashed_name(name, bytes)),
                mime,
                bytes,
            })
            .collect()
    })
}

/// `countersign.css` becomes `countersign.1a2b3c4d.css`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let hash = HEXLOWER.encode(&digest.as_ref()[..4]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

/// The address of an asset by its plain name, with the hash of its content. An unknown name, which the render tests
/// exclude, gives an address that answers 404.
pub fn url(name: &str) -> &'static str {
    all()
        .iter()
        .find(|asset| asset.name == name)
        .map_or("/assets/unknown", |asset| asset.url.as_str())
}

/// Serves `/assets/<name>.<hash8>.<ext>`. Anything else under `/assets/` answers 404; there is no listing.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = all()
        .iter()
        .find(|asset| asset.url.strip_prefix("/assets/") == Some(name.as_str()))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn fetch(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).expect("request");
        router::<()>().oneshot(request).await.expect("infallible")
    }

    #[tokio::test]
    async fn an_asset_is_served_for_ever_under_its_hash_only() {
        let response = fetch(url("countersign.css")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()["content-type"],
            "text/css; charset=utf-8"
        );
        assert_eq!(
            response.headers()["cache-control"],
            "public, max-age=31536000, immutable"
        );
        for path in [
            "/assets/",
            "/assets/countersign.css",
            "/assets/countersign.00000000.css",
            "/assets/..%2fCargo.toml",
        ] {
            assert_eq!(fetch(path).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn another_content_has_another_name() {
        assert_ne!(hashed_name("a.css", b"one"), hashed_name("a.css", b"two"));
    }

    /// A password comes from a manager or a clipboard as well as from fingers (ASVS 5.0, 6.2.7).
    #[test]
    fn no_script_hears_of_a_paste() {
        let hears = |text: &str| text.to_lowercase().contains("paste");
        let scripts: Vec<_> = SOURCES
            .iter()
            .filter(|(name, ..)| name.ends_with(".js"))
            .collect();
        assert!(!scripts.is_empty());
        for (name, _, bytes) in scripts {
            let text = std::str::from_utf8(bytes).expect("assets are text");
            assert!(!hears(text), "{name}");
        }
        for forbidding in [
            "input.onpaste = () => false;",
            "input.addEventListener(\"paste\", stop);",
            "if (event.inputType === \"insertFromPaste\") event.preventDefault();",
        ] {
            assert!(hears(forbidding), "{forbidding}");
        }
    }

    #[test]
    fn no_asset_loads_anything_from_elsewhere() {
        for (name, _, bytes) in SOURCES {
            let text = std::str::from_utf8(bytes).expect("assets are text");
            for forbidden in ["url(", "@import", "innerHTML", "eval(", "data:image"] {
                assert!(!text.contains(forbidden), "{name} contains {forbidden}");
            }
            let addresses = text.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !addresses.contains("http:") && !addresses.contains("https:"),
                "{name} names another host"
            );
        }
    }
}
