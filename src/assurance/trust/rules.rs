//! When a claim holds.

use crate::assurance::restores::actions::Keeping;
use crate::identity::powers::Standing;
use crate::platform::app::HeadsFolder;
use crate::platform::clock::Micros;
use crate::platform::store::journal::heartbeat::SILENCE_US;
use crate::platform::store::journal::read::Told;
use crate::platform::web::view::Tone;

/// A verification that is older says too little of now: a running server makes one each day.
pub(super) const PROVED_DAYS: i64 = 2;
/// A heartbeat is late by as long as the job that writes it takes to come round.
const LATE_US: i64 = 5 * Micros::MINUTE;

/// How power is granted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Power {
    /// By two humans.
    Two { humans: usize },
    /// It still takes two, and only one is left who could.
    Left,
    /// By the only one who administers.
    Alone,
}

impl Power {
    pub(super) const fn of(standing: Standing) -> Self {
        match standing {
            Standing { counted: 0 | 1, .. } => Self::Alone,
            Standing { acting: 0 | 1, .. } => Self::Left,
            Standing { acting, .. } => Self::Two { humans: acting },
        }
    }

    pub(super) const fn tone(self) -> Tone {
        match self {
            Self::Two { .. } => Tone::Good,
            Self::Left | Self::Alone => Tone::Warn,
        }
    }
}

/// What is known of the journal against itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    Sound {
        at_us: i64,
        size: String,
    },
    /// Sound when it was verified, too long ago.
    Old {
        at_us: i64,
    },
    Bad {
        at_us: i64,
        reason: String,
    },
    Never,
}

impl Proof {
    pub(super) fn of(newest: Option<&Told>, now: Micros) -> Self {
        let Some(told) = newest else {
            return Self::Never;
        };
        let fact = |name: &str| told.after(name).unwrap_or_default().to_owned();
        let at_us = told.at_us;
        match told.after("result") {
            Some("sound") if now.since(Micros(at_us)) > PROVED_DAYS * Micros::DAY => {
                Self::Old { at_us }
            }
            Some("sound") => Self::Sound {
                at_us,
                size: fact("size"),
            },
            _ => Self::Bad {
                at_us,
                reason: fact("reason"),
            },
        }
    }

    pub(super) const fn tone(&self) -> Tone {
        match self {
            Self::Sound { .. } => Tone::Good,
            Self::Old { .. } | Self::Never => Tone::Warn,
            Self::Bad { .. } => Tone::Bad,
        }
    }
}

/// A head that is kept is to be hours old: the journal speaks each hour, and it is kept each hour.
pub(super) fn heads_tone(keeping: Keeping, now: Micros) -> Tone {
    match keeping {
        Keeping::Holds(at) if now.since(at) <= HeadsFolder::OLD_US => Tone::Good,
        Keeping::Holds(_) | Keeping::InData | Keeping::None => Tone::Warn,
        Keeping::Alarm(_) | Keeping::NoHead => Tone::Bad,
    }
}

/// Whether the journal has spoken within the time in which a running server lets it.
pub(super) fn speaks(newest_us: i64, now: Micros) -> bool {
    now.since(Micros(newest_us)) <= SILENCE_US + LATE_US
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_administers_is_alone_when_nobody_was_there_within_the_week() {
        let of = |acting, counted| Power::of(Standing { acting, counted });
        assert_eq!(of(1, 1), Power::Alone);
        assert_eq!(of(1, 2), Power::Left);
        assert_eq!(of(2, 2), Power::Two { humans: 2 });
        assert_eq!(of(3, 4), Power::Two { humans: 3 });
        assert_eq!(of(0, 0), Power::Alone, "nobody is not two");
        assert_eq!(of(1, 1).tone(), Tone::Warn);
    }

    #[test]
    fn a_head_of_yesterday_and_one_in_the_data_do_not_pass() {
        let now = Micros(1_800_000_000_000_000);
        let tone = |keeping| heads_tone(keeping, now);
        assert_eq!(
            tone(Keeping::Holds(now.plus_us(-HeadsFolder::OLD_US))),
            Tone::Good
        );
        assert_eq!(
            tone(Keeping::Holds(now.plus_us(-HeadsFolder::OLD_US - 1))),
            Tone::Warn
        );
        assert_eq!(tone(Keeping::InData), Tone::Warn);
        assert_eq!(tone(Keeping::None), Tone::Warn);
        assert_eq!(tone(Keeping::Alarm(now)), Tone::Bad);
        assert_eq!(tone(Keeping::NoHead), Tone::Bad);
    }

    #[test]
    fn silence_and_an_old_proof_do_not_pass() {
        let now = Micros(1_800_000_000_000_000);
        assert!(speaks(now.0 - SILENCE_US, now));
        assert!(!speaks(now.0 - 2 * SILENCE_US, now));
        assert_eq!(Proof::of(None, now), Proof::Never);
        assert_eq!(Proof::Never.tone(), Tone::Warn);
    }
}
