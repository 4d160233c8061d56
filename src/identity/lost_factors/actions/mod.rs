//! Ending what was lost, and beginning anew.

mod mail;
mod operator;

pub(in crate::identity) use mail::tell_of_proposal;
pub use mail::{LOST_FACTOR_MAIL, mail_lost_factor};
pub use operator::reset_by_operator;

use crate::identity::forged::is_forged;
use crate::identity::links::{self, Kind, Link};
use crate::identity::passwords::{self, HashingError, Password, Verdict};
use crate::identity::people::{self, Person, Status};
use crate::identity::sessions::{self, Opened, Stage};
use crate::identity::sign_in::wrong_password;
use crate::identity::sso::{self, ConnectionId};
use crate::identity::{devices, factors, organisations, throttles};
use crate::msg;
use crate::platform::app::{App, Lane};
use crate::platform::ids::PersonId;
use crate::platform::keys::KeyError;
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Reads, StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum LostFactorError {
    #[error("the link cannot be used (any more)")]
    Link,
    /// Wrong, or too many attempts: one answer for both.
    #[error("the password is not accepted")]
    Password,
    #[error("nobody who can sign in is called so")]
    Unknown,
    #[error("she has no second factor that could be reset")]
    NoFactor,
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for LostFactorError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<LostFactorError> for Problem {
    fn from(error: LostFactorError) -> Self {
        match error {
            LostFactorError::Store(error) => error.into(),
            LostFactorError::Link => Self::new(
                axum::http::StatusCode::NOT_FOUND,
                msg!("error-link-unusable"),
            ),
            LostFactorError::Password => {
                Self::invalid(msg!("people-password-wrong")).field("password")
            }
            other => Self::internal(other),
        }
    }
}

/// Ends the factors of a person within the transaction of whoever may, and lets a link be mailed to her.
pub(in crate::identity) fn end(tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    factors::end_all_of(tx, person)?;
    sessions::end_all_of(tx, person, None, "factors-reset")?;
    devices::end_all_of(tx, person, None)?;
    mail::queue_link(tx, person)
}

/// An open link, and whose factors were reset.
#[derive(Debug, Clone)]
pub struct Lost {
    pub link: Link,
    pub person: Person,
    pub organisation: String,
    pub beside: Beside,
}

/// What she shows beside the link: neither begins anything alone.
#[derive(Debug, Clone)]
pub enum Beside {
    Password,
    /// That one of these connections knows her: no password signs her in.
    Connection(Vec<(ConnectionId, String)>),
}

/// What somebody shows beside her link; none where she may show nothing.
fn beside(reads: &mut impl Reads, person: PersonId) -> Result<Option<Beside>, StoreError> {
    let is_refused = sso::refuses_others(reads, person)?;
    if !is_refused && passwords::that_signs_in(reads, person)?.is_some() {
        return Ok(Some(Beside::Password));
    }
    let connections = sso::connections_of(reads, person)?;
    if !connections.is_empty() {
        return Ok(Some(Beside::Connection(connections)));
    }
    // Whose password lets nobody in has another one mailed first.
    Ok((!is_refused).then_some(Beside::Password))
}

/// What a link is for, if it can still be used. That one was used, has expired, was never given or is another's who may not use it
/// is told by nothing, its time included.
pub async fn open(app: &App, token: &str) -> Result<Lost, LostFactorError> {
    let found = links::open(app, (token, Kind::NewFactor), |read, link, id| {
        let (organisation, _) = organisations::name_and_zone(read)?;
        let ways = factors::ways(read, id)?;
        let beside = beside(read, id)?.filter(|_| ways.were_reset);
        let person = people::find(read, id)?;
        let is_active = person.status == Status::Active;
        Ok(beside.filter(|_| is_active).map(|beside| Lost {
            link,
            person,
            organisation,
            beside,
        }))
    });
    found.await?.ok_or(LostFactorError::Link)
}

/// Begins setting up a factor, by the link and her password. The link is used up where both are good.
pub async fn set_up_anew(
    app: &App,
    lost: &Lost,
    password: Password,
    request: &RequestInfo,
) -> Result<Opened, LostFactorError> {
    let Beside::Password = lost.beside else {
        return Err(LostFactorError::Link);
    };
    let (link, id) = (lost.link, lost.person.id);
    let scope = Scope::of(link.organisation);
    let attempts = [throttles::Key::account(
        &format!("new factor of {id}"),
        throttles::ACCOUNT,
    )];
    // The throttle stops the journal's growth as well.
    if !throttles::attempt(app, &attempts).await? {
        return Err(LostFactorError::Password);
    }
    let hashed = app
        .store
        .read(scope, move |read| passwords::that_signs_in(read, id))
        .await
        .map_err(unusable)?;
    let verdict = passwords::verify(app, Lane::Known, password, hashed).await?;
    if !verdict.is_right() {
        wrong_password(app, scope, id, request).await?;
        return Err(LostFactorError::Password);
    }
    let caller = Caller {
        scope,
        actor: Actor {
            person: Some(id),
            on_behalf_of: None,
            credential: CredentialKind::Link,
            credential_id: Some(link.id),
            request: request.id,
        },
        judged_by: None,
        now: app.now(),
    };
    let opened = begin(app, caller, (id, verdict), request).await?;
    throttles::forgive(app, &attempts).await?;
    Ok(opened)
}

async fn begin(
    app: &App,
    caller: Caller,
    (id, verdict): (PersonId, Verdict),
    request: &RequestInfo,
) -> Result<Opened, LostFactorError> {
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    let link = caller.actor.credential_id.ok_or(LostFactorError::Link)?;
    let request = request.clone();
    app.store
        .write(caller, move |tx| {
            links::spend(tx, link).map_err(unusable)?;
            tx.authentic("people", id).map_err(unusable)?;
            let is_active = people::find(tx, id)?.status == Status::Active;
            if !is_active || !factors::ways(tx, id).map_err(unusable)?.were_reset {
                return Err(LostFactorError::Link);
            }
            if !verdict.still_signs_in(tx, id).map_err(unusable)? {
                return Err(LostFactorError::Password);
            }
            if sso::refuses_others(tx, id)? {
                return Err(LostFactorError::Link);
            }
            sso::break_glass_used(tx, id)?;
            let key = keys.subject(tx, id)?;
            let opened = sessions::open(tx, id, Stage::Enrolling, None, &request)?;
            factors::begin(tx, (id, opened.id), &key)?;
            Ok(tx.done(opened)?)
        })
        .await
}

fn unusable(error: StoreError) -> LostFactorError {
    match error {
        StoreError::Missing | StoreError::Stale => LostFactorError::Link,
        other if is_forged(&other) => LostFactorError::Link,
        other => LostFactorError::Store(other),
    }
}
