//! Ending what was lost, and beginning anew.

mod mail;
mod operator;

pub(in crate::identity) use mail::tell_of_proposal;
pub use mail::{LOST_FACTOR_MAIL, mail_lost_factor};
pub use operator::reset_by_operator;

use crate::identity::forged::is_forged;
use crate::identity::links::{self, Kind, Link};
use crate::identity::passwords::{self, HashingError, Password};
use crate::identity::people::{self, Person, Status};
use crate::identity::sessions::{self, Opened, Stage};
use crate::identity::{devices, factors, organisations, throttles};
use crate::msg;
use crate::platform::app::{App, Lane};
use crate::platform::ids::PersonId;
use crate::platform::keys::KeyError;
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::store::{BodyError, Reads as _, StoreError, Tx};
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
}

/// What a link is for, if it can still be used.
pub async fn open(app: &App, token: &str) -> Result<Lost, LostFactorError> {
    let link = links::find(app, token, Kind::NewFactor)
        .await?
        .ok_or(LostFactorError::Link)?;
    let id = link.person.ok_or(LostFactorError::Link)?;
    let found = app
        .store
        .read(Scope::of(link.organisation), move |read| {
            read.authentic("people", id)?;
            let (organisation, _) = organisations::name_and_zone(read)?;
            let ways = factors::ways(read, id)?;
            Ok::<_, StoreError>((people::find(read, id)?, organisation, ways.were_reset))
        })
        .await;
    let (person, organisation, were_reset) = found.map_err(unusable)?;
    if person.status != Status::Active || !were_reset {
        return Err(LostFactorError::Link);
    }
    Ok(Lost {
        link,
        person,
        organisation,
    })
}

/// Begins setting up a factor, by the link and her password. The link is used up where both are good.
pub async fn set_up_anew(
    app: &App,
    lost: &Lost,
    password: Password,
    request: &RequestInfo,
) -> Result<Opened, LostFactorError> {
    let (link, id) = (lost.link, lost.person.id);
    let scope = Scope::of(link.organisation);
    let attempts = [throttles::Key::account(
        &format!("new factor of {id}"),
        throttles::ACCOUNT,
    )];
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
        return Err(LostFactorError::Password);
    }
    let keys = app.keys.organisation(&app.store, scope).await?;
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
    let request = request.clone();
    let opened = app
        .store
        .write(caller, move |tx| {
            links::spend(tx, link.id).map_err(unusable)?;
            tx.authentic("people", id).map_err(unusable)?;
            let is_active = people::find(tx, id)?.status == Status::Active;
            if !is_active || !factors::ways(tx, id).map_err(unusable)?.were_reset {
                return Err(LostFactorError::Link);
            }
            if !verdict.still_signs_in(tx, id).map_err(unusable)? {
                return Err(LostFactorError::Password);
            }
            let key = keys.subject(tx, id)?;
            let opened = sessions::open(tx, id, Stage::Enrolling, None, &request)?;
            factors::begin(tx, (id, opened.id), &key)?;
            Ok(tx.done(opened)?)
        })
        .await?;
    throttles::forgive(app, &attempts).await?;
    Ok(opened)
}

fn unusable(error: StoreError) -> LostFactorError {
    match error {
        StoreError::Missing | StoreError::Stale => LostFactorError::Link,
        other if is_forged(&other) => LostFactorError::Link,
        other => LostFactorError::Store(other),
    }
}
