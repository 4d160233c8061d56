//! Instants as the journal writes them.

use jiff::Timestamp;

pub use crate::verifier::form::UtcMicros;

const FIRST: i64 = -62_167_219_200_000_000;

impl UtcMicros {
    /// The instant of so many microseconds since 1970; none before the year 0, or near the end of the year 9999 and later.
    #[must_use]
    pub fn new(micros: i64) -> Option<UtcMicros> {
        let time = Timestamp::from_microsecond(micros).ok();
        time.filter(|_| micros >= FIRST).map(UtcMicros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }
}
