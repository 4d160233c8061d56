//! The versions of an organisation's keys: how they are stored, which one new values are sealed under, and what of them a node
//! has opened.
//!
//! A version is announced when its row is made. It is activated later, when every node has had the time to read it, so that no
//! node meets a value that it cannot open. It is destroyed when nothing is sealed under it any more: its wrapped bytes are erased.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_sealing::{Hierarchy, IndexKey, Key, KeyVersion, RecordKey, WrapContext};

use super::ring::{KeyError, Keyring, OrgKeys, context, name};
use super::root::RootError;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const STORED: Sql = Sql::read(
    "SELECT id, hierarchy, purpose, version, wrapped, created_us, activated_us FROM data_keys \
     WHERE org_id = $1 AND subject_id = '' AND destroyed_us IS NULL ORDER BY hierarchy, purpose, version",
);
const CURRENT: Sql = Sql::read(
    "SELECT version FROM data_keys WHERE org_id = $1 AND hierarchy = $2 AND purpose = $3 AND subject_id = '' \
     AND destroyed_us IS NULL AND (version = 1 OR activated_us IS NOT NULL) ORDER BY version DESC LIMIT 1",
);
const LIVE: Sql = Sql::read(
    "SELECT version FROM data_keys WHERE org_id = $1 AND hierarchy = $2 AND purpose = $3 AND subject_id = '' \
     AND version = $4 AND destroyed_us IS NULL",
);
const INSERT: Sql = Sql::change(
    "data_keys",
    "INSERT INTO data_keys (org_id, id, hierarchy, purpose, subject_id, version, wrapped, created_us, activated_us) \
     VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8) RETURNING id",
);
const ACTIVATE: Sql = Sql::change(
    "data_keys",
    "UPDATE data_keys SET activated_us = $3 WHERE org_id = $1 AND id = $2 AND activated_us IS NULL RETURNING id",
);
const DESTROY: Sql = Sql::change(
    "data_keys",
    "UPDATE data_keys SET wrapped = $3, destroyed_us = $4 WHERE org_id = $1 AND id = $2 AND destroyed_us IS NULL RETURNING id",
);

const REWRAP: Sql = Sql::change(
    "data_keys",
    "UPDATE data_keys SET wrapped = $3 WHERE org_id = $1 AND id = $2 AND wrapped = $4 AND destroyed_us IS NULL RETURNING id",
);

/// Documents' own keys are derived from it, under the storage root.
pub const DOCUMENTS: &str = "documents";
/// It seals the organisation's own values and wraps its subjects' keys, under the field root.
pub const VALUES: &str = "values";
/// Makes the codes of records. A key of its own from the first rotation of [`VALUES`] on; until then derived from it.
pub(super) const CODES: &str = "codes";
/// Makes blind indexes; as [`CODES`].
pub(super) const INDEX: &str = "index";

row! {
    /// A version that is not destroyed, as it is stored.
    #[derive(Debug, Clone)]
    pub struct StoredKey {
        pub id: String,
        pub hierarchy: String,
        pub purpose: String,
        pub version: i64,
        pub wrapped: Vec<u8>,
        pub created: Micros,
        pub activated: Option<Micros>,
    }
}

impl StoredKey {
    /// Whether new values may be sealed under it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.version == 1 || self.activated.is_some()
    }

    /// Since when it seals.
    #[must_use]
    pub fn in_use_since(&self) -> Micros {
        self.activated.unwrap_or(self.created)
    }

    pub(super) fn hierarchy(&self) -> Hierarchy {
        match self.hierarchy.as_str() {
            "storage" => Hierarchy::Storage,
            _ => Hierarchy::Field,
        }
    }

    /// The number of its version. One that is out of range was not written by us, and opens nothing.
    pub fn number(&self) -> KeyVersion {
        KeyVersion::new(u32::try_from(self.version).unwrap_or_default())
    }

    /// Where it was wrapped for.
    pub(super) fn place(&self, organisation: OrgId) -> WrapContext<'_> {
        context(
            organisation,
            self.hierarchy(),
            &self.purpose,
            None,
            self.number(),
        )
    }

    pub(super) fn names(&self) -> Name {
        (self.purpose.clone(), self.number(), self.is_active())
    }
}

/// A version's key, its number, and whether it is in use.
pub(super) type Name = (String, KeyVersion, bool);

/// Every version of the organisation's own keys that is not destroyed.
pub fn stored(reads: &mut impl Reads) -> Result<Vec<StoredKey>, StoreError> {
    reads.all(&STORED, [])
}

/// The version that new values are sealed under, as this transaction sees it.
pub(super) fn current(
    reads: &mut impl Reads,
    hierarchy: Hierarchy,
    purpose: &'static str,
) -> Result<KeyVersion, KeyError> {
    let found: Option<(i64,)> = reads.maybe(&CURRENT, params![name(hierarchy), purpose])?;
    let version = found.and_then(|(version,)| u32::try_from(version).ok());
    version
        .map(KeyVersion::new)
        .ok_or(KeyError::Absent { purpose })
}

/// Refuses a version that is destroyed by now: what was sealed under it must not be kept.
pub fn must_live(
    reads: &mut impl Reads,
    hierarchy: Hierarchy,
    purpose: &'static str,
    version: i64,
) -> Result<(), StoreError> {
    let found: Option<(i64,)> = reads.maybe(&LIVE, params![name(hierarchy), purpose, version])?;
    found.map(drop).ok_or(StoreError::Stale)
}

/// Versions of one key, opened.
pub(super) type Opened = BTreeMap<KeyVersion, Arc<Key>>;

/// A key of an organisation that was made and is not stored yet.
#[derive(Debug)]
pub(super) struct Wrapped {
    pub hierarchy: Hierarchy,
    pub purpose: &'static str,
    pub version: KeyVersion,
    pub bytes: Vec<u8>,
}

/// Stores a version; one that stands in for what was derived before is active at once.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    key: &Wrapped,
    activated: Option<Micros>,
) -> Result<(), StoreError> {
    let id = crate::platform::ids::uuid_v7(tx.now(), tx.entropy()).to_string();
    let version = i64::from(key.version.number());
    let now = tx.now();
    let params = params![
        id,
        name(key.hierarchy),
        key.purpose,
        version,
        key.bytes.clone(),
        now,
        activated
    ];
    tx.change_one(&INSERT, params)
}

/// From now on new values are sealed under this version.
pub fn activate(tx: &mut Tx<'_>, key: &StoredKey) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&ACTIVATE, params![&key.id, now])
}

/// Erases the wrapped bytes: what is sealed under this version opens nowhere any more.
pub fn destroy(tx: &mut Tx<'_>, key: &StoredKey) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&DESTROY, params![&key.id, Vec::<u8>::new(), now])
}

/// Puts a version under another root, unless somebody else has done so or it is destroyed.
pub(super) fn rewrap(
    tx: &mut Tx<'_>,
    key: &StoredKey,
    wrapped: &[u8],
) -> Result<usize, StoreError> {
    tx.change(&REWRAP, params![&key.id, wrapped, key.wrapped.as_slice()])
}

impl Keyring {
    /// Opens what is stored, without asking a root for what is open already.
    pub(super) async fn opened(
        &self,
        organisation: OrgId,
        stored: &[StoredKey],
        known: Option<&OrgKeys>,
    ) -> Result<OrgKeys, KeyError> {
        let (mut documents, mut values) = (Opened::new(), Opened::new());
        let (mut codes, mut index) = (None, None);
        for key in stored {
            let version = key.number();
            match key.purpose.as_str() {
                DOCUMENTS => {
                    let open = known
                        .and_then(|known| known.documents.get(&version))
                        .cloned();
                    let open = match open {
                        Some(open) => open,
                        None => Arc::new(self.unwrap(organisation, key).await?),
                    };
                    documents.insert(version, open);
                }
                VALUES => {
                    let open = known.and_then(|known| known.values.get(&version)).cloned();
                    let open = match open {
                        Some(open) => open,
                        None => Arc::new(self.unwrap(organisation, key).await?),
                    };
                    values.insert(version, open);
                }
                CODES => codes = Some(self.unwrap(organisation, key).await?),
                INDEX => index = Some(self.unwrap(organisation, key).await?),
                // Written by a newer version of this program, which knows what it is for.
                _ => {}
            }
        }
        let in_use = stored
            .iter()
            .filter(|key| key.purpose == DOCUMENTS && key.is_active());
        let newest_documents = in_use
            .map(StoredKey::number)
            .max()
            .ok_or(KeyError::Absent { purpose: DOCUMENTS })?;
        let first = values.get(&KeyVersion::FIRST);
        let absent = KeyError::Absent { purpose: VALUES };
        let codes = match (codes, first) {
            (Some(material), _) => RecordKey::from_material(material),
            (None, Some(first)) => RecordKey::of(first),
            (None, None) => return Err(absent),
        };
        let index = match (index, first) {
            (Some(material), _) => IndexKey::from_material(material),
            (None, Some(first)) => IndexKey::of(first),
            (None, None) => return Err(absent),
        };
        Ok(OrgKeys {
            organisation,
            documents,
            values,
            codes,
            index,
            newest_documents,
            read: stored.iter().map(StoredKey::names).collect(),
        })
    }

    async fn unwrap(&self, organisation: OrgId, key: &StoredKey) -> Result<Key, RootError> {
        let place = key.place(organisation);
        Ok(self.roots.unwrap(&key.wrapped, &place).await?.0)
    }

    /// Makes the next version of one of an organisation's keys, and wraps it. `keys` gives what has to be kept of the
    /// versions before.
    pub async fn next_version(
        &self,
        keys: &OrgKeys,
        stored: &[StoredKey],
        purpose: &'static str,
        entropy: &dyn countersign_sealing::Entropy,
    ) -> Result<NewVersion, KeyError> {
        let hierarchy = match purpose {
            DOCUMENTS => Hierarchy::Storage,
            _ => Hierarchy::Field,
        };
        let newest = stored.iter().filter(|key| key.purpose == purpose);
        let newest = newest.map(|key| key.number()).max();
        let newest = newest.ok_or(KeyError::Absent { purpose })?;
        let version = KeyVersion::new(newest.number() + 1);
        let key = Key::generate(entropy);
        let mut wrapped = vec![
            self.wrapped(
                keys.organisation,
                (hierarchy, purpose, version),
                &key,
                entropy,
            )
            .await?,
        ];
        for (kept, material) in [
            (CODES, keys.codes.material()),
            (INDEX, keys.index.material()),
        ] {
            if purpose == VALUES && !stored.iter().any(|key| key.purpose == kept) {
                let place = (Hierarchy::Field, kept, KeyVersion::FIRST);
                let kept = self.wrapped(keys.organisation, place, material, entropy);
                wrapped.push(kept.await?);
            }
        }
        Ok(NewVersion { version, wrapped })
    }

    pub(super) async fn wrapped(
        &self,
        organisation: OrgId,
        (hierarchy, purpose, version): (Hierarchy, &'static str, KeyVersion),
        key: &Key,
        entropy: &dyn countersign_sealing::Entropy,
    ) -> Result<Wrapped, RootError> {
        let context = context(organisation, hierarchy, purpose, None, version);
        let root = self.roots.at(hierarchy);
        Ok(Wrapped {
            hierarchy,
            purpose,
            version,
            bytes: root.wrap(key, &context, entropy).await?,
        })
    }
}

/// A version that is about to be announced.
#[derive(Debug)]
pub struct NewVersion {
    version: KeyVersion,
    wrapped: Vec<Wrapped>,
}

impl NewVersion {
    #[must_use]
    pub fn version(&self) -> KeyVersion {
        self.version
    }

    /// Announces it: every node reads it before it is used.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        for key in &self.wrapped {
            insert(tx, key, None)?;
        }
        Ok(())
    }
}
