//! What was asked of an identity provider, and what it answered once. Any node takes what another gave.

use serde::{Deserialize, Serialize};

use crate::identity::credential::ShownToken;
use crate::identity::devices::{Known, Room};
use crate::identity::sso::Confirmed;
use crate::identity::sso::rules::{Errand, sha256};
use crate::identity::sso::store::requests::{self, Asked};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::StoreError;

/// How long somebody may take to sign in at the identity provider.
const ASKED_US: i64 = 15 * Micros::MINUTE;

/// Somebody who is sent away.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity::sso) struct Wanted<'a> {
    /// The browser's name.
    pub browser: &'a str,
    /// Where she wants to go.
    pub next: &'a str,
    /// The device that she comes from, if somebody has signed in there before.
    pub known: Option<Known>,
    /// Where being sent away was counted.
    pub room: Room,
    /// What she was sent away for, besides signing in.
    pub errand: Errand,
}

/// What is remembered of somebody who was sent away until her answer comes, whatever the protocol remembers beside it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::identity::sso) struct Away {
    /// Where she wanted to go.
    pub next: String,
    /// The device that she came from: its cookie does not come with another site's form.
    device: Option<(CredentialId, OrgId, PersonId)>,
    /// Whether being sent away was counted in that device's own room.
    #[serde(default)]
    own_room: bool,
    /// What she was sent away for, besides signing in.
    #[serde(default)]
    pub errand: Errand,
}

impl From<Wanted<'_>> for Away {
    fn from(wanted: Wanted<'_>) -> Self {
        let device = wanted.known;
        Self {
            next: wanted.next.to_owned(),
            device: device.map(|known| (known.id, known.organisation, known.person)),
            own_room: wanted.room != Room::Network,
            errand: wanted.errand,
        }
    }
}

impl Away {
    pub fn known(&self) -> Option<Known> {
        let (id, organisation, person) = self.device?;
        Some(Known {
            id,
            organisation,
            person,
        })
    }

    /// Where being sent away was counted.
    pub fn room(&self) -> Room {
        let own = self.known().filter(|_| self.own_room);
        own.map_or(Room::Network, Room::Own)
    }
}

/// Notes that a browser, which `bound` names, is sent to the identity provider. The token is the opaque state that comes
/// back with the answer; `detail` is what the protocol needs then, and is no secret.
pub async fn ask(
    app: &App,
    confirmed: &Confirmed,
    bound: &str,
    detail: &str,
) -> Result<ShownToken, StoreError> {
    let state = ShownToken::generate(app.entropy());
    let asked = Asked {
        state: state.stored(),
        organisation: confirmed.organisation,
        connection: confirmed.id,
        bound: bound.to_owned(),
    };
    let (detail, now) = (detail.to_owned(), app.now());
    app.store
        .claim(move |claim| requests::give(claim, &asked, &detail, (now, now.plus_us(ASKED_US))))
        .await?;
    Ok(state)
}

/// What was asked under this state, once: of this connection, in this browser, and lately.
pub async fn answered(
    app: &App,
    confirmed: &Confirmed,
    state: &ShownToken,
    bound: &str,
) -> Result<Option<String>, StoreError> {
    let asked = Asked {
        state: state.stored(),
        organisation: confirmed.organisation,
        connection: confirmed.id,
        bound: bound.to_owned(),
    };
    let now = app.now();
    app.store
        .claim(move |claim| requests::take(claim, &asked, now))
        .await
}

/// Whether something that an identity provider gave out is used for the first time. It is remembered until it is too old to
/// be accepted anyway.
pub async fn is_first_use(
    app: &App,
    confirmed: &Confirmed,
    name: &str,
    until: Micros,
) -> Result<bool, StoreError> {
    let what = sha256(&confirmed.own(name));
    let (organisation, now) = (confirmed.organisation, app.now());
    app.store
        .claim(move |claim| requests::see(claim, (organisation, &what), (now, until)))
        .await
}
