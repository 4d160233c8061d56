//! Checkpoints (C2SP tlog-checkpoint): a tree's size and root as the text of a signed note.
//!
//! ```text
//! <origin>
//! <size>
//! <root, base64>
//! <extension lines>
//! ```

use crate::Refused;
use crate::note::{Note, SigningKey, VerifyingKey};
use crate::verifier::form::number;
use crate::verifier::tree::Hash;

/// A log's head: which log, how many entries, which root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's unique name for ever; the log's key has the same name.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// The tree's root.
    pub root: Hash,
    /// Further lines, none of them empty.
    pub extensions: Vec<String>,
}

/// Why a checkpoint was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is no checkpoint.
    #[error("line {line} of the checkpoint is wrong: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The signed note around it was refused.
    #[error("the checkpoint is not validly signed")]
    Note(#[from] Refused),
    /// It is signed, but by no key with the log's own name.
    #[error(
        "the checkpoint of {0} is not signed by the log's own key, only by others; get it from the log again"
    )]
    NotByTheLog(String),
}

impl Checkpoint {
    /// The text that is signed.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] where origin or an extension is empty or would break a line.
    pub fn to_text(&self) -> Result<String, CheckpointError> {
        let mut text = format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            self.root.to_base64()
        );
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        // What cannot be read back as the same must not be signed.
        match Checkpoint::parse_text(&text) {
            Ok(read) if read == *self => Ok(text),
            Ok(_) => Err(malformed(1, "a line break stands inside a line")),
            Err(error) => Err(error),
        }
    }

    /// Reads a checkpoint's text strictly: what parses, prints the same bytes again.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`].
    pub fn parse_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let whole = text
            .strip_suffix('\n')
            .ok_or_else(|| malformed(text.lines().count(), "it has no end of line"))?;
        let mut lines = whole.split('\n');
        let mut next = |line| lines.next().ok_or(malformed(line, "it is missing"));
        let (origin, size, root) = (next(1)?, next(2)?, next(3)?);
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: number(size).ok_or(malformed(
                2,
                "it is no decimal number without leading zeros",
            ))?,
            root: Hash::from_base64(root)
                .ok_or(malformed(3, "it is not the base64 of 32 bytes"))?,
            extensions,
        };
        let mut texts =
            std::iter::once((1, &checkpoint.origin)).chain((4..).zip(&checkpoint.extensions));
        match texts.find(|(_, line)| line.is_empty() || line.contains(char::is_control)) {
            Some((line, _)) => Err(malformed(line, "it is empty or holds a control character")),
            None => Ok(checkpoint),
        }
    }

    /// The checkpoint as a note signed by the log's own key.
    ///
    /// # Errors
    /// [`CheckpointError`]: a line that is not allowed, or a key whose name is not the origin.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        let text = self.to_text()?;
        if key.verifying_key().name() != self.origin {
            return Err(CheckpointError::NotByTheLog(self.origin.clone()));
        }
        Ok(Note::sign(&text, &[key])?)
    }

    /// Reads a signed checkpoint and checks that the log's own key, one of `keys`, signed it.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &[u8], keys: &[VerifyingKey]) -> Result<Checkpoint, CheckpointError> {
        let note = Note::parse(note)?;
        let signers = note.verify(keys)?;
        let checkpoint = Checkpoint::parse_text(note.text)?;
        if signers.iter().any(|key| key.name() == checkpoint.origin) {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::NotByTheLog(checkpoint.origin))
        }
    }
}

fn malformed(line: usize, reason: &'static str) -> CheckpointError {
    CheckpointError::Malformed {
        line: line.max(1),
        reason,
    }
}
