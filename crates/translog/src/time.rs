//! An instant as the journal writes it: RFC 3339 in UTC with exactly six digits of seconds' fraction.

use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z, within the years 0000 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMicros(i64);

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;
const FIRST: i64 = -62_167_219_200 * MICROS_PER_SECOND;
const LAST: i64 = 253_402_300_800 * MICROS_PER_SECOND - 1;

impl UtcMicros {
    /// The instant; none outside of the years 0000 to 9999.
    #[must_use]
    pub const fn new(micros: i64) -> Option<UtcMicros> {
        if micros < FIRST || micros > LAST {
            return None;
        }
        Some(UtcMicros(micros))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads what Display prints (`2026-11-23T01:06:37.123456Z`), and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<UtcMicros> {
        let bytes: &[u8; 27] = text.as_bytes().try_into().ok()?;
        let separators = [
            (4, b'-'),
            (7, b'-'),
            (10, b'T'),
            (13, b':'),
            (16, b':'),
            (19, b'.'),
            (26, b'Z'),
        ];
        if separators
            .iter()
            .any(|(place, separator)| bytes[*place] != *separator)
        {
            return None;
        }
        let number = |from: usize, to: usize| {
            bytes[from..to].iter().try_fold(0_i64, |sum, digit| {
                digit
                    .is_ascii_digit()
                    .then(|| sum * 10 + i64::from(digit - b'0'))
            })
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let exists = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        if !exists || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = hour * 3600 + minute * 60 + second;
        let days = days_from_civil(year, month, day);
        UtcMicros::new(days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + number(20, 26)?)
    }
}

impl fmt::Display for UtcMicros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(MICROS_PER_DAY));
        let micros = self.0.rem_euclid(MICROS_PER_DAY);
        let (seconds, fraction) = (micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"
        )
    }
}

/// Days of a month in the Gregorian calendar.
fn days_of(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a date in the Gregorian calendar. Years are counted from March, so that the leap
/// day is a year's last; 400 years have 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month > 2 { year } else { year - 1 };
    let march_month = (month + 9) % 12;
    let (era, of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - EPOCH_DAYS
}

/// The reverse: year, month, day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + EPOCH_DAYS;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (of_era * 365 + of_era / 4 - of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * march_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_as_people_write_them() {
        let text = |micros| UtcMicros::new(micros).map(|time| time.to_string());
        assert_eq!(text(0).as_deref(), Some("1970-01-01T00:00:00.000000Z"));
        assert_eq!(text(-1).as_deref(), Some("1969-12-31T23:59:59.999999Z"));
        assert_eq!(
            text(951_782_400_000_001).as_deref(),
            Some("2000-02-29T00:00:00.000001Z")
        );
        assert_eq!(
            text(1_795_396_000_123_456).as_deref(),
            Some("2026-11-23T01:06:40.123456Z")
        );
        assert_eq!(text(FIRST).as_deref(), Some("0000-01-01T00:00:00.000000Z"));
        assert_eq!(text(LAST).as_deref(), Some("9999-12-31T23:59:59.999999Z"));
        assert_eq!((text(FIRST - 1), text(LAST + 1)), (None, None));
    }

    #[test]
    fn every_day_of_the_calendars_400_years_comes_back() {
        let first = UtcMicros::parse("1796-02-27T12:34:56.654321Z").expect("an instant");
        let days =
            |count| UtcMicros::new(first.micros() + count * MICROS_PER_DAY).expect("in range");
        for count in 0..=146_097 {
            assert_eq!(
                UtcMicros::parse(&days(count).to_string()),
                Some(days(count))
            );
        }
        assert_eq!(days(146_097).to_string(), "2196-02-27T12:34:56.654321Z");
    }

    #[test]
    fn an_instant_has_one_spelling() {
        let bad = [
            "2026-11-23T01:06:37Z",
            "2026-11-23T01:06:37.123Z",
            "2026-11-23t01:06:37.123456Z",
            "2026-11-23 01:06:37.123456Z",
            "2026-13-01T00:00:00.000000Z",
            "2026-02-29T00:00:00.000000Z",
            "2026-11-23T24:00:00.000000Z",
            "2026-11-23T01:06:60.000000Z",
            "2026-11-00T01:06:37.123456Z",
            "2026-11-31T01:06:37.123456Z",
            "2100-02-29T01:06:37.123456Z",
            "2026-11-23T01:60:37.123456Z",
            "2026-00-23T01:06:37.123456Z",
            "+026-11-23T01:06:37.123456Z",
            "2026-11-23T01:06:37.12345aZ",
        ];
        for text in bad {
            assert_eq!(UtcMicros::parse(text), None, "{text}");
        }
    }
}
