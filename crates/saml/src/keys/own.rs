//! The service provider's own key: it signs requests and opens what was encrypted for it.

use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384,
    OAEP_SHA512_MGF1SHA512, OaepAlgorithm, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::{rand::SystemRandom, signature::RSA_PKCS1_SHA256};
use zeroize::Zeroizing;

use super::PlainKey;
use super::der::{self, OCTET_STRING, SEQUENCE};
use super::pem;
use crate::signature::Digest;

/// Our RSA private key. Debug prints nothing of it.
pub struct OwnKey {
    pair: KeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnKey(…)")
    }
}

/// Why a private key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnKeyError {
    #[error(
        "there is no private key (in PEM “BEGIN PRIVATE KEY” or “BEGIN RSA PRIVATE KEY”), or it has a password"
    )]
    NotAKey,
    #[error("the private key is not RSA with 2048 to 8192 bits")]
    NotUsable,
}

/// How the key of a ciphertext was wrapped for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// RSAES-OAEP: the hash of the label, and that of the mask.
    Oaep {
        digest: Digest,
        mask: Digest,
    },
    Pkcs1,
}

impl Transport {
    /// The library has OAEP with one hash for both of its uses.
    fn oaep(self) -> Option<&'static OaepAlgorithm> {
        match self {
            Self::Oaep { digest, mask } if digest == mask => Some(match digest {
                Digest::Sha1 => &OAEP_SHA1_MGF1SHA1,
                Digest::Sha256 => &OAEP_SHA256_MGF1SHA256,
                Digest::Sha384 => &OAEP_SHA384_MGF1SHA384,
                Digest::Sha512 => &OAEP_SHA512_MGF1SHA512,
            }),
            _ => None,
        }
    }
}

/// The key that opens what is encrypted for us.
#[derive(Debug, Clone, Copy)]
pub enum OpeningKey<'a> {
    /// By the cryptographic library.
    Own(&'a OwnKey),
    /// By arithmetic whose timing is not hidden: on a command line only.
    Plain(&'a PlainKey),
}

impl OpeningKey<'_> {
    pub(crate) fn takes(self, transport: Transport) -> bool {
        match self {
            Self::Own(_) => transport == Transport::Pkcs1 || transport.oaep().is_some(),
            Self::Plain(_) => true,
        }
    }

    pub(crate) fn unwrap(
        self,
        transport: Transport,
        ciphertext: &[u8],
        label: Option<&[u8]>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Own(key) => key.unwrap(transport, ciphertext, label),
            Self::Plain(key) => key.unwrap(transport, ciphertext, label),
        }
    }

    /// What an operator should know of it.
    pub(crate) fn note(self) -> Option<String> {
        let Self::Plain(key) = self else { return None };
        let bits = key.bits();
        (bits < 2048).then(|| format!("our own key has {bits} bits; a server needs 2048"))
    }
}

impl OwnKey {
    /// A key in PEM: PKCS#8 or PKCS#1, without a password.
    ///
    /// # Errors
    /// Where there is none, or none of use.
    pub fn from_pem(text: &str) -> Result<Self, OwnKeyError> {
        for (label, bytes) in pem::blocks(text) {
            let bytes = Zeroizing::new(bytes);
            match label.as_str() {
                "PRIVATE KEY" => return Self::from_pkcs8(&bytes),
                "RSA PRIVATE KEY" => return Self::from_pkcs8(&pkcs8_of(&bytes)),
                _ => {}
            }
        }
        Err(OwnKeyError::NotAKey)
    }

    /// A key in PKCS#8.
    ///
    /// # Errors
    /// Where it is not RSA with 2048 to 8192 bits.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, OwnKeyError> {
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| OwnKeyError::NotUsable)?;
        Ok(Self {
            pair,
            pkcs8: Zeroizing::new(pkcs8.to_vec()),
        })
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, which is deterministic.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // The generator blinds the private operation; the signature does not depend on it.
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .expect("a key of at least 2048 bits signs a digest of 256");
        signature
    }

    fn unwrap(
        &self,
        transport: Transport,
        ciphertext: &[u8],
        label: Option<&[u8]>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let key = PrivateDecryptingKey::from_pkcs8(&self.pkcs8).ok()?;
        let mut plain = Zeroizing::new(vec![0; key.key_size_bytes()]);
        let length = match transport.oaep() {
            Some(oaep) => OaepPrivateDecryptingKey::new(key)
                .ok()?
                .decrypt(oaep, ciphertext, &mut plain, label)
                .ok()?
                .len(),
            None if transport != Transport::Pkcs1 => return None,
            None => Pkcs1PrivateDecryptingKey::new(key)
                .ok()?
                .decrypt(ciphertext, &mut plain)
                .ok()?
                .len(),
        };
        plain.truncate(length);
        Some(plain)
    }
}

/// RFC 5208: an `RSAPrivateKey` as PKCS#8.
fn pkcs8_of(rsa: &[u8]) -> Zeroizing<Vec<u8>> {
    const VERSION_AND_RSA: &[u8] = &[
        0x02, 0x01, 0x00, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01,
        0x01, 0x05, 0x00,
    ];
    let key = Zeroizing::new(der::wrap(OCTET_STRING, rsa));
    let content = Zeroizing::new([VERSION_AND_RSA, &key].concat());
    Zeroizing::new(der::wrap(SEQUENCE, &content))
}
