//! What has one form only, so that nothing can be read in two ways, and the refusal of all else.

use std::fmt;

use jiff::Timestamp;

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

/// Refuses what does not hold.
pub fn check(holds: bool, why: impl fmt::Display) -> Proven<()> {
    need(holds.then_some(()), why)
}

/// A decimal number without sign and leading zeros.
pub fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = text == "0" || !text.starts_with('0');
    (is_plain && is_short).then(|| text.parse().ok())?
}

/// Microseconds since 1970, written as RFC 3339 in UTC with six digits of seconds' fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMicros(pub(crate) i64);

impl UtcMicros {
    pub fn parse(text: &str) -> Option<UtcMicros> {
        let has_form = text.len() == 27 && text.ends_with('Z') && text.get(10..11) == Some("T");
        let has_form = has_form && text.get(19..20) == Some(".");
        // A second numbered 60 would be read as the one before.
        let exists = text.get(17..19) != Some("60");
        let time: Timestamp = text.parse().ok().filter(|_| has_form && exists)?;
        Some(UtcMicros(time.as_microsecond()))
    }
}

impl fmt::Display for UtcMicros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Timestamp::from_microsecond(self.0).expect("no other is made");
        write!(f, "{time:.6}")
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
