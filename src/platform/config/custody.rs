//! Where roots are kept, how long keys are used, and how the key store is backed up.

use std::path::{Path, PathBuf};

use super::days;
use super::sources::Settled;
use crate::platform::keys::RootUri;

/// Where the two roots are kept.
#[derive(Debug, Clone)]
pub struct Keys {
    pub storage: RootUri,
    pub field: RootUri,
    /// The roots that these took the place of.
    pub storage_before: Option<RootUri>,
    pub field_before: Option<RootUri>,
    pub periods: Cryptoperiods,
    pub backups: KeyBackups,
}

/// The backups of the key store that the server makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBackups {
    /// None is that it makes none.
    pub folder: Option<PathBuf>,
    /// A backup expires after so many days.
    pub days: u32,
}

impl KeyBackups {
    /// What the keys say where nobody sets them.
    pub const STANDARD: Self = Self {
        folder: None,
        days: 30,
    };
}

/// How many days a key of each level is used before it is rotated.
#[derive(Debug, Clone, Copy)]
pub struct Cryptoperiods {
    pub values_days: u32,
    pub documents_days: u32,
    pub subjects_days: u32,
    /// Each of the two roots.
    pub root_days: u32,
}

impl Cryptoperiods {
    /// What the keys say where nobody sets them.
    pub const STANDARD: Self = Self {
        values_days: 730,
        documents_days: 365,
        subjects_days: 730,
        root_days: 730,
    };
}

impl Keys {
    pub(super) fn gather(settled: &Settled) -> Self {
        Self {
            storage: settled.required_root("keys.storage"),
            field: settled.required_root("keys.field"),
            storage_before: settled.root("keys.storage_before"),
            field_before: settled.root("keys.field_before"),
            periods: Cryptoperiods {
                values_days: days(settled, "keys.values_days"),
                documents_days: days(settled, "keys.documents_days"),
                subjects_days: days(settled, "keys.subjects_days"),
                root_days: days(settled, "keys.root_days"),
            },
            backups: KeyBackups {
                folder: settled.path("keys.backup_folder"),
                days: days(settled, "keys.backup_days"),
            },
        }
    }

    /// The files that this program makes on its first start.
    pub fn own_files(&self) -> impl Iterator<Item = &Path> {
        [&self.storage, &self.field]
            .into_iter()
            .filter_map(RootUri::own_file)
    }
}
