//! Signed notes (C2SP signed-note): a text and the signatures under it.
//!
//! ```text
//! <text, each line ended by a newline>
//! <empty line>
//! — <key name> <base64 of key id (4 bytes) and signature>
//! ```

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hash::{Hash, hex_byte};

/// The most bytes a note may have, and the most signatures: far above what a checkpoint needs.
pub const MAX_NOTE_BYTES: usize = 1_000_000;
const MAX_SIGNATURES: usize = 100;
const SIGNATURE_PREFIX: &str = "\u{2014} ";
const ED25519_TYPE: u8 = 1;

/// What is wrong with a note or a key's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form of a signed note.
    #[error("this is no signed note: {0}")]
    Malformed(&'static str),
    /// A key's text or name is not what the format allows.
    #[error("this is no note key: {0}; a key reads NAME+8 hexadecimal digits+base64")]
    Key(&'static str),
    /// A signature that claims to be by a known key is not.
    #[error(
        "the note's signature by {0} is wrong: the text was changed, or somebody else signed it. Do not trust it"
    )]
    WrongSignature(String),
    /// None of the keys has signed.
    #[error(
        "the note is signed by none of the keys you trust; get the log's key from a source you trust and compare it"
    )]
    NoTrustedSignature,
}

/// A public Ed25519 key with the name under which it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    public: [u8; 32],
}

impl VerifyingKey {
    /// The key with this name and these bytes (RFC 8032).
    ///
    /// # Errors
    /// [`NoteError::Key`] where the name is empty or holds a plus, white space or a control character.
    pub fn new(name: &str, public: [u8; 32]) -> Result<VerifyingKey, NoteError> {
        check_name(name)?;
        Ok(VerifyingKey {
            name: name.to_owned(),
            public,
        })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id in signature lines: the first 4 bytes of SHA-256(name || newline || type || key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = Hash::of(&[self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.public]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        [a, b, c, d]
    }

    /// The same key under another name.
    ///
    /// # Errors
    /// [`NoteError::Key`] for a name that is not allowed.
    pub fn named(&self, name: &str) -> Result<VerifyingKey, NoteError> {
        VerifyingKey::new(name, self.public)
    }

    /// Whether both are one key, whatever their names.
    #[must_use]
    pub fn is_same_key(&self, other: &VerifyingKey) -> bool {
        self.public == other.public
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
        let public = match bytes.split_first() {
            Some((&ED25519_TYPE, public)) => public,
            _ => return Err(NoteError::Key("it is of a type other than Ed25519")),
        };
        let public = public
            .try_into()
            .map_err(|_| NoteError::Key("it is not 32 bytes long"))?;
        let key = VerifyingKey::new(name, public)?;
        if parse_id(id) != Some(key.id()) {
            return Err(NoteError::Key("its id does not belong to it"));
        }
        Ok(key)
    }

    /// Whether `signature` (64 bytes) is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519_TYPE];
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

/// A private Ed25519 key with its name. Debug prints nothing of it; AWS-LC wipes it when it goes.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key that an RFC 8032 seed makes. Wiping the seed is the caller's.
    ///
    /// # Errors
    /// [`NoteError::Key`] for a name that is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<SigningKey, NoteError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| NoteError::Key("its seed is refused by the cryptographic library"))?;
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .expect("an Ed25519 public key is 32 bytes");
        let public = VerifyingKey::new(name, public)?;
        Ok(SigningKey { pair, public })
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    fn sign_line(&self, text: &str) -> String {
        let mut bytes = self.public.id().to_vec();
        bytes.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!(
            "{SIGNATURE_PREFIX}{} {}\n",
            self.public.name,
            STANDARD.encode(bytes)
        )
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, ..)", self.public.name)
    }
}

/// One signature line. Those by unknown keys or of other types (a witness's) are kept as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key_id: [u8; 4],
    /// The signature's bytes after the id.
    pub signature: Vec<u8>,
}

/// A note whose form is checked and whose signatures are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs `text` by all of `keys` and gives the note's bytes.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] where the text is empty, does not end its last line, or holds a control character.
    pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<String, NoteError> {
        check_text(text)?;
        let lines: String = keys.iter().map(|key| key.sign_line(text)).collect();
        Ok(format!("{text}\n{lines}"))
    }

    /// Reads a note strictly.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::Malformed("it is longer than a million bytes"));
        }
        let note =
            std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
        // The text may hold empty lines itself: the last one ends it.
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed(
            "no empty line stands before signatures",
        ))?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        check_text(text)?;
        let lines = lines
            .strip_suffix('\n')
            .ok_or(NoteError::Malformed("its last signature line has no end"))?;
        let signatures = lines
            .split('\n')
            .map(parse_signature)
            .collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed("it has more than 100 signatures"));
        }
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    /// The text, not verified.
    #[must_use]
    pub fn unverified_text(&self) -> &str {
        &self.text
    }

    /// All signature lines, not verified.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The text and those of `keys` that signed it, at least one.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] where one claims a known key and is wrong, even beside right ones;
    /// [`NoteError::NoTrustedSignature`] where no known key signed.
    pub fn verify<'k>(
        &self,
        keys: &'k [VerifyingKey],
    ) -> Result<(&str, Vec<&'k VerifyingKey>), NoteError> {
        let mut signers: Vec<&VerifyingKey> = Vec::new();
        for signature in &self.signatures {
            let claimed =
                |key: &&VerifyingKey| key.name == signature.name && key.id() == signature.key_id;
            let Some(key) = keys.iter().find(claimed) else {
                continue;
            };
            if !key.verifies(self.text.as_bytes(), &signature.signature) {
                return Err(NoteError::WrongSignature(key.name.clone()));
            }
            if !signers.contains(&key) {
                signers.push(key);
            }
        }
        if signers.is_empty() {
            return Err(NoteError::NoTrustedSignature);
        }
        Ok((&self.text, signers))
    }
}

fn parse_signature(line: &str) -> Result<NoteSignature, NoteError> {
    let bad = NoteError::Malformed("a signature line does not read: dash, name, base64");
    let parts = line
        .strip_prefix(SIGNATURE_PREFIX)
        .and_then(|rest| rest.split_once(' '));
    let Some((name, encoded)) = parts else {
        return Err(bad);
    };
    check_name(name).map_err(|_| bad.clone())?;
    let bytes = STANDARD.decode(encoded).map_err(|_| bad.clone())?;
    match bytes.split_first_chunk() {
        Some((key_id, signature)) if !signature.is_empty() => Ok(NoteSignature {
            name: name.to_owned(),
            key_id: *key_id,
            signature: signature.to_vec(),
        }),
        _ => Err(bad),
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') || text == "\n" {
        return Err(NoteError::Malformed(
            "its text is empty or has no end of line",
        ));
    }
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed("its text holds a control character"));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), NoteError> {
    if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control()) {
        return Err(NoteError::Key(
            "its name is empty, or holds a plus, white space or a control character",
        ));
    }
    Ok(())
}

fn parse_id(text: &str) -> Option<[u8; 4]> {
    let digits: &[u8; 8] = text.as_bytes().try_into().ok()?;
    let mut id = [0; 4];
    for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_byte(pair[0], pair[1])?;
    }
    Some(id)
}
