//! Finding and remembering devices.

use super::store;
use crate::identity::access::Access;
use crate::identity::credential::{ShownToken, behind};
use crate::identity::notices::{self, Notice};
use crate::identity::throttles::{self, Key};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Entry, StoreError, Tx};
use crate::platform::web::request::RequestInfo;

/// A device that somebody has signed in from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub id: CredentialId,
    pub organisation: OrgId,
    pub person: PersonId,
}

/// Where an attempt was counted at which nobody was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// With everybody of its network.
    Network,
    /// By itself: the network is locked, and somebody has signed in from this device before.
    Own(Known),
}

impl Room {
    fn key(self, request: &RequestInfo) -> Key {
        match self {
            Self::Network => Key::address(&request.address_prefix(), throttles::ADDRESS),
            Self::Own(known) => Key::device(known.id, "unnamed"),
        }
    }

    /// Whether somebody may get in who was let try here: a device's room is for its own person.
    #[must_use]
    pub fn lets_in(self, person: PersonId) -> bool {
        match self {
            Self::Network => true,
            Self::Own(known) => known.person == person,
        }
    }

    /// Takes back what a success proves to have been honest.
    pub async fn forgive(self, app: &App, request: &RequestInfo) -> Result<(), StoreError> {
        throttles::forgive(app, &[self.key(request)]).await
    }
}

/// Counts an attempt at which nobody is named yet, with its network; where that is locked, a device in which somebody signed in
/// before has room for as many as an account has. None where there is no room.
pub async fn admit(
    app: &App,
    known: Option<Known>,
    request: &RequestInfo,
) -> Result<Option<Room>, StoreError> {
    for room in std::iter::once(Room::Network).chain(known.map(Room::Own)) {
        if throttles::attempt(app, &[room.key(request)]).await? {
            return Ok(Some(room));
        }
    }
    Ok(None)
}

/// A device is remembered for so long; then its person shows both factors there as a stranger does, and hears of it.
const REMEMBERED_US: i64 = 90 * Micros::DAY;

const fn remembered_since(now: Micros) -> Micros {
    Micros(now.0.saturating_sub(REMEMBERED_US))
}

/// The device of a cookie's token. Unknown, ended and forged are alike.
pub async fn find(app: &App, token: Option<&ShownToken>) -> Result<Option<Known>, StoreError> {
    let Some(token) = token.map(ShownToken::stored) else {
        return Ok(None);
    };
    let since = remembered_since(app.now());
    let found = behind(app, token, store::find, move |read, id| {
        store::load(read, id, token, since)
    });
    Ok(found.await?.map(|behind| Known {
        id: behind.id,
        organisation: behind.scope.organisation(),
        person: behind.row,
    }))
}

/// Remembers the device of a full sign-in, within its transaction, and tells the person of it by mail unless she only just joined.
/// None where it is hers already.
pub fn remember(
    tx: &mut Tx<'_>,
    person: PersonId,
    known: Option<Known>,
    (request, has_just_joined): (&RequestInfo, bool),
) -> Result<Option<ShownToken>, StoreError> {
    if known.is_some_and(|known| known.person == person) {
        return Ok(None);
    }
    // An account from before devices were remembered has none either; a thief's would be its first.
    let is_expected = has_just_joined && !store::had_one(tx, person)?;
    let token = ShownToken::generate(tx.entropy());
    let id: CredentialId = tx.id();
    store::insert(tx, id, person, token.stored())?;
    tx.journal(
        Entry::new("device.remembered", "device", id)
            .fact("person", person)
            .fact("device", &request.device),
    )?;
    if !is_expected {
        notices::queue(tx, person, Notice::NewDevice, Some(request))?;
    }
    Ok(Some(token))
}

/// Makes a person's devices strangers, but `keep`, within the transaction that changes her password.
pub fn end_all_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    keep: Option<CredentialId>,
) -> Result<(), StoreError> {
    for id in store::open_of_person(tx, person)? {
        if Some(id) != keep && store::end(tx, id)? {
            tx.journal(Entry::new("device.forgotten", "device", id).version(2))?;
        }
    }
    Ok(())
}

/// One's own devices that are remembered, the newest first.
pub async fn list(app: &App, access: &Access) -> Result<Vec<(CredentialId, Micros)>, StoreError> {
    let (person, since) = (access.person(), remembered_since(app.now()));
    app.store
        .read(access.scope(), move |read| store::list(read, person, since))
        .await
}

/// Forgets one of one's own devices. Somebody else's is as if it were not there.
pub async fn forget(app: &App, access: &Access, id: CredentialId) -> Result<(), StoreError> {
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            let own = store::open_of_person(tx, person)?;
            if !own.contains(&id) || !store::end(tx, id)? {
                return Err(StoreError::Missing);
            }
            let entry = Entry::new("device.forgotten", "device", id).version(2);
            tx.commit(entry, ())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Id as _;

    #[test]
    fn a_devices_room_is_for_its_own_person() {
        let person = |n| PersonId::from_uuid(uuid::Uuid::from_u128(n));
        let known = Known {
            id: CredentialId::from_uuid(uuid::Uuid::from_u128(1)),
            organisation: OrgId::SYSTEM,
            person: person(2),
        };
        assert!(Room::Own(known).lets_in(person(2)));
        assert!(!Room::Own(known).lets_in(person(3)));
        assert!(Room::Network.lets_in(person(3)));
    }
}
