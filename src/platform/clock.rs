//! Time as an argument (invariant 13): UTC microseconds in storage, a civil date where the business means a day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    #[must_use]
    pub fn plus_us(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// Microseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        self.plus_us(i64::from(days) * Self::DAY)
    }

    /// The hour of the clock, since 1970.
    #[must_use]
    pub const fn hour(self) -> i64 {
        self.0.div_euclid(Self::HOUR)
    }

    /// The instant as a `jiff` timestamp; instants beyond its range become the epoch.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The civil date in UTC.
    #[must_use]
    pub fn utc_date(self) -> Date {
        self.timestamp().to_zoned(TimeZone::UTC).date()
    }
}

/// The source of the present moment.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Stands still until it is moved: tests only.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    #[must_use]
    pub fn manual(start: Micros) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    pub fn now(&self) -> Micros {
        match self {
            Self::System => Micros(jiff::Timestamp::now().as_microsecond()),
            Self::Manual(at) => Micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; the system's clock is not ours to move.
    pub fn advance(&self, us: i64) {
        if let Self::Manual(at) = self {
            at.fetch_add(us, Ordering::SeqCst);
        }
    }
}
