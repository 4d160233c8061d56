//! The installation's own key: it makes the codes of entries, heads and rows.

use countersign_sealing::{Hierarchy, Key, KeyVersion, WrapContext};

use super::ring::{KeyError, Keyring, context};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Scope;
use crate::platform::store::{Integrity, Reads, Sql, Store, StoreError, Tx};

const FIND_OWN: Sql = Sql::lookup("SELECT wrapped FROM installation_keys WHERE name = $1");
const INSERT_OWN: Sql = Sql::housekeeping(
    "installation_keys",
    "INSERT INTO installation_keys (org_id, name, wrapped) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING name",
);
const REWRAP_OWN: Sql = Sql::housekeeping(
    "installation_keys",
    "UPDATE installation_keys SET wrapped = $3 WHERE org_id = $1 AND name = $2 AND wrapped = $4 RETURNING name",
);
const ANY_HEAD: Sql = Sql::lookup("SELECT org_id FROM journal_heads LIMIT 1");

const INTEGRITY: &str = "integrity";

impl Keyring {
    /// The installation's integrity key. A root that does not open it belongs to another installation: this is found
    /// here, before anybody is served.
    pub async fn integrity(&self, store: &Store) -> Result<Integrity, KeyError> {
        let stored = self.stored_integrity(store).await?;
        stored.ok_or(KeyError::Absent { purpose: INTEGRITY })
    }

    /// The integrity key as it is stored; none where no server has worked on this database yet.
    pub async fn stored_integrity(&self, store: &Store) -> Result<Option<Integrity>, KeyError> {
        let Some(wrapped) = own_key(store).await? else {
            return Ok(None);
        };
        let (key, _) = self.roots.unwrap(&wrapped, &own_context()).await?;
        Ok(Some(Integrity::new(&key)))
    }

    /// Makes the integrity key of an installation that has none yet, and with it the head of the system's journal.
    /// Where a journal has begun, a missing key is a loss: another one would fit nothing that is there.
    pub async fn make_integrity(&self, store: &Store, now: Micros) -> Result<(), KeyError> {
        let begun: Option<(OrgId,)> = store
            .lookup::<_, StoreError, _>(|lookup| lookup.maybe(&ANY_HEAD, []))
            .await?;
        if own_key(store).await?.is_some() || begun.is_some() {
            return Ok(());
        }
        let key = Key::generate(store.entropy().as_ref());
        let root = self.roots.at(Hierarchy::Field);
        let wrapped = root
            .wrap(&key, &own_context(), store.entropy().as_ref())
            .await?;
        let integrity = Integrity::new(&key);
        store
            .housekeep::<_, StoreError, _>(Scope::SYSTEM, move |tx| {
                // Another node may have been first: what is stored counts.
                if tx
                    .run(&INSERT_OWN, params![INTEGRITY, wrapped.clone()])?
                    .is_empty()
                {
                    return Ok(());
                }
                tx.begin_journal(&integrity, now)
            })
            .await?;
        Ok(())
    }
}

/// Puts the integrity key under another root, unless somebody else has done so.
pub(super) fn rewrap(tx: &mut Tx<'_>, wrapped: &[u8], was: &[u8]) -> Result<usize, StoreError> {
    let params = params![INTEGRITY, wrapped, was];
    Ok(tx.housekeep(&REWRAP_OWN, params)?.len())
}

pub(super) async fn own_key(store: &Store) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>,)> = store
        .lookup::<_, StoreError, _>(|lookup| lookup.maybe(&FIND_OWN, params![INTEGRITY]))
        .await?;
    Ok(found.map(|(wrapped,)| wrapped))
}

pub(super) fn own_context() -> WrapContext<'static> {
    context(
        OrgId::SYSTEM,
        Hierarchy::Field,
        INTEGRITY,
        None,
        KeyVersion::FIRST,
    )
}
