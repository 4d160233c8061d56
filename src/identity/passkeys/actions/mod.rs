//! Giving and taking challenges, and what all ceremonies share.

mod enrol;
mod own;
mod second;
mod sign_in;

pub(super) use enrol::{Owner, enrol};
pub(in crate::identity) use own::end_all_of;
pub(super) use own::{Change, add, change, list, renew_codes};
pub(super) use second::{show_again, use_passkey};
pub(super) use sign_in::{ask, sign_in};

use super::rules::{self, CHALLENGE_US, Challenge, Expected, Guards, Party, Purpose, Signed};
use super::store::{self, Passkey};
use crate::identity::access::Denied;
use crate::identity::factors::{FactorError, refused};
use crate::platform::app::App;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::scope::Caller;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;

/// Why a person's own factors stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// What the authenticator answered is not accepted, or too many attempts.
    #[error("the passkey is not accepted")]
    Refused,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("the last factor stays")]
    LastFactor,
    #[error(transparent)]
    Factor(FactorError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for PasskeyError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Factor(error) => error.store_error(),
            _ => None,
        }
    }
}

impl From<FactorError> for PasskeyError {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Refused => Self::Refused,
            other => Self::Factor(other),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Store(error) => error.into(),
            PasskeyError::Factor(error) => error.into(),
            PasskeyError::Denied(denied) => denied.into(),
            other => Self::internal(other),
        }
    }
}

/// Whether browsers make passkeys for the configured address.
pub(in crate::identity) fn are_possible(app: &App) -> bool {
    Party::of(&app.public_url).is_some()
}

/// A new challenge, and for whom credentials are made.
#[derive(Debug)]
pub(super) struct Asked {
    pub party: Party,
    pub challenge: Challenge,
}

/// Gives a challenge for one purpose to one browser, and keeps it.
pub(super) async fn give(
    app: &App,
    organisation: OrgId,
    (purpose, bound): (Purpose, &str),
) -> Result<Asked, FactorError> {
    let party = Party::of(&app.public_url).ok_or(FactorError::Refused)?;
    let challenge = Challenge::generate(app.entropy());
    let (bound, now) = (bound.to_owned(), app.now());
    app.store
        .claim(move |claim| {
            let what = (organisation, purpose, bound.as_str());
            store::give(claim, challenge, what, (now, now.plus_us(CHALLENGE_US)))
        })
        .await?;
    Ok(Asked { party, challenge })
}

/// A challenge for a person who is known, with the passkeys that she has.
pub(super) async fn ask_known(
    app: &App,
    (caller, person): (Caller, PersonId),
    what: (Purpose, &str),
) -> Result<(Asked, Vec<Passkey>), FactorError> {
    let known = app
        .store
        .read(caller.scope, move |read| store::of_person(read, person))
        .await?;
    let asked = give(app, caller.scope.organisation(), what).await?;
    Ok((asked, known))
}

/// Takes the challenge that an answer is for, whether or not the answer is good: it is asked about once.
async fn take(
    app: &App,
    client_data: &[u8],
    (purpose, bound): (Purpose, &str),
) -> Result<Expected, FactorError> {
    let party = Party::of(&app.public_url).ok_or(FactorError::Refused)?;
    let challenge = Challenge::named(client_data).ok_or(FactorError::Refused)?;
    let (bound, now) = (bound.to_owned(), app.now());
    let is_ours = app
        .store
        .claim(move |claim| store::take(claim, challenge, (purpose, &bound), now))
        .await?;
    if !is_ours {
        return Err(FactorError::Refused);
    }
    Ok(Expected {
        party,
        challenge,
        verified: purpose == Purpose::SignIn,
    })
}

/// Checks an answer within a transaction, and remembers the use.
fn check(
    tx: &mut Tx<'_>,
    person: PersonId,
    answer: &Signed,
    expected: &Expected,
) -> Result<Passkey, FactorError> {
    let passkey = store::load(tx, &answer.credential)
        .map_err(refused)?
        .filter(|passkey| passkey.person == person)
        .ok_or(FactorError::Refused)?;
    // Who signs in without a name is named by her authenticator; beside a name it may keep silent.
    let is_named = !answer.user.is_empty() || expected.verified;
    if is_named && answer.user != person.as_bytes() {
        return Err(FactorError::Refused);
    }
    let kept = (passkey.key.as_slice(), passkey.counter);
    let counter = rules::signed(answer, kept, expected, Guards::ALL).map_err(not_accepted)?;
    store::use_once(tx, &passkey, counter).map_err(refused)?;
    let entry = Entry::new("passkey.used", "passkey", passkey.id).version(passkey.version + 1);
    tx.journal(entry)?;
    Ok(passkey)
}

/// The operator may know why; whoever sent it is told nothing.
fn not_accepted(reason: rules::Refusal) -> FactorError {
    tracing::info!(%reason, "a passkey's answer is refused");
    FactorError::Refused
}
