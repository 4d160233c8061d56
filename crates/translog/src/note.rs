//! Signing notes, and what a server asks of keys and notes beside ([`crate::verifier::note`] reads and verifies them).

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, ML_DSA_44_SIGNING, PqdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Refused;
use crate::verifier::form::{check, need};
pub use crate::verifier::note::{Kind, Note, VerifyingKey};

/// Bytes of an ML-DSA-44 signature (FIPS 204, table 2).
const ML_DSA_44_SIGNATURE: usize = 2_420;

impl VerifyingKey {
    /// A log's Ed25519 key with this name and these bytes (RFC 8032).
    ///
    /// # Errors
    /// [`Refused`] where the name is empty or holds a plus, white space or a control character.
    pub fn new(name: &str, public: [u8; 32]) -> Result<VerifyingKey, Refused> {
        VerifyingKey::of(Kind::Log, name, &public)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it signs.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The same key under another name.
    ///
    /// # Errors
    /// [`Refused`] for a name that is not allowed.
    pub fn named(&self, name: &str) -> Result<VerifyingKey, Refused> {
        VerifyingKey::of(self.kind, name, &self.public)
    }

    /// Whether both are one key, whatever their names.
    #[must_use]
    pub fn is_same_key(&self, other: &VerifyingKey) -> bool {
        self.kind == other.kind && self.public == other.public
    }
}

impl Note<'_> {
    /// Signs `text` by all of `keys` and gives the note's bytes.
    ///
    /// # Errors
    /// [`Refused`] where the text is empty, does not end its last line, or holds a control character.
    pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<String, Refused> {
        let lines = keys.iter().map(|key| key.sign_line(text, 0));
        let note = format!("{text}\n{}", lines.collect::<Result<String, _>>()?);
        // What cannot be read back as the same must not be signed.
        let is_read = Note::parse(note.as_bytes()).is_ok_and(|note| note.text == text);
        check(
            is_read,
            "the text is empty, has no end of line, or holds a control character",
        )?;
        Ok(note)
    }

    /// Those of `keys` that signed the text, at least one.
    ///
    /// # Errors
    /// [`Refused`] where a line claims a known key and is wrong, even beside right ones, or where no known key signed.
    pub fn verify<'k>(&self, keys: &'k [VerifyingKey]) -> Result<Vec<&'k VerifyingKey>, Refused> {
        let mut signers = Vec::new();
        for key in keys {
            if self.signed_at(key)?.is_some() {
                signers.push(key);
            }
        }
        check(
            !signers.is_empty(),
            "the note is signed by none of the keys you trust",
        )?;
        Ok(signers)
    }
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    MlDsa44(PqdsaKeyPair),
}

/// A private key with its name. Debug prints nothing of it; AWS-LC wipes it when it goes.
pub struct SigningKey {
    pair: Pair,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key of a log that an RFC 8032 seed makes. Wiping the seed is the caller's.
    ///
    /// # Errors
    /// [`Refused`] for a name that is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<SigningKey, Refused> {
        SigningKey::of(Kind::Log, name, seed)
    }

    /// The key of any kind that a seed makes (RFC 8032, or FIPS 204's ξ).
    ///
    /// # Errors
    /// [`Refused`] for a name that is not allowed.
    pub fn of(kind: Kind, name: &str, seed: &[u8; 32]) -> Result<SigningKey, Refused> {
        let refused =
            Refused::Unproven("the seed is refused by the cryptographic library".to_owned());
        let (pair, public) = match kind {
            Kind::Log | Kind::Witness => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| refused)?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::Ed25519(pair), public)
            }
            Kind::MlDsa44 => {
                let pair =
                    PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, seed).map_err(|_| refused)?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::MlDsa44(pair), public)
            }
        };
        let public = VerifyingKey::of(kind, name, &public)?;
        Ok(SigningKey { pair, public })
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The signature line over a note's `text`, made at `time` (seconds since 1970; a kind that says no time leaves it
    /// out, and 0 says none).
    ///
    /// # Errors
    /// [`Refused`] where ML-DSA-44 is to sign what is no checkpoint.
    pub fn sign_line(&self, text: &str, time: u64) -> Result<String, Refused> {
        let mut bytes = self.public.id().to_vec();
        if self.public.kind != Kind::Log {
            bytes.extend_from_slice(&time.to_be_bytes());
        }
        let message = need(self.public.message(text, time), "the text is no checkpoint")?;
        match &self.pair {
            Pair::Ed25519(pair) => bytes.extend_from_slice(pair.sign(&message).as_ref()),
            Pair::MlDsa44(pair) => {
                let mut signature = [0; ML_DSA_44_SIGNATURE];
                let signed = pair.sign(&message, &mut signature);
                need(signed.ok(), "it is refused by the cryptographic library")?;
                bytes.extend_from_slice(&signature);
            }
        }
        Ok(format!(
            "\u{2014} {} {}\n",
            self.public.name,
            STANDARD.encode(bytes)
        ))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, ..)", self.public.name)
    }
}
