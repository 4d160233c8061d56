//! The only free text of an entry, and how little of it is free.

use std::fmt;

/// 1 to 100 characters of `A-Z a-z 0-9 . _ : -`, not `-` alone: names of actions, tables and values, ids
/// that are no UUID. It can hold no space, line break or invisible character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(String);

const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        allowed[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-');
        byte += 1;
    }
    allowed
};

/// The text is no word of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a word in the journal has 1 to {} letters, digits, points, colons, hyphens and underscores, and is not a hyphen \
     alone; what users type belongs into a commitment",
    Word::MAX_LENGTH
)]
pub struct WordError;

impl Word {
    /// The most characters a word may have.
    pub const MAX_LENGTH: usize = 100;

    /// Checks a text.
    ///
    /// # Errors
    /// [`WordError`].
    pub fn new(text: impl Into<String>) -> Result<Word, WordError> {
        let text = text.into();
        if Word::allows(&text) {
            Ok(Word(text))
        } else {
            Err(WordError)
        }
    }

    /// Whether a text may be a word.
    pub(super) fn allows(text: &str) -> bool {
        let length = text.len();
        length > 0
            && length <= Word::MAX_LENGTH
            && text != "-"
            && text.bytes().all(|byte| ALLOWED[usize::from(byte)])
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<super::Id> for Word {
    fn from(id: super::Id) -> Word {
        // 36 hexadecimal digits and hyphens.
        Word(id.to_string())
    }
}
