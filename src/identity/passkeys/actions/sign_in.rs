//! Signing in by a passkey alone: the authenticator names its person and has verified her.

use super::{Asked, Purpose, Signed, check, give, take};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Known, Room};
use crate::identity::factors::{
    self, FactorError, Holder, Through, count_attempt, finish, refused,
};
use crate::identity::passkeys::rules::Expected;
use crate::identity::passkeys::store;
use crate::identity::people::{self, Status};
use crate::identity::sessions::{self, Stage};
use crate::identity::sso;
use crate::platform::app::App;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{Entry, Reads as _, StoreError};
use crate::platform::web::request::RequestInfo;

/// Whose passkey an answer is of, as far as its credential says.
type Found = Option<(OrgId, PersonId)>;

/// What a challenge is bound to: one that a device's own room gave comes back from that device, or not at all.
fn bound_in(room: Room, bound: &str) -> String {
    match room {
        Room::Network => bound.to_owned(),
        Room::Own(known) => format!("{bound} {}", known.id),
    }
}

/// A challenge for somebody who names herself with the answer; attempts are counted here.
pub(in crate::identity::passkeys) async fn ask(
    app: &App,
    bound: &str,
    device: Option<&ShownToken>,
    request: &RequestInfo,
) -> Result<Asked, FactorError> {
    let known = devices::find(app, device).await?;
    let room = devices::admit(app, known, request).await?;
    let bound = bound_in(room.ok_or(FactorError::Refused)?, bound);
    give(app, OrgId::SYSTEM, (Purpose::SignIn, &bound)).await
}

/// Takes the challenge of an answer, and says in which room it was given.
async fn taken(
    app: &App,
    (answer, bound): (&Signed, &str),
    known: Option<Known>,
) -> Result<(Expected, Room), FactorError> {
    for room in std::iter::once(Room::Network).chain(known.map(Room::Own)) {
        let bound = bound_in(room, bound);
        match take(app, &answer.client_data, (Purpose::SignIn, &bound)).await {
            Err(FactorError::Refused) => {}
            found => return Ok((found?, room)),
        }
    }
    Err(FactorError::Refused)
}

/// Opens a full session for the person of a passkey.
pub(in crate::identity::passkeys) async fn sign_in(
    app: &App,
    (answer, bound): (Signed, &str),
    device: Option<&ShownToken>,
    request: &RequestInfo,
) -> Result<Through, FactorError> {
    let known = devices::find(app, device).await?;
    // Without a challenge of ours nothing is looked up, and nothing grows.
    let (expected, room) = taken(app, (&answer, bound), known).await?;
    let credential = answer.credential.clone();
    let found: Found = app
        .store
        .lookup(move |lookup| store::find(lookup, &credential))
        .await?;
    let Some((organisation, person)) = found else {
        journal_unknown(app, request).await?;
        return Err(FactorError::Refused);
    };
    if !room.lets_in(person) {
        return Err(FactorError::Refused);
    }
    let scope = Scope::of(organisation);
    let mut caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    caller.actor.person = Some(person);
    let by = Holder {
        person,
        // Hers is opened when the answer is good.
        session: app.id(),
        known,
        request: request.clone(),
    };
    count_attempt(app, &by).await?;
    let done = open(app, caller, &by, (answer, expected)).await;
    let through = finish(app, caller, &by, done).await?;
    room.forgive(app, request).await?;
    Ok(through)
}

async fn open(
    app: &App,
    caller: Caller,
    by: &Holder,
    (answer, expected): (Signed, Expected),
) -> Result<Through, FactorError> {
    let holder = by.clone();
    app.store
        .write(caller, move |tx| {
            let person = holder.person;
            tx.authentic("people", person).map_err(refused)?;
            if people::find(tx, person).map_err(refused)?.status != Status::Active {
                return Err(FactorError::Refused);
            }
            if sso::refuses_others(tx, person)? {
                return Err(FactorError::Refused);
            }
            factors::ways(tx, person).map_err(refused)?;
            check(tx, person, &answer, &expected)?;
            sso::break_glass_used(tx, person)?;
            let now = tx.now();
            let opened = sessions::open(tx, person, Stage::Full, Some(now), &holder.request)?;
            let device = devices::remember(tx, person, holder.known, (&holder.request, false))?;
            Ok::<_, FactorError>(tx.done(Through { opened, device })?)
        })
        .await
}

async fn journal_unknown(app: &App, request: &RequestInfo) -> Result<(), StoreError> {
    let caller = app.caller(Scope::SYSTEM, CredentialKind::Anonymous, request.id);
    let (id, address) = (request.id, request.address.to_string());
    app.store
        .write(caller, move |tx| {
            let entry = Entry::new("sign-in.failed", "sign-in", id)
                .fact("reason", "passkey")
                .fact("address", &address);
            tx.commit(entry, ())
        })
        .await
}
