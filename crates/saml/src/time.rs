//! Moments as SAML writes them: `xs:dateTime` in UTC (SAML core, 1.3.3).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The last year that can be written. Its last day is later than the last moment that there is here, and some say with it that
/// something never ends.
const LAST_YEAR: i16 = 9999;

/// Reads a moment. One without a zone is UTC, as the standard asks for.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let shape = text.len() <= 40
        && text.as_bytes().get(10) == Some(&b'T')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "-:.TZ+".contains(c));
    if !shape {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let local = without_zone(text);
    // A second zone would be read over.
    if local.get(10..)?.contains(['+', '-', 'Z']) {
        return None;
    }
    let civil = local.parse::<DateTime>().ok()?;
    match civil.to_zoned(TimeZone::UTC) {
        Ok(zoned) if local == text => Some(zoned.timestamp()),
        _ => (civil.year() == LAST_YEAR).then_some(Timestamp::MAX),
    }
}

/// A moment without its zone: `Z`, or up to 14 hours and some minutes (XML Schema, 3.2.7.3).
fn without_zone(text: &str) -> &str {
    if let Some(local) = text.strip_suffix('Z') {
        return local;
    }
    let at = text.len().saturating_sub(6);
    match text.split_at_checked(at) {
        Some((local, zone)) if is_offset(zone) => local,
        _ => text,
    }
}

fn is_offset(zone: &str) -> bool {
    let Some((hours, minutes)) = zone
        .strip_prefix(['+', '-'])
        .and_then(|zone| zone.split_once(':'))
    else {
        return false;
    };
    let up_to = |digits: &str, most: u8| {
        let is_digits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_digits && digits.parse::<u8>().is_ok_and(|number| number <= most)
    };
    up_to(hours, 14) && up_to(minutes, 59)
}

/// Writes a moment, to the second.
pub(crate) fn write(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::parse;

    #[test]
    fn a_moment_after_the_last_one_is_the_last_one_and_what_is_no_moment_stays_none() {
        for never in [
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.9999999Z",
            "9999-12-31T23:59:59",
            "9999-12-31T23:59:59.999+14:00",
            "9999-12-31T00:00:00-05:30",
            "9999-12-30T23:00:00-05:00",
        ] {
            assert_eq!(parse(never), Some(Timestamp::MAX), "{never}");
        }
        for wrong in [
            "9999-12-32T00:00:00Z",
            "9999-13-31T00:00:00Z",
            "9999-12-31T25:00:00Z",
            "9999-12-31T23:59:59ZZ",
            "9999-12-31T23:59:59+99:00",
            "9999-12-31T23:59:59-+5:30",
            "9999-12-31T23:59:59+01:00Z",
            "9999-12-31T23:59:59Z+01:00",
            "9999-12-31T23:59:59+01",
            "9999-12-31TZ",
            "99999-12-31T23:59:59Z",
            "2026-01-15T12:00:00+99:00",
            "2026-01-15T12:00:00+01:00Z",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_has_its_zone_or_is_utc() {
        let noon = "2026-01-15T12:00:00Z".parse().ok();
        for same in [
            "2026-01-15T12:00:00Z",
            " 2026-01-15T12:00:00.000 ",
            "2026-01-15T13:30:00+01:30",
            "2026-01-15T07:00:00-05:00",
        ] {
            assert_eq!(parse(same), noon, "{same}");
        }
    }
}
