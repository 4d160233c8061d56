//! Keys of notes: the text form, and the three kinds of signatures that a log and its witnesses make.

use std::fmt;

use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, KeyPair, ML_DSA_44, ML_DSA_44_SIGNING, PqdsaKeyPair, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{NoteError, SIGNATURE_PREFIX, check_name, cosignature};
use crate::hash::{Hash, hex_byte};

const ED25519_LENGTH: usize = 32;
/// Bytes of an ML-DSA-44 public key and signature (FIPS 204, table 2).
const ML_DSA_44_KEY: usize = 1_312;
const ML_DSA_44_SIGNATURE: usize = 2_420;

/// How a key signs. The number is the signature type of C2SP signed-note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Ed25519 over the note's text (signed-note, 0x01): what a log signs its checkpoints by.
    Log = 1,
    /// Ed25519 over the text and a time (tlog-cosignature, 0x04): a witness.
    Witness = 4,
    /// ML-DSA-44 over origin, size, root and a time (tlog-cosignature, 0x06): a witness, or a log beside its first key.
    MlDsa44 = 6,
}

impl Kind {
    fn of(number: u8) -> Option<Kind> {
        [Kind::Log, Kind::Witness, Kind::MlDsa44]
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }

    const fn key_length(self) -> usize {
        match self {
            Kind::Log | Kind::Witness => ED25519_LENGTH,
            Kind::MlDsa44 => ML_DSA_44_KEY,
        }
    }
}

/// A public key with the name under which it signs.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    kind: Kind,
    public: Box<[u8]>,
}

impl VerifyingKey {
    /// A log's Ed25519 key with this name and these bytes (RFC 8032).
    ///
    /// # Errors
    /// [`NoteError::Key`] where the name is empty or holds a plus, white space or a control character.
    pub fn new(name: &str, public: [u8; ED25519_LENGTH]) -> Result<VerifyingKey, NoteError> {
        VerifyingKey::of(Kind::Log, name, &public)
    }

    /// A key of any kind.
    ///
    /// # Errors
    /// [`NoteError::Key`] for a name that is not allowed, or bytes that are not as long as such a key.
    pub fn of(kind: Kind, name: &str, public: &[u8]) -> Result<VerifyingKey, NoteError> {
        check_name(name)?;
        if public.len() != kind.key_length() {
            return Err(NoteError::Key("it is not as long as a key of its type"));
        }
        Ok(VerifyingKey {
            name: name.to_owned(),
            kind,
            public: public.into(),
        })
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

    /// The id in signature lines: the first 4 bytes of SHA-256(name || newline || type || key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let kind = [self.kind as u8];
        let hash = Hash::of(&[self.name.as_bytes(), b"\n", &kind, &self.public]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        [a, b, c, d]
    }

    /// The same key under another name.
    ///
    /// # Errors
    /// [`NoteError::Key`] for a name that is not allowed.
    pub fn named(&self, name: &str) -> Result<VerifyingKey, NoteError> {
        VerifyingKey::of(self.kind, name, &self.public)
    }

    /// Whether both are one key, whatever their names.
    #[must_use]
    pub fn is_same_key(&self, other: &VerifyingKey) -> bool {
        self.kind == other.kind && self.public == other.public
    }

    /// Reads the text form `<name>+<key id>+<base64 of type and key>`.
    ///
    /// # Errors
    /// [`NoteError::Key`].
    pub fn parse(text: &str) -> Result<VerifyingKey, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key("it has not three parts"));
        };
        let bytes = STANDARD
            .decode(key)
            .map_err(|_| NoteError::Key("its last part is not base64"))?;
        let typed = bytes.split_first();
        let (kind, public) = typed
            .and_then(|(number, public)| Some((Kind::of(*number)?, public)))
            .ok_or(NoteError::Key(
                "it is of a type other than Ed25519 (1 or 4) and ML-DSA-44 (6)",
            ))?;
        let key = VerifyingKey::of(kind, name, public)?;
        if parse_id(id) != Some(key.id()) {
            return Err(NoteError::Key("its id does not belong to it"));
        }
        Ok(key)
    }

    /// Whether `signature` (what stands behind the key's id) is this key's over a note's `text`.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        self.signed_at(text, signature).is_some()
    }

    /// When this key signed, in seconds since 1970, where the signature is its own over `text`; 0 for a kind that says no
    /// time.
    pub(super) fn signed_at(&self, text: &[u8], signature: &[u8]) -> Option<u64> {
        let ed25519 = |message: &[u8], signature: &[u8]| {
            UnparsedPublicKey::new(&ED25519, &self.public)
                .verify(message, signature)
                .ok()
        };
        if self.kind == Kind::Log {
            return ed25519(text, signature).map(|()| 0);
        }
        let (time, signature) = signature.split_first_chunk()?;
        let time = u64::from_be_bytes(*time);
        i64::try_from(time).ok()?;
        if self.kind == Kind::Witness {
            ed25519(&cosignature::timed(text, time), signature)?;
        } else {
            let message = cosignature::subtree(&self.name, text, time)?;
            UnparsedPublicKey::new(&ML_DSA_44, &self.public)
                .verify(&message, signature)
                .ok()?;
        }
        Some(time)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.kind as u8];
        typed.extend_from_slice(&self.public);
        let [a, b, c, d] = self.id();
        write!(
            f,
            "{}+{a:02x}{b:02x}{c:02x}{d:02x}+{}",
            self.name,
            STANDARD.encode(typed)
        )
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
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
    /// [`NoteError::Key`] for a name that is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<SigningKey, NoteError> {
        SigningKey::of(Kind::Log, name, seed)
    }

    /// The key of any kind that a seed makes (RFC 8032, or FIPS 204's ξ).
    ///
    /// # Errors
    /// [`NoteError::Key`] for a name that is not allowed.
    pub fn of(kind: Kind, name: &str, seed: &[u8; 32]) -> Result<SigningKey, NoteError> {
        let refused = NoteError::Key("its seed is refused by the cryptographic library");
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
    /// [`NoteError::Malformed`] where ML-DSA-44 is to sign what is no checkpoint.
    pub fn sign_line(&self, text: &str, time: u64) -> Result<String, NoteError> {
        let mut bytes = self.public.id().to_vec();
        if self.public.kind != Kind::Log {
            bytes.extend_from_slice(&time.to_be_bytes());
        }
        match &self.pair {
            Pair::Ed25519(pair) if self.public.kind == Kind::Witness => {
                let message = cosignature::timed(text.as_bytes(), time);
                bytes.extend_from_slice(pair.sign(&message).as_ref());
            }
            Pair::Ed25519(pair) => bytes.extend_from_slice(pair.sign(text.as_bytes()).as_ref()),
            Pair::MlDsa44(pair) => {
                let message = cosignature::subtree(&self.public.name, text.as_bytes(), time);
                let message = message.ok_or(NoteError::Malformed("its text is no checkpoint"))?;
                let mut signature = [0; ML_DSA_44_SIGNATURE];
                pair.sign(&message, &mut signature).map_err(|_| {
                    NoteError::Malformed("it is refused by the cryptographic library")
                })?;
                bytes.extend_from_slice(&signature);
            }
        }
        Ok(format!(
            "{SIGNATURE_PREFIX}{} {}\n",
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

fn parse_id(text: &str) -> Option<[u8; 4]> {
    let digits: &[u8; 8] = text.as_bytes().try_into().ok()?;
    let mut id = [0; 4];
    for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_byte(pair[0], pair[1])?;
    }
    Some(id)
}
