//! The cookies we set. All carry the `__Host-` prefix (RFC 6265bis, 4.1.3.2): Secure, Path=/, no Domain, so that no
//! sister host and no plain-text connection can plant one.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub const SESSION: &str = "__Host-session";
/// Random bytes that bind forms to a browser before anybody has signed in there.
pub const VISIT: &str = "__Host-visit";

/// Names a browser in which somebody has signed in before. It lets nobody in.
pub const DEVICE: &str = "__Host-device";
/// Binds what an identity provider is asked to the browser that was sent there. It lets nobody in.
pub const SSO: &str = "__Host-sso";
/// How long somebody may take there.
const ABROAD_SECONDS: u32 = 15 * 60;
/// The longest that browsers keep a cookie: 400 days (RFC 6265bis, 5.5).
const LASTING_SECONDS: u32 = 400 * 24 * 60 * 60;

/// The value of a cookie.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// `Set-Cookie` for a cookie that lives as long as the browser does. `value` must be base64url.
#[must_use]
pub fn set(name: &str, value: &str) -> HeaderValue {
    header_value(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
    ))
}

/// `Set-Cookie` for a cookie that outlives the browser's end. `value` must be base64url.
#[must_use]
pub fn keep(name: &str, value: &str) -> HeaderValue {
    header_value(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={LASTING_SECONDS}"
    ))
}

/// `Set-Cookie` for a cookie that comes with other sites' forms as well, for as long as somebody may be away. An identity
/// provider's page posts its answer here, and a cookie that is `Lax` would stay behind. What such a cookie binds must be worth
/// nothing to a site that makes a browser send it. `value` must be base64url.
#[must_use]
pub fn across_sites(name: &str, value: &str) -> HeaderValue {
    header_value(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=None; Max-Age={ABROAD_SECONDS}"
    ))
}

/// `Set-Cookie` that takes the cookie away.
#[must_use]
pub fn clear(name: &str) -> HeaderValue {
    header_value(&format!(
        "{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    ))
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("our names and base64url are visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("x__Host-session=bad; a=1"),
        );
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-session2=no; __Host-session=yes"),
        );
        assert_eq!(get(&headers, SESSION), Some("yes"));
        assert_eq!(get(&headers, VISIT), None);
    }

    #[test]
    fn cookies_are_for_this_host_over_tls_and_hidden_from_scripts() {
        let set = set(SESSION, "abc");
        let text = set.to_str().expect("ASCII");
        for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(text.split("; ").any(|part| part == flag), "{text}");
        }
        assert!(!text.contains("Domain"));
    }
}
