//! Since when each root is in use. A key of no other purpose is wrapped by the root that is first seen, and is tried at each start of a
//! server: a root that does not open it is another one, whatever its name, and came into use then. When that was is told by an entry
//! of the system's journal.

use countersign_sealing::{Hierarchy, Key, KeyVersion};

use super::ring::{KeyError, Keyring, context};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Caller;
use crate::platform::store::journal::read::history_of_action;
use crate::platform::store::{Entry, Reads, Sql, Store, StoreError};

const FIND: Sql = Sql::lookup("SELECT wrapped FROM installation_keys WHERE name = $1");
const INSERT: Sql = Sql::housekeeping(
    "installation_keys",
    "INSERT INTO installation_keys (org_id, name, wrapped) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING name",
);
const REPLACE: Sql = Sql::housekeeping(
    "installation_keys",
    "UPDATE installation_keys SET wrapped = $3 WHERE org_id = $1 AND name = $2 AND wrapped = $4 RETURNING name",
);
const INTRODUCED: &str = "root.introduced";
const PURPOSE: &str = "root-in-use";
const ROOTS: [Hierarchy; 2] = [Hierarchy::Storage, Hierarchy::Field];

/// What a root is called in the journal, and in the row of the key that it wraps.
const fn name(hierarchy: Hierarchy) -> &'static str {
    match hierarchy {
        Hierarchy::Storage => "storage-root",
        Hierarchy::Field => "field-root",
    }
}

/// A root, and since when the program knows it; never on a database that no server has worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootInUse {
    pub hierarchy: Hierarchy,
    pub since: Option<Micros>,
}

impl RootInUse {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        name(self.hierarchy)
    }

    /// When another one must take its place, where it may be in use for `days`.
    #[must_use]
    pub fn due(&self, days: u32) -> Option<Micros> {
        self.since.map(|since| since.plus_days(days))
    }
}

/// Both roots. `reads` is of the system's scope.
pub fn roots_in_use(reads: &mut impl Reads) -> Result<Vec<RootInUse>, StoreError> {
    let of = |hierarchy| -> Result<RootInUse, StoreError> {
        let told = history_of_action(reads, ("root", name(hierarchy)), INTRODUCED, 1)?;
        let since = told.first().map(|entry| Micros(entry.at_us));
        Ok(RootInUse { hierarchy, since })
    };
    ROOTS.into_iter().map(of).collect()
}

impl Keyring {
    /// Notes which roots are in use. `caller` acts for the system.
    ///
    /// # Errors
    /// Those of the database and of the roots.
    pub async fn note_roots(&self, store: &Store, caller: Caller) -> Result<(), KeyError> {
        for hierarchy in ROOTS {
            self.note_root(store, caller, hierarchy).await?;
        }
        Ok(())
    }

    async fn note_root(
        &self,
        store: &Store,
        caller: Caller,
        hierarchy: Hierarchy,
    ) -> Result<(), KeyError> {
        let (name, root) = (name(hierarchy), self.roots.at(hierarchy));
        let place = context(OrgId::SYSTEM, hierarchy, PURPOSE, None, KeyVersion::FIRST);
        let known: Option<(Vec<u8>,)> = store
            .lookup::<_, StoreError, _>(move |lookup| lookup.maybe(&FIND, params![name]))
            .await?;
        if let Some((wrapped,)) = &known {
            match root.unwrap(wrapped, &place).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_foreign() => {}
                Err(error) => return Err(error.into()),
            }
        }
        let entropy = store.entropy().as_ref();
        let wrapped = root.wrap(&Key::generate(entropy), &place, entropy).await?;
        let write = store.write::<_, KeyError, _>(caller, move |tx| {
            let noted = match &known {
                Some((was,)) => {
                    tx.housekeep(&REPLACE, params![name, wrapped.as_slice(), was.as_slice()])?
                }
                None => tx.housekeep(&INSERT, params![name, wrapped.as_slice()])?,
            };
            // Another server that starts at the same time was first.
            if noted.is_empty() {
                return Ok(tx.done(())?);
            }
            Ok(tx.commit(Entry::new(INTRODUCED, "root", name), ())?)
        });
        write.await
    }
}
