//! Setting up a factor and showing it.

mod enrol;
mod own;
mod show;

pub use enrol::{confirm, pending, shown_first};
pub(in crate::identity) use enrol::{end_all_of, enrolled, give_codes, mark, may_enrol};
pub use own::{AppError, prepare, remove, take};
pub(in crate::identity) use show::{Shown, become_full};
pub use show::{show_again, show_recovery_code, spend_recovery_code, use_code, use_recovery_code};

use super::rules::Seed;
use super::store::{self, Ways};
use crate::identity::credential::ShownToken;
use crate::identity::devices::Known;
use crate::identity::forged::{is_forged, unless_forged};
use crate::identity::sessions::Opened;
use crate::identity::{policy, throttles};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::fields::TOTP_SEED;
use crate::platform::keys::{KeyError, SubjectKey};
use crate::platform::scope::Caller;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
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

/// Prepares a factor for a person, within the transaction that opens the session in which it is set up. Each session has a seed
/// of its own: somebody else could have seen one that is shared, and have the codes of whoever confirms it.
pub fn begin(
    tx: &mut Tx<'_>,
    (person, session): (PersonId, CredentialId),
    key: &SubjectKey,
) -> Result<(), StoreError> {
    let seed = Seed::generate(tx.entropy());
    let id: CredentialId = tx.id();
    let sealed = key.seal(TOTP_SEED, id, &seed, tx.entropy());
    store::insert(tx, id, (person, session), sealed)?;
    tx.journal(
        Entry::new("factor.prepared", "factor", id)
            .fact("person", person)
            .fact("session", session),
    )
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
        .read(caller.scope, move |read| {
            let mut ways = store::ways(read, person)?;
            // Her app is asked for once more, to lead her to a passkey.
            ways.app &= ways.passkeys == 0 || !policy::of(read)?.terms.passkeys_only;
            Ok(ways)
        })
        .await;
    let as_anybody = Ways {
        app: true,
        passkeys: 0,
        were_reset: false,
    };
    Ok(unless_forged(found)?.unwrap_or(as_anybody))
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
