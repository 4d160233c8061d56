//! An entry as the fields state it: what was done to which object, and what it was before and after.

use std::fmt::{self, Display};

use countersign_translog::epoch::Rollback;

/// A value of the object before and after the action. Sealed values appear masked or not at all.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The field's name alone: values may be names, addresses or amounts, which no log holds.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// What a transaction did.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(super) action: &'static str,
    pub(super) object_kind: &'static str,
    pub(super) object_id: String,
    pub(super) object_version: i64,
    /// The head that the entry gives up, where it declares a restore.
    pub(super) rollback: Option<Rollback>,
    pub(super) changes: Vec<Change>,
}

impl Entry {
    /// `action` is `noun.verb` in the past tense (`bill.approved`), `object` the noun's kind and id.
    pub fn new(action: &'static str, object_kind: &'static str, object_id: impl Display) -> Self {
        Self {
            action,
            object_kind,
            object_id: object_id.to_string(),
            object_version: 1,
            rollback: None,
            changes: Vec::new(),
        }
    }

    /// The object's version after the change. Versions of one object ascend.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.object_version = version;
        self
    }

    /// A field that changed. Equal values are left out: nothing happened to them.
    #[must_use]
    pub fn change(
        mut self,
        field: &str,
        before: Option<impl Display>,
        after: Option<impl Display>,
    ) -> Self {
        let (before, after) = (
            before.map(|value| value.to_string()),
            after.map(|value| value.to_string()),
        );
        if before != after {
            self.changes.push(Change {
                field: field.to_owned(),
                before,
                after,
            });
        }
        self
    }

    /// The entry declares a restore.
    pub(super) fn gives_up(mut self, rollback: Rollback) -> Self {
        self.rollback = Some(rollback);
        self
    }

    /// A fact about the action: a new value, a reason, a count, a digest.
    #[must_use]
    pub fn fact(self, field: &str, value: impl Display) -> Self {
        self.change(field, None::<&str>, Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_prints_no_value() {
        let entry = Entry::new("person.invited", "person", 7)
            .change("name", Some("Ann Lee"), Some("Ann Okafor"))
            .fact("email", "ann@harbour.example");
        let printed = format!("{entry:?}");
        assert!(
            !printed.contains("Ann") && !printed.contains('@'),
            "{printed}"
        );
        assert!(printed.contains("email"), "{printed}");
    }
}
