//! Ending what an identity provider began.

use crate::identity::sessions;
use crate::identity::sso::Confirmed;
use crate::identity::sso::store::identities;
use crate::platform::app::App;
use crate::platform::ids::RequestId;
use crate::platform::keys::fields::{SSO_SESSION_INDEX, SSO_SUBJECT};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::Tx;

use super::SsoError;

/// Ends the sessions of a subject that came through a connection: the one that the identity provider names, or all. The
/// protocol has verified who asks. Gives how many ended.
pub async fn end_sessions(
    app: &App,
    confirmed: &Confirmed,
    (subject, session_index): (&str, Option<&str>),
    request: RequestId,
) -> Result<usize, SsoError> {
    let scope = Scope::of(confirmed.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let subject = keys.blind_index(SSO_SUBJECT, &confirmed.own(subject));
    let named =
        session_index.map(|index| keys.blind_index(SSO_SESSION_INDEX, &confirmed.own(index)));
    let caller = app.caller(scope, CredentialKind::Anonymous, request);
    let connection = confirmed.id;
    app.store
        .write(caller, move |tx: &mut Tx<'_>| {
            let mut ended = 0;
            let Some(identity) = identities::find(tx, connection, subject)? else {
                return Ok(tx.done(ended)?);
            };
            for through in identities::sessions_of_identity(tx, identity.id)? {
                let is_meant = named
                    .as_ref()
                    .is_none_or(|hash| through.index_hash.as_deref() == Some(hash.as_slice()));
                if is_meant {
                    sessions::end(tx, through.session, "identity-provider")?;
                    ended += 1;
                }
            }
            Ok::<_, SsoError>(tx.done(ended)?)
        })
        .await
}
