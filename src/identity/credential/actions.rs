//! From a token to what it stands for.

use super::StoredToken;
use crate::identity::forged::unless_forged;
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, OrgId};
use crate::platform::scope::Scope;
use crate::platform::store::{Lookup, Read, StoreError};

/// Where the row of a token lies, if there is one.
type Found = Result<Option<(CredentialId, OrgId)>, StoreError>;

/// The row behind a token, where it lies and what was loaded of it.
#[derive(Debug)]
pub(in crate::identity) struct Behind<T> {
    pub scope: Scope,
    pub id: CredentialId,
    pub row: T,
}

/// What a token stands for: found before its organisation is known, then loaded and checked there. Nothing of it counts
/// before; unknown and forged are alike.
pub(in crate::identity) async fn behind<T: Send + 'static>(
    app: &App,
    token: StoredToken,
    find: fn(&mut Lookup<'_>, StoredToken) -> Found,
    mut load: impl FnMut(&mut Read<'_>, CredentialId) -> Result<Option<T>, StoreError> + Send + 'static,
) -> Result<Option<Behind<T>>, StoreError> {
    let found = app.store.lookup(move |lookup| find(lookup, token)).await?;
    let Some((id, organisation)) = found else {
        return Ok(None);
    };
    let scope = Scope::of(organisation);
    let loaded = app.store.read(scope, move |read| load(read, id)).await;
    let row = unless_forged(loaded)?.flatten();
    Ok(row.map(|row| Behind { scope, id, row }))
}
