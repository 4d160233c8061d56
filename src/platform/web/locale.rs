//! The languages Countersign speaks, how one is chosen, and how each writes numbers.

use countersign_money::{Currency, DecimalMark, Money};

/// A language with its conventions for numbers and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// English as written in the United Kingdom and Ireland.
    #[default]
    En,
    /// German, addressing the reader formally.
    De,
}

impl Locale {
    /// Every locale, the fallback first.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The BCP 47 language tag, as in `<html lang>` and in the folder under `messages/`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The locale of a BCP 47 tag by its primary language, so that `de-AT` is German. `None` for a language we lack.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The locale to answer in: the person's setting if there is one, else the best match of the `Accept-Language`
    /// header (RFC 9110, 12.5.4), else English. A header that makes no sense is ignored.
    pub fn choose(setting: Option<Self>, accept_language: Option<&str>) -> Self {
        setting
            .or_else(|| accept_language.and_then(Self::negotiate))
            .unwrap_or_default()
    }

    fn negotiate(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        // A browser sends a handful; a longer list is not worth the reading.
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1000), thousandths);
            let Some(weight) = weight.filter(|weight| *weight > 0) else {
                continue;
            };
            if best.is_none_or(|(highest, _)| weight > highest) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// What stands before the decimals.
    pub const fn decimal_mark(self) -> DecimalMark {
        match self {
            Self::En => DecimalMark::Point,
            Self::De => DecimalMark::Comma,
        }
    }

    /// What was typed as an amount, as programs write it: `1234.56`. What is no amount stays as it was typed, for those
    /// who read it to complain about.
    pub fn plain_amount(self, typed: &str, currency: Currency) -> String {
        Money::parse_written(typed, currency, self.decimal_mark())
            .map_or_else(|_| typed.to_owned(), Money::to_decimal_string)
    }

    /// An amount with grouped thousands and `digits` decimals: 123456 with 2 is `1,234.56` or `1.234,56`.
    pub fn decimal(self, minor: i64, digits: u8) -> String {
        let (group, point) = match self {
            Self::En => (',', '.'),
            Self::De => ('.', ','),
        };
        let digits = usize::from(digits);
        let all = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = all.split_at(all.len() - digits);
        let mut out = String::with_capacity(all.len() + all.len() / 3 + 4);
        if minor < 0 {
            out.push('\u{2212}');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                out.push(group);
            }
            out.push(digit);
        }
        if digits > 0 {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }
}

/// A quality value of RFC 9110, 12.4.2 (`0.8`) in thousandths, or `None` if it is not one.
fn thousandths(text: &str) -> Option<u16> {
    let value: f32 = text.trim().parse().ok()?;
    (0.0..=1.0)
        .contains(&value)
        .then_some((value * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_answered_in_its_best_language() {
        for (header, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", Locale::De),
            ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.7", Locale::En),
            ("fr", Locale::En),
            ("de;q=0", Locale::En),
            ("*;q=0.1, DE", Locale::De),
            (";;;,q=,de;q=seven", Locale::En),
            ("de;q=NaN", Locale::En),
        ] {
            assert_eq!(Locale::choose(None, Some(header)), expected, "{header}");
        }
        assert_eq!(Locale::choose(Some(Locale::De), Some("en")), Locale::De);
        assert_eq!(Locale::choose(None, None), Locale::En);
    }

    #[test]
    fn amounts_are_read_in_each_language() {
        let plain = |locale: Locale, typed| locale.plain_amount(typed, Currency::EUR);
        assert_eq!(plain(Locale::De, "1.234,5"), "1234.50");
        assert_eq!(plain(Locale::De, "1.000"), "1000.00");
        assert_eq!(plain(Locale::En, "1,000"), "1000.00");
        assert_eq!(
            plain(Locale::En, "1.000"),
            "1.000",
            "not an amount of euros"
        );
        assert_eq!(plain(Locale::De, "40 %"), "40 %");
    }

    #[test]
    fn amounts_are_grouped_in_each_language() {
        assert_eq!(Locale::En.decimal(123_456_789, 2), "1,234,567.89");
        assert_eq!(Locale::De.decimal(123_456_789, 2), "1.234.567,89");
        assert_eq!(Locale::En.decimal(-5, 2), "\u{2212}0.05");
        assert_eq!(Locale::En.decimal(1_000, 0), "1,000");
        assert_eq!(Locale::En.decimal(999, 3), "0.999");
        assert_eq!(
            Locale::En.decimal(i64::MIN, 2),
            "\u{2212}92,233,720,368,547,758.08"
        );
    }
}
