use crate::{Currency, Money, MoneyError};

/// Longest text looked at: 19 digits, six marks between them of up to three bytes, sign, decimals and room for spaces.
const MAX_TEXT_BYTES: usize = 96;

/// What stands before the decimals in a reader's country. The other of the two marks parts thousands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    /// `1,234.56`.
    #[default]
    Point,
    /// `1.234,56`.
    Comma,
}

impl DecimalMark {
    /// The mark itself.
    pub const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn between_thousands(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }

    /// A whole number as a person writes it: `1000`, `1 000`, and `1.000` or `1,000` where that mark parts thousands. None where
    /// it is none, or too large.
    pub fn whole(self, text: &str) -> Option<i64> {
        let plain = plain(text, self)?;
        plain.parse().ok()
    }
}

impl Money {
    /// Reads what a person typed, in the notation of her country and in every other one that cannot be misread:
    /// `1.234,56`, `1234,56`, `1 234.56` and `1,234.56` are one amount wherever they are typed. A mark that could part
    /// thousands or decimals does what it does in her country: `1.234` is a thousand and more with [`DecimalMark::Comma`], and
    /// with [`DecimalMark::Point`] one with three decimals, which most currencies refuse.
    ///
    /// # Errors
    /// [`MoneyError::NotAnAmount`], also where thousands are not parted by three digits;
    /// [`MoneyError::TooManyDecimals`], zeros included; [`MoneyError::Overflow`].
    pub fn parse_written(
        text: &str,
        currency: Currency,
        mark: DecimalMark,
    ) -> Result<Self, MoneyError> {
        match plain(text, mark) {
            Some(plain) => Self::parse_typed(&plain, currency),
            None => Err(MoneyError::NotAnAmount {
                text: text.chars().take(40).collect(),
            }),
        }
    }

    /// The amount as [`Money::parse_written`] reads it back, for a form's field: `1234,56`, without marks between thousands.
    pub fn to_written(self, mark: DecimalMark) -> String {
        let plain = self.to_decimal_string();
        match mark {
            DecimalMark::Point => plain,
            DecimalMark::Comma => plain.replace('.', ","),
        }
    }
}

/// The same number with a point before its decimals and nothing between its thousands.
fn plain(text: &str, mark: DecimalMark) -> Option<String> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let Some(at) = decimals_at(unsigned, mark)? else {
        return Some(format!("{sign}{}", thousands(unsigned)?));
    };
    let (whole, fraction) = (&unsigned[..at], &unsigned[at + 1..]);
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match whole {
        "" => String::new(),
        whole => thousands(whole)?,
    };
    Some(format!("{sign}{whole}.{fraction}"))
}

/// Where the decimals begin, if there are any; none at all where the marks make no sense together.
fn decimals_at(text: &str, mark: DecimalMark) -> Option<Option<usize>> {
    let (own, other) = (mark.sign(), mark.between_thousands());
    let once = |sign| text.matches(sign).count() == 1;
    match (text.rfind(own), text.rfind(other)) {
        (None, None) => Some(None),
        // With both, the later one can only stand before the decimals.
        (Some(at), Some(before)) if at > before => once(own).then_some(Some(at)),
        (Some(_), Some(at)) => once(other).then_some(Some(at)),
        (Some(at), None) => Some(once(own).then_some(at)),
        (None, Some(at)) => {
            let could_part = !text.starts_with('0') && thousands(text).is_some();
            Some((!could_part && once(other)).then_some(at))
        }
    }
}

/// Digits without what parts them by threes; none where something else is between them, or two kinds of marks are.
fn thousands(text: &str) -> Option<String> {
    let mark = text.chars().find(|character| !character.is_ascii_digit());
    let Some(mark) = mark else {
        return (!text.is_empty()).then(|| text.to_owned());
    };
    if !matches!(
        mark,
        '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}'
    ) {
        return None;
    }
    let groups: Vec<&str> = text.split(mark).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, others) = groups.split_first()?;
    let is_grouped = (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3);
    (is_grouped && groups.iter().all(digits)).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [DecimalMark; 2] = [DecimalMark::Point, DecimalMark::Comma];

    fn eur(text: &str, mark: DecimalMark) -> Option<i64> {
        Money::parse_written(text, Currency::EUR, mark)
            .ok()
            .map(Money::minor)
    }

    #[test]
    fn what_cannot_be_misread_is_one_amount_everywhere() {
        for (text, minor) in [
            ("1234.56", 123_456),
            ("1234,56", 123_456),
            ("1.234,56", 123_456),
            ("1,234.56", 123_456),
            (" 1 234,56 ", 123_456),
            ("1\u{202f}234,56", 123_456),
            ("1'234.56", 123_456),
            ("\u{2212}1.234,56", -123_456),
            ("- 5,5", -550),
            ("+7.1", 710),
            (".05", 5),
            (",05", 5),
            ("0,5", 50),
            ("1000", 100_000),
            ("1.234.567", 123_456_700),
            ("1,234,567", 123_456_700),
            ("1.234.567,8", 123_456_780),
        ] {
            for mark in BOTH {
                assert_eq!(eur(text, mark), Some(minor), "{text} {mark:?}");
            }
        }
    }

    #[test]
    fn what_could_be_two_amounts_is_the_one_of_the_readers_country() {
        let (point, comma) = (DecimalMark::Point, DecimalMark::Comma);
        assert_eq!(eur("1.234", comma), Some(123_400));
        assert_eq!(eur("1,234", point), Some(123_400));
        assert_eq!(eur("1.000", comma), Some(100_000));
        for (text, mark) in [("1.234", point), ("1,234", comma), ("0.500", comma)] {
            let read = Money::parse_written(text, Currency::EUR, mark);
            assert!(
                matches!(read, Err(MoneyError::TooManyDecimals { .. })),
                "{text} {mark:?}: {read:?}"
            );
        }
        let dinars = |text, mark| Money::parse_written(text, Currency::KWD, mark).map(Money::minor);
        assert_eq!(dinars("1.234", point), Ok(1_234));
        assert_eq!(dinars("1,234", comma), Ok(1_234));
        assert_eq!(dinars("1.234", comma), Ok(1_234_000));
        assert_eq!(dinars("0.234", comma), Ok(234));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            "-",
            ".",
            ",",
            "1.2.3",
            "1,2,3",
            "12.34.567,00",
            "1 23",
            "1234.567,00",
            "1.234'567",
            "1,234.567.8",
            "1..2",
            "1,,2",
            "1.,2",
            "1e3",
            "--1",
            "1-",
            "\u{0661}",
            "1_000",
            "5 %",
            "1. 5",
            ",234.5",
            "1 234 5",
        ] {
            for mark in BOTH {
                assert_eq!(eur(text, mark), None, "{text} {mark:?}");
            }
        }
        let hostile = "9".repeat(1_000_000);
        assert_eq!(eur(&hostile, DecimalMark::Comma), None);
    }

    #[test]
    fn whole_numbers_are_read_in_the_readers_notation() {
        assert_eq!(DecimalMark::Comma.whole("1.000"), Some(1_000));
        assert_eq!(DecimalMark::Point.whole("1,000"), Some(1_000));
        assert_eq!(DecimalMark::Point.whole(" 5 000 "), Some(5_000));
        for text in ["1.000", "1.5", "", "many", "99999999999999999999"] {
            assert_eq!(DecimalMark::Point.whole(text), None, "{text}");
        }
    }

    fn any_currency() -> impl Strategy<Value = Currency> {
        proptest::sample::select(Currency::LIST)
    }

    fn any_mark() -> impl Strategy<Value = DecimalMark> {
        proptest::sample::select(&BOTH[..])
    }

    /// An amount as people write it, thousands parted by `between`.
    fn grouped(money: Money, mark: DecimalMark, between: char) -> String {
        let plain = money.to_decimal_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (sign, digits) = whole
            .strip_prefix('-')
            .map_or(("", whole), |digits| ("-", digits));
        let mut text = sign.to_owned();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(between);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(mark.sign());
            text.push_str(fraction);
        }
        text
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minor: i64, currency in any_currency(), mark in any_mark(), between in 0usize..4) {
            let money = Money::from_minor(minor, currency);
            prop_assert_eq!(Money::parse_written(&money.to_written(mark), currency, mark), Ok(money));
            let between = [mark.between_thousands(), ' ', '\u{a0}', '\''][between];
            let text = grouped(money, mark, between);
            prop_assert_eq!(Money::parse_written(&text, currency, mark), Ok(money), "{}", text);
        }

        /// With two decimals the notation of one country is never another amount in the other.
        #[test]
        fn two_decimals_are_read_alike_everywhere(minor: i64, written in any_mark(), read in any_mark(), parted: bool) {
            let money = Money::from_minor(minor, Currency::EUR);
            let text = if parted {
                grouped(money, written, written.between_thousands())
            } else {
                money.to_written(written)
            };
            prop_assert_eq!(Money::parse_written(&text, Currency::EUR, read), Ok(money), "{}", text);
        }

        /// Where a point stands before the decimals, nothing that was read before is read otherwise.
        #[test]
        fn plain_amounts_stay_what_they_are(text in "[-+]?[0-9]{0,20}(\\.[0-9]{0,4})?", currency in any_currency()) {
            if let Ok(money) = Money::parse_typed(&text, currency) {
                prop_assert_eq!(Money::parse_written(&text, currency, DecimalMark::Point), Ok(money));
            }
        }

        /// Whatever is read holds the digits that were typed, and no others.
        #[test]
        fn no_digit_is_lost_or_made_up(text in "[-0-9., ']{0,14}", mark in any_mark()) {
            if let Some(plain) = plain(&text, mark) {
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                prop_assert_eq!(digits(&plain), digits(&text));
            }
        }

        #[test]
        fn garbage_never_panics(text in ".{0,80}", mark in any_mark()) {
            let _ = Money::parse_written(&text, Currency::EUR, mark);
        }
    }
}
