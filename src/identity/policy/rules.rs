//! What a security policy can ask, as words and as figures.

use std::fmt::Write as _;

use crate::identity::sessions::rules::Limits;
use crate::platform::clock::Micros;
use crate::text_enum;

/// PCI DSS 4.0.1, 8.3.6.
pub const PCI_SHORTEST_CHARS: usize = 12;
/// PCI DSS 4.0.1, 8.3.7: a new password is none of the last four.
pub const PCI_LAST: usize = 4;
/// PCI DSS 4.0.1, 8.3.9.
pub const PCI_DAYS: i64 = 90;

/// The shortest and the longest that a policy may say, in minutes.
pub const FRESH_MINUTES: std::ops::RangeInclusive<i64> = 1..=60;
pub const IDLE_MINUTES: std::ops::RangeInclusive<i64> = 5..=1440;
pub const LONGEST_MINUTES: std::ops::RangeInclusive<i64> = 30..=10_080;
/// How many sealed values a policy may let somebody see alone within an hour.
pub const REVEALS_PER_HOUR: std::ops::RangeInclusive<i64> = 0..=50;

text_enum! {
    /// The PCI profile.
    pub enum Pci {
        Off = "off",
        /// Passwords change after 90 days.
        Days = "90-days",
        /// They do not: what their accounts do is looked at all the time (8.3.9, second bullet).
        DynamicAnalysis = "dynamic-analysis",
    }
}

/// What a policy asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Whether codes of an app and recovery codes are no factor.
    pub passkeys_only: bool,
    /// How long a factor counts as shown a moment ago.
    pub fresh_minutes: i64,
    /// None: what the installation's configuration says.
    pub idle_minutes: Option<i64>,
    pub longest_minutes: Option<i64>,
    pub pci: Pci,
    /// How many sealed values one human sees in full within an hour without a second one. 0: every one takes two.
    pub reveals_per_hour: i64,
}

impl Terms {
    /// What the program asks where nobody decided anything.
    pub const STANDARD: Self = Self {
        passkeys_only: false,
        fresh_minutes: 10,
        idle_minutes: None,
        longest_minutes: None,
        pci: Pci::Off,
        reveals_per_hour: 5,
    };

    /// As rows and the journal keep it.
    #[must_use]
    pub fn text(&self) -> String {
        let factors = if self.passkeys_only {
            "passkeys"
        } else {
            "any"
        };
        let mut text = format!(
            "factors={factors} fresh={} pci={}",
            self.fresh_minutes,
            self.pci.as_str()
        );
        for (name, minutes) in [
            ("idle", self.idle_minutes),
            ("longest", self.longest_minutes),
        ] {
            if let Some(minutes) = minutes {
                let _ = write!(text, " {name}={minutes}");
            }
        }
        // Rows from before it was a term say nothing, and mean the standard.
        if self.reveals_per_hour != Self::STANDARD.reveals_per_hour {
            let _ = write!(text, " reveals={}", self.reveals_per_hour);
        }
        text
    }

    /// Reads what [`Self::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut terms = Self::STANDARD;
        for word in text.split(' ') {
            let (name, value) = word.split_once('=')?;
            match name {
                "factors" => terms.passkeys_only = value == "passkeys",
                "fresh" => terms.fresh_minutes = value.parse().ok()?,
                "pci" => terms.pci = Pci::parse(value)?,
                "idle" => terms.idle_minutes = Some(value.parse().ok()?),
                "longest" => terms.longest_minutes = Some(value.parse().ok()?),
                "reveals" => terms.reveals_per_hour = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(terms)
    }

    /// The first field that says what cannot be; `configured` is what the installation allows at most.
    #[must_use]
    pub fn wrong_field(
        &self,
        configured: Limits,
        are_passkeys_possible: bool,
    ) -> Option<&'static str> {
        let within = |minutes: Option<i64>, range: std::ops::RangeInclusive<i64>, most_us: i64| {
            minutes.is_none_or(|minutes| {
                range.contains(&minutes) && minutes * Micros::MINUTE <= most_us
            })
        };
        if self.passkeys_only && !are_passkeys_possible {
            return Some("factors");
        }
        if !FRESH_MINUTES.contains(&self.fresh_minutes) {
            return Some("fresh_minutes");
        }
        if !within(self.idle_minutes, IDLE_MINUTES, configured.idle_us) {
            return Some("idle_minutes");
        }
        if !within(self.longest_minutes, LONGEST_MINUTES, configured.longest_us) {
            return Some("longest_minutes");
        }
        if !REVEALS_PER_HOUR.contains(&self.reveals_per_hour) {
            return Some("reveals_per_hour");
        }
        None
    }
}

/// The policy that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub terms: Terms,
    pub passkeys_only_since: Option<Micros>,
    pub pci_since: Option<Micros>,
    /// 0 where nobody decided anything.
    pub version: i64,
}

impl Policy {
    pub const STANDARD: Self = Self {
        terms: Terms::STANDARD,
        passkeys_only_since: None,
        pci_since: None,
        version: 0,
    };

    /// The limits of sessions: the policy's, never longer than the configuration's.
    #[must_use]
    pub fn limits(&self, configured: Limits) -> Limits {
        let at_most = |minutes: Option<i64>, most_us: i64| {
            minutes.map_or(most_us, |minutes| most_us.min(minutes * Micros::MINUTE))
        };
        Limits {
            idle_us: at_most(self.terms.idle_minutes, configured.idle_us),
            longest_us: at_most(self.terms.longest_minutes, configured.longest_us),
        }
    }

    /// Whether a session that began then has shown what the policy asks: one from before passkeys alone counted, or before
    /// passwords had to be of the profile, has not.
    #[must_use]
    pub fn covers(&self, began: Micros) -> bool {
        [self.passkeys_only_since, self.pci_since]
            .into_iter()
            .flatten()
            .all(|since| began >= since)
    }

    #[must_use]
    pub fn fresh_us(&self) -> i64 {
        self.terms.fresh_minutes * Micros::MINUTE
    }

    /// Whether a password that was chosen then must be replaced at the next sign-in: the profile knows nothing of one that was
    /// chosen before it, and 90 days end one under it.
    #[must_use]
    pub fn ends_password(&self, chosen: Micros, now: Micros) -> bool {
        let is_from_before = self.pci_since.is_some_and(|since| chosen < since);
        let is_old = self.terms.pci == Pci::Days && now.since(chosen) >= PCI_DAYS * Micros::DAY;
        is_from_before || is_old
    }

    /// When a password that was chosen then ends: at none, but under the profile that counts days.
    #[must_use]
    pub fn password_ends(&self, chosen: Micros) -> Option<Micros> {
        let ends = chosen.plus_us(PCI_DAYS * Micros::DAY);
        (self.terms.pci == Pci::Days).then_some(ends)
    }

    /// The policy after a change: what was in force before keeps its beginning.
    #[must_use]
    pub fn changed_to(&self, terms: Terms, now: Micros) -> Self {
        let since = |is_on: bool, before: Option<Micros>| is_on.then(|| before.unwrap_or(now));
        Self {
            terms,
            passkeys_only_since: since(terms.passkeys_only, self.passkeys_only_since),
            pci_since: since(terms.pci != Pci::Off, self.pci_since),
            version: self.version + 1,
        }
    }
}

/// Why a password is not of the PCI profile (8.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOfProfile {
    TooShort,
    /// Lacks a digit or a letter.
    OneKind,
}

/// The first thing about a password that the profile does not take.
#[must_use]
pub fn not_of_profile(text: &str) -> Option<NotOfProfile> {
    if text.chars().count() < PCI_SHORTEST_CHARS {
        return Some(NotOfProfile::TooShort);
    }
    let has = |kind: fn(char) -> bool| text.chars().any(kind);
    let is_mixed = has(char::is_alphabetic) && has(char::is_numeric);
    (!is_mixed).then_some(NotOfProfile::OneKind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = Micros(1_000_000_000_000_000);

    const STRICT: Terms = Terms {
        passkeys_only: true,
        fresh_minutes: 5,
        idle_minutes: Some(15),
        longest_minutes: Some(480),
        pci: Pci::Days,
        reveals_per_hour: 0,
    };

    #[test]
    fn terms_are_read_back_as_they_were_written() {
        for terms in [Terms::STANDARD, STRICT] {
            assert_eq!(Terms::parse(&terms.text()), Some(terms));
        }
        let before = "factors=any fresh=10 pci=off";
        assert_eq!(Terms::parse(before), Some(Terms::STANDARD));
        assert_eq!(Terms::parse("factors=any fresh=x"), None);
        assert_eq!(Terms::parse("other=1"), None);
        assert_eq!(Terms::parse(""), None);
    }

    #[test]
    fn a_policy_shortens_sessions_and_never_lengthens_them() {
        let configured = Limits {
            idle_us: 60 * Micros::MINUTE,
            longest_us: 12 * Micros::HOUR,
        };
        let policy = Policy::STANDARD.changed_to(STRICT, NOW);
        let limits = policy.limits(configured);
        assert_eq!(limits.idle_us, 15 * Micros::MINUTE);
        assert_eq!(limits.longest_us, 8 * Micros::HOUR);
        let shorter = Limits {
            idle_us: 5 * Micros::MINUTE,
            longest_us: Micros::HOUR,
        };
        assert_eq!(policy.limits(shorter), shorter);
        assert_eq!(Policy::STANDARD.limits(configured), configured);
        assert_eq!(STRICT.wrong_field(configured, true), None);
        assert_eq!(STRICT.wrong_field(configured, false), Some("factors"));
        assert_eq!(STRICT.wrong_field(shorter, true), Some("idle_minutes"));
    }

    #[test]
    fn what_was_before_the_policy_is_not_kept_under_it() {
        let policy = Policy::STANDARD.changed_to(STRICT, NOW);
        assert!(policy.covers(NOW) && !policy.covers(NOW.plus_us(-1)));
        assert!(policy.ends_password(NOW.plus_us(-1), NOW));
        assert!(!policy.ends_password(NOW, NOW.plus_us(PCI_DAYS * Micros::DAY - 1)));
        assert!(policy.ends_password(NOW, NOW.plus_us(PCI_DAYS * Micros::DAY)));
        let analysed = Terms {
            pci: Pci::DynamicAnalysis,
            ..STRICT
        };
        let later = policy.changed_to(analysed, NOW.plus_us(5));
        assert_eq!(later.pci_since, Some(NOW), "the profile goes on");
        assert!(!later.ends_password(NOW, NOW.plus_us(PCI_DAYS * Micros::DAY)));
        assert_eq!(later.changed_to(Terms::STANDARD, NOW).pci_since, None);
        assert!(!Policy::STANDARD.ends_password(Micros(0), NOW));
    }

    #[test]
    fn the_profile_takes_twelve_characters_with_digits_and_letters() {
        for (text, expected) in [
            ("kiwi jam 123", None),
            ("kiwi jam 12", Some(NotOfProfile::TooShort)),
            ("kiwi jam on toast", Some(NotOfProfile::OneKind)),
            ("123456789012", Some(NotOfProfile::OneKind)),
            ("größer als 1", None),
        ] {
            assert_eq!(not_of_profile(text), expected, "{text}");
        }
    }
}
