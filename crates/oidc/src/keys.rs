//! A provider's public keys (RFC 7517, RFC 7518, RFC 8037).

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::members::{Object, object, text, texts};

/// A key set is a handful of keys.
pub const MOST_BYTES: usize = 256 * 1024;
const MOST_KEYS: usize = 64;

/// The algorithms that a signature may have. There is none without a signature and none with a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    /// By its name in a header (RFC 7518, 3.1; RFC 8037, 3.1; RFC 9864 for `Ed25519`).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        Some(match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
            Self::Ps384 => &RSA_PSS_2048_8192_SHA384,
            Self::Ps512 => &RSA_PSS_2048_8192_SHA512,
            Self::Es256 | Self::Es384 | Self::EdDsa => return None,
        })
    }
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// One key that verifies signatures.
#[derive(Debug, Clone)]
pub struct Key {
    pub(crate) id: Option<String>,
    /// The one algorithm that it is for, where the provider says so.
    algorithm: Option<Algorithm>,
    material: Material,
}

impl Key {
    /// None for a key that verifies nothing of ours: a secret, one that encrypts, a curve or an algorithm that we do not speak.
    fn parse(key: &Object) -> Option<Self> {
        if text(key, "use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        if key.contains_key("key_ops") && !texts(key, "key_ops")?.iter().any(|op| op == "verify") {
            return None;
        }
        let bytes = |name| URL_SAFE_NO_PAD.decode(text(key, name)?).ok();
        let point = |length: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            // RFC 7518, 6.2.1.2: octets of the full length of a coordinate. Uncompressed point, SEC 1, 2.3.3.
            (x.len() == length && y.len() == length).then(|| [&[4u8][..], &x, &y].concat())
        };
        let material = match (text(key, "kty")?, text(key, "crv")) {
            ("RSA", _) => Material::Rsa {
                n: bytes("n")?,
                e: bytes("e")?,
            },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x")?),
            _ => return None,
        };
        let algorithm = match key.get("alg") {
            None | Some(Value::Null) => None,
            Some(name) => Some(Algorithm::parse(name.as_str()?)?),
        };
        Some(Self {
            id: text(key, "kid").map(str::to_owned),
            algorithm,
            material,
        })
    }

    /// Whether this key makes signatures of an algorithm: its kind does, and nothing else was said of it.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        let is_its_kind = match self.material {
            Material::Rsa { .. } => algorithm.rsa().is_some(),
            Material::P256(_) => algorithm == Algorithm::Es256,
            Material::P384(_) => algorithm == Algorithm::Es384,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        is_its_kind && self.algorithm.is_none_or(|only| only == algorithm)
    }

    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        let verified = match (&self.material, algorithm.rsa()) {
            (Material::Rsa { n, e }, Some(parameters)) => {
                PublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            (Material::P256(point), _) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Material::P384(point), _) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(message, signature)
            }
            (Material::Ed25519(point), _) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
            (Material::Rsa { .. }, None) => return false,
        };
        verified.is_ok()
    }
}

/// The document is no key set, or one without a key that verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no set of keys that verify signatures (RFC 7517, 5)")]
pub struct NoKeys;

/// A provider's keys.
#[derive(Debug, Clone)]
pub struct KeySet(pub(crate) Vec<Key>);

impl KeySet {
    /// Reads a JWK set. Keys that verify nothing of ours are left out (RFC 7517, 5).
    pub fn parse(document: &[u8]) -> Result<Self, NoKeys> {
        let set = object(document, MOST_BYTES).ok_or(NoKeys)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(NoKeys)?;
        if keys.len() > MOST_KEYS {
            return Err(NoKeys);
        }
        let keys = keys.iter().filter_map(Value::as_object);
        let keys: Vec<Key> = keys.filter_map(Key::parse).collect();
        if keys.is_empty() {
            return Err(NoKeys);
        }
        Ok(Self(keys))
    }
}
