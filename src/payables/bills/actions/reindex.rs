//! Bills that came in before searching knew all of today's words are indexed anew, beside the work of the server.

use crate::payables::bills::store::search;
use crate::platform::app::App;
use crate::platform::scope::Scope;
use crate::platform::store::StoreError;

/// Bills of one step: other writers wait no longer for it than for a large import.
const AT_ONCE: i64 = 50;

/// Indexes what needs it, organisation by organisation. It may be cut off at any moment and goes on at the next start; two
/// servers that do it at once do the same.
///
/// # Errors
/// Those of the store.
pub async fn reindex(app: &App) -> Result<(), StoreError> {
    for organisation in app.store.lookup(search::organisations).await? {
        let scope = Scope::of(organisation);
        if app
            .store
            .read(scope, |read| search::is_present(read))
            .await?
        {
            continue;
        }
        let mut after = String::new();
        loop {
            let behind = after.clone();
            let last = app
                .store
                .housekeep(scope, move |keep| search::rebuild(keep, &behind, AT_ONCE))
                .await?;
            let Some(last) = last else { break };
            after = last.to_string();
        }
    }
    Ok(())
}
