//! When a request can be decided on, and by whom.

use super::store::Request;
use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::platform::clock::Micros;
use crate::text_enum;

text_enum! {
    pub enum State {
        /// Waits for another human.
        Open = "open",
        /// The key is destroyed.
        Confirmed = "confirmed",
        Refused = "refused",
    }
}

/// How long a request can be confirmed.
pub const OPEN_US: i64 = 7 * Micros::DAY;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotOpen,
    Late,
    SameHuman,
}

/// Whether it still waits.
///
/// # Errors
/// Why it does not.
pub fn is_open(request: &Request, now: Micros) -> Result<(), Refusal> {
    if request.state != State::Open {
        return Err(Refusal::NotOpen);
    }
    if now >= request.expires {
        return Err(Refusal::Late);
    }
    Ok(())
}

/// Whether this human may confirm: nobody who is the human that asked, by whatever account.
///
/// # Errors
/// `SameHuman`.
pub fn may_confirm(request: &Request, human: HumanId, joined: &Humans) -> Result<(), Refusal> {
    if joined.are_one(human, request.proposed_human) {
        return Err(Refusal::SameHuman);
    }
    Ok(())
}
