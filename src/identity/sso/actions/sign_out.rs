//! Ending what an identity provider began.

use crate::identity::sessions;
use crate::identity::sso::store::identities::{self, Through};
use crate::identity::sso::{Confirmed, ConnectionId};
use crate::platform::app::App;
use crate::platform::ids::RequestId;
use crate::platform::keys::fields::{SSO_SESSION_INDEX, SSO_SUBJECT};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{StoreError, Tx};

use super::SsoError;

/// Ends sessions that came through a connection: those of a subject, those that the identity provider names, or of a subject's
/// those that it names. Of nobody in particular it ends none. The protocol has verified who asks. Gives how many ended.
pub async fn end_sessions(
    app: &App,
    confirmed: &Confirmed,
    (subject, session_index): (Option<&str>, Option<&str>),
    request: RequestId,
) -> Result<usize, SsoError> {
    let scope = Scope::of(confirmed.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let subject = subject.map(|name| keys.blind_index(SSO_SUBJECT, &confirmed.own(name)));
    let named =
        session_index.map(|index| keys.blind_index(SSO_SESSION_INDEX, &confirmed.own(index)));
    let caller = app.caller(scope, CredentialKind::Anonymous, request);
    let connection = confirmed.id;
    app.store
        .write(caller, move |tx: &mut Tx<'_>| {
            let mut ended = 0;
            for through in meant(tx, connection, (subject, named.is_some()))? {
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

fn meant(
    tx: &mut Tx<'_>,
    connection: ConnectionId,
    (subject, is_named): (Option<[u8; 32]>, bool),
) -> Result<Vec<Through>, StoreError> {
    match subject {
        Some(subject) => match identities::find(tx, connection, subject)? {
            Some(identity) => identities::sessions_of_identity(tx, identity.id),
            None => Ok(Vec::new()),
        },
        None if is_named => identities::sessions_of_connection(tx, connection),
        None => Ok(Vec::new()),
    }
}
