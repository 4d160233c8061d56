//! A provider for tests: it signs what it is told to.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub struct Signer {
    id: &'static str,
    pair: EcdsaKeyPair,
}

fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token with whatever signature.
pub fn forged(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let (header, claims) = (header.to_string(), claims.to_string());
    let message = format!("{}.{}", part(header.as_bytes()), part(claims.as_bytes()));
    format!("{message}.{}", part(signature))
}

impl Signer {
    pub fn new(id: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { id, pair }
    }

    pub fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "kid": self.id, "x": part(&point[1..33]), "y": part(&point[33..]) })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&json!({ "alg": "ES256", "kid": self.id }), claims)
    }

    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        self.sign_bytes(header, claims.to_string().as_bytes())
    }

    pub fn sign_bytes(&self, header: &Value, payload: &[u8]) -> String {
        let message = format!("{}.{}", part(header.to_string().as_bytes()), part(payload));
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes());
        format!("{message}.{}", part(signature.expect("signed").as_ref()))
    }
}
