//! Who somebody is: an id token with every check of OpenID Connect Core 1.0, 3.1.3.7.

use std::collections::BTreeMap;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Algorithm as Hash, SHA256, SHA384, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::keys::{Algorithm, KeySet};
use crate::members::{Object, object, seconds, text, texts};
use crate::signed::{self, Signed, Unsigned};

/// How far clocks may be apart.
pub const SKEW_S: i64 = 180;
/// A token is used right after it was made: one that is older was kept by somebody.
const OLDEST_S: i64 = 10 * 60;
/// OpenID Connect Core, 2: `sub` is no longer.
const LONGEST_SUBJECT: usize = 255;

/// What the token must answer.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    /// What this browser's request was marked with.
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now_s: i64,
    /// How long ago she may have signed in there, where that was asked for.
    pub max_age_s: Option<i64>,
    /// What came with the token.
    pub access_token: Option<&'a str>,
}

/// Why nobody is let in by a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the id token's signature does not count: {0}")]
    Unsigned(#[from] Unsigned),
    #[error("it is a token of another kind (typ)")]
    Kind,
    #[error("it lacks a claim that every id token has, or has it in another form: {0}")]
    Missing(&'static str),
    #[error("it was made by another issuer")]
    Issuer,
    #[error("it is for another client (aud)")]
    Audience,
    #[error("it was given to another client (azp)")]
    AuthorizedParty,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet, or was made in the future")]
    NotYet,
    #[error("it was made more than ten minutes ago")]
    Old,
    #[error("it answers another request (nonce)")]
    Nonce,
    #[error("she signed in there too long ago, or it does not say when (auth_time)")]
    AuthTime,
    #[error("the access token is not the one that came with it (at_hash)")]
    AccessToken,
    #[error("the user info is about somebody else (sub)")]
    OtherSubject,
    #[error("the user info is no JSON object")]
    UserInfo,
}

/// Somebody whom the provider vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub subject: String,
    /// Whether the e-mail address is hers, where the provider says anything of it.
    pub email_verified: Option<bool>,
    /// Every claim that is a text or a list of texts.
    pub said: BTreeMap<String, Vec<String>>,
    /// How she signed in (RFC 8176).
    pub methods: Vec<String>,
    pub context: Option<String>,
    /// When she signed in there, in seconds since 1970, where the provider says so.
    pub signed_in_s: Option<i64>,
    /// The provider's name of its session.
    pub session: Option<String>,
}

/// Who it is stands in no log.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Verifies an id token.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<Identity, Refused> {
    let signed = signed::verify(token, keys)?;
    is_of_kind(&signed)?;
    is_from_and_for(&signed.claims, expected.issuer, expected.client_id)?;
    is_of_now(&signed.claims, expected)?;
    let nonce = text(&signed.claims, "nonce").ok_or(Refused::Nonce)?;
    if verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_err() {
        return Err(Refused::Nonce);
    }
    if let Some(found) = signed.claims.get("at_hash") {
        let wanted = expected
            .access_token
            .map(|token| half(signed.algorithm, token));
        if found.as_str() != wanted.as_deref() {
            return Err(Refused::AccessToken);
        }
    }
    identity(&signed.claims)
}

/// Another kind of token by the same issuer for the same client (RFC 8725, 3.11): an access token, a logout token.
fn is_of_kind(signed: &Signed) -> Result<(), Refused> {
    match signed.kind.as_deref() {
        None => Ok(()),
        Some(kind) if kind.eq_ignore_ascii_case("jwt") => Ok(()),
        Some(kind) if kind.eq_ignore_ascii_case("application/jwt") => Ok(()),
        Some(_) => Err(Refused::Kind),
    }
}

pub(crate) fn is_from_and_for(
    claims: &Object,
    issuer: &str,
    client_id: &str,
) -> Result<(), Refused> {
    if text(claims, "iss").ok_or(Refused::Missing("iss"))? != issuer {
        return Err(Refused::Issuer);
    }
    let audiences = texts(claims, "aud").ok_or(Refused::Missing("aud"))?;
    if !audiences.iter().any(|audience| audience == client_id) {
        return Err(Refused::Audience);
    }
    match claims.get("azp") {
        Some(party) if party.as_str() != Some(client_id) => Err(Refused::AuthorizedParty),
        None if audiences.len() > 1 => Err(Refused::AuthorizedParty),
        _ => Ok(()),
    }
}

fn is_of_now(claims: &Object, expected: &Expected<'_>) -> Result<(), Refused> {
    let now = expected.now_s;
    let expires = seconds(claims, "exp").ok_or(Refused::Missing("exp"))?;
    let issued = seconds(claims, "iat").ok_or(Refused::Missing("iat"))?;
    if now >= expires.saturating_add(SKEW_S) {
        return Err(Refused::Expired);
    }
    let begins = seconds(claims, "nbf").unwrap_or(issued).max(issued);
    if begins > now.saturating_add(SKEW_S) {
        return Err(Refused::NotYet);
    }
    if now > issued.saturating_add(OLDEST_S) {
        return Err(Refused::Old);
    }
    let signed_in = seconds(claims, "auth_time");
    if signed_in.is_some_and(|at| at > now.saturating_add(SKEW_S)) {
        return Err(Refused::NotYet);
    }
    if let Some(max_age) = expected.max_age_s {
        let signed_in = signed_in.ok_or(Refused::AuthTime)?;
        let last = signed_in.saturating_add(max_age).saturating_add(SKEW_S);
        if now > last {
            return Err(Refused::AuthTime);
        }
    }
    Ok(())
}

/// The left half of a hash (OpenID Connect Core, 3.1.3.6), by the hash of the signature's algorithm.
fn half(algorithm: Algorithm, value: &str) -> String {
    let hash: &Hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &SHA256,
        Algorithm::Rs384 | Algorithm::Ps384 | Algorithm::Es384 => &SHA384,
        Algorithm::Rs512 | Algorithm::Ps512 | Algorithm::EdDsa => &SHA512,
    };
    let whole = digest(hash, value.as_bytes());
    URL_SAFE_NO_PAD.encode(&whole.as_ref()[..whole.as_ref().len() / 2])
}

fn identity(claims: &Object) -> Result<Identity, Refused> {
    let subject = text(claims, "sub").ok_or(Refused::Missing("sub"))?;
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
        return Err(Refused::Missing("sub"));
    }
    Ok(Identity {
        subject: subject.to_owned(),
        email_verified: verified_email(claims),
        said: said(claims),
        methods: texts(claims, "amr").unwrap_or_default(),
        context: text(claims, "acr").map(str::to_owned),
        signed_in_s: seconds(claims, "auth_time"),
        session: text(claims, "sid").map(str::to_owned),
    })
}

/// Some providers write the truth as a text. What is neither truth nor silence is no.
fn verified_email(claims: &Object) -> Option<bool> {
    claims.get("email_verified").map(|said| match said {
        Value::Bool(verified) => *verified,
        Value::String(text) => text == "true",
        _ => false,
    })
}

fn said(claims: &Object) -> BTreeMap<String, Vec<String>> {
    let names = claims.keys();
    names
        .filter_map(|name| Some((name.clone(), texts(claims, name)?)))
        .collect()
}

impl Identity {
    /// What the provider's user info says besides. It was fetched with her access token, and is about her or nobody
    /// (OpenID Connect Core, 5.3.2). What the id token says is signed and stands.
    pub fn and_user_info(mut self, answer: &[u8]) -> Result<Self, Refused> {
        let claims = object(answer, signed::MOST_BYTES).ok_or(Refused::UserInfo)?;
        if text(&claims, "sub") != Some(self.subject.as_str()) {
            return Err(Refused::OtherSubject);
        }
        if !self.said.contains_key("email") {
            self.email_verified = verified_email(&claims);
        }
        for (name, values) in said(&claims) {
            self.said.entry(name).or_insert(values);
        }
        Ok(self)
    }

    /// Whether she has shown two factors there (RFC 8176): the provider says so, or names methods of two kinds. One method alone
    /// is one factor, whichever it is.
    #[must_use]
    pub fn shows_second_factor(&self) -> bool {
        let has = |kind: &[&str]| {
            let mut methods = self.methods.iter();
            methods.any(|method| kind.contains(&method.as_str()))
        };
        let kinds = KINDS.iter().filter(|kind| has(kind)).count();
        has(&["mfa"]) || kinds > 1
    }
}

/// What she knows, what she has and what she is. A code by text message or call is none of them: NIST restricts it
/// (SP 800-63B-4, 3.1.3.3).
const KINDS: [&[&str]; 3] = [
    &["pwd", "pin", "kba"],
    &["otp", "hwk", "swk", "sc"],
    &["fpt", "face", "iris", "retina", "vbm"],
];

#[cfg(test)]
mod tests;
