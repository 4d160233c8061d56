//! How long a session lives.

use crate::platform::clock::Micros;
use crate::text_enum;

text_enum! {
    /// How much the holder has shown.
    pub enum Stage {
        /// The password; the second factor is still owed.
        Password = "password",
        /// The password; there is no second factor yet and it must be set up first.
        Enrolling = "enrolling",
        /// Everything.
        Full = "full",
    }
}

/// A full session ends after this long without a request (NIST SP 800-63B-4, AAL2: at most one hour).
pub const IDLE_US: i64 = Micros::HOUR;
/// A full session ends after this long in any case (AAL2: at most a day; this is a working day).
pub const LONGEST_US: i64 = 12 * Micros::HOUR;
/// Last-seen is written at most this often.
pub const TOUCH_US: i64 = Micros::MINUTE;

/// How long a session lives from the moment it reaches `stage`.
#[must_use]
pub const fn lifetime_us(stage: Stage) -> i64 {
    match stage {
        Stage::Password => 10 * Micros::MINUTE,
        Stage::Enrolling => 30 * Micros::MINUTE,
        Stage::Full => LONGEST_US,
    }
}

/// What decides whether a session still stands.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    pub created: Micros,
    pub expires: Micros,
    pub ended: Option<Micros>,
    /// The last request that was noted; none before the first.
    pub last_seen: Option<Micros>,
}

impl Life {
    #[must_use]
    pub fn is_over(&self, now: Micros) -> bool {
        let seen = self.last_seen.unwrap_or(self.created).max(self.created);
        self.ended.is_some() || now >= self.expires || now.since(seen) >= IDLE_US
    }

    /// Whether this request is worth noting.
    #[must_use]
    pub fn is_due_for_touch(&self, now: Micros) -> bool {
        self.last_seen
            .is_none_or(|seen| now.since(seen) >= TOUCH_US)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Micros = Micros(1_000_000_000_000_000);

    fn life() -> Life {
        Life {
            created: START,
            expires: START.plus_us(LONGEST_US),
            ended: None,
            last_seen: None,
        }
    }

    #[test]
    fn a_session_ends_when_idle_and_in_any_case() {
        assert!(!life().is_over(START.plus_us(IDLE_US - 1)));
        assert!(life().is_over(START.plus_us(IDLE_US)));
        let busy = |at_us: i64| Life {
            last_seen: Some(START.plus_us(at_us - 1)),
            ..life()
        };
        assert!(!busy(LONGEST_US - 1).is_over(START.plus_us(LONGEST_US - 1)));
        assert!(busy(LONGEST_US).is_over(START.plus_us(LONGEST_US)));
        let ended = Life {
            ended: Some(START),
            ..life()
        };
        assert!(ended.is_over(START));
    }
}
