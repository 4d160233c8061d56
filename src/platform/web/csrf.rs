//! Forms are taken only from our own pages in the browser that got them.
//!
//! Two guards, each enough by itself: the browser's own word on where a request comes from (Fetch Metadata, else
//! Origin), and a token in the form, bound to the browser's cookie (OWASP: HMAC-based token pattern, keyed by the session's secret).

use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_sealing::{Entropy, Key, mac, verify_mac};

use super::cookies;
use super::problem::Problem;
use super::render::Reader;
use crate::msg;

const DOMAIN: &str = "countersign csrf 1";
const NAME_DOMAIN: &str = "countersign browser 1";
const CARRIED_DOMAIN: &str = "countersign carried 1";
const LENGTH: usize = 32;

/// The secret that the browser holds in its cookie: of its session, else of its visit.
#[derive(Debug)]
pub struct Binding(Key);

impl Binding {
    /// From the request's cookies. The session's wins, so that a form made before signing in is void afterwards.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        cookies::get(headers, cookies::SESSION)
            .and_then(Self::from_cookie)
            .or_else(|| cookies::get(headers, cookies::VISIT).and_then(Self::from_cookie))
    }

    /// From a cookie's value: 32 bytes in base64url.
    #[must_use]
    pub fn from_cookie(value: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
        Key::from_slice(&bytes).ok().map(Self)
    }

    /// A token for a form. It looks different each time, so that compressed answers do not give it away (BREACH).
    #[must_use]
    pub fn token(&self, entropy: &dyn Entropy) -> String {
        let tag = mac(&self.0, DOMAIN, &[]);
        let mut out = [0u8; 2 * LENGTH];
        let (pad, masked) = out.split_at_mut(LENGTH);
        entropy.fill(pad);
        for ((masked, pad), tag) in masked.iter_mut().zip(pad.iter()).zip(tag) {
            *masked = pad ^ tag;
        }
        URL_SAFE_NO_PAD.encode(out)
    }

    /// A name for this browser's cookie that does not give it away: what was begun here is ended here.
    #[must_use]
    pub fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.0, NAME_DOMAIN, &[]))
    }

    /// A code over what a page carries from one request of this browser to its next.
    #[must_use]
    pub fn code_over(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.0, CARRIED_DOMAIN, parts))
    }

    /// Whether `code` was made over these parts for this browser, in constant time.
    #[must_use]
    pub fn has_coded(&self, parts: &[&[u8]], code: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(code)
            .is_ok_and(|tag| verify_mac(&self.0, CARRIED_DOMAIN, parts, &tag).is_ok())
    }

    /// Whether this browser was given `token`, in constant time.
    #[must_use]
    pub fn accepts(&self, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((pad, masked)) = bytes
            .split_at_checked(LENGTH)
            .filter(|(_, masked)| masked.len() == LENGTH)
        else {
            return false;
        };
        let tag: Vec<u8> = masked.iter().zip(pad).map(|(a, b)| a ^ b).collect();
        verify_mac(&self.0, DOMAIN, &[], &tag).is_ok()
    }
}

/// Which guards stand: all of them, but in the tests that prove that each is needed.
#[derive(Debug, Clone, Copy)]
pub struct Guards {
    origin: bool,
    token: bool,
}

impl Guards {
    pub const ALL: Self = Self {
        origin: true,
        token: true,
    };
}

/// Checks a form's origin and its token.
///
/// # Errors
/// A problem that tells the person to load the page again; nothing of the form was used.
pub fn check(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    token: Option<&str>,
    guards: Guards,
) -> Result<(), Problem> {
    if guards.origin && !is_same_origin(method, uri, headers) {
        return Err(refused());
    }
    let bound = Binding::of(headers)
        .zip(token)
        .is_some_and(|(binding, token)| binding.accepts(token));
    if guards.token && !bound {
        return Err(refused());
    }
    Ok(())
}

fn refused() -> Problem {
    Problem {
        status: axum::http::StatusCode::FORBIDDEN,
        ..Problem::invalid(msg!("error-form-foreign"))
    }
}

/// Whether the browser says that one of our own pages made this request. Reading methods always pass. A request without
/// either header comes from no browser of this decade; it is left to the token.
#[must_use]
pub fn is_same_origin(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = uri
        .authority()
        .map(|authority| authority.as_str().as_bytes())
        .or_else(|| headers.get(header::HOST).map(|host| host.as_bytes()));
    origin
        .as_bytes()
        .strip_prefix(b"https://")
        .is_some_and(|origin| host.is_some_and(|host| origin.eq_ignore_ascii_case(host)))
}

/// Whether other sites' forms belong to this address: an identity provider's page posts its signed answers here. Its handlers
/// take nothing from the session's cookie.
fn takes_other_sites_forms(path: &str) -> bool {
    let mut parts = path.strip_prefix("/sso/").unwrap_or_default().split('/');
    matches!(
        (parts.next(), parts.next(), parts.next()),
        (Some(_), Some("acs" | "logout"), None)
    )
}

/// The layer that refuses other sites' requests before any handler sees them. Programs bring no cookies, so there is nothing to
/// ride on.
pub async fn refuse_other_sites(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = Reader::of(path) != Reader::Person || takes_other_sites_forms(path);
    if is_open || is_same_origin(request.method(), request.uri(), request.headers()) {
        next.run(request).await
    } else {
        refused().into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use countersign_sealing::SeededEntropy;

    use super::*;

    fn cookie_value(seed: u64) -> String {
        let mut bytes = [0u8; LENGTH];
        SeededEntropy::new(seed).fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_str(value).expect("ASCII"),
                )
            })
            .collect()
    }

    #[test]
    fn other_sites_forms_are_taken_at_two_addresses_alone() {
        for open in ["/sso/0197/acs", "/sso/0197/logout"] {
            assert!(takes_other_sites_forms(open), "{open}");
        }
        for closed in [
            "/sso/0197/start",
            "/sso/0197/acs/",
            "/sso/acs",
            "/sso/a/b/acs",
            "/settings/sso/0197/acs",
            "/sign-in",
            "",
        ] {
            assert!(!takes_other_sites_forms(closed), "{closed}");
        }
    }

    #[test]
    fn a_browsers_name_is_its_own_and_gives_its_cookie_away_to_nobody() {
        let name = |seed| {
            let cookie = cookie_value(seed);
            let binding = Binding::from_cookie(&cookie).expect("32 bytes");
            assert_ne!(binding.name(), cookie);
            binding.name()
        };
        assert_eq!(name(1), name(1));
        assert_ne!(name(1), name(2));
    }

    struct Attempt {
        what: &'static str,
        headers: HeaderMap,
        token: Option<String>,
    }

    fn attacks() -> Vec<Attempt> {
        let ours = format!("{}={}", cookies::SESSION, cookie_value(1));
        let entropy = SeededEntropy::new(9);
        let token = |seed| {
            let binding = Binding::from_cookie(&cookie_value(seed)).expect("32 bytes");
            Some(binding.token(&entropy))
        };
        let attempt = |what, extra: &[(&'static str, &str)], token| {
            let mut all = vec![("cookie", ours.as_str()), ("host", "ap.example:8443")];
            all.extend_from_slice(extra);
            Attempt {
                what,
                headers: headers(&all),
                token,
            }
        };
        vec![
            attempt("no token", &[("sec-fetch-site", "same-origin")], None),
            attempt("an empty token", &[], Some(String::new())),
            attempt(
                "another session's token",
                &[("sec-fetch-site", "same-origin")],
                token(2),
            ),
            attempt(
                "another site",
                &[("sec-fetch-site", "cross-site")],
                token(1),
            ),
            attempt(
                "a sister host",
                &[("sec-fetch-site", "same-site")],
                token(1),
            ),
            attempt(
                "another origin",
                &[("origin", "https://evil.example")],
                token(1),
            ),
            attempt(
                "plain text",
                &[("origin", "http://ap.example:8443")],
                token(1),
            ),
            attempt("an opaque origin", &[("origin", "null")], token(1)),
        ]
    }

    fn passes(attempt: &Attempt, guards: Guards) -> bool {
        let uri = Uri::from_static("/people/invite");
        check(
            &Method::POST,
            &uri,
            &attempt.headers,
            attempt.token.as_deref(),
            guards,
        )
        .is_ok()
    }

    #[test]
    fn foreign_forms_are_refused_and_each_guard_is_needed() {
        for attack in attacks() {
            assert!(!passes(&attack, Guards::ALL), "{}", attack.what);
        }
        for weakened in [
            Guards {
                origin: false,
                ..Guards::ALL
            },
            Guards {
                token: false,
                ..Guards::ALL
            },
        ] {
            let through = attacks()
                .iter()
                .filter(|attack| passes(attack, weakened))
                .count();
            assert!(
                through >= 3,
                "{weakened:?} stops what its absence should let through"
            );
        }
    }

    #[test]
    fn our_own_form_passes_and_its_token_changes_from_page_to_page() {
        let value = cookie_value(1);
        let binding = Binding::from_cookie(&value).expect("32 bytes");
        let entropy = SeededEntropy::new(3);
        let (one, two) = (binding.token(&entropy), binding.token(&entropy));
        assert_ne!(one, two);
        for (token, origin) in [
            (one, "https://ap.example:8443"),
            (two, "https://AP.example:8443"),
        ] {
            let attempt = Attempt {
                what: "ours",
                headers: headers(&[
                    ("cookie", &format!("{}={value}", cookies::SESSION)),
                    ("host", "ap.example:8443"),
                    ("origin", origin),
                ]),
                token: Some(token),
            };
            assert!(passes(&attempt, Guards::ALL));
        }
    }

    #[test]
    fn a_form_from_before_signing_in_is_void_afterwards() {
        let visit = Binding::from_cookie(&cookie_value(4)).expect("32 bytes");
        let token = visit.token(&SeededEntropy::new(5));
        let before = format!("{}={}", cookies::VISIT, cookie_value(4));
        let after = format!("{}={}; {before}", cookies::SESSION, cookie_value(1));
        for (cookie, passing) in [(before, true), (after, false)] {
            let attempt = Attempt {
                what: "visit",
                headers: headers(&[("cookie", &cookie)]),
                token: Some(token.clone()),
            };
            assert_eq!(passes(&attempt, Guards::ALL), passing);
        }
    }
}
