//! Roots that are asked over the network: bounded in time, tried again a little, and in words that repeat no answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use countersign_sealing::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Deserializer};
use url::Url;
use zeroize::Zeroizing;

use super::root::RootError;
use crate::platform::config::read_password;
use crate::platform::outgoing::{Networks, Outgoing, Unfetched, send};

/// For one try.
const LIMIT: Duration = Duration::from_secs(8);
const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// A wrapped key and what is said around it.
const MOST_BYTES: usize = 64 * 1024;

/// What was answered.
pub(super) struct Answered {
    pub status: StatusCode,
    pub body: Zeroizing<Vec<u8>>,
}

impl Answered {
    /// What the answer's JSON says, of which a type names no more than is wanted: a tree of all values would be left in memory.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    fn is_passing(&self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS
    }
}

/// The operator named the address, and a keeper of keys stands in the house more often than not.
pub(super) fn outgoing(ca_file: Option<&PathBuf>) -> Outgoing {
    Outgoing {
        ca_file: ca_file.cloned(),
        networks: Networks::Private,
    }
}

/// Sends what `request` makes, again where the other side may do better in a moment.
pub(super) async fn ask(
    root: &str,
    outgoing: &Outgoing,
    url: &Url,
    request: impl Fn() -> Result<Request<Bytes>, RootError>,
) -> Result<Answered, RootError> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..TRIES {
        match send(outgoing, url, request()?, MOST_BYTES, LIMIT).await {
            Ok((status, body)) => {
                let answered = Answered { status, body };
                if !answered.is_passing() {
                    return Ok(answered);
                }
            }
            Err(Unfetched::Address | Unfetched::Network | Unfetched::Authorities(_)) => break,
            Err(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    let (status, body) = send(outgoing, url, request()?, MOST_BYTES, LIMIT)
        .await
        .map_err(|error| unanswered(root, &error))?;
    Ok(Answered { status, body })
}

fn unanswered(root: &str, error: &Unfetched) -> RootError {
    let what = match error {
        Unfetched::Network => "its host has no address that is reached".to_owned(),
        Unfetched::Unreachable(_) => {
            "its host cannot be reached, or its certificate is not trusted".to_owned()
        }
        Unfetched::Late => "it did not answer in time".to_owned(),
        Unfetched::Authorities(error) => error.to_string(),
        other => other.to_string(),
    };
    unusable(
        root,
        what,
        "See that it runs and this machine reaches it; name the authority that signed its certificate in ca-file",
    )
}

pub(super) fn unusable(root: &str, what: impl Into<String>, mend: &'static str) -> RootError {
    RootError::Unusable {
        root: root.to_owned(),
        what: what.into(),
        mend,
    }
}

/// A secret that is read anew for each request, so that whoever renews the file need not start the server again.
pub(super) fn secret(root: &str, file: &Path) -> Result<Secret<String>, RootError> {
    read_password(file)
        .map_err(|error| unusable(root, error.to_string(), "Mend the file as the message says"))
}

/// A text of an answer that is wiped. Base64 is copied once; only a text with escapes, which base64 needs none of, is put together
/// in memory of the parser's.
pub(super) fn wiped<'de, D: Deserializer<'de>>(from: D) -> Result<Secret<String>, D::Error> {
    String::deserialize(from).map(Secret::new)
}

/// A JSON object of a secret and of the members of `rest`, which has some. The secret is base64 and needs no escapes; the text is
/// put together at its full length, since one that grows leaves copies behind.
pub(super) fn with_secret(name: &str, secret: &str, rest: &serde_json::Value) -> Zeroizing<String> {
    let rest = rest.to_string();
    let members = rest.trim_start_matches('{');
    Zeroizing::new(["{\"", name, "\":\"", secret, "\",", members].concat())
}

/// A body that is wiped when the request is gone.
pub(super) fn body(json: &str) -> Bytes {
    Bytes::from_owner(Zeroizing::new(json.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_request_with_a_secret_is_the_json_that_it_looks_like_and_never_grew() {
        let secret = "qrvM3e7/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJk=";
        let rest = json!({ "context": { "place": "{\"a\"}" }, "key": "{" });
        let text = with_secret("plaintext", secret, &rest);
        assert_eq!(text.capacity(), text.len());
        let read: Value = serde_json::from_str(&text).expect("JSON");
        let mut expected = rest;
        expected["plaintext"] = secret.into();
        assert_eq!(read, expected);
        assert_eq!(body(&text), text.as_bytes());
    }

    #[test]
    fn of_an_answer_that_alone_is_read_which_is_named() {
        #[derive(Deserialize)]
        struct Said {
            #[serde(deserialize_with = "wiped")]
            plaintext: Secret<String>,
        }
        let answered = |body: &str| Answered {
            status: StatusCode::OK,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        let said = answered(r#"{"id":{"a":[1]},"plaintext":"a\/+b=","plain":null}"#);
        let said: Said = said.read().expect("it is there");
        assert_eq!(said.plaintext.expose(), "a/+b=");
        for other in ["", "{}", r#"{"plaintext":1}"#, r#"{"plaintext":"a"}x"#] {
            assert!(answered(other).read::<Said>().is_none(), "{other}");
        }
    }
}
