//! The token that a session gets while an answer is made: from the request that finds it due to the answer's cookie.

use std::fmt;
use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Standing;
use crate::identity::access::mark;
use crate::identity::credential::ShownToken;
use crate::identity::sessions::actions::renew;
use crate::identity::sessions::rules::Stage;
use crate::platform::app::App;
use crate::platform::web::{Problem, cookies};

/// A place for it, which goes with a request that only reads. What a form changes is answered by a redirect, and the page after
/// it gets the token: a form of a page that is open is not refused for it.
#[derive(Clone, Default)]
pub(super) struct Renewed(Arc<OnceLock<ShownToken>>);

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewed(..)")
    }
}

impl Renewed {
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        parts.extensions.get().cloned()
    }

    pub(super) fn token(&self) -> Option<&ShownToken> {
        self.0.get()
    }

    /// Keeps the token for the answer; whoever reads the request's cookies from now on finds it there.
    pub(super) fn keep(&self, token: ShownToken, headers: &mut HeaderMap) {
        let kept = self.0.get_or_init(|| token).expose();
        let Some(was) = cookies::get(headers, cookies::SESSION).map(str::to_owned) else {
            return;
        };
        let renamed = |value: &HeaderValue| {
            let line = value.to_str().ok()?.replace(&was, &kept);
            HeaderValue::from_str(&line).ok()
        };
        let lines: Vec<HeaderValue> = headers
            .get_all(header::COOKIE)
            .iter()
            .map(|value| renamed(value).unwrap_or_else(|| value.clone()))
            .collect();
        headers.remove(header::COOKIE);
        for line in lines {
            headers.append(header::COOKIE, line);
        }
    }
}

impl Standing {
    /// Another token where her rights are not those that she had when she got this one. A request that still comes by the one
    /// before gets none: another has it already.
    pub(super) async fn renew(&self, parts: &mut Parts, app: &App) -> Result<(), Problem> {
        let mark = mark(&self.held.0, &self.held.1);
        let is_as_it_was = self.found.mark.as_ref() == Some(&mark);
        if is_as_it_was || self.found.stage != Stage::Full {
            return Ok(());
        }
        let Some(renewed) = Renewed::of(parts).filter(|renewed| renewed.token().is_none()) else {
            return Ok(());
        };
        let presented = token_of(parts).map(|token| token.stored());
        if presented != Some(self.found.token) {
            return Ok(());
        }
        let given = (self.found.token, mark);
        if let Some(token) = renew(app, self.caller(), self.found.id, given).await? {
            renewed.keep(token, &mut parts.headers);
        }
        Ok(())
    }
}

/// The session's token: what this very request got on its way, or what its cookie brought.
pub(super) fn token_of(parts: &Parts) -> Option<ShownToken> {
    let got = Renewed::of(parts).and_then(|got| got.token().map(ShownToken::expose));
    match got {
        Some(value) => ShownToken::parse(&value),
        None => ShownToken::parse(cookies::get(&parts.headers, cookies::SESSION)?),
    }
}

/// A layer around all pages: gives the browser the token that its session got on the way.
pub async fn renews(mut request: Request, next: Next) -> Response {
    let renewed = Renewed::default();
    if request.method().is_safe() {
        request.extensions_mut().insert(renewed.clone());
    }
    let mut response = next.run(request).await;
    if let Some(token) = renewed.token() {
        let cookie = cookies::set(cookies::SESSION, &token.expose());
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
