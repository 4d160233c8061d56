//! From the document's text to values, with a reason for people where it does not parse.

use super::xml::clip;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What is wrong with a value and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub rule: &'static str,
    pub message: String,
}

/// `xsd:decimal`: digits with an optional sign and full stop; 28 digits at most can be held exactly.
pub(crate) fn decimal(raw: &str) -> Result<Decimal, Wrong> {
    let wrong = |why: &str| Wrong {
        rule: "CS-READ-AMOUNT",
        message: format!("“{}” {why}", clip(raw)),
    };
    let digits = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return Err(wrong(match raw.contains(',') {
            true => {
                "is not a number. Write a full stop before the decimals and nothing between thousands: 1250.00."
            }
            false => "is not a number. Write digits with a full stop before the decimals: 1250.00.",
        }));
    }
    let plain = match (whole, fraction) {
        (whole, "") => format!("{whole}."),
        (whole, fraction) => format!("{whole}.{fraction}"),
    };
    let sign = if raw.starts_with('-') { "-" } else { "" };
    let plain = format!("{sign}0{}", plain.trim_end_matches('.'));
    let too_long =
        "has more digits than can be held exactly (28). Ask the sender to check the number.";
    Decimal::from_str_exact(&plain).map_err(|_| wrong(too_long))
}

const DATE_FORMS: &str = "Write year, month and day of a day that exists";

/// `xsd:date`: `2024-02-29`, a time zone after it is left aside because an invoice means a civil day.
pub(crate) fn date_iso(raw: &str) -> Result<Date, Wrong> {
    let wrong = || Wrong {
        rule: "CS-READ-DATE",
        message: format!(
            "“{}” is not a date. {DATE_FORMS}, as 2024-02-29.",
            clip(raw)
        ),
    };
    let (day, zone) = raw.split_at_checked(10).ok_or_else(wrong)?;
    if !is_zone(zone) {
        return Err(wrong());
    }
    let parts = (
        day.get(0..4),
        day.get(4..5),
        day.get(5..7),
        day.get(7..8),
        day.get(8..10),
    );
    let (Some(year), Some("-"), Some(month), Some("-"), Some(day)) = parts else {
        return Err(wrong());
    };
    date_of(year, month, day).ok_or_else(wrong)
}

/// A date of CII in the format that it names (UNTDID 2379): 102 is `20240229`.
pub(crate) fn date_cii(raw: &str, format: Option<&str>) -> Result<Date, Wrong> {
    let wrong = |message: String| Wrong {
        rule: "CS-READ-DATE",
        message,
    };
    match format.map(str::trim) {
        Some("102") => {}
        // Without a format, and in ZUGFeRD 1.0's own dates, both ways of writing are met.
        None | Some("") => return date_cii(raw, Some("102")).or_else(|_| date_iso(raw)),
        Some(other) => {
            let other = clip(other);
            return Err(wrong(format!(
                "The date is in the format “{other}”. Write it in the format 102, as 20240229."
            )));
        }
    }
    let day = match raw.len() {
        8 => raw.get(0..4).zip(raw.get(4..6)).zip(raw.get(6..8)),
        _ => None,
    };
    day.and_then(|((year, month), day)| date_of(year, month, day))
        .ok_or_else(|| {
            wrong(format!(
                "“{}” is not a date in the format 102. {DATE_FORMS}, as 20240229.",
                clip(raw)
            ))
        })
}

fn date_of(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<i16>().ok())
            .flatten()
    };
    let small = |text: &str| number(text).and_then(|n| i8::try_from(n).ok());
    Date::new(number(year)?, small(month)?, small(day)?).ok()
}

fn is_zone(zone: &str) -> bool {
    match zone.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn decimals_keep_their_digits() {
        for (raw, shown) in [
            ("12.50", "12.50"),
            ("-0.005", "-0.005"),
            ("+7", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0012", "12"),
        ] {
            assert_eq!(decimal(raw).unwrap().to_string(), shown);
        }
        assert_eq!(
            decimal("1234567890123456789012345678")
                .unwrap()
                .to_string()
                .len(),
            28
        );
    }

    #[test]
    fn what_is_no_decimal_says_what_to_write() {
        for raw in [
            "12,50", "1.000,00", "", "-", ".", "1e3", "0x1", "１２", "1 000", "--1", "1.2.3", "NaN",
        ] {
            assert!(
                decimal(raw).unwrap_err().message.contains("1250.00"),
                "{raw}"
            );
        }
        let long = "9".repeat(40);
        assert!(decimal(&long).unwrap_err().message.contains("28"));
        assert!(decimal(&format!("0.{}1", "0".repeat(40))).is_err());
    }

    #[test]
    fn dates_are_days_that_exist() {
        assert_eq!(date_iso("2024-02-29"), Ok(date(2024, 2, 29)));
        assert_eq!(date_iso("2024-02-29+01:00"), Ok(date(2024, 2, 29)));
        assert_eq!(date_iso("2024-02-29Z"), Ok(date(2024, 2, 29)));
        for raw in [
            "2024-02-30",
            "2023-02-29",
            "24-02-29",
            "2024-2-9",
            "2024-02-29T00:00",
            "",
            "２０２４-02-2",
            "29.02.2024",
        ] {
            assert_eq!(date_iso(raw).unwrap_err().rule, "CS-READ-DATE", "{raw}");
        }
        assert_eq!(date_cii("20240229", Some("102")), Ok(date(2024, 2, 29)));
        assert_eq!(date_cii("2024-02-29", None), Ok(date(2024, 2, 29)));
        for (raw, format) in [
            ("20240230", "102"),
            ("202402", "610"),
            ("2024-02-29", "102"),
            ("äöüß", "102"),
        ] {
            assert!(date_cii(raw, Some(format)).is_err(), "{raw}");
        }
    }
}
