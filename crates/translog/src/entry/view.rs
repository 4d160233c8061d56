//! An entry as it is read, without a copy of its words: what checks millions of them.

use super::{Commitment, Credential, Entry, EntryError, Id, Word, parse};
use crate::epoch::Rollback;
use crate::time::UtcMicros;

/// An entry that lies in its canonical bytes. The fields are those of [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<'a> {
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
    /// By which credential: its kind and which one.
    pub credential: Option<(&'a str, &'a str)>,
    /// What was done.
    pub action: &'a str,
    /// To what kind of thing.
    pub object_kind: &'a str,
    /// To which one.
    pub object_id: &'a str,
    /// The object's version after it.
    pub object_version: u64,
    /// The request that caused it.
    pub request: Option<&'a str>,
    /// The head that this entry gives up, where it declares a restore.
    pub rollback: Option<Rollback>,
    /// Committed values, ascending by name.
    pub commits: Vec<(&'a str, Commitment)>,
    /// The rows that the change touched, ascending by table and id.
    pub rows: Vec<((&'a str, &'a str), Option<Commitment>)>,
}

impl<'a> View<'a> {
    /// Reads canonical bytes strictly.
    ///
    /// # Errors
    /// [`EntryError`] names the first line that is wrong.
    pub fn parse(bytes: &'a [u8]) -> Result<View<'a>, EntryError> {
        parse::view(bytes)
    }

    /// What was committed to under a name.
    #[must_use]
    pub fn commitment(&self, name: &str) -> Option<&Commitment> {
        let found = self.commits.binary_search_by_key(&name, |(name, _)| name);
        found.ok().map(|place| &self.commits[place].1)
    }

    /// The same entry with words of its own.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        let word = |text: &str| Word::new(text).expect("it was read as a word");
        Entry {
            organisation: self.organisation,
            id: self.id,
            time: self.time,
            actor: self.actor,
            on_behalf_of: self.on_behalf_of,
            credential: self.credential.map(|(kind, id)| Credential {
                kind: word(kind),
                id: word(id),
            }),
            action: word(self.action),
            object_kind: word(self.object_kind),
            object_id: word(self.object_id),
            object_version: self.object_version,
            request: self.request.map(word),
            rollback: self.rollback,
            commits: self
                .commits
                .iter()
                .map(|(name, commitment)| (word(name), *commitment))
                .collect(),
            rows: self
                .rows
                .iter()
                .map(|((table, row), digest)| ((word(table), word(row)), *digest))
                .collect(),
        }
    }
}
