//! Leaving, both ways.

use countersign_oidc::id_token::Refused;
use countersign_oidc::keys::KeySet;
use countersign_oidc::logout::{self, Logout};
use countersign_oidc::signed::Unsigned;

use super::{OidcError, oidc, provider, seconds};
use crate::identity::sso::actions::Left;
use crate::identity::sso::oidc::rules::signed_out;
use crate::identity::sso::rules::Subject;
use crate::identity::sso::{Confirmed, end_sessions, is_first_use};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;

/// As long as a logout token is remembered; it counts for a few minutes after it was made.
const REMEMBERED_US: i64 = Micros::HOUR;

/// Where the browser goes to end the provider's session as well; nowhere where the provider names no address for that. The id
/// token is not kept, so that the session, or else the person, is named by a hint.
pub(in crate::identity::sso) async fn onward(
    app: &App,
    left: &Left,
    request: RequestId,
) -> Result<Option<String>, OidcError> {
    let oidc = oidc(&left.confirmed)?;
    let provider = provider::known(app, &left.confirmed, request)
        .await?
        .provider;
    let subject: Option<Subject> = serde_json::from_str(left.subject.expose()).ok();
    let subject = subject.map(|subject| subject.value).unwrap_or_default();
    let hint = left.index.as_ref().map_or(&subject, |index| index.expose());
    let address = logout::request(&provider, &oidc.client_id, hint, &signed_out(app));
    Ok(address.map(String::from))
}

/// Why a logout token ended nothing.
#[derive(Debug, thiserror::Error)]
pub(in crate::identity::sso::oidc) enum Unheard {
    #[error("it does not count")]
    Refused(#[source] Refused),
    #[error("it was used before")]
    SeenBefore,
}

/// Takes a logout token. It ends the sessions that it names, once.
pub(in crate::identity::sso::oidc) async fn hear(
    app: &App,
    confirmed: &Confirmed,
    token: &str,
    request: RequestId,
) -> Result<Result<(), Unheard>, OidcError> {
    let oidc = oidc(confirmed)?;
    let known = provider::known(app, confirmed, request).await?;
    let party = (oidc.issuer.as_str(), oidc.client_id.as_str());
    let verify = |keys: &KeySet| logout::verify(token, keys, party, seconds(app));
    let mut found = verify(&known.keys);
    if matches!(found, Err(Refused::Unsigned(Unsigned::NoKey)))
        && let Some(renewed) = provider::renewed(app, confirmed, request).await?
    {
        found = verify(&renewed.keys);
    }
    let Logout {
        subject,
        session,
        id,
    } = match found {
        Ok(logout) => logout,
        Err(why) => return Ok(Err(Unheard::Refused(why))),
    };
    let until = app.now().plus_us(REMEMBERED_US);
    if !is_first_use(app, confirmed, &format!("logout token {id}"), until).await? {
        return Ok(Err(Unheard::SeenBefore));
    }
    let whose = (subject.as_deref(), session.as_deref());
    end_sessions(app, confirmed, whose, request).await?;
    Ok(Ok(()))
}
