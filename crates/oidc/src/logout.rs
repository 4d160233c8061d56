//! That somebody is not signed in any more: the provider tells us (OpenID Connect Back-Channel Logout 1.0), or we ask it to
//! end its session as well (OpenID Connect RP-Initiated Logout 1.0).

use serde_json::Value;
use url::Url;

use crate::discovery::Provider;
use crate::id_token::{Refused, SKEW_S, is_from_and_for};
use crate::keys::KeySet;
use crate::members::{seconds, text};
use crate::signed;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A logout token is sent right after it was made.
const OLDEST_S: i64 = 5 * 60;

/// Whose sessions end: those of a subject, or the one session that the provider names.
#[derive(Clone, PartialEq, Eq)]
pub struct Logout {
    pub subject: Option<String>,
    pub session: Option<String>,
    /// By which it is known again: one token ends sessions once.
    pub id: String,
}

impl std::fmt::Debug for Logout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Logout(..)")
    }
}

/// Verifies a logout token (2.6). It looks like an id token and must never be taken for one, nor an id token for it: it has an
/// event and no nonce.
pub fn verify(
    token: &str,
    keys: &KeySet,
    (issuer, client_id): (&str, &str),
    now_s: i64,
) -> Result<Logout, Refused> {
    let signed = signed::verify(token, keys)?;
    let claims = &signed.claims;
    if !signed.kind.as_deref().is_some_and(is_of_logout) {
        return Err(Refused::Kind);
    }
    is_from_and_for(claims, issuer, client_id)?;
    let issued = seconds(claims, "iat").ok_or(Refused::Missing("iat"))?;
    if issued > now_s.saturating_add(SKEW_S) {
        return Err(Refused::NotYet);
    }
    if now_s > issued.saturating_add(OLDEST_S) {
        return Err(Refused::Old);
    }
    if seconds(claims, "exp").is_some_and(|expires| now_s >= expires.saturating_add(SKEW_S)) {
        return Err(Refused::Expired);
    }
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(Refused::Missing("events"));
    }
    if claims.contains_key("nonce") {
        return Err(Refused::Nonce);
    }
    let (subject, session) = (text(claims, "sub"), text(claims, "sid"));
    if subject.is_none() && session.is_none() {
        return Err(Refused::Missing("sub"));
    }
    Ok(Logout {
        subject: subject.map(str::to_owned),
        session: session.map(str::to_owned),
        id: text(claims, "jti")
            .ok_or(Refused::Missing("jti"))?
            .to_owned(),
    })
}

/// The explicit type of a logout token (2.4; ASVS 5.0, 10.5.5). A media type may be written without its `application/` (RFC 7515,
/// 4.1.9).
fn is_of_logout(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.strip_prefix("application/").unwrap_or(&kind) == "logout+jwt"
}

/// Where the browser goes to end the provider's session as well; nowhere where the provider has no such address. The hint names
/// the session or the person by the provider's own name.
#[must_use]
pub fn request(provider: &Provider, client_id: &str, hint: &str, back: &str) -> Option<Url> {
    let mut url = provider.end_session.clone()?;
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("logout_hint", hint)
        .append_pair("post_logout_redirect_uri", back);
    Some(url)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_tokens::Signer;

    const NOW: i64 = 1_800_000_000;

    fn judged(change: impl Fn(&mut Value), kind: &str) -> Result<Logout, Refused> {
        let signer = Signer::new("k1");
        let keys = json!({ "keys": [signer.public()] }).to_string();
        let keys = KeySet::parse(keys.as_bytes()).expect("keys");
        let mut claims = json!({
            "iss": "https://idp.example", "aud": "countersign", "iat": NOW, "jti": "j-1", "sub": "ann", "events": { EVENT: {} },
        });
        change(&mut claims);
        let header = json!({ "alg": "ES256", "kid": "k1", "typ": kind });
        let token = signer.sign_with(&header, &claims);
        verify(&token, &keys, ("https://idp.example", "countersign"), NOW)
    }

    #[test]
    fn a_provider_is_asked_to_end_its_session_where_it_takes_such_a_question() {
        let provider = |with: bool| {
            let mut said = json!({
                "issuer": "https://idp.example", "authorization_endpoint": "https://idp.example/a",
                "token_endpoint": "https://idp.example/t", "jwks_uri": "https://idp.example/k",
            });
            if with {
                said["end_session_endpoint"] = json!("https://idp.example/end?tenant=7");
            }
            let said = said.to_string();
            Provider::parse(said.as_bytes(), "https://idp.example").expect("read")
        };
        let ask = |with| request(&provider(with), "c&s", "s-1", "https://ap.example/sign-in");
        let wanted = "https://idp.example/end?tenant=7&client_id=c%26s&logout_hint=s-1\
                      &post_logout_redirect_uri=https%3A%2F%2Fap.example%2Fsign-in";
        assert_eq!(ask(true).map(String::from).as_deref(), Some(wanted));
        assert_eq!(ask(false), None);
    }

    #[test]
    fn a_logout_token_names_whose_sessions_end() {
        let logout = judged(|_| {}, "logout+jwt").expect("honest");
        assert_eq!(
            (logout.subject.as_deref(), logout.id.as_str()),
            (Some("ann"), "j-1")
        );
        let with_session = |kind| judged(|claims| claims["sid"] = json!("s-1"), kind);
        for kind in ["Logout+JWT", "application/logout+jwt"] {
            assert!(with_session(kind).is_ok(), "{kind}");
        }
    }

    #[test]
    fn an_id_token_ends_nothing_and_neither_does_an_old_or_foreign_one() {
        use Refused as R;
        let without = |name: &'static str| {
            judged(
                move |claims| drop(claims.as_object_mut().and_then(|all| all.remove(name))),
                "logout+jwt",
            )
            .err()
        };
        assert_eq!(without("events"), Some(R::Missing("events")));
        assert_eq!(without("jti"), Some(R::Missing("jti")));
        assert_eq!(without("sub"), Some(R::Missing("sub")));
        assert_eq!(without("iat"), Some(R::Missing("iat")));
        let with = |name: &'static str, value: Value| {
            judged(move |claims| claims[name] = value.clone(), "logout+jwt").err()
        };
        assert_eq!(with("nonce", json!("n-1")), Some(R::Nonce));
        assert_eq!(with("iss", json!("https://thief.example")), Some(R::Issuer));
        assert_eq!(with("aud", json!("another")), Some(R::Audience));
        assert_eq!(with("iat", json!(NOW - 301)), Some(R::Old));
        assert_eq!(with("iat", json!(NOW + 181)), Some(R::NotYet));
        assert_eq!(with("exp", json!(NOW - 180)), Some(R::Expired));
        assert_eq!(
            with("events", json!({ "another": {} })),
            Some(R::Missing("events"))
        );
        for kind in ["JWT", "at+jwt", "", "application/jwt", "text/logout+jwt"] {
            assert_eq!(judged(|_| {}, kind).err(), Some(R::Kind), "{kind}");
        }
    }
}
