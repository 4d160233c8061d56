//! What was destroyed goes out of the key store's files: at once where nobody reads them, else by a job, and at every start.
//!
//! Whoever holds a snapshot of the key store, as a verification does for all of its walk, keeps its log from being emptied. The key is
//! destroyed all the same, so that nobody is told of an error.

use crate::platform::jobs;
use crate::platform::store::{Store, StoreError, Tx};

/// The kind of the job, which is queued in the transaction that destroys.
pub const JOB: &str = "key-scrub";

pub(super) fn queue(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    jobs::queue(tx, JOB, "")
}

/// The first try, after the transaction that destroyed.
pub async fn try_now(store: &Store) {
    if let Err(error) = store.scrub_keys().await {
        tracing::warn!(%error, "the key store's log was not emptied and may hold what was destroyed; it is tried again");
    }
}
