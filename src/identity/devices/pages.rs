//! The device's cookie.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;

use crate::identity::credential::ShownToken;
use crate::platform::app::App;
use crate::platform::web::cookies;

/// The device token that came with a request, whether or not it is worth anything.
pub struct Presented(pub Option<ShownToken>);

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented(..)")
    }
}

impl FromRequestParts<Arc<App>> for Presented {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let value = cookies::get(&parts.headers, cookies::DEVICE);
        Ok(Self(value.and_then(ShownToken::parse)))
    }
}

/// The answer, with the cookie of a device that was just remembered.
#[must_use]
pub fn with_device(mut response: Response, token: Option<&ShownToken>) -> Response {
    if let Some(token) = token {
        response.headers_mut().append(
            header::SET_COOKIE,
            cookies::keep(cookies::DEVICE, &token.expose()),
        );
    }
    response
}
