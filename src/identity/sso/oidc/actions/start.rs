//! Sending somebody to her provider.

use countersign_oidc::flow::{Client, Marks, anew, request as authorization};
use serde::{Deserialize, Serialize};

use super::{OidcError, oidc, provider};
use crate::identity::devices::{Known, Room};
use crate::identity::sso::oidc::rules::{callback, derived};
use crate::identity::sso::{Confirmed, Errand, Wanted, ask};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, OrgId, PersonId, RequestId};
use crate::platform::scope::Scope;

/// What is remembered of a question until its answer comes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Detail {
    /// The version of the connection that asked: another one may have another issuer.
    pub setting: String,
    /// Where the person wanted to go.
    pub next: String,
    /// The device that she came from.
    pub device: Option<(CredentialId, OrgId, PersonId)>,
    /// Whether being sent away was counted in that device's own room.
    #[serde(default)]
    own_room: bool,
    /// What she was sent away for, besides signing in.
    #[serde(default)]
    pub errand: Errand,
}

impl Detail {
    pub(super) fn known(&self) -> Option<Known> {
        let (id, organisation, person) = self.device?;
        Some(Known {
            id,
            organisation,
            person,
        })
    }

    /// Where being sent away was counted.
    pub(super) fn room(&self) -> Room {
        let own = self.known().filter(|_| self.own_room);
        own.map_or(Room::Network, Room::Own)
    }
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
        next: wanted.next.to_owned(),
        device: wanted.device(),
        own_room: wanted.room != Room::Network,
        errand: wanted.errand,
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
