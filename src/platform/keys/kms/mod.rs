//! A root in AWS KMS (Encrypt and Decrypt of its JSON API). The key never leaves it; the place of what is wrapped is the
//! encryption context, which KMS authenticates and writes to its log.

mod signing;

use axum::http::{HeaderValue, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_sealing::{Key, Secret, UnwrapError};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Position, Url};
use zeroize::Zeroizing;

use self::signing::{Signer, Unsigned, amz_date};
use super::remote::{Answered, ask, body, outgoing, secret, unusable, wiped, with_secret};
use super::root::RootError;
use super::uri::KmsUri;
use crate::platform::clock::Clock;
use crate::platform::outgoing::Outgoing;

const JSON: &str = "application/x-amz-json-1.1";

/// A key of KMS.
#[derive(Debug)]
pub struct Kms {
    uri: KmsUri,
    address: Url,
    outgoing: Outgoing,
    /// Signatures hold for minutes.
    clock: Clock,
}

#[derive(Deserialize)]
struct Encrypted {
    #[serde(rename = "CiphertextBlob")]
    ciphertext: String,
}

#[derive(Deserialize)]
struct Decrypted {
    #[serde(rename = "Plaintext", deserialize_with = "wiped")]
    plaintext: Secret<String>,
}

#[derive(Deserialize)]
struct Failed {
    #[serde(rename = "__type")]
    kind: String,
}

impl Kms {
    pub(super) fn open(uri: KmsUri, clock: &Clock) -> Result<Self, RootError> {
        let address = uri.address().ok_or_else(|| {
            unusable(
                &uri.to_string(),
                "its region is none",
                "See that the ARN is the key's own",
            )
        })?;
        Ok(Self {
            outgoing: outgoing(uri.ca_file.as_ref()),
            address,
            uri,
            clock: clock.clone(),
        })
    }

    pub(super) fn name(&self) -> String {
        self.uri.to_string()
    }

    /// The ciphertext of these 32 bytes.
    pub(super) async fn encrypt(&self, key: &Key, aad: &[u8]) -> Result<Vec<u8>, RootError> {
        let plain = Zeroizing::new(STANDARD.encode(key.expose()));
        let place = json!({ "KeyId": self.uri.arn, "EncryptionContext": context(aad) });
        let request = with_secret("Plaintext", &plain, &place);
        let answered = self.call("TrentService.Encrypt", &request).await?;
        let said: Option<Encrypted> = answered.read();
        let bytes = said.and_then(|said| STANDARD.decode(said.ciphertext).ok());
        bytes.ok_or_else(|| self.garbled())
    }

    /// The key that was encrypted with this context.
    pub(super) async fn decrypt(&self, wrapped: &[u8], aad: &[u8]) -> Result<Key, RootError> {
        let request = json!({
            // Named, so that no other key that this account may use opens it.
            "KeyId": self.uri.arn,
            "CiphertextBlob": STANDARD.encode(wrapped),
            "EncryptionContext": context(aad),
        });
        let request = request.to_string();
        let answered = self.call("TrentService.Decrypt", &request).await?;
        let said: Option<Decrypted> = answered.read();
        let bytes = said.and_then(|said| STANDARD.decode(said.plaintext.expose()).ok());
        let bytes = bytes.map(Zeroizing::new).ok_or_else(|| self.garbled())?;
        Key::from_slice(&bytes).map_err(|_| RootError::Refused(UnwrapError::Refused))
    }

    async fn call(&self, target: &str, json: &str) -> Result<Answered, RootError> {
        let name = self.name();
        let request = || self.request(target, json);
        let answered = ask(&name, &self.outgoing, &self.address, request).await?;
        if answered.status == StatusCode::OK {
            Ok(answered)
        } else {
            Err(self.refused(&answered))
        }
    }

    fn request(&self, target: &str, json: &str) -> Result<Request<axum::body::Bytes>, RootError> {
        let name = self.name();
        let access_key = secret(&name, &self.uri.access_key_file)?;
        let secret_key = secret(&name, &self.uri.secret_key_file)?;
        let token = self.uri.session_token_file.as_ref();
        let token = token.map(|file| secret(&name, file)).transpose()?;
        let date = amz_date(self.clock.now());
        let body = body(json);
        let mut headers = vec![
            ("content-type", JSON),
            (
                "host",
                &self.address[Position::BeforeHost..Position::AfterPort],
            ),
            ("x-amz-date", date.as_str()),
            ("x-amz-target", target),
        ];
        if let Some(token) = &token {
            headers.push(("x-amz-security-token", token.expose()));
        }
        let signer = Signer {
            access_key: access_key.expose(),
            secret_key: &secret_key,
            region: &self.uri.region,
            service: "kms",
        };
        let unsigned = Unsigned {
            method: "POST",
            path: "/",
            headers: &headers,
            body: &body,
        };
        let authorization = signer.authorization(&unsigned, &date);
        headers.push(("authorization", &authorization));
        let mut request = Request::builder().method(Method::POST);
        for (header, value) in headers {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                unusable(
                    &name,
                    "its access key is none",
                    "Write the two halves of an access key into the files that the URI names",
                )
            })?;
            value.set_sensitive(true);
            request = request.header(header, value);
        }
        Ok(request
            .body(body)
            .expect("a method, and headers that were read as such"))
    }

    fn garbled(&self) -> RootError {
        unusable(
            &self.name(),
            "its answer is not one of KMS",
            "See that endpoint is the address of KMS",
        )
    }

    /// By the names of KMS's errors; what it says beside them is not repeated.
    fn refused(&self, answered: &Answered) -> RootError {
        let failed: Option<Failed> = answered.read();
        let kind = failed.as_ref().map_or("", |failed| failed.kind.as_str());
        let kind = kind.rsplit('#').next().unwrap_or_default();
        let (what, mend) = match kind {
            "InvalidCiphertextException" | "IncorrectKeyException" => {
                return RootError::Refused(UnwrapError::Refused);
            }
            "NotFoundException" => (
                "there is no such key",
                "See that the ARN is right; what was wrapped by a deleted key does not open any more",
            ),
            "DisabledException" | "KMSInvalidStateException" => (
                "the key is disabled, or is about to be deleted",
                "Enable it, or cancel its deletion",
            ),
            "AccessDeniedException" => (
                "this access key may not use the key",
                "Allow it kms:Encrypt and kms:Decrypt, as docs/keys.md says",
            ),
            "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "InvalidClientTokenId"
            | "IncompleteSignatureException"
            | "MissingAuthenticationToken" => (
                "KMS does not know this access key, or its secret half is another",
                "Write both halves of one access key into the files that the URI names",
            ),
            "ExpiredTokenException" => (
                "the credentials have ended",
                "Renew them in the files that the URI names",
            ),
            "RequestExpired" => ("this machine's clock is wrong", "Let NTP keep it"),
            "InvalidKeyUsageException" => (
                "the key is not one for encryption",
                "Make a symmetric key for encryption, as docs/keys.md says",
            ),
            _ => (
                "KMS did not do it",
                "See the log of KMS (CloudTrail) for this moment",
            ),
        };
        unusable(&self.name(), what, mend)
    }
}

/// Shown in KMS's log: ids and purposes, nothing secret.
fn context(aad: &[u8]) -> Value {
    json!({ "countersign": STANDARD.encode(aad) })
}
