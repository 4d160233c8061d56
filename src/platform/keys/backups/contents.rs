//! What a backup holds: for each organisation, the rows of its keys as they are stored, and its ledger of disposals.

use serde::{Deserialize, Serialize};

use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::keys::disposals::Disposal;
use crate::platform::store::{Reads, Sql, StoreError};
use crate::row;

const KEYS: Sql = Sql::read(
    "SELECT id, hierarchy, purpose, subject_id, version, wrapped, created_us, activated_us, destroyed_us FROM data_keys \
     WHERE org_id = $1 ORDER BY hierarchy, purpose, subject_id, version",
);
const SUBJECTS: Sql = Sql::read(
    "SELECT id, subject_id, version, wrapped, created_us, parent_version FROM subject_keys \
     WHERE org_id = $1 ORDER BY subject_id, version",
);
const LEDGER: Sql = Sql::read(
    "SELECT id, subject_kind, subject_id, key_ids, destroyed_us, complete_us FROM key_disposals WHERE org_id = $1 ORDER BY id",
);

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Contents {
    pub(super) organisations: Vec<OfOrganisation>,
}

/// The part of one organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OfOrganisation {
    pub(super) organisation: OrgId,
    pub(super) keys: Vec<OwnKeyRow>,
    pub(super) subjects: Vec<SubjectKeyRow>,
    pub(super) ledger: Vec<Line>,
}

row! {
    /// A row of `data_keys`.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct OwnKeyRow {
        pub(super) id: String,
        pub(super) hierarchy: String,
        pub(super) purpose: String,
        pub(super) subject: String,
        pub(super) version: i64,
        #[serde(with = "in_base64")]
        pub(super) wrapped: Vec<u8>,
        pub(super) created_us: i64,
        pub(super) activated_us: Option<i64>,
        pub(super) destroyed_us: Option<i64>,
    }
}

row! {
    /// A row of `subject_keys`.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct SubjectKeyRow {
        pub(super) id: String,
        pub(super) subject: String,
        pub(super) version: i64,
        #[serde(with = "in_base64")]
        pub(super) wrapped: Vec<u8>,
        pub(super) created_us: i64,
        pub(super) parent_version: Option<i64>,
    }
}

row! {
    /// A line of the ledger.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct Line {
        pub(super) id: String,
        pub(super) kind: String,
        pub(super) subject: String,
        /// The rows that are gone.
        pub(super) key_ids: String,
        pub(super) destroyed_us: i64,
        pub(super) complete_us: i64,
    }
}

impl Line {
    /// What it says; none where it was not written by us.
    pub(super) fn disposal(&self) -> Option<Disposal> {
        Some(Disposal {
            id: self.id.parse().ok()?,
            kind: self.kind.clone(),
            subject: self.subject.clone(),
            destroyed: Micros(self.destroyed_us),
            complete: Micros(self.complete_us),
        })
    }
}

impl Contents {
    /// How many keys there are in it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.organisations.iter().map(OfOrganisation::count).sum()
    }
}

impl OfOrganisation {
    pub(super) fn count(&self) -> usize {
        self.keys.len() + self.subjects.len()
    }

    /// The rows of the keys that a subject has in it.
    pub(super) fn ids_of<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a str> {
        let of = self
            .subjects
            .iter()
            .filter(move |key| key.subject == subject);
        of.map(|key| key.id.as_str())
    }
}

/// Reads the part of an organisation.
pub(super) fn collect(
    reads: &mut impl Reads,
    organisation: OrgId,
) -> Result<OfOrganisation, StoreError> {
    Ok(OfOrganisation {
        organisation,
        keys: reads.all(&KEYS, [])?,
        subjects: reads.all(&SUBJECTS, [])?,
        ledger: reads.all(&LEDGER, [])?,
    })
}

/// Bytes as text: JSON has no bytes.
mod in_base64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}
