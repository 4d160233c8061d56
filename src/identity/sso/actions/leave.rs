//! Signing out here goes on to the identity provider that somebody came through.

use std::error::Error;

use countersign_sealing::Secret;

use crate::identity::sso::rules::ProtocolKind;
use crate::identity::sso::store::identities;
use crate::identity::sso::{Confirmed, SsoError, connection, oidc, saml};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, RequestId};
use crate::platform::keys::fields::{SSO_SESSION_INDEX, SSO_SUBJECT};
use crate::platform::scope::Scope;
use crate::platform::store::StoreError;

/// A session that came through a connection, and what the identity provider knows it by.
#[derive(Debug)]
pub(in crate::identity::sso) struct Left {
    pub confirmed: Confirmed,
    /// The subject as JSON.
    pub subject: Secret<String>,
    pub index: Option<Secret<String>>,
}

/// Where the browser goes after a session of ours has ended: to the identity provider, to end its session as well. None
/// where the session came otherwise, or nothing is known to ask. Whatever stands in the way of that keeps nobody signed in.
pub(in crate::identity) async fn signed_out(
    app: &App,
    scope: Scope,
    session: CredentialId,
    request: RequestId,
) -> Option<String> {
    match onward(app, scope, session, request).await {
        Ok(address) => address,
        Err(error) => {
            tracing::warn!(%error, "the identity provider was not asked to end its session");
            None
        }
    }
}

async fn onward(
    app: &App,
    scope: Scope,
    session: CredentialId,
    request: RequestId,
) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    let Some(left) = left(app, scope, session).await? else {
        return Ok(None);
    };
    Ok(match left.confirmed.connection.kind() {
        ProtocolKind::Saml => saml::onward(app, &left, request).await?,
        ProtocolKind::Oidc => oidc::onward(app, &left, request).await?,
    })
}

async fn left(app: &App, scope: Scope, session: CredentialId) -> Result<Option<Left>, SsoError> {
    let found = app
        .store
        .read(scope, move |read| {
            let Some(through) = identities::session(read, session)? else {
                return Ok(None);
            };
            let identity = identities::load(read, through.identity)?;
            Ok::<_, StoreError>(Some((through, identity)))
        })
        .await?;
    let Some((through, identity)) = found else {
        return Ok(None);
    };
    let Some(confirmed) = connection(app, through.connection).await? else {
        return Ok(None);
    };
    let is_its_own =
        identity.connection == confirmed.id && confirmed.organisation == scope.organisation();
    if !is_its_own {
        return Ok(None);
    }
    let keys = app.keys.organisation(&app.store, scope).await?;
    let subject = keys.open(SSO_SUBJECT, *identity.id.as_bytes(), &identity.subject)?;
    let index = through.index.as_ref();
    let index = index.map(|index| keys.open(SSO_SESSION_INDEX, *session.as_bytes(), index));
    Ok(Some(Left {
        confirmed,
        subject,
        index: index.transpose()?,
    }))
}
