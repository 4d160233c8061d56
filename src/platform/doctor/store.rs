//! The doctor's questions to the database.

use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::Scope;
use crate::platform::store::{Reads as _, Sql, Store, StoreError};

const WAITING: Sql =
    Sql::lookup("SELECT DISTINCT org_id FROM journal_pending ORDER BY org_id LIMIT 100");
const OLDEST: Sql = Sql::read(
    "SELECT MIN(e.at_us) FROM journal_pending p JOIN journal_entries e ON e.org_id = $1 AND e.id = p.entry_id \
     WHERE p.org_id = $1",
);
const ORGANISATIONS: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id LIMIT 1");

const FAILING: Sql = Sql::lookup(
    "SELECT org_id, stream_id, last_error FROM stream_positions WHERE failing_since_us < $1 ORDER BY failing_since_us, stream_id LIMIT 100",
);

/// The streams of journals that have delivered nothing since a moment, with what each failed for last: the longest first.
pub(super) async fn failing_streams(
    store: &Store,
    since: Micros,
) -> Result<Vec<(OrgId, String, Option<String>)>, StoreError> {
    store
        .lookup(move |lookup| lookup.all(&FAILING, params![since]))
        .await
}

/// When the oldest journal entry without a number was committed.
pub(super) async fn oldest_waiting(store: &Store) -> Result<Option<Micros>, StoreError> {
    let waiting: Vec<(OrgId,)> = store.lookup(|lookup| lookup.all(&WAITING, [])).await?;
    let mut oldest: Option<Micros> = None;
    for (organisation,) in waiting {
        let (found,): (Option<Micros>,) = store
            .read::<_, StoreError, _>(Scope::of(organisation), |read| read.one(&OLDEST, params![]))
            .await?;
        oldest = oldest.into_iter().chain(found).min();
    }
    Ok(oldest)
}

/// One organisation whose keys can be tried.
pub(super) async fn any_organisation(store: &Store) -> Result<Option<OrgId>, StoreError> {
    let found: Vec<(OrgId,)> = store
        .lookup(|lookup| lookup.all(&ORGANISATIONS, []))
        .await?;
    Ok(found.first().map(|(organisation,)| *organisation))
}
