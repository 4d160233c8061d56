//! Keys that a former root wrapped are wrapped under the one in use, while the server serves: what is open stays open, and only
//! the stored bytes change. What is left is found by trying, so that work that was cut off goes on where it stopped.

use countersign_sealing::{Hierarchy, Key};

use super::integrity::{self, own_context, own_key};
use super::ring::{KeyError, Keyring};
use super::roots::By;
use super::versions::{self, StoredKey};
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::{Entry, Store, StoreError};

const REWRAPPED: &str = "keys.rewrapped";

impl Keyring {
    /// Whether the configuration names a former root.
    #[must_use]
    pub fn has_former_root(&self) -> bool {
        [Hierarchy::Storage, Hierarchy::Field]
            .iter()
            .any(|hierarchy| self.roots.before(*hierarchy).is_some())
    }

    /// The roots, for the key of the database's file.
    #[must_use]
    pub fn roots(&self) -> &super::Roots {
        &self.roots
    }

    /// The installation's own key, where the former root wraps it.
    ///
    /// # Errors
    /// Those of the database and of the roots.
    pub async fn own_under_former(&self, store: &Store) -> Result<bool, KeyError> {
        if self.roots.before(Hierarchy::Field).is_none() {
            return Ok(false);
        }
        let Some(wrapped) = own_key(store).await? else {
            return Ok(false);
        };
        let (_, by) = self.roots.unwrap(&wrapped, &own_context()).await?;
        Ok(by == By::Former)
    }

    /// The keys of an organisation that a former root wraps.
    ///
    /// # Errors
    /// Those of the database and of the roots.
    pub async fn under_former(
        &self,
        store: &Store,
        scope: Scope,
    ) -> Result<Vec<StoredKey>, KeyError> {
        let opened = self.opened_by_former(store, scope).await?;
        Ok(opened.into_iter().map(|(key, _)| key).collect())
    }

    /// The same, opened: a root may be far away, and is asked once.
    async fn opened_by_former(
        &self,
        store: &Store,
        scope: Scope,
    ) -> Result<Vec<(StoredKey, Key)>, KeyError> {
        if !self.has_former_root() {
            return Ok(Vec::new());
        }
        let stored = store
            .read::<_, StoreError, _>(scope, |read| versions::stored(read))
            .await?;
        let mut found = Vec::new();
        for key in stored {
            let place = key.place(scope.organisation());
            let (open, by) = self.roots.unwrap(&key.wrapped, &place).await?;
            if by == By::Former {
                found.push((key, open));
            }
        }
        Ok(found)
    }

    /// Wraps the installation's own key under the root in use. `caller` acts for the system.
    ///
    /// # Errors
    /// Those of the database and of the roots.
    pub async fn rewrap_own(&self, store: &Store, caller: Caller) -> Result<(), KeyError> {
        if self.roots.before(Hierarchy::Field).is_none() {
            return Ok(());
        }
        let Some(was) = own_key(store).await? else {
            return Ok(());
        };
        let (key, by) = self.roots.unwrap(&was, &own_context()).await?;
        if by == By::Current {
            return Ok(());
        }
        let root = self.roots.at(Hierarchy::Field);
        let entropy = store.entropy().as_ref();
        let wrapped = root.wrap(&key, &own_context(), entropy).await?;
        let write = store.write::<_, KeyError, _>(caller, move |tx| {
            if integrity::rewrap(tx, &wrapped, &was)? == 0 {
                return Ok(tx.done(())?);
            }
            let organisation = tx.scope().organisation();
            let entry = Entry::new(REWRAPPED, "installation", organisation).fact("keys", 1);
            Ok(tx.commit(entry, ())?)
        });
        write.await
    }

    /// Wraps the keys of one organisation under the roots in use.
    ///
    /// # Errors
    /// Those of the database and of the roots; what was done before stays done.
    pub async fn rewrap_organisation(
        &self,
        store: &Store,
        caller: Caller,
    ) -> Result<usize, KeyError> {
        let organisation = caller.scope.organisation();
        let mut wrapped = Vec::new();
        for (key, open) in self.opened_by_former(store, caller.scope).await? {
            let place = key.place(organisation);
            let root = self.roots.at(key.hierarchy());
            let entropy = store.entropy().as_ref();
            let bytes = root.wrap(&open, &place, entropy).await?;
            wrapped.push((key, bytes));
        }
        if wrapped.is_empty() {
            return Ok(0);
        }
        let write = store.write::<_, KeyError, _>(caller, move |tx| {
            let mut count = 0;
            for (key, bytes) in &wrapped {
                count += versions::rewrap(tx, key, bytes)?;
            }
            if count == 0 {
                return Ok(tx.done(0)?);
            }
            let entry = Entry::new(REWRAPPED, "organisation", organisation).fact("keys", count);
            Ok(tx.commit(entry, count)?)
        });
        write.await
    }
}
