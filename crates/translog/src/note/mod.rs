//! Signed notes (C2SP signed-note): a text and the signatures under it.
//!
//! ```text
//! <text, each line ended by a newline>
//! <empty line>
//! — <key name> <base64 of key id (4 bytes) and signature>
//! ```

mod cosignature;
mod key;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use key::{Kind, SigningKey, VerifyingKey};

/// The most bytes a note may have, and the most signatures: far above what a checkpoint needs.
pub const MAX_NOTE_BYTES: usize = 1_000_000;
const MAX_SIGNATURES: usize = 100;
const SIGNATURE_PREFIX: &str = "\u{2014} ";

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
        let lines = keys.iter().map(|key| key.sign_line(text, 0));
        let lines = lines.collect::<Result<String, _>>()?;
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

    /// When `key` signed the text, in seconds since 1970 (0 where it says no time); none where it did not.
    #[must_use]
    pub fn signed_at(&self, key: &VerifyingKey) -> Option<u64> {
        let text = self.text.as_bytes();
        self.signatures
            .iter()
            .filter(|signature| key.name() == signature.name && key.id() == signature.key_id)
            .find_map(|signature| key.signed_at(text, &signature.signature))
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
                |key: &&VerifyingKey| key.name() == signature.name && key.id() == signature.key_id;
            let Some(key) = keys.iter().find(claimed) else {
                continue;
            };
            if !key.verifies(self.text.as_bytes(), &signature.signature) {
                return Err(NoteError::WrongSignature(key.name().to_owned()));
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
