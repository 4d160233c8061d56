//! Setting up a factor and showing it.

use std::sync::Arc;

use countersign_sealing::Secret;

use super::rules::{RECOVERY_CODES, RecoveryCode, Seed, accepted_step};
use super::store::{self, Ways};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Known};
use crate::identity::forged::{is_forged, unless_forged};
use crate::identity::notices::{self, Notice};
use crate::identity::people;
use crate::identity::sessions::rules::Limits;
use crate::identity::sessions::{Opened, Stage, promote, show_factor};
use crate::identity::throttles;
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::fields::TOTP_SEED;
use crate::platform::keys::{KeyError, OrgKeys, SubjectKey};
use crate::platform::scope::Caller;
use crate::platform::store::{BodyError, Committed, Entry, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// Wrong, old, used before, or too many attempts: one answer for all.
    #[error("the code is not accepted")]
    Refused,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for FactorError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Refused => None,
        }
    }
}

impl From<FactorError> for Problem {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Store(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

/// Whose second step it is, in which session, and from where.
#[derive(Debug, Clone)]
pub struct Holder {
    pub person: PersonId,
    pub session: CredentialId,
    /// The device, where somebody has signed in from it before.
    pub known: Option<Known>,
    pub request: RequestInfo,
}

impl Holder {
    /// Her own device, which is counted by itself.
    fn device(&self) -> Option<Known> {
        self.known.filter(|known| known.person == self.person)
    }
}

/// Somebody who has shown everything.
#[derive(Debug)]
pub struct Through {
    pub opened: Opened,
    /// For the cookie of a device that was just remembered.
    pub device: Option<ShownToken>,
}

/// Prepares a factor for a person who has none, within the transaction that lets her in.
pub fn begin(tx: &mut Tx<'_>, person: PersonId, key: &SubjectKey) -> Result<(), StoreError> {
    if store::pending(tx, person)?.is_some() {
        return Ok(());
    }
    let seed = Seed::generate(tx.entropy());
    let id: CredentialId = tx.id();
    let sealed = key.seal(TOTP_SEED, id, &seed, tx.entropy());
    store::insert(tx, id, person, sealed)?;
    tx.journal(Entry::new("factor.prepared", "factor", id).fact("person", person))
}

/// What a person can be asked for. Where one of her factors was changed behind our back she is asked as anybody is: the answer
/// is refused, and says nothing of it.
pub(in crate::identity) async fn asked_for(
    app: &App,
    caller: Caller,
    person: PersonId,
) -> Result<Ways, StoreError> {
    let found = app
        .store
        .read(caller.scope, move |read| store::ways(read, person))
        .await;
    let as_anybody = Ways {
        app: true,
        passkeys: 0,
    };
    Ok(unless_forged(found)?.unwrap_or(as_anybody))
}

/// The seed of the factor that is being set up, to be shown to its person.
pub async fn pending(
    app: &App,
    caller: Caller,
    person: PersonId,
) -> Result<Secret<Seed>, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    app.store
        .read(caller.scope, move |read| {
            let factor = store::pending(read, person)?.ok_or(StoreError::Missing)?;
            let key = keys.subject(read, person)?;
            Ok(key.open(TOTP_SEED, factor.id, &factor.seed)?)
        })
        .await
}

/// Confirms the factor by its first code, gives the recovery codes to be shown once, and makes the session full.
pub async fn confirm(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<(Through, Vec<RecoveryCode>), FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder) = (code.to_owned(), by.clone());
    let (person, session) = (by.person, by.session);
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            let factor = store::pending(tx, person)
                .map_err(refused)?
                .ok_or(FactorError::Refused)?;
            let step = check(tx, &keys, person, &factor, &code)?;
            store::confirm(tx, factor.id, step).map_err(refused)?;
            let codes = give_codes(tx, person)?;
            people::mark_factor(tx, person).map_err(refused)?;
            tx.journal(
                Entry::new("factor.confirmed", "factor", factor.id)
                    .version(factor.version + 1)
                    .fact("person", person)
                    .fact("recovery-codes", codes.len()),
            )?;
            let now = tx.now();
            let stages = (Stage::Enrolling, Stage::Full);
            let opened = promote(tx, session, stages, Some(now), limits).map_err(refused)?;
            let device = devices::remember(tx, person, holder.known, (&holder.request, true))?;
            Ok::<_, FactorError>(tx.done((Through { opened, device }, codes))?)
        })
        .await?;
    forgive(app, by).await?;
    Ok(done)
}

/// New recovery codes for a person, to be shown once; those from before end. The entry that follows journals them.
pub(in crate::identity) fn give_codes(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<RecoveryCode>, StoreError> {
    let codes: Vec<RecoveryCode> = (0..RECOVERY_CODES)
        .map(|_| RecoveryCode::generate(tx.entropy()))
        .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.stored(person)).collect();
    store::replace_codes(tx, person, &hashes)?;
    Ok(codes)
}

/// Shows a code of the app; the session becomes full.
pub async fn use_code(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<Through, FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder, person) = (code.to_owned(), by.clone(), by.person);
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            spend_code(tx, &keys, person, &code)?;
            become_full(tx, &holder, limits)
        })
        .await;
    finish(app, caller, by, done).await
}

/// Shows a code of the app again, for what asks that a factor was shown a moment ago. The session stays what it is.
pub async fn show_again(
    app: &App,
    caller: Caller,
    by: &Holder,
    code: &str,
) -> Result<(), FactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    count_attempt(app, by).await?;
    let (code, holder) = (code.to_owned(), by.clone());
    let done = app
        .store
        .write(caller, move |tx| {
            spend_code(tx, &keys, holder.person, &code)?;
            show_factor(tx, holder.session).map_err(refused)?;
            Ok::<_, FactorError>(tx.done(())?)
        })
        .await;
    finish(app, caller, by, done).await
}

/// Uses up a recovery code within a transaction; of several who try at once, one succeeds.
pub fn spend_recovery_code(
    tx: &mut Tx<'_>,
    person: PersonId,
    typed: &str,
) -> Result<(), FactorError> {
    let code = RecoveryCode::parse(typed).ok_or(FactorError::Refused)?;
    store::use_code(tx, person, &code.stored(person)).map_err(refused)?;
    let request = tx.caller().actor.request;
    tx.journal(Entry::new("recovery-code.used", "sign-in", request).fact("person", person))?;
    Ok(())
}

/// Uses up a recovery code; the session becomes full.
pub async fn use_recovery_code(
    app: &App,
    caller: Caller,
    by: &Holder,
    typed: &str,
) -> Result<Through, FactorError> {
    count_attempt(app, by).await?;
    let (typed, holder) = (typed.to_owned(), by.clone());
    let limits = app.sessions.into();
    let done = app
        .store
        .write(caller, move |tx| {
            spend_recovery_code(tx, holder.person, &typed)?;
            notices::queue(
                tx,
                holder.person,
                Notice::RecoveryCodeUsed,
                Some(&holder.request),
            )?;
            become_full(tx, &holder, limits)
        })
        .await;
    finish(app, caller, by, done).await
}

pub(in crate::identity) fn become_full(
    tx: &mut Tx<'_>,
    by: &Holder,
    limits: Limits,
) -> Result<Committed<Through>, FactorError> {
    let now = tx.now();
    let stages = (Stage::Password, Stage::Full);
    let opened = promote(tx, by.session, stages, Some(now), limits).map_err(refused)?;
    let device = devices::remember(tx, by.person, by.known, (&by.request, false))?;
    Ok(tx.done(Through { opened, device })?)
}

/// Uses up a code of the app within a transaction.
fn spend_code(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    person: PersonId,
    code: &str,
) -> Result<(), FactorError> {
    let factor = store::confirmed(tx, person)
        .map_err(refused)?
        .ok_or(FactorError::Refused)?;
    let step = check(tx, keys, person, &factor, code)?;
    store::advance(tx, factor.id, step).map_err(refused)?;
    tx.journal(Entry::new("factor.used", "factor", factor.id).version(factor.version + 1))?;
    Ok(())
}

fn check(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    person: PersonId,
    factor: &store::Factor,
    code: &str,
) -> Result<i64, FactorError> {
    let seed = keys
        .subject(tx, person)?
        .open(TOTP_SEED, factor.id, &factor.seed)?;
    accepted_step(seed.expose(), code, tx.now(), factor.last_step).ok_or(FactorError::Refused)
}

/// Somebody was faster with the same code, or what it is compared with is not ours.
pub(in crate::identity) fn refused(error: StoreError) -> FactorError {
    match error {
        StoreError::Missing | StoreError::Stale => FactorError::Refused,
        other if is_forged(&other) => FactorError::Refused,
        other => FactorError::Store(other),
    }
}

/// Forgives what a success proves to have been honest, and journals a refusal.
pub(in crate::identity) async fn finish<T>(
    app: &App,
    caller: Caller,
    by: &Holder,
    done: Result<T, FactorError>,
) -> Result<T, FactorError> {
    match done {
        Ok(value) => {
            forgive(app, by).await?;
            Ok(value)
        }
        Err(FactorError::Refused) => {
            let device = by.request.device.clone();
            let address = by.request.address.to_string();
            let person = by.person;
            app.store
                .write(caller, move |tx| {
                    let entry = Entry::new("sign-in.failed", "account", person)
                        .fact("reason", "second-factor")
                        .fact("address", &address)
                        .fact("device", &device);
                    tx.commit(entry, ())
                })
                .await?;
            Err(FactorError::Refused)
        }
        Err(other) => Err(other),
    }
}

fn throttle(by: &Holder) -> [throttles::Key; 1] {
    [match by.device() {
        Some(device) => throttles::Key::device(device.id, "codes"),
        None => throttles::Key::account(&format!("codes of {}", by.person), throttles::ACCOUNT),
    }]
}

pub(in crate::identity) async fn count_attempt(app: &App, by: &Holder) -> Result<(), FactorError> {
    if throttles::attempt(app, &throttle(by)).await? {
        Ok(())
    } else {
        Err(FactorError::Refused)
    }
}

async fn forgive(app: &App, by: &Holder) -> Result<(), FactorError> {
    Ok(throttles::forgive(app, &throttle(by)).await?)
}
