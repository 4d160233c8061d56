//! Finding, making and revoking tokens.

use super::store::{self, Found, Holder};
use crate::identity::access::Role;
use crate::identity::credential::StoredToken;
use crate::identity::sessions::roles_of;
use crate::platform::app::App;
use crate::platform::scope::Scope;
use crate::platform::store::StoreError;

/// The token, its holder and her roles, if it stands: not expired, not revoked, its holder active.
pub(super) async fn standing(
    app: &App,
    token: StoredToken,
) -> Result<Option<(Found, Holder, Vec<Role>)>, StoreError> {
    let found = app
        .store
        .lookup(move |lookup| store::find(lookup, token))
        .await?;
    let Some(found) = found.filter(|found| found.revoked.is_none() && app.now() < found.expires)
    else {
        return Ok(None);
    };
    let person = found.person;
    let (holder, roles) = app
        .store
        .read(Scope::of(found.organisation), move |read| {
            Ok::<_, StoreError>((store::holder(read, person)?, roles_of(read, person)?))
        })
        .await?;
    Ok(holder
        .filter(|holder| holder.status == "active")
        .map(|holder| (found, holder, roles)))
}
