//! Opening what an identity provider encrypted for us (XML Encryption 1.1 as SAML uses it).
//!
//! Whatever depends on our key fails with one and the same error, so that nobody learns from failures what is inside.

use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use zeroize::Zeroizing;

use crate::keys::{OpeningKey, Transport, pem};
use crate::policy::Policy;
use crate::signature::Digest;
use crate::words::clip;
use crate::xml::{Document, Element, ns, parse_fragment};

/// Keys that one ciphertext may be wrapped for.
const MOST_RECIPIENTS: usize = 8;
const BLOCK: usize = 16;
const GCM_NONCE: usize = 12;
const MGF1_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";

/// Why a ciphertext stays closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    #[error("it is encrypted, and no private key is given to open it")]
    NoKey,
    #[error("its {0} is missing, or there is more than one")]
    Structure(&'static str),
    #[error("it uses {0}, which is not accepted")]
    Algorithm(String),
    #[error(
        "it uses AES-CBC in a response that is not signed as a whole; let the identity provider use AES-GCM"
    )]
    UnauthenticatedCbc,
    #[error("it could not be opened with our key")]
    Failed,
}

/// What was inside.
#[derive(Debug)]
pub(crate) struct Opened {
    pub document: Document,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Cipher {
    Gcm(usize),
    Cbc(usize),
}

impl Cipher {
    fn of(identifier: &str) -> Option<Self> {
        Some(match identifier {
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Self::Gcm(16),
            "http://www.w3.org/2009/xmlenc11#aes192-gcm" => Self::Gcm(24),
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Self::Gcm(32),
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Self::Cbc(16),
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => Self::Cbc(24),
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Self::Cbc(32),
            _ => return None,
        })
    }

    fn key_length(self) -> usize {
        match self {
            Self::Gcm(length) | Self::Cbc(length) => length,
        }
    }
}

/// Opens the `EncryptedData` in a container such as `EncryptedAssertion`. `authenticated` says that a verified signature covers
/// the ciphertext.
pub(crate) fn open(
    container: Element<'_>,
    key: Option<OpeningKey<'_>>,
    policy: &Policy,
    authenticated: bool,
) -> Result<Opened, DecryptError> {
    let data = only(container, ns::ENCRYPTION, "EncryptedData")?;
    let method = only(data, ns::ENCRYPTION, "EncryptionMethod")?;
    let identifier = method.attribute("Algorithm").unwrap_or_default();
    let cipher = Cipher::of(identifier).ok_or_else(|| DecryptError::Algorithm(clip(identifier)))?;
    let mut notes = Vec::new();
    if matches!(cipher, Cipher::Cbc(_)) && !authenticated {
        if !policy.unauthenticated_cbc {
            return Err(DecryptError::UnauthenticatedCbc);
        }
        notes.push("it uses AES-CBC, which does not notice changes".to_owned());
    }
    let ciphertext = cipher_value(data)?;
    let wrapped = wrapped_keys(container, data, policy, &mut notes)?;
    let own = key.ok_or(DecryptError::NoKey)?;
    notes.extend(own.note());
    if !wrapped
        .iter()
        .any(|(transports, _, _)| transports.iter().any(|t| own.takes(*t)))
    {
        let algorithm = "RSA-OAEP with two different hashes".to_owned();
        return Err(DecryptError::Algorithm(algorithm));
    }
    for (transports, bytes, label) in &wrapped {
        for transport in transports {
            let content = own
                .unwrap(*transport, bytes, label.as_deref())
                .filter(|content_key| content_key.len() == cipher.key_length())
                .and_then(|content_key| decrypt(cipher, &content_key, &ciphertext));
            let document =
                content.and_then(|content| parse_fragment(&content, container.scope()).ok());
            if let Some(document) = document {
                return Ok(Opened { document, notes });
            }
        }
    }
    Err(DecryptError::Failed)
}

fn only<'d>(
    parent: Element<'d>,
    namespace: &'static str,
    local: &'static str,
) -> Result<Element<'d>, DecryptError> {
    let found = parent.only(namespace, local);
    found.map_err(|_| DecryptError::Structure(local))
}

fn cipher_value(of: Element<'_>) -> Result<Vec<u8>, DecryptError> {
    let data = only(of, ns::ENCRYPTION, "CipherData")?;
    let text = only(data, ns::ENCRYPTION, "CipherValue")?.text();
    text.and_then(|text| pem::base64(&text))
        .ok_or(DecryptError::Structure("CipherValue in base64"))
}

type Wrapped = (Vec<Transport>, Vec<u8>, Option<Vec<u8>>);

/// The wrapped keys: inside the data's `KeyInfo`, or beside the data.
fn wrapped_keys(
    container: Element<'_>,
    data: Element<'_>,
    policy: &Policy,
    notes: &mut Vec<String>,
) -> Result<Vec<Wrapped>, DecryptError> {
    let info = data.at_most_one(ns::SIGNATURE, "KeyInfo").ok().flatten();
    let inside = info.into_iter().flat_map(Element::children);
    let keys: Vec<Element<'_>> = inside
        .chain(container.children())
        .filter(|e| e.is(ns::ENCRYPTION, "EncryptedKey"))
        .take(MOST_RECIPIENTS)
        .collect();
    if keys.is_empty() {
        return Err(DecryptError::Structure("EncryptedKey"));
    }
    let mut found = Vec::new();
    for key in keys {
        let method = only(key, ns::ENCRYPTION, "EncryptionMethod")?;
        let transports = transports(method, policy)?;
        if transports.contains(&Transport::Pkcs1) {
            notes.push("its key is wrapped with RSA-1.5, which is broken".to_owned());
        }
        let label = method
            .at_most_one(ns::ENCRYPTION, "OAEPparams")
            .ok()
            .flatten()
            .and_then(Element::text)
            .and_then(|text| pem::base64(&text))
            .filter(|label| !label.is_empty());
        found.push((transports, cipher_value(key)?, label));
    }
    Ok(found)
}

/// How a key may have been wrapped. Where the identifier fixes the hash of the mask to SHA-1 and the other hash is another one, senders
/// in the field use that one for both, or do what is written: both are tried.
fn transports(method: Element<'_>, policy: &Policy) -> Result<Vec<Transport>, DecryptError> {
    let identifier = method.attribute("Algorithm").unwrap_or_default();
    let refused = || DecryptError::Algorithm(clip(identifier));
    let digest = match child_algorithm(method, ns::SIGNATURE, "DigestMethod") {
        Some(digest) => Digest::of(digest).ok_or_else(refused)?,
        None => Digest::Sha1,
    };
    let oaep = |mask| Transport::Oaep { digest, mask };
    match identifier {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" if digest == Digest::Sha1 => {
            Ok(vec![oaep(Digest::Sha1)])
        }
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => {
            Ok(vec![oaep(digest), oaep(Digest::Sha1)])
        }
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => {
            let mask = child_algorithm(method, ns::ENCRYPTION_11, "MGF").unwrap_or(MGF1_SHA1);
            let mask = match mask.strip_prefix("http://www.w3.org/2009/xmlenc11#mgf1") {
                Some("sha1") => Digest::Sha1,
                Some("sha256") => Digest::Sha256,
                Some("sha384") => Digest::Sha384,
                Some("sha512") => Digest::Sha512,
                _ => return Err(refused()),
            };
            Ok(vec![oaep(mask)])
        }
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5" if policy.rsa15 => Ok(vec![Transport::Pkcs1]),
        _ => Err(refused()),
    }
}

fn child_algorithm<'d>(
    method: Element<'d>,
    namespace: &'static str,
    local: &'static str,
) -> Option<&'d str> {
    let child = method.children_named(namespace, local).next();
    child.and_then(|child| child.attribute("Algorithm"))
}

fn decrypt(cipher: Cipher, key: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    match cipher {
        Cipher::Gcm(length) => {
            let algorithm = match length {
                16 => &AES_128_GCM,
                24 => &AES_192_GCM,
                _ => &AES_256_GCM,
            };
            let (nonce, sealed) = ciphertext.split_at_checked(GCM_NONCE)?;
            let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut content = Zeroizing::new(sealed.to_vec());
            let length = key
                .open_in_place(nonce, Aad::empty(), &mut content)
                .ok()?
                .len();
            content.truncate(length);
            Some(content)
        }
        Cipher::Cbc(length) => {
            let algorithm = match length {
                16 => &AES_128,
                24 => &AES_192,
                _ => &AES_256,
            };
            let (iv, sealed) = ciphertext.split_at_checked(BLOCK)?;
            let iv: [u8; BLOCK] = iv.try_into().ok()?;
            let key = UnboundCipherKey::new(algorithm, key).ok()?;
            let key = DecryptingKey::cbc(key).ok()?;
            let mut content = Zeroizing::new(sealed.to_vec());
            let context = DecryptionContext::Iv128(FixedLength::from(iv));
            key.decrypt(&mut content, context).ok()?;
            // XML Encryption, 5.2.1: the last byte counts the padding, the others are arbitrary.
            let padding = usize::from(*content.last()?);
            let length = content.len().checked_sub(padding)?;
            if padding == 0 || padding > BLOCK {
                return None;
            }
            content.truncate(length);
            Some(content)
        }
    }
}
