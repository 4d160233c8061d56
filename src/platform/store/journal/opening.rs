//! What the commitments of an entry hide: salts and values, beside the tree and erasable.

use std::collections::BTreeSet;
use std::fmt;

use countersign_translog::entry::{Entry as Canonical, Salt, Word};
use serde::{Deserialize, Serialize};

/// A committed value and its salt.
#[derive(Clone, Serialize, Deserialize)]
pub struct Opened {
    /// `before.FIELD` or `after.FIELD`.
    pub name: String,
    pub salt: Salt,
    pub value: String,
}

impl Opened {
    /// The field's name, without the side.
    #[must_use]
    pub fn field(&self) -> &str {
        field_of(&self.name)
    }
}

/// The field of `before.FIELD` or `after.FIELD`.
pub(super) fn field_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, field)| field)
}

/// The salt of a changed row's digest; the content is the row itself.
#[derive(Clone, Serialize, Deserialize)]
pub struct OpenedRow {
    pub table: String,
    pub id: String,
    pub salt: Salt,
}

/// Neither the value nor the salt: with the salt alone a short value can be guessed from the tree.
impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OpenedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedRow")
            .field("table", &self.table)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The opening of one entry, stored as JSON.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Opening {
    pub values: Vec<Opened>,
    pub rows: Vec<OpenedRow>,
}

impl Opening {
    /// Whether the opening shows all that was committed to, and nothing else.
    #[must_use]
    pub fn fits(&self, canonical: &Canonical) -> bool {
        self.rows.len() == canonical.rows.len()
            && self.values.len() == canonical.commits.len()
            && self.is_true(canonical)
    }

    /// Whether it shows nothing but what was committed to, be it less.
    #[must_use]
    pub fn is_true(&self, canonical: &Canonical) -> bool {
        // One name shown twice would stand for another that is not shown.
        let names: BTreeSet<&str> = self.values.iter().map(|one| one.name.as_str()).collect();
        let rows: BTreeSet<(&str, &str)> = self
            .rows
            .iter()
            .map(|one| (one.table.as_str(), one.id.as_str()))
            .collect();
        names.len() == self.values.len()
            && rows.len() == self.rows.len()
            && self.values.iter().all(|opened| {
                Word::new(opened.name.as_str()).is_ok_and(|name| {
                    canonical.commits.get(&name).is_some_and(|commitment| {
                        commitment.opens_to(&opened.salt, &name, opened.value.as_bytes())
                    })
                })
            })
    }

    /// The salt of a row's digest.
    pub(super) fn salt(&self, table: &Word, id: &Word) -> Option<Salt> {
        let mut rows = self.rows.iter();
        let row = rows.find(|row| row.table == table.as_str() && row.id == id.as_str());
        row.map(|row| row.salt)
    }

    /// The value of `before.FIELD` or `after.FIELD`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|opened| opened.name == name)
            .map(|opened| opened.value.as_str())
    }

    /// The fields that changed, in the entry's order, each with its value before and after.
    #[must_use]
    pub fn changes(&self) -> Vec<super::Change> {
        let mut changes: Vec<super::Change> = Vec::new();
        for opened in &self.values {
            let Some((side, field)) = opened.name.split_once('.') else {
                continue;
            };
            let at = changes
                .iter()
                .position(|change| change.field == field)
                .unwrap_or_else(|| {
                    changes.push(super::Change {
                        field: field.to_owned(),
                        before: None,
                        after: None,
                    });
                    changes.len() - 1
                });
            let value = Some(opened.value.clone());
            if side == "before" {
                changes[at].before = value;
            } else {
                changes[at].after = value;
            }
        }
        changes
    }
}

#[cfg(test)]
pub(super) mod tests {
    use countersign_translog::entry::{Commitment, Id};
    use countersign_translog::time::UtcMicros;

    use super::*;

    pub(in super::super) const SALT: Salt = [7; 16];

    fn opened(name: &str) -> Opened {
        Opened {
            name: name.to_owned(),
            salt: SALT,
            value: "1".to_owned(),
        }
    }

    fn opened_row(id: &str) -> OpenedRow {
        OpenedRow {
            table: "people".to_owned(),
            id: id.to_owned(),
            salt: SALT,
        }
    }

    /// An entry about an object, which commits to these values.
    pub(in super::super) fn entry_about(kind: &str, values: &[(&str, &str)]) -> Canonical {
        let word = |text: &str| Word::new(text).expect("a word");
        let commit = |(name, value): &(&str, &str)| {
            let commitment = Commitment::new(&SALT, &word(name), value.as_bytes());
            (word(name), commitment)
        };
        Canonical {
            organisation: Id::from_bytes([1; 16]),
            id: Id::from_bytes([2; 16]),
            time: UtcMicros::parse("2026-11-23T01:06:37.123456Z").expect("a time"),
            actor: None,
            on_behalf_of: None,
            credential: None,
            action: word("bill.changed"),
            object_kind: word(kind),
            object_id: word("1"),
            object_version: 2,
            request: None,
            rollback: None,
            commits: values.iter().map(commit).collect(),
            rows: [].into(),
        }
    }

    /// An entry with two values and two rows.
    fn canonical() -> Canonical {
        let word = |text: &str| Word::new(text).expect("a word");
        let row = |id: &str| ((word("people"), word(id)), None);
        Canonical {
            rows: [row("1"), row("2")].into(),
            ..entry_about("bill", &[("after.amount", "1"), ("before.amount", "1")])
        }
    }

    #[test]
    fn a_name_that_is_shown_twice_hides_no_other() {
        let of = |names: [&str; 2], rows: [&str; 2]| Opening {
            values: names.map(opened).into(),
            rows: rows.map(opened_row).into(),
        };
        let (names, rows) = (["after.amount", "before.amount"], ["1", "2"]);
        assert!(of(names, rows).fits(&canonical()));
        assert!(!of(["after.amount"; 2], rows).fits(&canonical()));
        assert!(!of(names, ["1"; 2]).fits(&canonical()));
    }

    #[test]
    fn an_opening_prints_neither_value_nor_salt() {
        let opening = Opening {
            values: vec![Opened {
                name: "after.name".to_owned(),
                salt: [77; 16],
                value: "Ann Lee".to_owned(),
            }],
            rows: vec![OpenedRow {
                table: "people".to_owned(),
                id: "1".to_owned(),
                salt: [77; 16],
            }],
        };
        let printed = format!("{opening:?}");
        for secret in ["Ann", "77", "4d4d"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(
            printed.contains("after.name") && printed.contains("people"),
            "{printed}"
        );
    }
}
