//! Opening, moving on and ending sessions. The pieces that take a `Tx` are part of others' transactions: signing in,
//! setting up a factor, changing a password, suspending somebody.

mod renew;

use renew::mark_of;
pub(super) use renew::renew;

use super::rules::{Limits, Stage, ends};
use super::store::{self, Context, Found, New};
use crate::identity::access::{Mandate, Right};
use crate::identity::credential::{Behind, ShownToken, StoredToken, behind};
use crate::identity::delegations;
use crate::identity::policy::{self, Policy};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::config::Sessions;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Caller;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for SessionError {
    fn store_error(&self) -> Option<&StoreError> {
        let Self::Store(error) = self;
        Some(error)
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        let SessionError::Store(error) = error;
        error.into()
    }
}

/// The status of a person who may act.
const ACTIVE: &str = "active";

/// What somebody holds herself, and on whose behalf she acts.
pub(super) type Held = (Vec<Right>, Vec<Mandate>);

/// What stands behind a token: the session, whose it is, what she holds, and what her organisation asks.
type Standing = (Found, Context, Held, Policy);

/// The session of a token, if it still stands. Notes that it was seen.
pub(super) async fn standing(
    app: &App,
    token: StoredToken,
) -> Result<Option<Standing>, StoreError> {
    let now = app.now();
    let found = behind(app, token, store::find, move |read, session| {
        let Some(found) = store::load(read, (session, token), now)? else {
            return Ok(None);
        };
        let context = store::context(read, found.person, session)?;
        let rights = store::rights(read, found.person)?;
        let policy = policy::of(read)?;
        let Some(context) = context else {
            return Ok(None);
        };
        let who = (found.person, context.human);
        let mandates = delegations::mandates(read, who, now)?;
        Ok(Some((found, context, (rights, mandates), policy)))
    });
    let Some(Behind { scope, id, row }) = found.await? else {
        return Ok(None);
    };
    let ((found, context, held, policy), session) = (row, id);
    // A service account has no session, whoever made it one.
    if context.status != ACTIVE || context.kind.is_some() || !policy.covers(found.created) {
        return Ok(None);
    }
    let life = found.life(context.last_seen);
    if life.is_over(now, policy.limits(app.sessions.into())) {
        return Ok(None);
    }
    if life.is_due_for_touch(now) {
        let touched = app.store.housekeep(scope, move |housekeeping| {
            store::touch(housekeeping, session, now)
        });
        // Last-seen is a convenience; the request does not fail for it.
        if let Err(error) = touched.await {
            tracing::warn!(%error, "last-seen was not noted");
        }
    }
    Ok(Some((found, context, held, policy)))
}

/// A session that was just opened or moved on, with the token for the browser's cookie.
#[derive(Debug)]
pub struct Opened {
    pub id: CredentialId,
    pub token: ShownToken,
    pub stage: Stage,
}

/// Opens a session within a sign-in's transaction. What it lives for comes when it is promoted; one that is opened in full
/// gets the standard, and the limits of the installation at each request.
pub fn open(
    tx: &mut Tx<'_>,
    person: PersonId,
    stage: Stage,
    factor_at: Option<Micros>,
    request: &RequestInfo,
) -> Result<Opened, StoreError> {
    open_until(tx, person, (stage, None), factor_at, request)
}

/// The same for somebody whom an identity provider vouches for: no stage of it lives longer than that says.
pub(in crate::identity) fn open_until(
    tx: &mut Tx<'_>,
    person: PersonId,
    (stage, not_after): (Stage, Option<Micros>),
    factor_at: Option<Micros>,
    request: &RequestInfo,
) -> Result<Opened, StoreError> {
    let token = ShownToken::generate(tx.entropy());
    let id: CredentialId = tx.id();
    let (address, now) = (request.address.to_string(), tx.now());
    let mark = match stage {
        Stage::Full => mark_of(tx, person, now)?,
        _ => None,
    };
    store::insert(
        tx,
        &New {
            id,
            token: token.stored(),
            person,
            stage,
            device: &request.device,
            address: &address,
            factor_at,
            expires: ends(tx.now(), stage, Sessions::STANDARD.into(), not_after),
            not_after,
            mark,
        },
    )?;
    tx.journal(
        Entry::new("session.started", "session", id)
            .fact("person", person)
            .fact("stage", stage)
            .fact("address", &address)
            .fact("device", &request.device),
    )?;
    Ok(Opened { id, token, stage })
}

/// Moves a session to its next stage within the transaction that verified what was missing. The old token is void.
///
/// # Errors
/// `Missing` where the session has ended or is no longer at `from`.
pub fn promote(
    tx: &mut Tx<'_>,
    id: CredentialId,
    (from, to): (Stage, Stage),
    factor_at: Option<Micros>,
    limits: Limits,
) -> Result<Opened, StoreError> {
    let token = ShownToken::generate(tx.entropy());
    let expires = ends(tx.now(), to, limits, store::not_after(tx, id)?);
    let (person, now) = (store::person_of(tx, id)?, tx.now());
    let given = (token.stored(), mark_of(tx, person, now)?);
    store::promote(tx, id, given, (from, to), factor_at, expires)?;
    let version = store::version(tx, id)?;
    tx.journal(
        Entry::new("session.advanced", "session", id)
            .version(version)
            .change("stage", Some(from), Some(to)),
    )?;
    Ok(Opened {
        id,
        token,
        stage: to,
    })
}

/// Notes within a transaction that the person of a full session has just shown a factor again. The old token is void
/// (ASVS 5.0, 7.2.4): whoever had a copy of it does not have what she may do now.
pub fn show_factor(tx: &mut Tx<'_>, id: CredentialId) -> Result<Opened, StoreError> {
    let token = ShownToken::generate(tx.entropy());
    let (person, now) = (store::person_of(tx, id)?, tx.now());
    let given = (token.stored(), mark_of(tx, person, now)?);
    store::show_factor(tx, id, given)?;
    let version = store::version(tx, id)?;
    tx.journal(Entry::new("session.factor-shown", "session", id).version(version))?;
    Ok(Opened {
        id,
        token,
        stage: Stage::Full,
    })
}

/// Ends one session within a transaction; nothing happens where it has ended before.
pub fn end(tx: &mut Tx<'_>, id: CredentialId, reason: &'static str) -> Result<(), StoreError> {
    if store::end(tx, id)? {
        let version = store::version(tx, id)?;
        tx.journal(
            Entry::new("session.ended", "session", id)
                .version(version)
                .fact("reason", reason),
        )?;
    }
    Ok(())
}

/// Ends all sessions of a person but `keep`, within the transaction that changes the password, the roles or the status.
pub fn end_all_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    keep: Option<CredentialId>,
    reason: &'static str,
) -> Result<(), StoreError> {
    for id in open_of(tx, person)? {
        if Some(id) != keep {
            end(tx, id, reason)?;
        }
    }
    Ok(())
}

/// A person's sessions that have not ended, whatever their stage.
pub(in crate::identity) fn open_of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<CredentialId>, StoreError> {
    let open = store::open_of_person(tx, person)?;
    Ok(open.into_iter().map(|(id, _)| id).collect())
}

/// Ends the session by which somebody asks, as its own transaction.
pub async fn sign_out(app: &App, caller: Caller, id: CredentialId) -> Result<(), SessionError> {
    app.store
        .write(caller, move |tx| {
            end(tx, id, "signed-out")?;
            Ok(tx.done(())?)
        })
        .await
}
