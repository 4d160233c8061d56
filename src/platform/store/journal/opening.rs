//! What the commitments of an entry hide: salts and values, beside the tree and erasable.

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
        let rows_fit = self.rows.len() == canonical.rows.len();
        rows_fit
            && self.values.len() == canonical.commits.len()
            && self.values.iter().all(|opened| {
                Word::new(opened.name.as_str()).is_ok_and(|name| {
                    canonical.commits.get(&name).is_some_and(|commitment| {
                        commitment.opens_to(&opened.salt, &name, opened.value.as_bytes())
                    })
                })
            })
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
mod tests {
    use super::*;

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
