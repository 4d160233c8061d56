//! How long a session lives.

use std::time::Duration;

use crate::identity::access::Permission;
use crate::platform::clock::Micros;
use crate::platform::config::Sessions;
use crate::platform::web::nav::Section;
use crate::text_enum;

text_enum! {
    /// How much the holder has shown.
    pub enum Stage {
        /// The password; the second factor is still owed.
        Password = "password",
        /// The password; there is no second factor yet and it must be set up first.
        Enrolling = "enrolling",
        /// The password and the second factor; the password is over and another one must be chosen first.
        Renewing = "renewing",
        /// Everything.
        Full = "full",
    }
}

/// How long sessions live here. NIST SP 800-63B-4 asks for at most an hour idle and a day in all at AAL2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A session ends after this long without a request, in microseconds.
    pub idle_us: i64,
    /// It ends after this long in any case.
    pub longest_us: i64,
}

impl From<Sessions> for Limits {
    fn from(sessions: Sessions) -> Self {
        let us = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Self {
            idle_us: us(sessions.idle),
            longest_us: us(sessions.absolute),
        }
    }
}

/// Last-seen is written at most this often.
pub const TOUCH_US: i64 = Micros::MINUTE;

/// So long the token before counts once a session has another: for requests that were under way.
pub const OVERLAP_US: i64 = 10 * Micros::SECOND;

/// How long a session lives from the moment it reaches `stage`.
#[must_use]
pub const fn lifetime_us(stage: Stage, limits: Limits) -> i64 {
    match stage {
        Stage::Password | Stage::Renewing => 10 * Micros::MINUTE,
        Stage::Enrolling => 30 * Micros::MINUTE,
        Stage::Full => limits.longest_us,
    }
}

/// When a session ends that reaches `stage` now: never later than whoever vouched for its person ends theirs.
#[must_use]
pub fn ends(now: Micros, stage: Stage, limits: Limits, not_after: Option<Micros>) -> Micros {
    let own = now.plus_us(lifetime_us(stage, limits));
    not_after.map_or(own, |vouched| own.min(vouched))
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
    /// The limits count as they are now: one that was lowered ends the sessions that it would not have let begin.
    #[must_use]
    pub fn is_over(&self, now: Micros, limits: Limits) -> bool {
        let seen = self.last_seen.unwrap_or(self.created).max(self.created);
        self.ended.is_some()
            || now >= self.expires
            || now.since(self.created) >= limits.longest_us
            || now.since(seen) >= limits.idle_us
    }

    /// Whether this request is worth noting.
    #[must_use]
    pub fn is_due_for_touch(&self, now: Micros) -> bool {
        self.last_seen
            .is_none_or(|seen| now.since(seen) >= TOUCH_US)
    }
}

/// The permissions of which any one opens a section; none where it is open to everybody. The chart and the policy may be
/// read by all who read bills, who find links to them where they work; here they stand for those who look after them.
pub const fn needed(section: Section) -> &'static [Permission] {
    match section {
        Section::Home | Section::Trust => &[],
        Section::Bills => &[Permission::BillsRead],
        Section::Approvals => &[Permission::BillsDecide],
        Section::Vendors => &[Permission::VendorsRead],
        Section::Payments => &[Permission::RunsRead],
        Section::Journal => &[Permission::JournalRead],
        Section::People => &[Permission::PeopleRead],
        Section::Chart => &[
            Permission::BillsCode,
            Permission::SettingsEdit,
            Permission::JournalRead,
        ],
        Section::Policy => &[
            Permission::BillsDecide,
            Permission::SettingsEdit,
            Permission::JournalRead,
        ],
        Section::Settings => &[
            Permission::SettingsEdit,
            Permission::RunsCountersign,
            Permission::JournalRead,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Micros = Micros(1_000_000_000_000_000);

    const LIMITS: Limits = Limits {
        idle_us: 10 * Micros::MINUTE,
        longest_us: Micros::HOUR,
    };

    fn life() -> Life {
        Life {
            created: START,
            expires: START.plus_us(Micros::DAY),
            ended: None,
            last_seen: None,
        }
    }

    #[test]
    fn what_somebody_else_says_shortens_a_session_and_never_lengthens_it() {
        let ends = |not_after| ends(START, Stage::Full, LIMITS, not_after);
        let own = START.plus_us(LIMITS.longest_us);
        assert_eq!(ends(None), own);
        let sooner = START.plus_us(Micros::MINUTE);
        assert_eq!(ends(Some(sooner)), sooner);
        assert_eq!(ends(Some(own.plus_us(Micros::DAY))), own);
    }

    #[test]
    fn a_session_ends_when_idle_and_in_any_case() {
        let over = |life: Life, after_us| life.is_over(START.plus_us(after_us), LIMITS);
        assert!(!over(life(), LIMITS.idle_us - 1));
        assert!(over(life(), LIMITS.idle_us));
        let busy = |at_us: i64| Life {
            last_seen: Some(START.plus_us(at_us - 1)),
            ..life()
        };
        assert!(!over(busy(LIMITS.longest_us - 1), LIMITS.longest_us - 1));
        assert!(over(busy(LIMITS.longest_us), LIMITS.longest_us));
        let short = Life {
            expires: START.plus_us(Micros::MINUTE),
            ..life()
        };
        assert!(over(short, Micros::MINUTE), "its own end comes first");
        let ended = Life {
            ended: Some(START),
            ..life()
        };
        assert!(over(ended, 0));
    }
}
