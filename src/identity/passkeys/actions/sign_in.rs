//! Signing in by a passkey alone: the authenticator names its person and has verified her.

use super::{Asked, Purpose, Signed, check, give, take};
use crate::identity::credential::ShownToken;
use crate::identity::devices;
use crate::identity::factors::{
    self, FactorError, Holder, Through, count_attempt, finish, refused,
};
use crate::identity::passkeys::rules::Expected;
use crate::identity::passkeys::store;
use crate::identity::people::{self, Status};
use crate::identity::sessions::{self, Stage};
use crate::identity::sso;
use crate::identity::throttles;
use crate::platform::app::App;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{Entry, Reads as _, StoreError};
use crate::platform::web::request::RequestInfo;

/// Whose passkey an answer is of, as far as its credential says.
type Found = Option<(OrgId, PersonId)>;

fn throttle(request: &RequestInfo) -> [throttles::Key; 1] {
    let prefix = request.address_prefix();
    [throttles::Key::address(&prefix, throttles::ADDRESS)]
}

/// A challenge for somebody of whom nothing is known; attempts are counted here, by network, since nobody is named yet.
pub(in crate::identity::passkeys) async fn ask(
    app: &App,
    bound: &str,
    request: &RequestInfo,
) -> Result<Asked, FactorError> {
    if !throttles::attempt(app, &throttle(request)).await? {
        return Err(FactorError::Refused);
    }
    give(app, OrgId::SYSTEM, (Purpose::SignIn, bound)).await
}

/// Opens a full session for the person of a passkey.
pub(in crate::identity::passkeys) async fn sign_in(
    app: &App,
    (answer, bound): (Signed, &str),
    device: Option<&ShownToken>,
    request: &RequestInfo,
) -> Result<Through, FactorError> {
    // Without a challenge of ours nothing is looked up, and nothing grows.
    let expected = take(app, &answer.client_data, (Purpose::SignIn, bound)).await?;
    let credential = answer.credential.clone();
    let found: Found = app
        .store
        .lookup(move |lookup| store::find(lookup, &credential))
        .await?;
    let Some((organisation, person)) = found else {
        journal_unknown(app, request).await?;
        return Err(FactorError::Refused);
    };
    let scope = Scope::of(organisation);
    let mut caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    caller.actor.person = Some(person);
    let by = Holder {
        person,
        // Hers is opened when the answer is good.
        session: app.id(),
        known: devices::find(app, device).await?,
        request: request.clone(),
    };
    count_attempt(app, &by).await?;
    let done = open(app, caller, &by, (answer, expected)).await;
    let through = finish(app, caller, &by, done).await?;
    throttles::forgive(app, &throttle(request)).await?;
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
