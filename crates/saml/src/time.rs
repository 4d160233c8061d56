//! Moments as SAML writes them: `xs:dateTime` in UTC (SAML core, 1.3.3).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

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
    match text.parse::<Timestamp>() {
        Ok(moment) => Some(moment),
        Err(_) => {
            let civil = text.parse::<DateTime>().ok()?;
            Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
        }
    }
}

/// Writes a moment, to the second.
pub(crate) fn write(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
