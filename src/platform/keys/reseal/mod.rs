//! Values that another version of their key sealed are opened and sealed again under the one in use, some hundred in a transaction.
//!
//! - What is left to do is found in the values themselves, so that work that was cut off goes on where it stopped.
//! - A value that does not open, or whose row is not what the application wrote, is left as it is and counted: its key is not
//!   destroyed, so that a backup of the row still opens.

mod store;
pub mod subjects;

use countersign_sealing::{KeyVersion, Sealed};
use uuid::Uuid;

use self::store::{ANSWERS, Access, COUNT_ANSWERS, OWN, PUT_ANSWER};
use super::fields::{IDEMPOTENT_ANSWER, SealedField};
use super::own::OwnKey;
use super::ring::{KeyError, OrgKeys};
use super::subjects::count_under;
use crate::params;
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Kind, Reads, Store, StoreError, Tx, Value};
use crate::platform::web::idempotency;

/// The journal's word for a batch.
pub(super) const RESEALED: &str = "keys.resealed";

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    pub resealed: usize,
    /// Values that are not what the application wrote.
    pub refused: usize,
    /// Whether the round stopped at its bound.
    pub more: bool,
}

impl Done {
    pub(super) fn add(&mut self, page: Self) {
        self.resealed += page.resealed;
        self.refused += page.refused;
    }
}

/// A version as it stands in a sealed value.
pub(super) fn written(version: KeyVersion) -> Value {
    Value::Bytes(version.number().to_be_bytes().to_vec())
}

/// How many of the organisation's own values this version seals, and how many subjects' keys it wraps.
pub fn count_own(reads: &mut impl Reads, version: KeyVersion) -> Result<i64, StoreError> {
    let mut all = count_under(reads, version)?;
    let counts = OWN.iter().map(|access| &access.count);
    for count in counts.chain([&COUNT_ANSWERS]) {
        let (found,): (i64,) = reads.one(count, [written(version)])?;
        all += found;
    }
    Ok(all)
}

/// A value that was found under an old version.
type Found = (String, Vec<u8>);

/// Reseals the organisation's own values of one version and wraps the subjects' keys that it wraps anew; at most `pages` transactions
/// long each.
///
/// # Errors
/// Those of the database and of keys; what was done before stays done.
pub async fn own(
    store: &Store,
    keys: &std::sync::Arc<OrgKeys>,
    caller: Caller,
    (version, pages): (KeyVersion, usize),
) -> Result<Done, KeyError> {
    let mut done = subjects::rewrap(store, keys, caller, (version, pages)).await?;
    if done.more {
        return Ok(done);
    }
    let mut left = pages;
    for access in OWN {
        let mut after = String::new();
        loop {
            let (page, from) = (access.page, after.clone());
            // Read apart from the change: what looks through a whole table would stand in everybody's way in the same transaction.
            let found: Vec<Found> = store
                .read::<_, StoreError, _>(caller.scope, move |read| {
                    read.all(&page, params_of(version, &from))
                })
                .await?;
            let Some((last, _)) = found.last() else {
                break;
            };
            if left == 0 {
                done.more = true;
                return Ok(done);
            }
            after.clone_from(last);
            left -= 1;
            let keys = std::sync::Arc::clone(keys);
            let changed = store.write::<_, KeyError, _>(caller, move |tx| {
                let page = reseal(tx, &keys, access, &found)?;
                let entry = entry(tx, access.field, page);
                if is_journaled(access) && page.resealed > 0 {
                    return Ok(tx.commit(entry, page)?);
                }
                Ok(tx.done(page)?)
            });
            done.add(changed.await?);
        }
    }
    let keys = std::sync::Arc::clone(keys);
    let answered = store.write::<_, KeyError, _>(caller, move |tx| {
        let page = answers(tx, &keys, version)?;
        Ok(tx.done(page)?)
    });
    let answered = answered.await?;
    done.more = answered.resealed > 0;
    done.add(answered);
    Ok(done)
}

fn params_of(version: KeyVersion, after: &str) -> [Value; 2] {
    [written(version), Value::from(after)]
}

fn is_journaled(access: &Access) -> bool {
    matches!(access.put.kind, Kind::Change(_))
}

/// What the journal says of a batch.
pub(super) fn entry(tx: &Tx<'_>, field: SealedField, page: Done) -> Entry {
    let organisation = tx.scope().organisation();
    Entry::new(RESEALED, "organisation", organisation)
        .fact("table", field.table)
        .fact("column", field.column)
        .fact("values", page.resealed)
}

fn reseal(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    access: &Access,
    found: &[Found],
) -> Result<Done, KeyError> {
    let own = keys.own(tx)?;
    let mut done = Done::default();
    for (id, sealed) in found {
        if is_journaled(access) && !is_ours(tx, access.field, id)? {
            done.refused += 1;
            continue;
        }
        let row = id.parse::<Uuid>().unwrap_or_default().into_bytes();
        let Some(new) = again(tx, (keys, &own), access.field, (row, sealed)) else {
            done.refused += 1;
            continue;
        };
        let params = params![id, new, sealed.clone()];
        done.resealed += match access.put.kind {
            Kind::Change(_) => tx.change(&access.put, params)?,
            _ => tx.housekeep(&access.put, params)?.len(),
        };
    }
    Ok(done)
}

/// Whether the row is what the application wrote. One that is gone is nobody's to reseal.
pub(super) fn is_ours(tx: &mut Tx<'_>, field: SealedField, id: &str) -> Result<bool, StoreError> {
    match tx.authentic(field.table, id) {
        Ok(()) => Ok(true),
        Err(error @ (StoreError::Forged { .. } | StoreError::Missing)) => {
            tracing::error!(%error, field = field.number.number(), "a sealed value is not resealed");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The same value under the version in use; none where it does not open in its place.
fn again(
    tx: &Tx<'_>,
    (keys, own): (&OrgKeys, &OwnKey),
    field: SealedField,
    (row, sealed): ([u8; 16], &[u8]),
) -> Option<Vec<u8>> {
    let sealed = Sealed::<Vec<u8>>::from_bytes(sealed.to_vec()).ok()?;
    let open = keys.open(field, row, &sealed);
    let open = open.inspect_err(|error| {
        tracing::error!(%error, field = field.number.number(), "a sealed value is not resealed");
    });
    let new = own.seal(field, row, open.ok()?.expose(), tx.entropy());
    Some(new.as_bytes().to_vec())
}

/// Answers that are kept under idempotency keys: few, gone after some days, and without an id of their own. One that does not
/// open is left to its end.
fn answers(tx: &mut Tx<'_>, keys: &OrgKeys, version: KeyVersion) -> Result<Done, KeyError> {
    let found: Vec<(String, Vec<u8>, Vec<u8>)> = tx.all(&ANSWERS, [written(version)])?;
    let own = keys.own(tx)?;
    let mut done = Done::default();
    for (person, hash, sealed) in found {
        let row = idempotency::place_of(&person, &hash);
        let Some(new) = again(tx, (keys, &own), IDEMPOTENT_ANSWER, (row, &sealed)) else {
            done.refused += 1;
            continue;
        };
        let put = tx.housekeep(&PUT_ANSWER, params![person, hash, new, sealed])?;
        done.resealed += put.len();
    }
    Ok(done)
}
