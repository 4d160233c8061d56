//! A journal entry's canonical bytes: what a leaf of the tree is the hash of.
//!
//! Plain text, one fact per line, so that an auditor reads it without tools:
//!
//! ```text
//! countersign-journal/v1
//! organisation 01936f2a-...
//! entry 01936f2b-...
//! time 2026-11-23T01:06:37.123456Z
//! actor 01936f2c-...
//! on-behalf-of -
//! credential session 01936f2d-...
//! action bill.approve
//! object bill 01936f2e-...
//! object-version 3
//! request 01936f2f-...
//! commit after.state 9f86d0...
//! row bill 01936f2e-... 2c26b4...
//! ```
//!
//! The lines stand in this order and each ends with a newline; `-` is none (an actor that is the
//! system, a row that is gone after the change). An entry that declares a rollback has its line before the
//! first commit ([`crate::epoch`]). Commits ascend by name, rows by table and id, and none comes twice.
//!
//! No value stands here in clear: ids, words of a fixed alphabet ([`Word`]) and salted commitments
//! ([`Commitment`]) only. So nothing that a user typed can break a line or pass for another one.

mod commitment;
mod id;
mod word;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use commitment::{Commitment, SALT_LENGTH, Salt};
pub use id::Id;
pub use word::{Word, WordError};

use crate::Refused;
use crate::epoch::Rollback;
use crate::hash::leaf_hash;
use crate::time::UtcMicros;
pub use crate::verifier::entry::View;
use crate::verifier::form::need;
use crate::verifier::tree::Hash;

/// The first line of every entry of this version.
pub const HEADING: &str = "countersign-journal/v1";

/// By which credential the actor acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What it is: a session, an API token, the command line.
    pub kind: Word,
    /// Which one.
    pub id: Word,
}

/// One entry. Every value of this type has exactly one form in bytes, and the reverse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose journal it is in.
    pub organisation: Id,
    /// The entry's own id.
    pub id: Id,
    /// When it was committed.
    pub time: UtcMicros,
    /// The person who acted; none where it was the system itself.
    pub actor: Option<Id>,
    /// The person for whom the actor stood in.
    pub on_behalf_of: Option<Id>,
    /// By which credential.
    pub credential: Option<Credential>,
    /// What was done ("bill.approve").
    pub action: Word,
    /// To what kind of thing.
    pub object_kind: Word,
    /// To which one.
    pub object_id: Word,
    /// The object's version after it; 0 for what has no versions.
    pub object_version: u64,
    /// The request that caused it.
    pub request: Option<Word>,
    /// The head that this entry gives up, where it declares a restore.
    pub rollback: Option<Rollback>,
    /// Committed values by name, before and after.
    pub commits: BTreeMap<Word, Commitment>,
    /// The rows that the change touched, by table and row id, each with its digest after the change; none
    /// where the row is gone.
    pub rows: BTreeMap<(Word, Word), Option<Commitment>>,
}

impl Entry {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_text().into_bytes()
    }

    /// Reads canonical bytes strictly.
    ///
    /// # Errors
    /// [`Refused`] names the first line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Entry, Refused> {
        let text = need(std::str::from_utf8(bytes).ok(), "an entry is UTF-8 text")?;
        Entry::typed(&View::of(text)?)
    }

    /// The same entry with words of its own: the verifier takes what was signed, the journal no other than it writes.
    fn typed(view: &View<'_>) -> Result<Entry, Refused> {
        let id = |text: &str| need(Id::parse(text), format_args!("{text:?} is no id"));
        let commitment = |text: &str| {
            let hash = need(Hash::from_hex(text), format_args!("{text:?} is no hash"))?;
            Ok(Commitment::from_hash(hash))
        };
        let words = |text: &str| -> Result<(Word, Word), Refused> {
            let pair = need(
                text.split_once(' '),
                format_args!("{text:?} is not two words"),
            )?;
            Ok((word(pair.0)?, word(pair.1)?))
        };
        let commits = view.commits.iter();
        let commits = commits.map(|(name, text)| Ok((word(name)?, commitment(text)?)));
        let rows = view.rows.iter().map(|(place, text)| {
            let digest = Some(*text).filter(|text| *text != "-");
            Ok((words(place)?, digest.map(commitment).transpose()?))
        });
        let credential = view.credential.map(words).transpose()?;
        Ok(Entry {
            organisation: id(view.organisation)?,
            id: id(view.id)?,
            time: view.time,
            actor: view.actor.map(id).transpose()?,
            on_behalf_of: view.on_behalf_of.map(id).transpose()?,
            credential: credential.map(|(kind, id)| Credential { kind, id }),
            action: word(view.action)?,
            object_kind: word(view.object.0)?,
            object_id: word(view.object.1)?,
            object_version: view.object_version,
            request: view.request.map(word).transpose()?,
            rollback: view.rollbacks.first().copied(),
            commits: commits.collect::<Result<_, Refused>>()?,
            rows: rows.collect::<Result<_, Refused>>()?,
        })
    }

    /// The entry's leaf in the tree.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        leaf_hash(&self.to_bytes())
    }

    fn to_text(&self) -> String {
        let mut text = String::with_capacity(512 + 120 * (self.commits.len() + self.rows.len()));
        let mut line = |arguments: std::fmt::Arguments<'_>| {
            text.write_fmt(arguments)
                .and_then(|()| text.write_char('\n'))
                .expect("writing into a String cannot fail");
        };
        line(format_args!("{HEADING}"));
        line(format_args!("organisation {}", self.organisation));
        line(format_args!("entry {}", self.id));
        line(format_args!("time {}", self.time));
        line(format_args!("actor {}", or_none(self.actor.as_ref())));
        line(format_args!(
            "on-behalf-of {}",
            or_none(self.on_behalf_of.as_ref())
        ));
        match &self.credential {
            Some(credential) => line(format_args!(
                "credential {} {}",
                credential.kind, credential.id
            )),
            None => line(format_args!("credential -")),
        }
        line(format_args!("action {}", self.action));
        line(format_args!(
            "object {} {}",
            self.object_kind, self.object_id
        ));
        line(format_args!("object-version {}", self.object_version));
        line(format_args!("request {}", or_none(self.request.as_ref())));
        if let Some(rollback) = &self.rollback {
            line(format_args!("rollback {rollback}"));
        }
        for (name, commitment) in &self.commits {
            line(format_args!("commit {name} {commitment}"));
        }
        for ((table, row), digest) in &self.rows {
            line(format_args!(
                "row {table} {row} {}",
                or_none(digest.as_ref())
            ));
        }
        text
    }
}

impl<'a> View<'a> {
    /// Reads canonical bytes strictly, for what they say alone.
    ///
    /// # Errors
    /// [`Refused`] names the first line that is wrong.
    pub fn of(canonical: &'a str) -> Result<View<'a>, Refused> {
        View::parse(canonical, "\n", &mut Vec::new())
    }
}

fn word(text: &str) -> Result<Word, Refused> {
    need(Word::new(text).ok(), format_args!("{text:?} is no word"))
}

fn or_none<T: std::fmt::Display>(value: Option<&T>) -> String {
    value.map_or_else(|| String::from("-"), T::to_string)
}
