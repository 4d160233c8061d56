//! When a key is due, and what a rotation does next.

use crate::platform::clock::Micros;
use crate::platform::config::Cryptoperiods;
use crate::platform::keys::versions::{DOCUMENTS, StoredKey, VALUES};
use crate::text_enum;

/// So long a version is known before it is used: several times as long as a node goes without looking.
pub const ANNOUNCED_US: i64 = 6 * Micros::SECOND;
/// So long a version is kept after another one came into its place, for whoever is in the middle of something.
pub const GRACE_US: i64 = Micros::MINUTE;

text_enum! {
    /// A level of the hierarchy that is rotated while serving.
    pub enum Level {
        /// The organisation's key for values.
        Values = "values",
        /// The organisation's key for documents.
        Documents = "documents",
        /// The keys of vendors, people, legal entities and bills.
        Subjects = "subjects",
    }
}

impl Level {
    /// What its keys are called where they are stored.
    /// None for subjects, whose versions each have their own.
    #[must_use]
    pub const fn purpose(self) -> Option<&'static str> {
        match self {
            Self::Values => Some(VALUES),
            Self::Documents => Some(DOCUMENTS),
            Self::Subjects => None,
        }
    }
}

/// How many days a key of the level is used.
#[must_use]
pub const fn days(periods: Cryptoperiods, level: Level) -> u32 {
    match level {
        Level::Values => periods.values_days,
        Level::Documents => periods.documents_days,
        Level::Subjects => periods.subjects_days,
    }
}

/// So long before a root is due its page says so: another one is made, kept twice and tried before it takes its place.
pub const SOON_US: i64 = 30 * Micros::DAY;

/// What a rotation does next, seen from the versions that are not destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The newest version is announced, and others may not have read it yet.
    Wait(Micros),
    /// Its time has come.
    Activate(String),
    /// What these versions sealed is sealed anew; after that each is destroyed, and not before this moment.
    Replace {
        old: Vec<String>,
        not_before: Micros,
    },
    /// One version is left.
    Finished,
}

/// The versions of one key, the newest last.
#[must_use]
pub fn of_level(stored: &[StoredKey], level: Level) -> Vec<StoredKey> {
    let mut of: Vec<StoredKey> = stored
        .iter()
        .filter(|key| Some(key.purpose.as_str()) == level.purpose())
        .cloned()
        .collect();
    of.sort_by_key(|key| key.version);
    of
}

/// `versions` as [`of_level`] gives them.
#[must_use]
pub fn next(versions: &[StoredKey], now: Micros) -> Next {
    let Some((newest, old)) = versions.split_last() else {
        return Next::Finished;
    };
    if !newest.is_active() {
        let from = newest.created.plus_us(ANNOUNCED_US);
        return if now >= from {
            Next::Activate(newest.id.clone())
        } else {
            Next::Wait(from)
        };
    }
    if old.is_empty() {
        return Next::Finished;
    }
    Next::Replace {
        old: old.iter().map(|key| key.id.clone()).collect(),
        not_before: newest.in_use_since().plus_us(GRACE_US),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(version: i64, created: i64, activated: Option<i64>) -> StoredKey {
        StoredKey {
            id: version.to_string(),
            hierarchy: "field".to_owned(),
            purpose: VALUES.to_owned(),
            version,
            wrapped: Vec::new(),
            created: Micros(created),
            activated: activated.map(Micros),
        }
    }

    #[test]
    fn a_version_is_known_before_it_is_used_and_the_old_one_outlives_its_use() {
        let first = version(1, 0, None);
        let at = Micros;
        assert_eq!(next(std::slice::from_ref(&first), at(5)), Next::Finished);
        let announced = [first.clone(), version(2, 100, None)];
        let from = 100 + ANNOUNCED_US;
        assert_eq!(next(&announced, at(from - 1)), Next::Wait(at(from)));
        assert_eq!(next(&announced, at(from)), Next::Activate("2".to_owned()));
        let active = [first, version(2, 100, Some(from))];
        let replace = Next::Replace {
            old: vec!["1".to_owned()],
            not_before: at(from + GRACE_US),
        };
        assert_eq!(next(&active, at(from)), replace);
        assert_eq!(next(&active[1..], at(from)), Next::Finished);
    }
}
