//! A root in the transit engine of Vault or OpenBao (HTTP API, `/transit/encrypt` and `/transit/decrypt`). The key never leaves
//! it; the place of what is wrapped is the `associated_data`.

use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_sealing::{Key, Secret, UnwrapError};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::remote::{Answered, ask, body, outgoing, secret, unusable, wiped, with_secret};
use super::root::RootError;
use super::uri::VaultUri;
use crate::platform::outgoing::Outgoing;

/// The engine's types of 256 bits that take associated data.
const TYPES: [&str; 2] = ["aes256-gcm96", "chacha20-poly1305"];

/// A key of the engine.
#[derive(Debug)]
pub struct Transit {
    uri: VaultUri,
    outgoing: Outgoing,
    /// By which the engine encrypts now.
    version: u64,
}

/// What the engine says, in its envelope.
#[derive(Deserialize)]
struct Said<T> {
    data: T,
}

#[derive(Deserialize)]
struct Encrypted {
    ciphertext: String,
}

#[derive(Deserialize)]
struct Decrypted {
    #[serde(deserialize_with = "wiped")]
    plaintext: Secret<String>,
}

impl Transit {
    /// Looks at the key: nothing is made, since an engine may make a key that it is asked to encrypt with.
    pub(super) async fn open(uri: VaultUri) -> Result<Self, RootError> {
        let mut transit = Self {
            outgoing: outgoing(uri.ca_file.as_ref()),
            uri,
            version: 0,
        };
        let answered = transit.call(Method::GET, "keys", None).await?;
        let answered = transit.accepted(answered)?;
        // Nothing of the key itself stands in it.
        let json: serde_json::Value = answered.read().unwrap_or_default();
        let data = &json["data"];
        let kind = data["type"].as_str().unwrap_or_default();
        let wrong = |what: &str| {
            unusable(
                &transit.name(),
                what,
                "Make a key of type aes256-gcm96 for this, not derived and not exportable, as docs/keys.md says",
            )
        };
        if !TYPES.contains(&kind) || data["derived"] == true {
            return Err(wrong(
                "the key is of a type that binds nothing to its place",
            ));
        }
        if data["exportable"] == true || data["allow_plaintext_backup"] == true {
            return Err(wrong("the key can be taken out of the engine"));
        }
        transit.version = data["latest_version"].as_u64().unwrap_or(1);
        Ok(transit)
    }

    pub(super) fn name(&self) -> String {
        self.uri.to_string()
    }

    /// The engine's ciphertext of these 32 bytes.
    pub(super) async fn encrypt(&self, key: &Key, aad: &[u8]) -> Result<Vec<u8>, RootError> {
        let plain = Zeroizing::new(STANDARD.encode(key.expose()));
        let place = json!({ "associated_data": STANDARD.encode(aad) });
        let request = with_secret("plaintext", &plain, &place);
        let answered = self
            .call(Method::POST, "encrypt", Some(request.as_str()))
            .await?;
        let said: Option<Said<Encrypted>> = self.accepted(answered)?.read();
        let said = said.ok_or_else(|| self.garbled())?;
        Ok(said.data.ciphertext.into_bytes())
    }

    /// The key that was encrypted with this associated data.
    pub(super) async fn decrypt(&self, wrapped: &[u8], aad: &[u8]) -> Result<Key, RootError> {
        let ciphertext = std::str::from_utf8(wrapped).map_err(|_| UnwrapError::Malformed)?;
        let request = json!({ "ciphertext": ciphertext, "associated_data": STANDARD.encode(aad) });
        let request = request.to_string();
        let answered = self
            .call(Method::POST, "decrypt", Some(request.as_str()))
            .await?;
        if answered.status == StatusCode::BAD_REQUEST {
            return Err(self.refused(&answered));
        }
        let said: Option<Said<Decrypted>> = self.accepted(answered)?.read();
        let said = said.ok_or_else(|| self.garbled())?;
        let bytes = STANDARD.decode(said.data.plaintext.expose());
        let bytes = bytes.map(Zeroizing::new);
        let bytes = bytes.map_err(|_| self.garbled())?;
        Key::from_slice(&bytes).map_err(|_| RootError::Refused(UnwrapError::Refused))
    }

    /// Nonce, ciphertext and tag behind `vault:v1:`.
    pub(super) fn bare(wrapped: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(wrapped).ok()?;
        STANDARD.decode(text.rsplit(':').next()?).ok()
    }

    pub(super) fn dressed(&self, bare: &[u8]) -> Vec<u8> {
        format!("vault:v{}:{}", self.version, STANDARD.encode(bare)).into_bytes()
    }

    async fn call(
        &self,
        method: Method,
        verb: &str,
        json: Option<&str>,
    ) -> Result<Answered, RootError> {
        let name = self.name();
        let url = self.uri.endpoint(verb);
        let request = || {
            let token = secret(&name, &self.uri.token_file)?;
            let mut token = HeaderValue::from_str(token.expose()).map_err(|_| {
                unusable(
                    &name,
                    "its token is none",
                    "Write a token into the file that token-file names",
                )
            })?;
            token.set_sensitive(true);
            let mut request = Request::builder()
                .method(method.clone())
                .header("x-vault-token", token)
                .header("x-vault-request", "true")
                .header("content-type", "application/json");
            if let Some(namespace) = &self.uri.namespace {
                request = request.header("x-vault-namespace", namespace);
            }
            let body = json.map_or_else(Bytes::new, body);
            Ok(request
                .body(body)
                .expect("a method, and headers that were read as such"))
        };
        ask(&name, &self.outgoing, &url, request).await
    }

    /// An answer that holds what was asked for.
    fn accepted(&self, answered: Answered) -> Result<Answered, RootError> {
        let (what, mend) = match answered.status {
            StatusCode::OK => return Ok(answered),
            StatusCode::FORBIDDEN => (
                "its token is not accepted, or may not use this key".to_owned(),
                "Renew the token in the file that token-file names, and give it the policy in docs/keys.md",
            ),
            StatusCode::NOT_FOUND => (
                "there is no such key, or no transit engine at this path".to_owned(),
                "See that the address names the engine's mount and the key; restore the key where it was deleted",
            ),
            StatusCode::SERVICE_UNAVAILABLE => (
                "it is sealed, or not ready".to_owned(),
                "Unseal it, and start again",
            ),
            status => (
                format!("it answered {status}"),
                "See its own log of this moment",
            ),
        };
        Err(unusable(&self.name(), what, mend))
    }

    /// A key that is gone is told from a ciphertext that is another's by the engine's words alone.
    fn refused(&self, answered: &Answered) -> RootError {
        let said = String::from_utf8_lossy(&answered.body);
        if said.contains("key not found") {
            return unusable(
                &self.name(),
                "there is no such key",
                "Restore the key from a backup of the engine: what was wrapped by it does not open without it",
            );
        }
        if said.contains("disallowed by policy") {
            return unusable(
                &self.name(),
                "the version of the key that wrapped what is stored may not decrypt any more",
                "Lower the key's min_decryption_version",
            );
        }
        RootError::Refused(UnwrapError::Refused)
    }

    fn garbled(&self) -> RootError {
        unusable(
            &self.name(),
            "its answer is not one of a transit engine",
            "See that the address is that of Vault or OpenBao",
        )
    }
}
