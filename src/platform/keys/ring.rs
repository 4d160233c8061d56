//! The key ring: organisations' keys opened under the roots, subjects' keys opened under their organisation's.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_sealing::{
    Entropy, Hierarchy, IndexKey, Key, KeyVersion, OpenError, OrganisationId, Place, RecordKey,
    RowId, Sealed, SealedValue, Secret, SubjectId, UnwrapError, ValueKey, WrapContext, open_value,
    seal_value,
};
use tokio::sync::watch;

use super::disposals;
use super::fields::SealedField;
use super::root::RootError;
use super::roots::Roots;
use super::versions::{self, DOCUMENTS, Name, Opened, VALUES};
use crate::platform::clock::{Clock, Micros};
use crate::platform::ids::{Id, OrgId};
use crate::platform::scope::Scope;
use crate::platform::store::{BodyError, Reads as _, Sql, Store, StoreError};

const ANY: Sql = Sql::lookup("SELECT org_id FROM organisations LIMIT 1");

/// How often a node looks for versions that others have made, and whether another has disposed of them. A version is used later than
/// that after it was announced.
const LOOK_EVERY_US: i64 = 2 * Micros::SECOND;

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
    /// Another node made a version that this one has not read yet, or the version is destroyed.
    #[error(
        "version {version} of the {purpose} key is not open here: it was destroyed, or made a moment ago. Try again in a minute"
    )]
    Unread {
        purpose: &'static str,
        version: KeyVersion,
    },
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
    clock: Clock,
    opened: Mutex<HashMap<OrgId, Looked>>,
    /// Whose journals are told of keys already, while others' are still to be ([`Keyring::told`]); none when all are.
    pub(super) told: watch::Sender<Option<HashSet<OrgId>>>,
}

/// What was opened, and when it was last compared with what is stored.
#[derive(Debug, Clone)]
struct Looked {
    keys: Arc<OrgKeys>,
    at: Micros,
}

/// One organisation's keys in all their versions: documents under the storage root, the others under the field root.
#[derive(Debug)]
pub struct OrgKeys {
    pub(super) organisation: OrgId,
    pub(super) documents: Opened,
    pub(super) values: Opened,
    pub(super) codes: RecordKey,
    pub(super) index: IndexKey,
    pub(super) newest_documents: KeyVersion,
    /// What was stored when they were opened.
    pub(super) read: Vec<Name>,
}

impl Keyring {
    #[must_use]
    pub fn new(roots: Roots) -> Self {
        Self {
            roots,
            clock: Clock::System,
            opened: Mutex::new(HashMap::new()),
            told: watch::Sender::new(None),
        }
    }

    /// The keys of an organisation that exists.
    pub async fn organisation(
        &self,
        store: &Store,
        scope: Scope,
    ) -> Result<Arc<OrgKeys>, KeyError> {
        let organisation = scope.organisation();
        let now = self.clock.now();
        let known = self.known(organisation);
        if let Some(known) = &known
            && (0..LOOK_EVERY_US).contains(&now.since(known.at))
        {
            return Ok(Arc::clone(&known.keys));
        }
        let stored = store
            .read::<_, KeyError, _>(scope, |read| {
                disposals::refuse_destroyed(read, "", DOCUMENTS)?;
                let stored = versions::stored(read)?;
                if stored.is_empty() {
                    return Err(KeyError::Absent { purpose: DOCUMENTS });
                }
                Ok(stored)
            })
            .await;
        if let Err(KeyError::Destroyed { .. }) = &stored {
            // Whoever disposed of it may have been another node.
            self.forget(organisation);
        }
        let stored = stored?;
        let known = known.map(|known| known.keys);
        let names = stored.iter().map(versions::StoredKey::names);
        let keys = match known {
            Some(known) if names.eq(known.read.iter().cloned()) => known,
            known => match (
                self.opened(organisation, &stored, known.as_deref()).await,
                known,
            ) {
                (Ok(keys), _) => Arc::new(keys),
                // A root that is away keeps nobody from what is open already.
                (Err(KeyError::Root(error)), Some(known)) if !error.is_foreign() => {
                    tracing::warn!(%error, "a new version of a key cannot be opened yet");
                    known
                }
                (Err(error), _) => return Err(error),
            },
        };
        let looked = Looked {
            keys: Arc::clone(&keys),
            at: now,
        };
        self.lock().insert(organisation, looked);
        Ok(keys)
    }

    fn known(&self, organisation: OrgId) -> Option<Looked> {
        self.lock().get(&organisation).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, Looked>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks anew when the keys of an organisation are asked for next: a version was made or destroyed here.
    pub fn look_again(&self, organisation: OrgId) {
        if let Some(looked) = self.lock().get_mut(&organisation) {
            looked.at = Micros(0);
        }
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
        self.lock().remove(&organisation);
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

pub(super) fn name(hierarchy: Hierarchy) -> &'static str {
    match hierarchy {
        Hierarchy::Storage => "storage",
        Hierarchy::Field => "field",
    }
}

impl OrgKeys {
    pub(super) fn of_two(organisation: OrgId, documents: Key, values: Key) -> Self {
        Self {
            organisation,
            codes: RecordKey::of(&values),
            index: IndexKey::of(&values),
            documents: Opened::from([(KeyVersion::FIRST, Arc::new(documents))]),
            values: Opened::from([(KeyVersion::FIRST, Arc::new(values))]),
            newest_documents: KeyVersion::FIRST,
            read: Vec::new(),
        }
    }

    #[must_use]
    pub fn organisation(&self) -> OrgId {
        self.organisation
    }

    /// The key under which the keys of documents of this version are derived; none where it is destroyed or not read yet.
    #[must_use]
    pub fn documents(&self, version: KeyVersion) -> Option<&Key> {
        self.documents.get(&version).map(AsRef::as_ref)
    }

    /// The version that new documents are sealed under, as it was when the keys were read.
    #[must_use]
    pub fn newest_documents(&self) -> (KeyVersion, &Key) {
        let in_use = self.documents.range(..=self.newest_documents).next_back();
        let (version, key) = in_use.expect("keys without one for documents are not made");
        (*version, key)
    }

    pub(super) fn values(&self, version: KeyVersion) -> Result<&Key, KeyError> {
        let purpose = VALUES;
        let key = self.values.get(&version).map(AsRef::as_ref);
        key.ok_or(KeyError::Unread { purpose, version })
    }

    /// Finds equal sealed values without opening them. `normalised` is the field's one canonical form.
    #[must_use]
    pub fn blind_index(&self, field: SealedField, normalised: &str) -> [u8; 32] {
        let organisation = OrganisationId::from_bytes(bytes(self.organisation));
        self.index
            .index(field.number, organisation, normalised.as_bytes())
    }

    /// Authenticates a record that somebody with the database alone must not be able to make (invariant 4).
    #[must_use]
    pub fn authenticate(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.codes.mac(domain, &self.with_organisation(parts))
    }

    /// Whether `tag` authenticates the record, in constant time.
    #[must_use]
    pub fn is_authentic(&self, domain: &str, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.codes
            .verify(domain, &self.with_organisation(parts), tag)
            .is_ok()
    }

    fn with_organisation<'a>(&'a self, parts: &[&'a [u8]]) -> Vec<&'a [u8]> {
        std::iter::once(self.organisation.as_bytes().as_slice())
            .chain(parts.iter().copied())
            .collect()
    }
}

/// The key of one vendor, person or legal entity: new values are sealed under its newest version.
#[derive(Debug)]
pub struct SubjectKey {
    organisation: OrgId,
    key: ValueKey,
    older: Vec<ValueKey>,
}

impl SubjectKey {
    pub(super) fn new(organisation: OrgId, key: ValueKey) -> Self {
        let older = Vec::new();
        Self {
            organisation,
            key,
            older,
        }
    }

    /// The same, which opens what older versions sealed as well.
    pub(super) fn with_older(self, older: Vec<ValueKey>) -> Self {
        Self { older, ..self }
    }

    #[cfg(test)]
    pub(super) fn of(organisation: OrgId, key: &Key) -> Self {
        Self::new(organisation, ValueKey::new(key, KeyVersion::FIRST))
    }

    /// The version that new values are sealed under.
    #[must_use]
    pub fn version(&self) -> KeyVersion {
        self.key.version()
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
        let version = sealed.key_version();
        let older = self.older.iter().find(|key| key.version() == version);
        let key = older.unwrap_or(&self.key);
        Ok(open_value(key, &self.place(field, row), sealed)?)
    }
}
