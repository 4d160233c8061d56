//! The authorization code flow (RFC 6749, 4.1) with PKCE (RFC 7636), and the issuer in its answer (RFC 9207).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize, parse};

use crate::discovery::{ClientAuth, Provider};
use crate::members::{object, text};

/// A token answer holds two or three tokens.
pub const MOST_BYTES: usize = 512 * 1024;
/// Codes and states that are longer are none that anybody gave out.
const LONGEST: usize = 4096;

/// What we are to the provider.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    pub id: &'a str,
    /// Where the answer comes.
    pub redirect: &'a str,
}

/// What marks one sign-in in one browser. All of them are random; `verifier` never leaves us before the code is back.
#[derive(Clone, Copy)]
pub struct Marks<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
}

impl std::fmt::Debug for Marks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Marks(..)")
    }
}

/// RFC 7636, 4.2.
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Where the browser is sent. Groups are asked for where they are wanted and the provider knows such a scope: some refuse
/// a scope that they do not know, and many say groups without one.
#[must_use]
pub fn request(
    provider: &Provider,
    client: Client<'_>,
    marks: Marks<'_>,
    wants_groups: bool,
) -> Url {
    let knows_groups = provider.scopes.iter().any(|scope| scope == "groups");
    let scope = match wants_groups && knows_groups {
        true => "openid profile email groups",
        false => "openid profile email",
    };
    let mut url = provider.authorization.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client.id)
        .append_pair("redirect_uri", client.redirect)
        .append_pair("scope", scope)
        .append_pair("response_mode", "query")
        .append_pair("state", marks.state)
        .append_pair("nonce", marks.nonce)
        .append_pair("code_challenge", &challenge(marks.verifier))
        .append_pair("code_challenge_method", "S256");
    url
}

/// The same for somebody who has to sign in there now, whatever session there is (OpenID Connect Core, 3.1.2.1).
#[must_use]
pub fn anew(mut request: Url) -> Url {
    request
        .query_pairs_mut()
        .append_pair("prompt", "login")
        .append_pair("max_age", "0");
    request
}

/// Why an answer brings no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCode {
    #[error("the provider refused: {0}")]
    Refused(String),
    #[error("a parameter is missing, very long, or there twice")]
    Shape,
    #[error("it was given by another issuer than the one that was asked (iss)")]
    Issuer,
    #[error(
        "the provider says that it names itself in every answer, and this one names nobody (iss)"
    )]
    NoIssuer,
}

/// What came back through the browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    pub state: String,
    pub code: Result<String, NoCode>,
    issuer: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(..)")
    }
}

impl Answer {
    /// Reads the query of the address that the browser opened. One without a state answers nothing.
    #[must_use]
    pub fn parse(query: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = parse(query.as_bytes()).into_owned().collect();
        let one = |name: &str| {
            let mut found = pairs.iter().filter(|(of, _)| of == name);
            match (found.next(), found.next()) {
                (Some((_, value)), None) if value.len() <= LONGEST => Ok(Some(value.clone())),
                (None, _) => Ok(None),
                _ => Err(NoCode::Shape),
            }
        };
        let state = one("state").ok().flatten()?;
        let parts = one("code").and_then(|code| Ok((code, one("error")?, one("iss")?)));
        let (code, issuer) = match parts {
            // What went wrong is for the log: a word of the standard, never free text.
            Ok((_, Some(error), issuer)) => (Err(NoCode::Refused(word(&error))), issuer),
            Ok((Some(code), None, issuer)) if !code.is_empty() => (Ok(code), issuer),
            Ok((_, None, issuer)) => (Err(NoCode::Shape), issuer),
            Err(wrong) => (Err(wrong), None),
        };
        Some(Self {
            state,
            code,
            issuer,
        })
    }

    /// The code, if it was given by this provider: one that was given by another must not be shown to this one's token endpoint
    /// (RFC 9207, 2.4: mix-up).
    pub fn code_of(&self, provider: &Provider) -> Result<&str, NoCode> {
        match &self.issuer {
            Some(issuer) if *issuer != provider.issuer => return Err(NoCode::Issuer),
            None if provider.names_issuer => return Err(NoCode::NoIssuer),
            _ => {}
        }
        self.code.as_deref().map_err(Clone::clone)
    }
}

fn word(text: &str) -> String {
    let fits = |c: &char| c.is_ascii_lowercase() || *c == '_';
    text.chars().filter(fits).take(40).collect()
}

/// A request to the token endpoint: its `Authorization`, where it has one, and its form.
#[derive(Clone)]
pub struct TokenRequest {
    pub authorization: Option<String>,
    pub form: String,
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenRequest(..)")
    }
}

/// How a code becomes tokens. A client without a secret is a public one: PKCE alone binds the code to it.
#[must_use]
pub fn exchange(
    provider: &Provider,
    client: Client<'_>,
    secret: Option<&str>,
    (code, verifier): (&str, &str),
) -> TokenRequest {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", client.redirect)
        .append_pair("code_verifier", verifier);
    let authorization = match (secret, provider.client_auth) {
        (Some(secret), ClientAuth::Basic) => {
            // RFC 6749, 2.3.1: each is form-encoded first.
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let both = format!("{}:{}", encoded(client.id), encoded(secret));
            Some(format!("Basic {}", STANDARD.encode(both)))
        }
        (Some(secret), ClientAuth::Post) => {
            form.append_pair("client_id", client.id)
                .append_pair("client_secret", secret);
            None
        }
        (None, _) => {
            form.append_pair("client_id", client.id);
            None
        }
    };
    TokenRequest {
        authorization,
        form: form.finish(),
    }
}

/// The answer of the token endpoint is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token endpoint gave no id token with a bearer token (OpenID Connect Core, 3.1.3.3)")]
pub struct NoTokens;

/// Why the token endpoint gave nothing: a word of the standard (RFC 6749, 5.2), where the answer has one.
#[must_use]
pub fn refusal(answer: &[u8]) -> Option<String> {
    let said = object(answer, MOST_BYTES)?;
    text(&said, "error")
        .map(word)
        .filter(|word| !word.is_empty())
}

/// What a code was worth.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    pub id_token: String,
    pub access_token: Option<String>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    pub fn parse(answer: &[u8]) -> Result<Self, NoTokens> {
        let said = object(answer, MOST_BYTES).ok_or(NoTokens)?;
        let access_token = text(&said, "access_token").map(str::to_owned);
        let is_bearer =
            text(&said, "token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        if access_token.is_some() && !is_bearer {
            return Err(NoTokens);
        }
        Ok(Self {
            id_token: text(&said, "id_token").ok_or(NoTokens)?.to_owned(),
            access_token,
        })
    }
}

#[cfg(test)]
mod tests;
