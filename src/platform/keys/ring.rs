//! The key ring: organisations' keys opened under the roots, subjects' keys opened under their organisation's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, OpenError, OrganisationId, Place, RowId, Sealed,
    SealedValue, Secret, SubjectId, UnwrapError, ValueKey, WrapContext, blind_index, mac,
    open_value, seal_value, verify_mac,
};

use super::disposals;
use super::fields::SealedField;
use super::root::RootError;
use super::roots::Roots;
use crate::params;
use crate::platform::ids::{Id, OrgId};
use crate::platform::scope::Scope;
use crate::platform::store::{BodyError, Reads, Sql, Store, StoreError, Tx};

const INSERT: Sql = Sql::change(
    "data_keys",
    "INSERT INTO data_keys (org_id, id, hierarchy, purpose, subject_id, version, wrapped, created_us) \
     VALUES ($1, $2, $3, $4, '', $5, $6, $7) RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT version, wrapped FROM data_keys WHERE org_id = $1 AND hierarchy = $2 AND purpose = $3 AND subject_id = '' \
     ORDER BY version DESC LIMIT 1",
);

const ANY: Sql = Sql::lookup("SELECT org_id FROM organisations LIMIT 1");

pub(super) const DOCUMENTS: &str = "documents";
pub(super) const VALUES: &str = "values";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("a stored key does not open")]
    Unwrap(#[from] UnwrapError),
    #[error("a stored key does not open under its root")]
    Root(#[from] RootError),
    #[error("a sealed value does not open")]
    Open(#[from] OpenError),
    /// A key that has to be there is not, or is damaged.
    #[error("the {purpose} key is missing from the database or damaged: restore it from a backup")]
    Absent { purpose: &'static str },
    /// The disposal ledger says so.
    #[error(
        "the {purpose} key was destroyed: what it sealed does not open any more, as docs/disposal.md says"
    )]
    Destroyed { purpose: &'static str },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for KeyError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// Opens organisations' keys and remembers them.
#[derive(Debug)]
pub struct Keyring {
    pub(super) roots: Roots,
    opened: Mutex<HashMap<OrgId, Arc<OrgKeys>>>,
}

/// One organisation's keys: documents under the storage root, values under the field root.
#[derive(Debug)]
pub struct OrgKeys {
    organisation: OrgId,
    documents: Key,
    values: Key,
}

impl Keyring {
    #[must_use]
    pub fn new(roots: Roots) -> Self {
        Self {
            roots,
            opened: Mutex::new(HashMap::new()),
        }
    }

    /// The keys of an organisation that exists.
    pub async fn organisation(
        &self,
        store: &Store,
        scope: Scope,
    ) -> Result<Arc<OrgKeys>, KeyError> {
        let organisation = scope.organisation();
        if let Some(keys) = self
            .opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&organisation)
        {
            return Ok(Arc::clone(keys));
        }
        let (documents, values) = store
            .read(scope, |read| {
                Ok::<_, KeyError>((
                    stored(read, Hierarchy::Storage, DOCUMENTS)?,
                    stored(read, Hierarchy::Field, VALUES)?,
                ))
            })
            .await?;
        let keys = Arc::new(OrgKeys {
            organisation,
            documents: self
                .unwrap(organisation, Hierarchy::Storage, DOCUMENTS, documents)
                .await?,
            values: self
                .unwrap(organisation, Hierarchy::Field, VALUES, values)
                .await?,
        });
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(organisation, Arc::clone(&keys));
        Ok(keys)
    }

    /// Opens the keys of one organisation, if there is any: roots that open nothing are found before anybody is served.
    pub async fn any_organisation(&self, store: &Store) -> Result<(), KeyError> {
        let found: Option<(OrgId,)> = store
            .lookup::<_, StoreError, _>(|lookup| lookup.maybe(&ANY, []))
            .await?;
        let Some((organisation,)) = found else {
            return Ok(());
        };
        match self.organisation(store, Scope::of(organisation)).await {
            // That a key is gone says nothing of the roots, and keeps nobody else from being served.
            Ok(_) | Err(KeyError::Absent { .. } | KeyError::Destroyed { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Forgets the opened keys of an organisation.
    pub fn forget(&self, organisation: OrgId) {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&organisation);
    }

    async fn unwrap(
        &self,
        organisation: OrgId,
        hierarchy: Hierarchy,
        purpose: &str,
        (version, wrapped): (KeyVersion, Vec<u8>),
    ) -> Result<Key, RootError> {
        let context = context(organisation, hierarchy, purpose, None, version);
        self.roots.of(hierarchy).unwrap(&wrapped, &context).await
    }
}

pub(super) fn bytes(id: impl Id) -> [u8; 16] {
    *id.uuid().as_bytes()
}

pub(super) fn context(
    organisation: OrgId,
    hierarchy: Hierarchy,
    purpose: &str,
    subject: Option<SubjectId>,
    version: KeyVersion,
) -> WrapContext<'_> {
    WrapContext {
        hierarchy,
        organisation: OrganisationId::from_bytes(bytes(organisation)),
        purpose,
        subject,
        version,
    }
}

fn name(hierarchy: Hierarchy) -> &'static str {
    match hierarchy {
        Hierarchy::Storage => "storage",
        Hierarchy::Field => "field",
    }
}

fn stored(
    reads: &mut impl Reads,
    hierarchy: Hierarchy,
    purpose: &'static str,
) -> Result<(KeyVersion, Vec<u8>), KeyError> {
    let absent = || KeyError::Absent { purpose };
    let found: Option<(i64, Vec<u8>)> = reads.maybe(&FIND, params![name(hierarchy), purpose])?;
    let Some((version, wrapped)) = found else {
        return Err(disposals::gone(reads, "", purpose)?);
    };
    let version = u32::try_from(version).map_err(|_| absent())?;
    Ok((KeyVersion::new(version), wrapped))
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    hierarchy: Hierarchy,
    purpose: &str,
    wrapped: &[u8],
) -> Result<(), StoreError> {
    let id = crate::platform::ids::uuid_v7(tx.now(), tx.entropy()).to_string();
    let version = i64::from(KeyVersion::FIRST.number());
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![id, name(hierarchy), purpose, version, wrapped, now],
    )
}

impl OrgKeys {
    pub(super) fn of_two(organisation: OrgId, documents: Key, values: Key) -> Self {
        Self {
            organisation,
            documents,
            values,
        }
    }

    #[must_use]
    pub fn organisation(&self) -> OrgId {
        self.organisation
    }

    /// The key under which documents' own keys are derived.
    #[must_use]
    pub fn documents(&self) -> &Key {
        &self.documents
    }

    pub(super) fn values(&self) -> &Key {
        &self.values
    }

    /// Finds equal sealed values without opening them. `normalised` is the field's one canonical form.
    #[must_use]
    pub fn blind_index(&self, field: SealedField, normalised: &str) -> [u8; 32] {
        let organisation = OrganisationId::from_bytes(bytes(self.organisation));
        blind_index(
            &self.values,
            field.number,
            organisation,
            normalised.as_bytes(),
        )
    }

    /// Authenticates a record that somebody with the database alone must not be able to make (invariant 4).
    #[must_use]
    pub fn authenticate(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.values, domain, &self.with_organisation(parts))
    }

    /// Whether `tag` authenticates the record, in constant time.
    #[must_use]
    pub fn is_authentic(&self, domain: &str, parts: &[&[u8]], tag: &[u8]) -> bool {
        verify_mac(&self.values, domain, &self.with_organisation(parts), tag).is_ok()
    }

    fn with_organisation<'a>(&'a self, parts: &[&'a [u8]]) -> Vec<&'a [u8]> {
        std::iter::once(self.organisation.as_bytes().as_slice())
            .chain(parts.iter().copied())
            .collect()
    }
}

/// The key of one vendor, person or legal entity.
#[derive(Debug)]
pub struct SubjectKey {
    organisation: OrgId,
    key: ValueKey,
}

impl SubjectKey {
    pub(super) fn new(organisation: OrgId, key: ValueKey) -> Self {
        Self { organisation, key }
    }

    #[cfg(test)]
    pub(super) fn of(organisation: OrgId, key: &Key) -> Self {
        Self {
            organisation,
            key: ValueKey::new(key, KeyVersion::FIRST),
        }
    }

    fn place(&self, field: SealedField, row: impl Id) -> Place {
        Place {
            field: field.number,
            organisation: OrganisationId::from_bytes(bytes(self.organisation)),
            row: RowId::from_bytes(bytes(row)),
        }
    }

    /// Seals a value into its field and row.
    #[must_use]
    pub fn seal<T: SealedValue>(
        &self,
        field: SealedField,
        row: impl Id,
        value: &T,
        entropy: &dyn Entropy,
    ) -> Sealed<T> {
        seal_value(&self.key, &self.place(field, row), value, entropy)
    }

    /// Opens the value that was read from its field and row.
    pub fn open<T: SealedValue>(
        &self,
        field: SealedField,
        row: impl Id,
        sealed: &Sealed<T>,
    ) -> Result<Secret<T>, KeyError> {
        Ok(open_value(&self.key, &self.place(field, row), sealed)?)
    }
}
