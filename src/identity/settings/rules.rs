//! Whether payments may leave from an account. Pure: nothing that was read is believed unless a tag says so.

use super::OwnStepId;
use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::identity::organisations::{EntityAccountId, EntityId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::{row, text_enum};

const ACCOUNT_DOMAIN: &str = "own-account/v1";
const STEP_DOMAIN: &str = "own-account-step/v1";

/// The longest reason and source.
pub const MAX_NOTE_CHARS: usize = 500;

text_enum! {
    /// What was done with an account; the newest is where it stands.
    pub enum AccountState {
        /// Somebody entered it; somebody else has to verify it.
        Entered = "entered",
        /// Payments may leave from it.
        Verified = "verified",
        /// Nothing is paid from it any more.
        Closed = "closed",
    }
}

row! {
    /// One step of an account.
    #[derive(Debug, Clone)]
    pub struct Step {
        pub id: OwnStepId,
        pub account: EntityAccountId,
        /// From 1, without gaps.
        pub position: i64,
        pub state: AccountState,
        pub person: PersonId,
        pub human: HumanId,
        pub note: String,
        pub at: Micros,
        pub tag: Vec<u8>,
    }
}

/// Of what an account consists: entity, account, IBAN, BIC and currency. Keyed, since there are so few IBANs.
#[must_use]
pub fn digest(
    keys: &OrgKeys,
    (entity, account): (EntityId, EntityAccountId),
    (iban, bic, currency): (&str, Option<&str>, &str),
) -> [u8; 32] {
    let parts: [&[u8]; 5] = [
        entity.as_bytes(),
        account.as_bytes(),
        iban.as_bytes(),
        bic.unwrap_or_default().as_bytes(),
        currency.as_bytes(),
    ];
    keys.authenticate(ACCOUNT_DOMAIN, &parts)
}

impl Step {
    fn with_parts<R>(&self, digest: &[u8; 32], use_parts: impl FnOnce(&[&[u8]]) -> R) -> R {
        use_parts(&[
            self.account.as_bytes(),
            digest,
            &self.position.to_be_bytes(),
            self.state.as_str().as_bytes(),
            self.person.as_bytes(),
            self.human.as_bytes(),
            self.note.as_bytes(),
            &self.at.0.to_be_bytes(),
        ])
    }

    /// The step's tag under the field root; it binds what the account consists of.
    #[must_use]
    pub fn authenticate(&self, keys: &OrgKeys, digest: &[u8; 32]) -> Vec<u8> {
        self.with_parts(digest, |parts| keys.authenticate(STEP_DOMAIN, parts))
            .to_vec()
    }

    fn is_authentic(&self, keys: &OrgKeys, digest: &[u8; 32]) -> bool {
        self.with_parts(digest, |parts| {
            keys.is_authentic(STEP_DOMAIN, parts, &self.tag)
        })
    }
}

/// Why nothing can be paid from an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("another human than the one who entered it has to verify it in the settings first")]
    NotVerified,
    #[error("it is closed; choose another account")]
    Closed,
    #[error("its IBAN, or a step that people took with it, was altered outside of the program")]
    Altered,
}

/// Whether payments may leave from an account with these steps, the oldest first.
///
/// # Errors
/// [`Refusal`], the gravest first.
pub fn judge(
    (keys, humans): (&OrgKeys, &Humans),
    digest: &[u8; 32],
    (steps, is_of_setup): (&[Step], bool),
) -> Result<(), Refusal> {
    let fits = steps
        .iter()
        .zip(1..)
        .all(|(step, position)| step.position == position && step.is_authentic(keys, digest));
    if !fits {
        return Err(Refusal::Altered);
    }
    told(humans, steps, is_of_setup)
}

/// What the steps themselves tell, whoever wrote them: enough for a list, and never for a payment.
///
/// # Errors
/// [`Refusal`], as [`judge`].
pub fn told(humans: &Humans, steps: &[Step], is_of_setup: bool) -> Result<(), Refusal> {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return if is_of_setup {
            Ok(())
        } else {
            Err(Refusal::NotVerified)
        };
    };
    match last.state {
        AccountState::Closed => Err(Refusal::Closed),
        AccountState::Entered => Err(Refusal::NotVerified),
        AccountState::Verified
            if first.state != AccountState::Entered || first.human == last.human =>
        {
            Err(Refusal::Altered)
        }
        // Two accounts that were found to be one human's later on: it was never verified by a second one.
        AccountState::Verified if humans.are_one(first.human, last.human) => {
            Err(Refusal::NotVerified)
        }
        AccountState::Verified => Ok(()),
    }
}

/// Where an account with these steps stands.
#[must_use]
pub fn state(steps: &[Step], is_of_setup: bool) -> AccountState {
    match steps.last() {
        Some(step) => step.state,
        None if is_of_setup => AccountState::Verified,
        None => AccountState::Entered,
    }
}
