//! What every start tells the journal of keys that it is behind of. The key store commits before the database: a server that is killed
//! between the two has changed keys of which no entry tells, and so has who puts an older database beside a key store. `journal verify`
//! would name such rows for ever.
//!
//! Who writes the database and has no root can put rows there as well, so that a row is told again only where a change of ours
//! explains it:
//!
//! - A wrapped key opens in its own place alone. She cannot make one; she can put an older wrapping of the same key back.
//! - What the journal says is destroyed or taken away is never told again, even if it opens: that row stays an alarm. A journal that
//!   lacks entries says nothing, and is told nothing.
//! - When it was made stands in the row's id, which the journal names. That it was put to use, or is destroyed, is believed of
//!   the row: the first only where nothing else in it changed or a former root is named, the second only where a younger version
//!   is in use. So she can put an announced version to use early, and hide that she destroyed a retired one, which she can do to any
//!   key. What was told is in the log and in the journal.
//! - A version of a subject's key that is gone had to go only where a younger one opens, or an entry of ours tells of the subject's
//!   disposal, of every subject that the entry names which told of it first.
//!
//! It may have to read whole journals, for as long as that takes, and keeps nobody from being served. What would say of such rows that
//! they were changed behind the journal, or would change them further, waits for it ([`Keyring::told`]).

use std::collections::HashSet;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::timeout;
use uuid::Uuid;

use super::backups;
use super::ring::{KeyError, Keyring, OrgKeys};
use super::root::RootError;
use super::subjects::StoredSubjectKey;
use super::versions::{self, StoredKey};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::journal::behind::{Differing, differing, is_known, last_told};
use crate::platform::store::journal::declared;
use crate::platform::store::{Read, Reads as _, Sql, Store, StoreError};

/// Rows in one entry: each is a commitment.
const PAGE: usize = 500;

const TIMES: Sql =
    Sql::read("SELECT created_us, activated_us, destroyed_us FROM data_keys WHERE org_id = $1");
const UNTOLD: Sql = Sql::read(
    "SELECT k.id FROM subject_keys k WHERE k.org_id = $1 AND k.created_us > $2 AND NOT EXISTS \
     (SELECT 1 FROM journal_entries e WHERE e.org_id = $1 AND e.at_us = k.created_us) LIMIT 1",
);
const UNDER_WAY: Sql =
    Sql::read("SELECT id FROM key_rotations WHERE org_id = $1 AND finished_us IS NULL LIMIT 1");
const YOUNGER: Sql = Sql::read(
    "SELECT id FROM subject_keys WHERE org_id = $1 AND subject_id = $2 AND id > $3 LIMIT 1",
);

type Times = (Micros, Option<Micros>, Option<Micros>);

/// Whether the journal may be behind of the key store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    No,
    /// Keys were being replaced.
    Maybe,
    /// A key was changed at a moment of which no entry tells.
    Yes,
}

impl Keyring {
    /// Says that [`Self::tell_again`] is still to come, for all organisations. A server does this before it serves.
    pub fn has_to_tell(&self) {
        self.told.send_replace(Some(HashSet::new()));
    }

    /// Waits until the organisation's journal is told, or all are where it is none, if that is still to come on this node, and no longer
    /// than `at_most`: whoever keeps them from being told is to be found as well.
    pub async fn told(&self, of: Option<OrgId>, at_most: Duration) {
        let mut told = self.told.subscribe();
        let _ = timeout(at_most, told.wait_for(|told| has_told(told.as_ref(), of))).await;
    }

    /// Whether [`Self::told`] would not wait.
    #[must_use]
    pub fn is_told(&self, of: Option<OrgId>) -> bool {
        has_told(self.told.borrow().as_ref(), of)
    }

    /// Tells the journals of organisations of the rows of keys that they are behind of, where a change of ours explains them. Gives how
    /// many rows. Where nothing points to any, the journal is not read; nor is that of an organisation that had its turn since
    /// [`Self::has_to_tell`].
    ///
    /// # Errors
    /// The store's, and a root that cannot be used, after all organisations had their turn. Keys that do not open stay what they are.
    pub async fn tell_again(
        &self,
        store: &Store,
        caller: impl Fn(Scope) -> Caller,
    ) -> Result<usize, KeyError> {
        let (mut told, mut failed) = (0, None);
        for organisation in backups::organisations(store).await? {
            let is_done = |told: &HashSet<OrgId>| told.contains(&organisation);
            if self.told.borrow().as_ref().is_some_and(is_done) {
                continue;
            }
            let scope = Scope::of(organisation);
            match self.tell_of_organisation(store, caller(scope)).await {
                Ok(count) => told += count,
                Err(error) if is_away(&error) => {
                    tracing::error!(%organisation, %error, "it was not seen whether the key store is ahead of its journal");
                    failed = Some(error);
                    continue;
                }
                Err(error) => tracing::error!(
                    %organisation,
                    %error,
                    "the journal was not told of keys that were changed: they do not open, or it is not whole itself; `countersign journal verify` names what does not fit"
                ),
            }
            self.told.send_modify(|told| {
                if let Some(told) = told {
                    told.insert(organisation);
                }
            });
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.told.send_replace(None);
        Ok(told)
    }

    async fn tell_of_organisation(&self, store: &Store, caller: Caller) -> Result<usize, KeyError> {
        let (scope, has_former) = (caller.scope, self.has_former_root());
        let ask = || store.read::<_, StoreError, _>(scope, move |read| behind(read, has_former));
        let mut is_behind = ask().await?;
        if is_behind == Behind::Yes {
            // What is read of the two files is not of one moment: a key that somebody makes just now may be seen before its entry.
            is_behind = ask().await?;
        }
        let found = match is_behind {
            Behind::No => return Ok(0),
            _ => store.read::<_, StoreError, _>(scope, differing).await?,
        };
        let mut explained = if found.is_empty() {
            found
        } else {
            self.explained(store, scope, found).await?
        };
        if explained.is_empty() && is_behind != Behind::Yes {
            return Ok(0);
        }
        let mut told = 0;
        loop {
            let rest = explained.split_off(explained.len().min(PAGE));
            let page = std::mem::replace(&mut explained, rest);
            let is_last = explained.is_empty();
            let write = store.write::<_, StoreError, _>(caller, move |tx| {
                let count = tx.tell_again(&page, is_last)?;
                tx.done(count)
            });
            told += write.await?;
            if is_last {
                return Ok(told);
            }
        }
    }

    /// Those of the rows that a change of ours explains.
    async fn explained(
        &self,
        store: &Store,
        scope: Scope,
        found: Vec<Differing>,
    ) -> Result<Vec<Differing>, KeyError> {
        let stored = store
            .read::<_, StoreError, _>(scope, |read| versions::stored(read))
            .await?;
        self.look_again(scope.organisation());
        let keys = self.organisation(store, scope).await?;
        let (gone, there): (Vec<Differing>, Vec<Differing>) =
            found.into_iter().partition(Differing::is_gone);
        let (mut explained, all) = (Vec::new(), there.len());
        for row in there {
            // Each opens a key, and there may be a hundred thousand: whoever is served has her turn in between.
            yield_now().await;
            let is_explained = !row.has_ended()
                && was_made_with_its_id(&row)
                && match row.table {
                    "subject_keys" => is_named(&row) && is_subjects(&keys, &row),
                    _ => self.is_own(scope.organisation(), &stored, &row).await?,
                };
            if is_explained {
                explained.push(row);
            }
        }
        let unexplained = all - explained.len();
        if unexplained > 0 {
            tracing::error!(
                unexplained,
                "rows of keys are not what the journal says, and nothing of ours explains it: `countersign journal verify` names them"
            );
        }
        let superseded = store.read::<_, StoreError, _>(scope, move |read| {
            let (disposed, mut superseded) = (disposed(read)?, Vec::new());
            for row in &gone {
                if is_superseded(read, (&keys, &disposed), row)? {
                    superseded.push(row.clone());
                }
            }
            Ok(superseded)
        });
        explained.extend(superseded.await?);
        Ok(explained)
    }

    /// Whether a row of the organisation's own keys is one that opens, or that a younger version took the place of.
    async fn is_own(
        &self,
        organisation: OrgId,
        stored: &[StoredKey],
        row: &Differing,
    ) -> Result<bool, RootError> {
        let (purpose, hierarchy) = (row.text("purpose"), row.text("hierarchy"));
        if row.number("destroyed_us").is_some() {
            let version = row.number("version").unwrap_or(i64::MAX);
            let is_erased = row.bytes("wrapped").is_some_and(<[u8]>::is_empty);
            let has_younger = stored.iter().any(|key| {
                let is_same = Some(key.purpose.as_str()) == purpose
                    && Some(key.hierarchy.as_str()) == hierarchy;
                is_same && key.is_active() && key.version > version
            });
            return Ok(is_erased && has_younger);
        }
        let Some(key) = stored.iter().find(|key| key.id == row.id) else {
            return Ok(false);
        };
        if row.bytes("wrapped") != Some(key.wrapped.as_slice()) {
            return Ok(false);
        }
        let may_be_wrapped_anew = self.roots.before(key.hierarchy()).is_some();
        if !may_be_wrapped_anew && !row.is_but_for("activated_us") {
            return Ok(false);
        }
        let place = key.place(organisation);
        match self.roots.unwrap(&key.wrapped, &place).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_foreign() => Ok(false),
            Err(away) => Err(away),
        }
    }
}

fn has_told(told: Option<&HashSet<OrgId>>, of: Option<OrgId>) -> bool {
    told.is_none_or(|told| of.is_some_and(|of| told.contains(&of)))
}

/// The database or a root could not be asked: what stands in them may be sound.
fn is_away(error: &KeyError) -> bool {
    match error {
        KeyError::Store(StoreError::Head(_)) => false,
        KeyError::Store(_) => true,
        KeyError::Root(away) => !away.is_foreign(),
        _ => false,
    }
}

/// Whether something points to a key store that is ahead of the journal. Each change of a key stands in an entry of the same moment,
/// so that whatever is done meanwhile hides nothing from the next start, should this one not come to its end.
fn behind(read: &mut Read<'_>, has_former: bool) -> Result<Behind, StoreError> {
    let own: Vec<Times> = read.all(&TIMES, [])?;
    let times = own.into_iter().flat_map(|(created, activated, destroyed)| {
        [Some(created), activated, destroyed].into_iter().flatten()
    });
    for at in times {
        if !is_known(read, at)? {
            return Ok(Behind::Yes);
        }
    }
    let since = last_told(read)?.unwrap_or(Micros(i64::MIN));
    let untold: Option<(String,)> = read.maybe(&UNTOLD, params![since])?;
    if untold.is_some() {
        return Ok(Behind::Yes);
    }
    let under_way: Option<(String,)> = read.maybe(&UNDER_WAY, [])?;
    if has_former || under_way.is_some() {
        return Ok(Behind::Maybe);
    }
    Ok(Behind::No)
}

/// The moment in an id is that of the transaction that made the row.
fn was_made_with_its_id(row: &Differing) -> bool {
    let (Ok(id), Some(created_us)) = (row.id.parse::<Uuid>(), row.number("created_us")) else {
        return false;
    };
    let mut millis = [0; 8];
    millis[2..].copy_from_slice(&id.into_bytes()[..6]);
    created_us.div_euclid(1000) == i64::from_be_bytes(millis)
}

/// Whether the entry that told of a row first is about the subject whose key the row says that it is.
fn is_named(row: &Differing) -> bool {
    row.text("subject_id")
        .is_some_and(|subject| row.named().iter().any(|named| named.id == subject))
}

/// Whether a row of a subject's key opens under the version of the organisation's key that it names.
fn is_subjects(keys: &OrgKeys, row: &Differing) -> bool {
    let (Some(subject), Some(version), Some(wrapped)) = (
        row.text("subject_id"),
        row.number("version"),
        row.bytes("wrapped"),
    ) else {
        return false;
    };
    let stored = StoredSubjectKey {
        id: row.id.clone(),
        subject: subject.to_owned(),
        version,
        wrapped: wrapped.to_vec(),
        under: row.number("parent_version").unwrap_or(1),
    };
    keys.unwrapped(&stored).is_ok()
}

/// The subjects of whose disposal an entry of ours tells. The ledger alone is written by whoever writes the database.
fn disposed(read: &mut Read<'_>) -> Result<HashSet<String>, StoreError> {
    let all = declared::disposals(read)?.into_iter();
    let subjects = all.map(|one| {
        let [_, subject, ..] = one.facts;
        subject
    });
    Ok(subjects.collect())
}

/// Whether a younger version is in the place of one that is gone, or was until it was disposed of. Whose it was stands nowhere any more:
/// all that it may have been of have one.
fn is_superseded(
    read: &mut Read<'_>,
    (keys, disposed): (&OrgKeys, &HashSet<String>),
    gone: &Differing,
) -> Result<bool, StoreError> {
    let mut is_any = false;
    for named in gone.named() {
        let younger: Option<(String,)> = read.maybe(&YOUNGER, params![&named.id, &gone.id])?;
        let opens = younger.is_some() && keys.subject_named(read, &named.id).is_ok();
        let is_explained = opens || disposed.contains(&named.id);
        if named.is_subject && !is_explained {
            return Ok(false);
        }
        is_any |= is_explained;
    }
    Ok(is_any)
}
