//! The first step of signing in, and changing a password.

use axum::http::StatusCode;

use crate::identity::access::Access;
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Known};
use crate::identity::factors::{Holder, Through};
use crate::identity::forged::{is_forged, unless_forged};
use crate::identity::links;
use crate::identity::notices::{self, Notice};
use crate::identity::passwords::{self, Hashed, HashingError, Password, Verdict};
use crate::identity::people::{self, Candidate, Status};
use crate::identity::sessions::{self, Opened, Stage};
use crate::identity::sign_in::rules::counted_as;
use crate::identity::sso;
use crate::identity::{factors, organisations, policy, throttles};
use crate::msg;
use crate::platform::app::{App, Lane};
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::KeyError;
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, Reads as _, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// One answer for unknown, wrong, suspended, not yet accepted and locked.
    #[error("the sign-in is refused")]
    Refused,
    /// Too many attempts from this network.
    #[error("too many attempts from this network")]
    TooMany,
    #[error(transparent)]
    Hashing(HashingError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<HashingError> for SignInError {
    fn from(error: HashingError) -> Self {
        Self::Hashing(error)
    }
}

impl BodyError for SignInError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Store(error) => error.into(),
            SignInError::TooMany => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, msg!("error-too-many"))
            }
            SignInError::Hashing(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

/// What somebody typed.
pub struct Attempt {
    pub email: String,
    pub password: Password,
    /// Asked for only where the installation has several organisations.
    pub organisation: Option<String>,
    /// The token in the browser's device cookie.
    pub device: Option<ShownToken>,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempt(..)")
    }
}

/// Whether this installation has several organisations, so that the form must ask which.
pub async fn has_several_organisations(app: &App) -> Result<bool, StoreError> {
    let found = app.store.lookup(organisations::first_two).await?;
    Ok(found.len() > 1)
}

/// Verifies name and password and opens a session that still owes the second factor. All refusals take the same time.
pub async fn sign_in(
    app: &App,
    attempt: Attempt,
    request: &RequestInfo,
) -> Result<Opened, SignInError> {
    let paced = app.pace.begin();
    let answer = verify(app, attempt, request).await;
    if let Err(SignInError::Refused) = answer {
        paced.leave().await;
    }
    answer
}

async fn verify(app: &App, attempt: Attempt, request: &RequestInfo) -> Result<Opened, SignInError> {
    let name = people::sign_in_name(&attempt.email);
    let candidate = people::candidate(app, &name, attempt.organisation.as_deref()).await?;
    let known = devices::find(app, attempt.device.as_ref()).await?;
    let meant = (name.as_str(), attempt.organisation.as_deref());
    let keys = throttled_by(meant, candidate.as_ref(), known, request);
    // A network that is blocked is turned away whoever is meant: its attempts cost nobody a turn at hashing.
    if let [_, network] = keys.as_slice()
        && throttles::is_blocked(app, network).await?
    {
        return Err(SignInError::TooMany);
    }
    let lane = match keys.len() {
        1 => Lane::Known,
        _ => Lane::Anybody,
    };
    let allowed = throttles::attempt(app, &keys).await?;
    let hashed = match &candidate {
        Some(candidate) if allowed && candidate.status == Status::Active => {
            password_of(app, candidate).await?
        }
        // Nothing to compare with: the hash of nobody's password is compared, which takes as long.
        _ => None,
    };
    let verdict = passwords::verify(app, lane, attempt.password, hashed).await?;
    match candidate {
        Some(candidate) if verdict.is_right() => {
            let opened = open(app, &candidate, verdict, request).await;
            let opened = opened.map_err(refused)?;
            throttles::forgive(app, &keys).await?;
            Ok(opened)
        }
        // The throttle stops the journal's growth as well.
        _ if !allowed => Err(SignInError::Refused),
        candidate => {
            journal_failure(app, candidate, name, request).await?;
            Err(SignInError::Refused)
        }
    }
}

/// What an attempt counts by: a device that its person has signed in from by itself, everything else by name and network.
fn throttled_by(
    (name, typed): (&str, Option<&str>),
    candidate: Option<&Candidate>,
    known: Option<Known>,
    request: &RequestInfo,
) -> Vec<throttles::Key> {
    match (known, candidate) {
        (Some(known), Some(candidate)) if known.person == candidate.person => {
            vec![throttles::Key::device(known.id, "password")]
        }
        _ => {
            let found = candidate.map(|candidate| candidate.organisation);
            let name = counted_as(name, found, typed);
            vec![
                throttles::Key::account(&name, throttles::ACCOUNT),
                throttles::Key::address(&request.address_prefix(), throttles::ADDRESS),
            ]
        }
    }
}

async fn password_of(app: &App, candidate: &Candidate) -> Result<Option<Hashed>, StoreError> {
    let person = candidate.person;
    let found = app
        .store
        .read(Scope::of(candidate.organisation), move |read| {
            read.authentic("people", person)?;
            // With nothing to compare, she is told and kept waiting as anybody who is wrong.
            if sso::refuses_others(read, person)? {
                return Ok(None);
            }
            passwords::that_signs_in(read, person)
        })
        .await;
    Ok(unless_forged(found)?.flatten())
}

/// A row behind the sign-in that is not ours: she is told what a stranger is told.
fn refused(error: SignInError) -> SignInError {
    match error {
        SignInError::Store(error) if is_forged(&error) => SignInError::Refused,
        other => other,
    }
}

async fn open(
    app: &App,
    candidate: &Candidate,
    verdict: Verdict,
    request: &RequestInfo,
) -> Result<Opened, SignInError> {
    let (scope, person) = (Scope::of(candidate.organisation), candidate.person);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let mut caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    caller.actor.person = Some(person);
    let request = request.clone();
    app.store
        .write(caller, move |tx| {
            tx.authentic("people", person)?;
            if !verdict.still_signs_in(tx, person)? {
                return Err(SignInError::Refused);
            }
            if let Verdict::RightAndWeak { anew, .. } = &verdict {
                passwords::rehash(tx, person, anew)?;
                let version = passwords::version(tx, person)?;
                tx.journal(Entry::new("password.rehashed", "password", person).version(version))?;
            }
            let ways = factors::ways(tx, person)?;
            // Only the link that was mailed to her begins another factor: a password alone never does.
            if ways.were_reset {
                return Err(SignInError::Refused);
            }
            let stage = match ways.count() {
                0 => Stage::Enrolling,
                _ => Stage::Password,
            };
            if sso::refuses_others(tx, person)? {
                return Err(SignInError::Refused);
            }
            sso::break_glass_used(tx, person)?;
            let opened = sessions::open(tx, person, stage, None, &request)?;
            if stage == Stage::Enrolling {
                let key = keys.subject(tx, person)?;
                factors::begin(tx, (person, opened.id), &key)?;
            }
            Ok(tx.done(opened)?)
        })
        .await
}

/// The journal's commitments are salted, so that names tried here cannot be guessed from it.
async fn journal_failure(
    app: &App,
    candidate: Option<Candidate>,
    name: String,
    request: &RequestInfo,
) -> Result<(), StoreError> {
    if let Some(candidate) = candidate {
        let scope = Scope::of(candidate.organisation);
        return wrong_password(app, scope, candidate.person, request).await;
    }
    let (id, name) = (request.id, name.chars().take(254).collect::<String>());
    let entry = move || Entry::new("sign-in.failed", "sign-in", id).fact("name", &name);
    failed(app, Scope::SYSTEM, entry, request).await
}

/// Journals that somebody's password was wrong: under her own account, so that she finds it in her history.
pub(in crate::identity) async fn wrong_password(
    app: &App,
    scope: Scope,
    person: PersonId,
    request: &RequestInfo,
) -> Result<(), StoreError> {
    let entry = move || Entry::new("sign-in.failed", "account", person);
    failed(app, scope, entry, request).await
}

async fn failed(
    app: &App,
    scope: Scope,
    entry: impl Fn() -> Entry + Send + 'static,
    request: &RequestInfo,
) -> Result<(), StoreError> {
    let caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    let (address, device) = (request.address.to_string(), request.device.clone());
    app.store
        .write(caller, move |tx| {
            let entry = entry()
                .fact("reason", "password")
                .fact("address", &address)
                .fact("device", &device);
            tx.commit(entry, ())
        })
        .await
}

/// Replaces a password that the policy has ended, by one that was hashed before; the session becomes full, and her others end.
pub async fn renew_password(
    app: &App,
    caller: Caller,
    by: &Holder,
    hashed: Hashed,
) -> Result<Through, SignInError> {
    let (holder, limits) = (by.clone(), app.sessions.into());
    app.store
        .write(caller, move |tx| {
            let (person, session) = (holder.person, holder.session);
            if sso::refuses_session(tx, person, session)? {
                return Err(StoreError::Ended.into());
            }
            let device = holder.known.filter(|known| known.person == person);
            replaced(tx, person, (session, device), (&hashed, &holder.request))?;
            let shown = sessions::factor_of(tx, session)?;
            let stages = (Stage::Renewing, Stage::Full);
            let opened = sessions::promote(tx, session, stages, shown, limits)?;
            let device = devices::remember(tx, person, holder.known, (&holder.request, false))?;
            Ok::<_, SignInError>(tx.done(Through { opened, device })?)
        })
        .await
}

/// Replaces a password: all that came by the one before ends, but the session and the device it is replaced in.
fn replaced(
    tx: &mut Tx<'_>,
    person: PersonId,
    (session, device): (CredentialId, Option<Known>),
    (hashed, request): (&Hashed, &RequestInfo),
) -> Result<(), StoreError> {
    policy::keep_former(tx, person)?;
    passwords::replace(tx, person, hashed)?;
    let version = passwords::version(tx, person)?;
    tx.journal(Entry::new("password.changed", "password", person).version(version))?;
    sessions::end_all_of(tx, person, Some(session), "password-changed")?;
    devices::end_all_of(tx, person, device.map(|device| device.id))?;
    for link in links::open_of_person(tx, person)? {
        links::void(tx, link)?;
    }
    notices::queue(tx, person, Notice::PasswordChanged, Some(request))
}

/// Replaces a person's password after the present one was shown again; her other sessions end.
pub async fn change_password(
    app: &App,
    access: &Access,
    (session, device): (CredentialId, Option<Known>),
    (current, new): (Password, Password),
    request: &RequestInfo,
) -> Result<(), SignInError> {
    let person: PersonId = access.person();
    let keys = [throttles::Key::account(
        &format!("password of {person}"),
        throttles::ACCOUNT,
    )];
    if !throttles::attempt(app, &keys).await? {
        return Err(SignInError::Refused);
    }
    let hashed = app
        .store
        .read(access.scope(), move |read| passwords::find(read, person))
        .await;
    let hashed = unless_forged(hashed)?.flatten();
    let verdict = passwords::verify(app, Lane::Known, current, hashed).await?;
    if !verdict.is_right() {
        return Err(SignInError::Refused);
    }
    let hashed = passwords::hash(app, new).await?;
    let request = request.clone();
    app.store
        .write(access.caller(), move |tx| {
            if !verdict.still_holds(tx, person)? {
                return Err(SignInError::Refused);
            }
            replaced(tx, person, (session, device), (&hashed, &request))?;
            Ok::<_, SignInError>(tx.done(())?)
        })
        .await?;
    Ok(throttles::forgive(app, &keys).await?)
}
