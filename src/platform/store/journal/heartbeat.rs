//! Heartbeats: a journal in which nothing happened says so, so that a silence is seen by whoever reads it later.
//!
//! While a server runs, no two neighbouring entries are further apart than an hour and a minute or two. A longer silence means
//! that no server ran, or that entries were kept from the journal.

use super::Entry;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Caller;
use crate::platform::store::Store;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Committed, Reads, Tx};

/// The longest silence before a heartbeat.
pub const SILENCE_US: i64 = Micros::HOUR;

const HEARTBEAT: &str = "journal.heartbeat";
/// Some of those whose journal has begun, in their order.
const BEGUN: Sql =
    Sql::lookup("SELECT org_id FROM journal_heads WHERE org_id > $1 ORDER BY org_id LIMIT 500");
const SPOKEN: Sql =
    Sql::read("SELECT id FROM journal_entries WHERE org_id = $1 AND at_us > $2 LIMIT 1");

/// Writes a heartbeat into every journal that has been silent for so long; returns how many. `caller_of` says as whom.
///
/// # Errors
/// Where a journal can be neither read nor written. The others were done before it, or are by the next round.
pub async fn beat(
    store: &Store,
    now: Micros,
    caller_of: impl Fn(OrgId) -> Caller,
) -> Result<usize, StoreError> {
    let (mut beats, mut after) = (0, String::new());
    loop {
        let from = after.clone();
        let page: Vec<(OrgId,)> = store
            .lookup(move |lookup| lookup.all(&BEGUN, params![&from]))
            .await?;
        let Some((last,)) = page.last() else {
            return Ok(beats);
        };
        after = last.to_string();
        for (organisation,) in page {
            let caller = caller_of(organisation);
            let silent = store
                .read(caller.scope, move |read| is_silent(read, now))
                .await?;
            if silent && store.write(caller, move |tx| beat_in(tx, now)).await? {
                beats += 1;
            }
        }
    }
}

fn is_silent(read: &mut impl Reads, now: Micros) -> Result<bool, StoreError> {
    let spoken: Option<(String,)> = read.maybe(&SPOKEN, params![now.plus_us(-SILENCE_US)])?;
    Ok(spoken.is_none())
}

/// Another node may have been first: what is stored counts.
fn beat_in(tx: &mut Tx<'_>, now: Micros) -> Result<Committed<bool>, StoreError> {
    if !is_silent(tx, now)? {
        return tx.done(false);
    }
    let entry = Entry::new(HEARTBEAT, "journal", tx.scope().organisation());
    tx.commit(entry, true)
}
