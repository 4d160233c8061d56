//! Listing and ending sessions.

mod disown;

pub use disown::{Added, Disowned, disown, disowned};

use disown::DISOWNED;

use super::store::{self, Seen};
use crate::identity::access::{Access, Denied, Permission};
use crate::identity::people;
use crate::identity::policy;
use crate::identity::sessions::{self, rules::Life};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::journal::read::{Told, history_of_action};
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

/// How many sign-ins and failures are told of.
const TOLD: i64 = 50;
/// What a failed sign-in is journaled as, under the account of the person who was meant.
const FAILED: &str = "sign-in.failed";

#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such session of hers that has not ended")]
    NotOpen,
    #[error("there is no such sign-in of hers, but the present one")]
    NotASignIn,
    #[error("she has disowned this sign-in before")]
    DisownedBefore,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for ActivityError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ActivityError> for Problem {
    fn from(error: ActivityError) -> Self {
        match error {
            ActivityError::Denied(denied) => denied.into(),
            ActivityError::Store(error) => error.into(),
            ActivityError::NotOpen => Self::conflict(crate::msg!("error-session-ended")),
            ActivityError::NotASignIn => Self::conflict(crate::msg!("error-sign-in-unknown")),
            ActivityError::DisownedBefore => Self::conflict(crate::msg!("error-sign-in-disowned")),
        }
    }
}

/// A session that stands.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: CredentialId,
    pub device: String,
    pub address: String,
    pub began: Micros,
    pub last_seen: Option<Micros>,
}

/// Somebody signed in, or failed to.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub at: Micros,
    pub device: Option<String>,
    pub address: Option<String>,
    /// Why it failed, as the journal has it; none where it did not.
    pub failed: Option<String>,
    /// The session that it began, where it did not fail.
    pub session: Option<CredentialId>,
    /// Whether she said that it was somebody else.
    pub is_disowned: bool,
}

#[derive(Debug, Clone)]
pub struct Activity {
    pub open: Vec<Open>,
    /// The newest first.
    pub attempts: Vec<Attempt>,
}

/// What happened with one's own account.
pub async fn list(app: &App, access: &Access) -> Result<Activity, StoreError> {
    let (person, now) = (access.person(), app.now());
    let (open, newest, told, disowned, policy) = app
        .store
        .read(access.scope(), move |read| {
            let open = store::open(read, person, now)?;
            let newest = store::newest(read, person, TOLD)?;
            let of_account = ("account", person);
            let told = history_of_action(read, of_account, FAILED, TOLD)?;
            let disowned = history_of_action(read, of_account, DISOWNED, TOLD)?;
            Ok::<_, StoreError>((open, newest, told, disowned, policy::of(read)?))
        })
        .await?;
    let limits = policy.limits(app.sessions.into());
    let stands = |seen: &Seen| {
        let life = Life {
            created: seen.created,
            expires: seen.expires,
            ended: seen.ended,
            last_seen: seen.last_seen,
        };
        policy.covers(seen.created) && !life.is_over(now, limits)
    };
    let disowned: Vec<&str> = disowned
        .iter()
        .filter_map(|told| told.after("session"))
        .collect();
    let mut attempts: Vec<Attempt> = newest
        .into_iter()
        .map(|seen| succeeded(seen, &disowned))
        .collect();
    attempts.extend(told.into_iter().map(failed));
    attempts.sort_by_key(|attempt| std::cmp::Reverse(attempt.at.0));
    attempts.truncate(usize::try_from(TOLD).unwrap_or(usize::MAX));
    let open = open.into_iter().filter(stands).map(|seen| Open {
        id: seen.id,
        device: seen.device,
        address: seen.address,
        began: seen.created,
        last_seen: seen.last_seen,
    });
    Ok(Activity {
        open: open.collect(),
        attempts,
    })
}

fn succeeded(seen: Seen, disowned: &[&str]) -> Attempt {
    Attempt {
        session: Some(seen.id),
        is_disowned: disowned.contains(&seen.id.to_string().as_str()),
        at: seen.created,
        device: Some(seen.device),
        address: Some(seen.address),
        failed: None,
    }
}

fn failed(told: Told) -> Attempt {
    let fact = |name: &str| told.after(name).map(str::to_owned);
    Attempt {
        session: None,
        is_disowned: false,
        at: Micros(told.at_us),
        device: fact("device"),
        address: fact("address"),
        failed: Some(fact("reason").unwrap_or_default()),
    }
}

/// Ends one of one's own sessions, by a factor that was shown a moment ago (ASVS 5.0, 7.5.2): whoever found a browser open does
/// not shut its person out of the others.
pub async fn end_one(app: &App, access: &Access, id: CredentialId) -> Result<(), ActivityError> {
    access.require_fresh()?;
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            if !store::is_own(tx, id, person)? {
                return Err(ActivityError::NotOpen);
            }
            sessions::end(tx, id, "ended-by-person")?;
            Ok(tx.done(())?)
        })
        .await
}

/// Ends all of one's own sessions but the one that asks, as [`end_one`] does.
pub async fn end_others(
    app: &App,
    access: &Access,
    keep: CredentialId,
) -> Result<(), ActivityError> {
    access.require_fresh()?;
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            sessions::end_all_of(tx, person, Some(keep), "ended-by-person")?;
            Ok(tx.done(())?)
        })
        .await
}

/// Ends all sessions of a person, as an administrator.
pub async fn end_all(app: &App, access: &Access, person: PersonId) -> Result<(), ActivityError> {
    access.require(Permission::PeopleAdminister)?;
    app.store
        .write(access.caller(), move |tx| {
            people::find(tx, person)?;
            sessions::end_all_of(tx, person, None, "ended-by-administrator")?;
            Ok(tx.done(())?)
        })
        .await
}
