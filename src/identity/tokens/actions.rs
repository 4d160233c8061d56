//! Finding, making and revoking tokens.

use super::rules::{ApiToken, LONGEST_DAYS, stored_permissions};
use super::store::{self, Found, Holder, Listed};
use crate::identity::access::{Access, Denied, Permission, Right};
use crate::identity::credential::{ShownToken, StoredToken, behind};
use crate::identity::expiries;
use crate::identity::sessions::rights_of;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, Reads, StoreError, Tx};
use crate::platform::web::Problem;

/// How often the use of a token is noted.
const TOUCH_EVERY_US: i64 = Micros::MINUTE;

/// The token, its holder and what she holds, if it stands: not expired, not revoked, its holder active.
pub(super) async fn standing(
    app: &App,
    token: StoredToken,
) -> Result<Option<(Found, Holder, Vec<Right>)>, StoreError> {
    let found = behind(app, token, store::find, move |read, id| {
        let Some(found) = store::load(read, id, token)? else {
            return Ok(None);
        };
        let holder = store::holder(read, found.person)?;
        let rights = rights_of(read, found.person)?;
        Ok(holder.map(|holder| (found, holder, rights)))
    });
    let Some(behind) = found.await? else {
        return Ok(None);
    };
    let (scope, now, (found, holder, rights)) = (behind.scope, app.now(), behind.row);
    if found.revoked.is_some() || now >= found.expires || holder.status != "active" {
        return Ok(None);
    }
    note_use(app, scope, &found, now).await;
    Ok(Some((found, holder, rights)))
}

/// Notes that the token was used, once a minute. It is a convenience: the request does not fail for it.
async fn note_use(app: &App, scope: Scope, found: &Found, now: Micros) {
    let is_noted = |last: Micros| now < last.plus_us(TOUCH_EVERY_US);
    if found.last_used.is_some_and(is_noted) {
        return;
    }
    let token = found.id;
    let touched = app.store.housekeep(scope, move |housekeeping| {
        store::touch(housekeeping, token, now)
    });
    if let Err(error) = touched.await {
        tracing::warn!(%error, "the use of a token was not noted");
    }
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
    let (person, wanted) = (access.person(), Wanted::of(name, permissions, days));
    app.store
        .write(access.caller(), move |tx| {
            let token = make(tx, person, &wanted)?;
            Ok(tx.done(token)?)
        })
        .await
}

/// A token as somebody wants it.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Wanted {
    name: String,
    permissions: String,
    days: i64,
}

impl Wanted {
    pub(in crate::identity) fn of(name: &str, permissions: &[Permission], days: i64) -> Self {
        Self {
            name: name.to_owned(),
            permissions: stored_permissions(permissions),
            days: days.clamp(1, LONGEST_DAYS),
        }
    }
}

/// Makes a token of an account, within the transaction that has found that it may be made.
pub(in crate::identity) fn make(
    tx: &mut Tx<'_>,
    holder: PersonId,
    wanted: &Wanted,
) -> Result<ApiToken, StoreError> {
    let token = ApiToken(ShownToken::generate(tx.entropy()));
    let maker = tx.caller().actor.person;
    let new = store::New {
        id: tx.id(),
        token: &token,
        person: holder,
        name: &wanted.name,
        permissions: &wanted.permissions,
        expires: tx.now().plus_us(wanted.days * Micros::DAY),
        made_by: maker.filter(|maker| *maker != holder),
    };
    store::insert(tx, &new)?;
    expiries::remind(tx, expiries::What::ApiToken, new.id, new.expires)?;
    tx.journal(
        Entry::new("token.created", "token", new.id)
            .fact("person", holder)
            .fact("name", &wanted.name)
            .fact("permissions", &wanted.permissions)
            .fact("days", wanted.days),
    )?;
    Ok(token)
}

/// The tokens of an account, the newest first.
pub(in crate::identity) fn of_holder(
    reads: &mut impl Reads,
    holder: PersonId,
) -> Result<Vec<Listed>, StoreError> {
    store::list(reads, holder)
}

/// Revokes a token of an account within a transaction; it stops working at once. Another account's is as if it were not there;
/// one that has ended is another answer.
pub(in crate::identity) fn end(
    tx: &mut Tx<'_>,
    id: CredentialId,
    holder: PersonId,
) -> Result<(), StoreError> {
    if !store::list(tx, holder)?.iter().any(|own| own.id == id) {
        return Err(StoreError::Missing);
    }
    store::revoke(tx, id, holder)?;
    tx.journal(Entry::new("token.revoked", "token", id).version(2))
}

/// Revokes one of one's own tokens; it stops working at once.
pub async fn revoke(app: &App, access: &Access, id: CredentialId) -> Result<(), TokenError> {
    access.reach(Permission::OwnTokens)?;
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            end(tx, id, person)?;
            Ok(tx.done(())?)
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
