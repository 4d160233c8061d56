//! Roots that are asked over the network: bounded in time, tried again a little, and in words that repeat no answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use countersign_sealing::Secret;
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
    /// A text of the answer's JSON, by the names of the objects that it is in.
    pub fn text(&self, path: &[&str]) -> Option<Secret<String>> {
        let json: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        let found = path.iter().try_fold(&json, |in_it, name| in_it.get(name))?;
        found.as_str().map(|text| Secret::new(text.to_owned()))
    }

    pub fn json(&self) -> Option<serde_json::Value> {
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

/// A body that is wiped when the request is gone.
pub(super) fn body(json: &serde_json::Value) -> Bytes {
    Bytes::from_owner(Zeroizing::new(json.to_string().into_bytes()))
}
