//! How often somebody may ask whether a tax number is known. Pure.
//!
//! A blind index answers such a question without opening anything, and tax numbers are few: nine digits in Germany, of which one
//! follows from the others. Whoever may ask without end reads all of them out of the index.

use crate::platform::clock::Micros;
use crate::text_enum;

text_enum! {
    /// What holds the number that is asked about.
    pub enum Asking {
        /// A form or a call of the API: one number a time.
        Typed = "typed",
        /// A document that came in. Each is a bill afterwards, which everybody sees.
        Document = "document",
    }
}

/// How many questions an hour of the clock has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// For one human, under whatever session or token.
    pub human: i64,
    /// For the whole organisation.
    pub organisation: i64,
}

impl Asking {
    /// Two a minute are more than somebody types; a file cabinet that is taken in at once is ten thousand documents.
    #[must_use]
    pub const fn bound(self) -> Bound {
        match self {
            Self::Typed => Bound {
                human: 120,
                organisation: 600,
            },
            Self::Document => Bound {
                human: 10_000,
                organisation: 30_000,
            },
        }
    }
}

impl Bound {
    /// Whether there is room for one more.
    #[must_use]
    pub const fn has_room(self, by_human: i64, in_organisation: i64) -> bool {
        by_human < self.human && in_organisation < self.organisation
    }
}

/// Minutes until the next hour begins, from 1 to 60.
#[must_use]
pub const fn minutes_left(now: Micros) -> i64 {
    let left_us = Micros::HOUR - now.0.rem_euclid(Micros::HOUR);
    (left_us + Micros::MINUTE - 1) / Micros::MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_question_of_an_hour_is_the_one_that_fills_it() {
        for asking in Asking::ALL {
            let bound = asking.bound();
            assert!(bound.has_room(bound.human - 1, bound.organisation - 1));
            assert!(!bound.has_room(bound.human, bound.human));
            assert!(!bound.has_room(0, bound.organisation));
            assert!(bound.human < bound.organisation);
        }
    }

    #[test]
    fn somebody_waits_for_the_next_hour_and_no_longer() {
        let start = Micros(7 * Micros::HOUR);
        assert_eq!(minutes_left(start), 60);
        assert_eq!(minutes_left(start.plus_us(1)), 60);
        assert_eq!(minutes_left(start.plus_us(59 * Micros::MINUTE)), 1);
        assert_eq!(minutes_left(start.plus_us(Micros::HOUR - 1)), 1);
        assert_eq!(start.plus_us(Micros::HOUR - 1).hour(), 7);
    }
}
