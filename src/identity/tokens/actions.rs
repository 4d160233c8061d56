//! Finding, making and revoking tokens.

use super::rules::{ApiToken, LONGEST_DAYS, stored_permissions};
use super::store::{self, Found, Holder, Listed};
use crate::identity::access::{Access, Denied, Grant, Permission};
use crate::identity::credential::{ShownToken, StoredToken, behind};
use crate::identity::sessions::grants_of;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::CredentialKind;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;

/// The token, its holder and what she holds, if it stands: not expired, not revoked, its holder active.
pub(super) async fn standing(
    app: &App,
    token: StoredToken,
) -> Result<Option<(Found, Holder, Vec<Grant>)>, StoreError> {
    let found = behind(app, token, store::find, move |read, id| {
        let Some(found) = store::load(read, id, token)? else {
            return Ok(None);
        };
        let holder = store::holder(read, found.person)?;
        let grants = grants_of(read, found.person)?;
        Ok(holder.map(|holder| (found, holder, grants)))
    });
    let (standing, now) = (found.await?.map(|behind| behind.row), app.now());
    Ok(standing.filter(|(found, holder, _)| {
        found.revoked.is_none() && now < found.expires && holder.status == "active"
    }))
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Tokens are made by people in a session, never by other tokens.
    #[error("a token cannot make tokens")]
    ByToken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for TokenError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Denied(denied) => denied.into(),
            TokenError::ByToken => Self::not_found(),
            TokenError::Store(error) => error.into(),
        }
    }
}

/// Makes a token for oneself, limited to permissions that one has, for `days` days.
pub async fn create(
    app: &App,
    access: &Access,
    name: &str,
    permissions: &[Permission],
    days: i64,
) -> Result<ApiToken, TokenError> {
    access.reach(Permission::OwnTokens)?;
    if access.caller().actor.credential != CredentialKind::Session {
        return Err(TokenError::ByToken);
    }
    for permission in permissions {
        access.reach(*permission)?;
    }
    access.require_fresh()?;
    let (name, person) = (name.to_owned(), access.person());
    let permissions = stored_permissions(permissions);
    let days = days.clamp(1, LONGEST_DAYS);
    app.store
        .write(access.caller(), move |tx| {
            let token = ApiToken(ShownToken::generate(tx.entropy()));
            let id: CredentialId = tx.id();
            let expires = tx.now().plus_us(days * Micros::DAY);
            let what = (name.as_str(), permissions.as_str());
            store::insert(tx, (id, token.0.stored()), person, what, expires)?;
            let entry = Entry::new("token.created", "token", id)
                .fact("name", &name)
                .fact("permissions", &permissions)
                .fact("days", days);
            Ok(tx.commit(entry, token)?)
        })
        .await
}

/// Revokes one of one's own tokens; it stops working at once.
pub async fn revoke(app: &App, access: &Access, id: CredentialId) -> Result<(), TokenError> {
    access.reach(Permission::OwnTokens)?;
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            // Somebody else's token is as if it were not there; one's own that has ended is another answer.
            if !store::list(tx, person)?.iter().any(|own| own.id == id) {
                return Err(StoreError::Missing.into());
            }
            store::revoke(tx, id, person)?;
            Ok(tx.commit(Entry::new("token.revoked", "token", id).version(2), ())?)
        })
        .await
}

/// Revokes every token of a person, within the transaction in which she leaves.
pub(in crate::identity) fn revoke_all_of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(), StoreError> {
    for id in store::standing(tx, person)? {
        store::revoke(tx, id, person)?;
        tx.journal(Entry::new("token.revoked", "token", id).version(2))?;
    }
    Ok(())
}

/// One's own tokens, the newest first.
pub async fn list(app: &App, access: &Access) -> Result<Vec<Listed>, TokenError> {
    let person = access.person();
    app.store
        .read(access.scope(), move |read| Ok(store::list(read, person)?))
        .await
}
