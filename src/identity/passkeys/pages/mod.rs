//! The addresses of passkeys: for each ceremony one that gives the challenge to our script, and one that takes the answer.

mod enrol;
mod security;
mod sign_in;
mod step_up;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::actions::{Asked, Owner};
use super::rules::{ALGORITHMS, CHALLENGE_US, Signed};
use super::store::Passkey;
use crate::identity::factors::FactorError;
use crate::identity::organisations::{NAME_CHARS, text};
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::csrf::Binding;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/enrol/passkey/options", post(enrol::options))
        .route("/enrol/passkey", post(enrol::enrol))
        .route("/sign-in/passkey/options", post(sign_in::options))
        .route("/sign-in/passkey", post(sign_in::alone))
        .route(
            "/sign-in/code/passkey/options",
            post(sign_in::second_options),
        )
        .route("/sign-in/code/passkey", post(sign_in::second))
        .route("/me/security", get(security::show))
        .route("/step-up/passkey/options", post(step_up::options))
        .route("/step-up/passkey", post(step_up::show))
        .route("/me/passkeys/options", post(security::add_options))
        .route("/me/passkeys", post(security::add))
        .route("/me/passkeys/name", post(security::name))
        .route("/me/passkeys/remove", post(security::remove))
        .route("/me/recovery-codes", post(security::renew))
}

/// The browser that asks, by the name of its cookie: a challenge is answered where it was given.
#[derive(Debug)]
struct Here(String);

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let binding = Binding::of(&parts.headers).ok_or(Problem {
            status: StatusCode::FORBIDDEN,
            ..Problem::invalid(msg!("error-form-foreign"))
        })?;
        Ok(Self(binding.name()))
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// What our script sends of an authenticator's answer, in base64url.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    credential: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: String,
    attestation: String,
    passkey_name: String,
    next: String,
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

impl Answer {
    fn signed(&self) -> Option<Signed> {
        Some(Signed {
            credential: bytes(&self.credential)?,
            client_data: bytes(&self.client_data)?,
            authenticator_data: bytes(&self.authenticator_data)?,
            signature: bytes(&self.signature)?,
            user: bytes(&self.user_handle)?,
        })
    }

    /// Without a name of its person's it is called what `otherwise` says.
    fn made(&self, otherwise: String) -> Option<Owner> {
        Some(Owner {
            client_data: bytes(&self.client_data)?,
            attestation: bytes(&self.attestation)?,
            name: text(&self.passkey_name, NAME_CHARS).unwrap_or(otherwise),
        })
    }
}

/// A refusal as our script reads it: the page says what to do.
fn not_given(error: FactorError) -> Problem {
    match error {
        FactorError::Refused => Problem::invalid(msg!("sign-in-passkey-refused")),
        other => other.into(),
    }
}

fn ids(passkeys: &[Passkey]) -> Vec<String> {
    let encoded = passkeys
        .iter()
        .map(|passkey| URL_SAFE_NO_PAD.encode(&passkey.credential));
    encoded.collect()
}

/// `PublicKeyCredentialRequestOptions` (WebAuthn, 5.5), bytes in base64url. No credentials: any that the browser finds.
fn to_sign(asked: &Asked, known: &[Passkey]) -> Json<Value> {
    let verification = if known.is_empty() {
        "required"
    } else {
        "preferred"
    };
    Json(json!({
        "challenge": asked.challenge.text(),
        "rpId": asked.party.id,
        "timeout": CHALLENGE_US / 1000,
        "userVerification": verification,
        "allowCredentials": ids(known),
    }))
}

/// `PublicKeyCredentialCreationOptions` (WebAuthn, 5.4), bytes in base64url.
fn to_make(
    asked: &Asked,
    (person, email, name): (PersonId, &str, &str),
    known: &[Passkey],
) -> Json<Value> {
    Json(json!({
        "challenge": asked.challenge.text(),
        "rp": { "id": asked.party.id, "name": "Countersign" },
        "user": { "id": URL_SAFE_NO_PAD.encode(person.as_bytes()), "name": email, "displayName": name },
        "algorithms": ALGORITHMS,
        "timeout": CHALLENGE_US / 1000,
        "excludeCredentials": ids(known),
    }))
}
