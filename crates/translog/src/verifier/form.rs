//! What has one form only, so that nothing can be read in two ways, and the refusal of all else.

use std::fmt;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Why there is no proof, in words for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Something does not hold, or has not the form that it must have.
    #[error("{0}")]
    Unproven(String),
    /// Wrong usage, or a file that cannot be read: nothing is said about the journal.
    #[error("{0}")]
    Unusable(String),
}

pub type Proven<T> = Result<T, Refused>;

/// What was found, or why there is no proof without it.
pub fn need<T>(found: Option<T>, why: impl fmt::Display) -> Proven<T> {
    found.ok_or_else(|| Refused::Unproven(why.to_string()))
}

pub fn check(holds: bool, why: impl fmt::Display) -> Proven<()> {
    need(holds.then_some(()), why)
}

/// What was given or read, or why it is of no use.
pub fn usable<T>(given: Result<T, impl fmt::Display>, what: &str) -> Proven<T> {
    given.map_err(|why| Refused::Unusable(format!("{what}: {why}")))
}

/// A decimal number without sign and leading zeros.
pub fn number(text: &str) -> Option<u64> {
    let is_short = text == "0" || text.starts_with(|first| matches!(first, '1'..='9'));
    text.parse().ok().filter(|_| is_short)
}

/// A time in whole microseconds, written as RFC 3339 in UTC with six digits of seconds' fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMicros(pub(crate) Timestamp);

impl UtcMicros {
    pub fn parse(text: &str) -> Option<UtcMicros> {
        let zeroed = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
        let has_form = text.bytes().map(zeroed).eq(*b"0000-00-00T00:00:00.000000Z");
        let part = |at: usize| has_form.then(|| text[at..at + 2].parse().ok())?;
        let [month, day, hour, minute, second] = [5, 8, 11, 14, 17].map(part);
        let (year, micros) = (text.get(..4)?.parse().ok()?, text.get(20..26)?);
        let nanos = micros.parse::<i32>().ok()? * 1_000;
        let time = DateTime::new(year, month?, day?, hour?, minute?, second?, nanos).ok()?;
        TimeZone::UTC.to_timestamp(time).ok().map(UtcMicros)
    }
}

impl fmt::Display for UtcMicros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

/// In JSON these say what they print.
macro_rules! as_printed {
    ($($type:ty),*) => {$(impl serde::Serialize for $type {
        fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            to.collect_str(self)
        }
    })*};
}
as_printed!(UtcMicros, super::tree::Hash, super::note::VerifyingKey);
