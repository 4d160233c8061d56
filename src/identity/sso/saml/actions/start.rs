//! Sending somebody to the identity provider.

use countersign_saml::metadata::Binding;
use countersign_saml::request::{AuthnRequest, message_id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{SamlError, keys, metadata, saml};
use crate::identity::credential::ShownToken;
use crate::identity::sso::saml::rules::{acs, entity_id};
use crate::identity::sso::{Away, Confirmed, Wanted, ask};
use crate::platform::app::App;
use crate::platform::web::request::RequestInfo;

/// What is remembered of a request until its answer comes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Detail {
    /// The ID that the response has to name.
    pub request: String,
    #[serde(flatten)]
    pub away: Away,
}

/// How the browser brings the request there.
#[derive(Debug)]
pub(in crate::identity::sso::saml) enum Sent {
    /// It is sent to this address.
    To(String),
    /// It posts a form.
    Form {
        action: Url,
        request: String,
        state: ShownToken,
    },
}

/// A signed request for whoever sits before this browser.
pub(in crate::identity::sso::saml) async fn start(
    app: &App,
    confirmed: &Confirmed,
    wanted: Wanted<'_>,
    request: &RequestInfo,
) -> Result<Sent, SamlError> {
    let saml = saml(confirmed).ok_or_else(|| SamlError::Metadata("no SAML".to_owned()))?;
    let idp = metadata::identity_provider(app, confirmed, request.id).await?;
    let own = keys::own(app, confirmed, request.id).await?;
    let signer = own.first().ok_or(SamlError::OwnKey)?;
    let mut random = [0; 20];
    app.entropy().fill(&mut random);
    let detail = Detail {
        request: message_id(random),
        away: wanted.into(),
    };
    let state = ask(
        app,
        confirmed,
        wanted.browser,
        &serde_json::json!(detail).to_string(),
    )
    .await?;
    let of = |binding: Binding| idp.single_sign_on.iter().find(|end| end.binding == binding);
    let (redirect, post) = (of(Binding::Redirect), of(Binding::Post));
    let endpoint = redirect.or(post);
    let endpoint = endpoint.ok_or_else(|| unusable("it names no address to sign in at"))?;
    let destination = secure(&endpoint.location)?;
    let (acs, entity_id) = (acs(app, confirmed.id), entity_id(app, confirmed.id));
    let asked = AuthnRequest {
        id: &detail.request,
        at: now(app),
        destination: &endpoint.location,
        acs: &acs,
        sp_entity: &entity_id,
        name_id_format: Some(saml.name_id.identifier()),
        force_authn: wanted.errand.again.is_some(),
    };
    if redirect.is_some() {
        let to = asked.redirect(Some(&state.expose()), Some(&signer.key));
        return Ok(Sent::To(to));
    }
    let form = asked.post(Some((&signer.key, Some(&signer.certificate))));
    Ok(Sent::Form {
        action: destination,
        request: form.map_err(|_| unusable("its address cannot stand in a request"))?,
        state,
    })
}

pub(super) fn unusable(why: &str) -> SamlError {
    SamlError::Metadata(why.to_owned())
}

/// An address of the identity provider's that a browser is sent to: over TLS, whatever its metadata says.
pub(super) fn secure(address: &str) -> Result<Url, SamlError> {
    let parsed: Option<Url> = address.parse().ok();
    parsed
        .filter(|url| url.scheme() == "https" && url.host().is_some())
        .ok_or_else(|| unusable("one of its addresses does not begin with https://"))
}

pub(super) fn now(app: &App) -> Timestamp {
    Timestamp::from_microsecond(app.now().0).unwrap_or(Timestamp::UNIX_EPOCH)
}
