//! Where a stream goes, how it stands, and when a failed one is tried again.

pub mod destination;
pub mod syslog;
pub mod webhook;

pub use destination::Destination;

use super::store::{Position, Stream};
use crate::assurance::audit::rules::{Format, part};
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::journal::read::Told;
use crate::text_enum;

text_enum! {
    /// By what a stream is sent.
    pub enum Kind {
        /// Signed requests over HTTPS.
        Webhook = "webhook",
        /// RFC 5424 over TLS (RFC 5425).
        Syslog = "syslog",
    }
}

text_enum! {
    pub enum State {
        /// Waits for another human.
        Proposed = "proposed",
        Active = "active",
        Paused = "paused",
        Refused = "refused",
        Removed = "removed",
        /// Another stream stands in its place.
        Replaced = "replaced",
    }
}

text_enum! {
    /// With which entry a stream begins.
    pub enum Begins {
        First = "first",
        /// With the one after those that are there when it is confirmed.
        Now = "now",
    }
}

text_enum! {
    /// Why a stream is paused.
    pub enum Reason {
        /// Somebody paused it.
        Asked = "asked",
        /// The receiver says that it is gone for good (HTTP 410).
        Gone = "gone",
    }
}

text_enum! {
    /// What kept entries from being delivered, in a code of ours: a receiver's own words may say anything.
    pub enum Trouble {
        /// The host has no address, or one in a network that is not reached.
        Network = "network",
        /// The certificate is not trusted, or is another host's.
        Certificate = "certificate",
        /// There is no authority to verify by.
        Authorities = "authorities",
        Unreachable = "unreachable",
        /// No answer in time.
        Late = "late",
        /// The connection broke.
        Broken = "broken",
        /// It points elsewhere, which is not followed.
        Redirect = "redirect",
        /// It asks for time (HTTP 429 or 503).
        Busy = "busy",
        /// It takes no such request (another HTTP 4xx).
        Refused = "refused",
        /// It is in trouble itself (another answer).
        Failing = "failing",
        /// The stream's row, or its secret's, is not what the application wrote.
        Forged = "forged",
        /// The secret does not open.
        Keys = "keys",
        /// An entry that the journal counts is not there.
        Gap = "gap",
    }
}

/// How long a stream can be confirmed.
pub const OPEN_US: i64 = 7 * Micros::DAY;
/// How many streams an organisation may have, with those that wait.
pub const MOST: usize = 20;
/// Entries in one batch at most.
pub const BATCH: i64 = 100;
/// Bytes of a batch, unless a single entry is longer.
pub const BATCH_BYTES: usize = 256 * 1024;
/// A stream that fails for longer is red, and administrators are told.
pub const LONG_US: i64 = Micros::HOUR;
/// The longest time between two tries, unless the receiver asks for more.
const LONGEST_DELAY_US: i64 = 5 * Micros::MINUTE;

/// How long to wait after so many failures: 1, 2, 4 ... seconds up to [`LONGEST_DELAY_US`], of which `random` takes up to a half, so that
/// what failed together does not come back together.
#[must_use]
pub fn delay_us(attempts: i64, random: u16) -> i64 {
    let doubled = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let whole = (Micros::SECOND << doubled).min(LONGEST_DELAY_US);
    whole - whole / 2 * i64::from(random) / i64::from(u16::MAX)
}

/// How a stream stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Waiting,
    /// Nobody confirmed it in time.
    Late,
    Fine,
    /// The newest try failed.
    Trying,
    /// Every try has failed for long.
    Failing,
    Paused,
    /// Refused, removed or replaced.
    Ended,
}

#[must_use]
pub fn health(stream: &Stream, position: Option<&Position>, now: Micros) -> Health {
    match stream.state {
        State::Proposed if now < stream.expires => Health::Waiting,
        State::Proposed => Health::Late,
        State::Paused => Health::Paused,
        State::Refused | State::Removed | State::Replaced => Health::Ended,
        State::Active => match position.and_then(|position| position.failing_since) {
            None => Health::Fine,
            Some(since) if is_long(since, now) => Health::Failing,
            Some(_) => Health::Trying,
        },
    }
}

#[must_use]
pub fn is_long(failing_since: Micros, now: Micros) -> bool {
    now.since(failing_since) > LONG_US
}

/// Entries that are sent together: their bytes, one entry a line, and the number behind the last.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    pub first: i64,
    pub end: i64,
    /// Each entry as the exports write it, with the line's end.
    pub lines: Vec<Vec<u8>>,
}

/// The batch that begins with the number `first`: as many entries as fit, or those before `end` where it was begun before. None where the
/// first entry is not there.
#[must_use]
pub fn batch(
    entries: &[Told],
    (first, end): (i64, Option<i64>),
    organisation: OrgId,
    format: Format,
) -> Option<Batch> {
    let (mut lines, mut bytes, mut next) = (Vec::new(), 0, first);
    for entry in entries {
        // Numbers are dense: whatever is behind a gap waits until somebody has looked at it.
        if entry.seq != Some(next) || end.is_some_and(|end| next >= end) {
            break;
        }
        let line = part(std::slice::from_ref(entry), organisation, format);
        if end.is_none() && !lines.is_empty() && bytes + line.len() > BATCH_BYTES {
            break;
        }
        bytes += line.len();
        lines.push(line);
        next += 1;
    }
    (next > first).then_some(Batch {
        first,
        end: next,
        lines,
    })
}

#[cfg(test)]
mod tests;
