//! Sending somebody to her provider.

use countersign_oidc::flow::{Client, Marks, anew, request as authorization};
use serde::{Deserialize, Serialize};

use super::{OidcError, oidc, provider};
use crate::identity::sso::oidc::rules::{callback, derived};
use crate::identity::sso::{Away, Confirmed, Wanted, ask};
use crate::platform::app::App;
use crate::platform::ids::RequestId;
use crate::platform::scope::Scope;

/// What is remembered of a question until its answer comes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Detail {
    /// The version of the connection that asked: another one may have another issuer.
    pub setting: String,
    #[serde(flatten)]
    pub away: Away,
}

/// The address to which whoever sits before this browser is sent.
pub(in crate::identity::sso::oidc) async fn start(
    app: &App,
    confirmed: &Confirmed,
    wanted: Wanted<'_>,
    request: RequestId,
) -> Result<String, OidcError> {
    let oidc = oidc(confirmed)?;
    let provider = provider::known(app, confirmed, request).await?.provider;
    let detail = serde_json::json!(Detail {
        setting: confirmed.setting.to_string(),
        away: wanted.into(),
    });
    let state = ask(app, confirmed, wanted.browser, &detail.to_string()).await?;
    let state = state.expose();
    let scope = Scope::of(confirmed.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let derived = derived(&keys, confirmed.id, &state);
    let client = Client {
        id: &oidc.client_id,
        redirect: &callback(app, confirmed.id),
    };
    let marks = Marks {
        state: &state,
        nonce: &derived.nonce,
        verifier: &derived.verifier,
    };
    let wants_groups = !confirmed.connection.mapping.groups.is_empty();
    let address = authorization(&provider, client, marks, wants_groups);
    let address = match wanted.errand.again {
        Some(_) => anew(address),
        None => address,
    };
    Ok(address.into())
}
