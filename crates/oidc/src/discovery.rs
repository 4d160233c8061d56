//! What a provider says of itself (OpenID Connect Discovery 1.0).

use url::Url;

use crate::members::{Object, object, text, texts};

/// A provider's description is a page.
pub const MOST_BYTES: usize = 128 * 1024;

/// Why a description is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("an issuer is an https address without query and fragment")]
    Address,
    #[error("it is no JSON object, or a very large one")]
    Shape,
    #[error("it describes another issuer")]
    Issuer,
    #[error("{0} is missing, or is no https address")]
    Endpoint(&'static str),
    #[error("the provider does not take authorization codes with PKCE (S256)")]
    Flow,
}

/// How we show the provider who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    Basic,
    Post,
}

/// A provider by its own description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub issuer: String,
    pub authorization: Url,
    pub token: Url,
    pub keys: Url,
    pub user_info: Option<Url>,
    pub end_session: Option<Url>,
    pub client_auth: ClientAuth,
    /// Whether every answer names the issuer (RFC 9207).
    pub names_issuer: bool,
    /// The scopes that it says it knows.
    pub scopes: Vec<String>,
}

/// Where a provider's description is (OpenID Connect Discovery, 4).
pub fn address(issuer: &str) -> Result<Url, Wrong> {
    let url = secure(issuer).ok_or(Wrong::Address)?;
    if url.query().is_some() {
        return Err(Wrong::Address);
    }
    let whole = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    whole.parse().map_err(|_| Wrong::Address)
}

/// An address over TLS, with a host, and without a password or a fragment.
fn secure(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let fits = url.scheme() == "https" && url.host().is_some() && url.fragment().is_none();
    (fits && is_plain).then_some(url)
}

fn endpoint(said: &Object, name: &'static str) -> Result<Url, Wrong> {
    let url = text(said, name).and_then(secure);
    url.ok_or(Wrong::Endpoint(name))
}

fn maybe(said: &Object, name: &'static str) -> Result<Option<Url>, Wrong> {
    if said.contains_key(name) {
        endpoint(said, name).map(Some)
    } else {
        Ok(None)
    }
}

impl Provider {
    /// Reads what was fetched from [`address`]. It must be about the issuer that was asked for, to the letter (4.3): else whoever
    /// answers there speaks for another.
    pub fn parse(document: &[u8], issuer: &str) -> Result<Self, Wrong> {
        let said = object(document, MOST_BYTES).ok_or(Wrong::Shape)?;
        if text(&said, "issuer") != Some(issuer) {
            return Err(Wrong::Issuer);
        }
        let offers = |name: &str, wanted: &str| {
            let offered = texts(&said, name);
            offered.is_none_or(|offered| offered.iter().any(|one| one == wanted))
        };
        if !offers("response_types_supported", "code")
            || !offers("code_challenge_methods_supported", "S256")
        {
            return Err(Wrong::Flow);
        }
        let methods = "token_endpoint_auth_methods_supported";
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization: endpoint(&said, "authorization_endpoint")?,
            token: endpoint(&said, "token_endpoint")?,
            keys: endpoint(&said, "jwks_uri")?,
            user_info: maybe(&said, "userinfo_endpoint")?,
            end_session: maybe(&said, "end_session_endpoint")?,
            client_auth: if offers(methods, "client_secret_basic") {
                ClientAuth::Basic
            } else {
                ClientAuth::Post
            },
            names_issuer: said.get("authorization_response_iss_parameter_supported")
                == Some(&serde_json::Value::Bool(true)),
            scopes: texts(&said, "scopes_supported").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://idp.example/realms/harbour";

    fn said() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://idp.example/auth",
            "token_endpoint": "https://tokens.idp.example/token",
            "jwks_uri": "https://keys.example/jwks",
            "response_types_supported": ["code", "id_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
        })
    }

    fn with(name: &str, value: Value) -> Result<Provider, Wrong> {
        let mut said = said();
        said[name] = value;
        Provider::parse(said.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_description_is_found_and_read() {
        let at = address(ISSUER).expect("an issuer");
        assert_eq!(
            at.as_str(),
            "https://idp.example/realms/harbour/.well-known/openid-configuration"
        );
        let provider = Provider::parse(said().to_string().as_bytes(), ISSUER).expect("read");
        assert_eq!(provider.token.host_str(), Some("tokens.idp.example"));
        assert_eq!(provider.client_auth, ClientAuth::Basic);
        assert!(!provider.names_issuer && provider.end_session.is_none());
        let post = with(
            "token_endpoint_auth_methods_supported",
            json!(["client_secret_post"]),
        );
        assert_eq!(post.map(|one| one.client_auth), Ok(ClientAuth::Post));
    }

    #[test]
    fn a_description_of_somebody_else_is_not_taken() {
        for other in [
            json!("https://thief.example"),
            json!("https://idp.example/realms/harbour/"),
            json!("https://IDP.example/realms/harbour"),
            Value::Null,
        ] {
            assert_eq!(with("issuer", other.clone()), Err(Wrong::Issuer), "{other}");
        }
    }

    #[test]
    fn nothing_is_asked_in_clear() {
        for name in [
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
        ] {
            for address in [
                "http://idp.example/x",
                "file:///etc/passwd",
                "//idp.example/x",
                "https://user:password@idp.example/x",
                "https://idp.example/x#y",
                "",
            ] {
                assert_eq!(
                    with(name, json!(address)),
                    Err(Wrong::Endpoint(name)),
                    "{name} {address}"
                );
            }
        }
        for issuer in [
            "http://idp.example",
            "https://idp.example?x=1",
            "https://idp.example#x",
            "idp.example",
            "",
        ] {
            assert_eq!(address(issuer), Err(Wrong::Address), "{issuer}");
        }
    }

    #[test]
    fn a_provider_that_knows_no_pkce_is_told_so() {
        assert_eq!(
            with("code_challenge_methods_supported", json!(["plain"])),
            Err(Wrong::Flow)
        );
        assert_eq!(
            with("response_types_supported", json!(["id_token"])),
            Err(Wrong::Flow)
        );
        let large = format!(
            "{{\"issuer\": \"{ISSUER}\", \"x\": \"{}\"}}",
            "x".repeat(MOST_BYTES)
        );
        assert_eq!(Provider::parse(large.as_bytes(), ISSUER), Err(Wrong::Shape));
        assert_eq!(Provider::parse(b"[]", ISSUER), Err(Wrong::Shape));
    }
}
