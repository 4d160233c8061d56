//! Subjects: their keys are wrapped under another version of the organisation's key, or replaced by younger ones.

use std::sync::Arc;

use countersign_sealing::{KeyVersion, Sealed};
use uuid::Uuid;

use super::store::SUBJECTS;
use super::{Done, RESEALED, is_ours, written};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::{Id as _, PersonId};
use crate::platform::keys::ring::{KeyError, OrgKeys, SubjectKey};
use crate::platform::keys::subjects::{self, StoredSubjectKey};
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Reads, Store, StoreError, Tx, Value};

const REWRAPPED: &str = "keys.rewrapped";
const DESTROYED: &str = "keys.subject-destroyed";

/// Wraps the subjects' keys that this version of the organisation's key wraps under the one in use, at most `pages`
/// transactions long.
pub(super) async fn rewrap(
    store: &Store,
    keys: &Arc<OrgKeys>,
    caller: Caller,
    (version, pages): (KeyVersion, usize),
) -> Result<Done, KeyError> {
    let (mut done, mut after, mut left) = (Done::default(), String::new(), pages);
    loop {
        let from = after.clone();
        let page = store
            .read::<_, StoreError, _>(caller.scope, move |read| {
                subjects::under(read, version, &from)
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(done);
        };
        if left == 0 {
            done.more = true;
            return Ok(done);
        }
        left -= 1;
        after.clone_from(&last.id);
        let keys = Arc::clone(keys);
        let changed = store.write::<_, KeyError, _>(caller, move |tx| {
            let under = keys.own(tx)?.version();
            let mut done = Done::default();
            for key in &page {
                match keys.rewrap(tx, key, under)? {
                    Some(count) => done.resealed += count,
                    None => done.refused += 1,
                }
            }
            let organisation = tx.scope().organisation();
            let entry = Entry::new(REWRAPPED, "organisation", organisation)
                .fact("subjects", done.resealed)
                .fact("version", under);
            if done.resealed == 0 {
                return Ok(tx.done(done)?);
            }
            Ok(tx.commit(entry, done)?)
        });
        done.add(changed.await?);
    }
}

/// Gives every subject whose key is older than `than` a younger one, and seals its values under that: one subject a
/// transaction, at most `count` of them.
///
/// # Errors
/// Those of the database and of keys; what was done before stays done.
pub async fn replace(
    store: &Store,
    keys: &Arc<OrgKeys>,
    caller: Caller,
    (than, count): (Micros, usize),
) -> Result<Done, KeyError> {
    let (mut done, mut after, mut left) = (Done::default(), String::new(), count);
    loop {
        let from = after.clone();
        let page = store
            .read::<_, StoreError, _>(caller.scope, move |read| subjects::older(read, than, &from))
            .await?;
        if page.is_empty() {
            return Ok(done);
        }
        for subject in page {
            if left == 0 {
                done.more = true;
                return Ok(done);
            }
            left -= 1;
            after.clone_from(&subject);
            let keys = Arc::clone(keys);
            let replaced = store.write::<_, KeyError, _>(caller, move |tx| {
                let done = younger(tx, &keys, &subject)?;
                let entry = Entry::new(RESEALED, "subject", &subject).fact("values", done.resealed);
                Ok(tx.commit(entry, done)?)
            });
            match replaced.await {
                Ok(one) => done.add(one),
                // Its key does not open: what it sealed is lost already, and keeps nobody else's from being replaced.
                Err(KeyError::Unwrap(error)) => {
                    tracing::error!(%error, "a subject's key does not open and is not replaced");
                    done.refused += 1;
                }
                // Another node was there at the same time, or the subject is gone, or somebody put a destroyed key back.
                Err(
                    KeyError::Absent { .. }
                    | KeyError::Destroyed { .. }
                    | KeyError::Store(StoreError::Unique { .. }),
                ) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn younger(tx: &mut Tx<'_>, keys: &OrgKeys, subject: &str) -> Result<Done, KeyError> {
    let old = keys.subject_named(tx, subject)?;
    let version = KeyVersion::new(old.version().number() + 1);
    let new = keys.insert_subject(tx, subject, version)?;
    seal_again(tx, subject, &old, &new)
}

/// Seals what `old` opens of a subject by `new`.
fn seal_again(
    tx: &mut Tx<'_>,
    subject: &str,
    old: &SubjectKey,
    new: &SubjectKey,
) -> Result<Done, KeyError> {
    let mut done = Done::default();
    for access in SUBJECTS {
        let found: Vec<(String, Vec<u8>)> = tx.all(&access.of, params![subject])?;
        for (id, sealed) in found {
            if !is_ours(tx, access.field, &id)? {
                done.refused += 1;
                continue;
            }
            // Ids of all kinds are bound by their bytes.
            let row = PersonId::from_uuid(id.parse::<Uuid>().unwrap_or_default());
            let open = Sealed::<Vec<u8>>::from_bytes(sealed)
                .map_err(KeyError::from)
                .and_then(|sealed| old.open(access.field, row, &sealed));
            let Ok(open) = open else {
                done.refused += 1;
                continue;
            };
            let again = new.seal(access.field, row, open.expose(), tx.entropy());
            tx.change_one(&access.put, params![id, again.as_bytes()])?;
            done.resealed += 1;
        }
    }
    Ok(done)
}

/// Destroys versions of subjects' keys that had a younger one at the moment `at`, and that seal nothing any more. What one still
/// seals is sealed by the youngest first: the key store commits before the database, so that a server killed between the two had
/// the younger version and not what it was made for.
///
/// # Errors
/// Those of the database and of keys.
pub async fn destroy(
    store: &Store,
    keys: &Arc<OrgKeys>,
    caller: Caller,
    at: Micros,
) -> Result<Done, KeyError> {
    let (mut done, mut after) = (Done::default(), String::new());
    loop {
        let from = after.clone();
        let page = store
            .read::<_, StoreError, _>(caller.scope, move |read| {
                subjects::superseded(read, at, &from)
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(done);
        };
        after.clone_from(&last.id);
        let keys = Arc::clone(keys);
        let destroyed = store.write::<_, KeyError, _>(caller, move |tx| {
            let mut done = Done::default();
            for key in &page {
                if sealed_by(tx, key)? > 0 {
                    // It goes in a later transaction: this one's deletion could be kept without what it sealed anew.
                    done.refused += caught_up(tx, &keys, &key.subject)?;
                    continue;
                }
                subjects::delete(tx, &key.id)?;
                done.resealed += 1;
            }
            let organisation = tx.scope().organisation();
            let entry =
                Entry::new(DESTROYED, "organisation", organisation).fact("keys", done.resealed);
            if done.resealed == 0 {
                return Ok(tx.done(done)?);
            }
            Ok(tx.commit(entry, done)?)
        });
        done.add(destroyed.await?);
    }
}

/// Seals what older versions of a subject's key still seal by its youngest; gives how many values that cannot be done with.
fn caught_up(tx: &mut Tx<'_>, keys: &OrgKeys, subject: &str) -> Result<usize, KeyError> {
    let held = match keys.subject_named(tx, subject) {
        Err(KeyError::Unwrap(error)) => {
            tracing::error!(%error, "a subject's key does not open and is not replaced");
            return Ok(1);
        }
        // Somebody put it back: the next start destroys it again.
        Err(KeyError::Destroyed { .. }) => return Ok(0),
        other => other?,
    };
    let done = seal_again(tx, subject, &held, &held)?;
    if done.resealed > 0 {
        tx.journal(Entry::new(RESEALED, "subject", subject).fact("values", done.resealed))?;
    }
    Ok(done.refused)
}

/// How many values this version seals.
fn sealed_by(reads: &mut impl Reads, key: &StoredSubjectKey) -> Result<i64, StoreError> {
    let version = u32::try_from(key.version).unwrap_or_default();
    let mut all = 0;
    for access in SUBJECTS {
        let params = [
            Value::from(key.subject.as_str()),
            written(KeyVersion::new(version)),
        ];
        let (count,): (i64,) = reads.one(&access.count, params)?;
        all += count;
    }
    Ok(all)
}
