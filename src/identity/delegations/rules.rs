//! The days of a delegation. Pure.

use jiff::civil::Date;

/// Longest time of a delegation, in days. Whoever is away for longer gives up the role.
pub(super) const LONGEST_DAYS: i32 = 90;

/// What is wrong with the days of a new delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongDays {
    /// It begins before today.
    Past,
    /// It ends before it begins.
    Backwards,
    TooLong,
}

/// Whether a delegation may be for these days, the last one included.
pub(super) fn days(from: Date, until: Date, today: Date) -> Result<(), WrongDays> {
    if from < today {
        return Err(WrongDays::Past);
    }
    if until < from {
        return Err(WrongDays::Backwards);
    }
    let days = from
        .until(until)
        .map(|span| span.get_days())
        .unwrap_or(i32::MAX);
    if days >= LONGEST_DAYS {
        return Err(WrongDays::TooLong);
    }
    Ok(())
}

/// Whether today is one of the days.
pub(super) fn is_within(from: Date, until: Date, today: Date) -> bool {
    from <= today && today <= until
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ninety_days_and_no_more_from_today_on() {
        let today = date(2026, 1, 15);
        assert_eq!(days(today, today, today), Ok(()));
        assert_eq!(days(today, date(2026, 4, 14), today), Ok(()));
        assert_eq!(
            days(today, date(2026, 4, 15), today),
            Err(WrongDays::TooLong)
        );
        assert_eq!(days(date(2026, 1, 14), today, today), Err(WrongDays::Past));
        assert_eq!(
            days(date(2026, 1, 16), today, today),
            Err(WrongDays::Backwards)
        );
    }

    #[test]
    fn the_first_day_and_the_last_one_count() {
        let (from, until) = (date(2026, 1, 15), date(2026, 1, 16));
        for (today, within) in [(14, false), (15, true), (16, true), (17, false)] {
            assert_eq!(is_within(from, until, date(2026, 1, today)), within);
        }
    }
}
