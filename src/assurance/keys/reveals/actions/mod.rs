//! Asking, deciding, opening, and telling who saw what.

mod ask;
mod decide;
mod look;
mod open;
mod seen;

pub use ask::{Asked, Wanted, ask, ask_for_later, choosable};
pub use decide::{decide, withdraw};
pub use look::{Listed, list, vendors, view};
pub use open::{Shown, ShownValue, open};
pub use seen::{Seen, What, seen};

use super::RevealId;
use super::rules::{MOST, REASON_CHARS};
use super::store::Reveal;
use crate::identity::access::Denied;
use crate::msg;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::{BodyError, StoreError};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum RevealError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such value, request or object")]
    Missing,
    #[error("a purpose of the list is missing")]
    Purpose,
    #[error("a reason of {} to {} characters is missing", REASON_CHARS.start(), REASON_CHARS.end())]
    Reason,
    #[error("no value is named, or more than {MOST}")]
    Count,
    #[error("nobody else could approve it")]
    NobodyApproves,
    #[error("it was decided on, opened or withdrawn before")]
    NotOpen,
    #[error("it was not approved, or not opened, in time")]
    Late,
    #[error("whoever asked does not approve: another human has to")]
    SameHuman,
    #[error("only whoever asked opens it")]
    NotAsked,
    #[error("the set is not what was asked for or approved")]
    Altered,
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RevealError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::Missing,
            other => Self::Store(other),
        }
    }
}

impl From<KeyError> for RevealError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            other => Self::Key(other),
        }
    }
}

impl BodyError for RevealError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RevealError> for Problem {
    fn from(error: RevealError) -> Self {
        match error {
            RevealError::Denied(denied) => denied.into(),
            RevealError::Missing => Self::not_found(),
            RevealError::Purpose => Self::invalid(msg!("error-reveal-purpose")).field("purpose"),
            RevealError::Reason => Self::invalid(msg!("error-reveal-reason")).field("reason"),
            RevealError::Count => Self::invalid(msg!("error-reveal-count"))
                .field("value")
                .arg("most", MOST),
            RevealError::NobodyApproves => Self::conflict(msg!("error-reveal-nobody-approves")),
            RevealError::NotOpen => Self::conflict(msg!("error-reveal-not-open")),
            RevealError::Late => Self::conflict(msg!("error-reveal-late")),
            RevealError::SameHuman => Self::invalid(msg!("error-reveal-same-human")),
            RevealError::NotAsked => Self::conflict(msg!("error-reveal-not-asked")),
            RevealError::Altered => Self::conflict(msg!("error-reveal-altered")),
            RevealError::Key(error) => Self::internal(error),
            RevealError::Store(error) => error.into(),
        }
    }
}

const DOMAIN: &str = "reveal approval";

/// What an approval's code covers. None before anybody decided.
fn parts(reveal: &Reveal) -> Option<[Vec<u8>; 6]> {
    let (by, human) = reveal.decided_by.zip(reveal.decided_human)?;
    Some([
        reveal.id.as_bytes().to_vec(),
        reveal.set_digest.clone(),
        [*reveal.asked_by.as_bytes(), *reveal.asked_human.as_bytes()].concat(),
        [*by.as_bytes(), *human.as_bytes()].concat(),
        reveal.expires.0.to_be_bytes().to_vec(),
        reveal.purpose.as_str().as_bytes().to_vec(),
    ])
}

fn code(keys: &OrgKeys, reveal: &Reveal) -> Option<[u8; 32]> {
    let parts = parts(reveal)?;
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Some(keys.authenticate(DOMAIN, &parts))
}

fn has_code(keys: &OrgKeys, reveal: &Reveal) -> bool {
    let parts = parts(reveal);
    parts.zip(reveal.tag.as_ref()).is_some_and(|(parts, tag)| {
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        keys.is_authentic(DOMAIN, &parts, tag)
    })
}

/// An id as it stands in an address.
///
/// # Errors
/// `Missing` where it is none.
pub(super) fn id_of(text: &str) -> Result<RevealId, RevealError> {
    text.parse().map_err(|_| RevealError::Missing)
}
