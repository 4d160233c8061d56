use std::fmt;

use rust_decimal::Decimal;

use crate::{Currency, Money, MoneyError};

/// Longest text looked at: 19 digits, sign, point, and room for padding zeros.
const MAX_TEXT_BYTES: usize = 64;

impl Money {
    /// Reads decimal text such as `1234.56`, `-3`, `.5` or `+7.10` exactly (the lexical form of `xs:decimal`).
    /// No grouping marks, no exponent, no spaces. Zeros behind the currency's last decimal add nothing and are
    /// accepted; any other digit there is an error, for nothing rounds here.
    ///
    /// # Errors
    /// [`MoneyError::NotAnAmount`], [`MoneyError::TooManyDecimals`], [`MoneyError::Overflow`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let not_an_amount = || MoneyError::NotAnAmount {
            text: excerpt(text),
        };
        if text.len() > MAX_TEXT_BYTES {
            return Err(not_an_amount());
        }
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !digits_only(whole) || !digits_only(fraction) {
            return Err(not_an_amount());
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = currency.digits();
        let missing = u32::try_from(fraction.len())
            .ok()
            .and_then(|length| digits.checked_sub(length))
            .ok_or_else(|| MoneyError::TooManyDecimals {
                text: excerpt(text),
                currency,
                digits,
            })?;
        let magnitude = whole
            .bytes()
            .chain(fraction.bytes())
            .chain((0..missing).map(|_| b'0'))
            .try_fold(0_i128, |value, byte| {
                value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))
            });
        magnitude
            .map(|magnitude| if negative { -magnitude } else { magnitude })
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| Self::from_minor(minor, currency))
            .ok_or(MoneyError::Overflow { currency })
    }

    /// Reads what a person typed: as [`Money::parse`] does, but with no more decimals than the currency has, zeros included.
    /// In half of Europe `1.000` is a thousand; a document's `xs:decimal` cannot mean that, a person can.
    ///
    /// # Errors
    /// As [`Money::parse`].
    pub fn parse_typed(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimals = text
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let digits = currency.digits();
        let amount = Self::parse(text, currency)?;
        if decimals > digits as usize {
            return Err(MoneyError::TooManyDecimals {
                text: excerpt(text),
                currency,
                digits,
            });
        }
        Ok(amount)
    }

    /// The amount of a decimal number in major units, if the currency can hold it without rounding.
    ///
    /// # Errors
    /// [`MoneyError::TooManyDecimals`], [`MoneyError::Overflow`].
    pub fn from_decimal_exact(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let exact = value.normalize();
        let digits = currency.digits();
        let missing =
            digits
                .checked_sub(exact.scale())
                .ok_or_else(|| MoneyError::TooManyDecimals {
                    text: value.to_string(),
                    currency,
                    digits,
                })?;
        // 96 bits of mantissa times at most 10^4 fit an i128.
        let minor = exact.mantissa() * 10_i128.pow(missing);
        i64::try_from(minor)
            .map(|minor| Self::from_minor(minor, currency))
            .map_err(|_| MoneyError::Overflow { currency })
    }

    /// The same amount in major units, exactly, with the currency's number of decimals.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor(), self.currency().digits())
    }

    /// Exact plain text in major units, always with the currency's decimals: `1234.56`, `-0.05`, `1234` (JPY).
    pub fn to_decimal_string(self) -> String {
        let (whole, fraction) = self.major_parts();
        let sign = if self.is_negative() { "-" } else { "" };
        format!("{sign}{whole}{fraction}")
    }

    /// Digits of the major unit, and the point with the decimals (empty where the currency has none).
    fn major_parts(self) -> (u64, String) {
        let magnitude = self.minor().unsigned_abs();
        let per_major = self.currency().minor_per_major().unsigned_abs();
        let width = self.currency().digits() as usize;
        let fraction = if width == 0 {
            String::new()
        } else {
            format!(".{:0width$}", magnitude % per_major)
        };
        (magnitude / per_major, fraction)
    }
}

/// Neutral form for people: `1,234.56 EUR`, `-0.05 EUR`, `1,234 JPY`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = self.major_parts();
        let plain = whole.to_string();
        let mut text = String::with_capacity(plain.len() * 4 / 3 + 12);
        if self.is_negative() {
            text.push('-');
        }
        for (index, digit) in plain.chars().enumerate() {
            if index > 0 && (plain.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&fraction);
        text.push(' ');
        text.push_str(self.currency().code());
        f.pad(&text)
    }
}

/// As much of a user's text as an error may repeat.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whoever_types_a_thousand_does_not_get_one() {
        for (text, currency) in [("1.000", Currency::EUR), ("1.00", Currency::JPY)] {
            assert!(Money::parse(text, currency).is_ok());
            assert!(matches!(
                Money::parse_typed(text, currency),
                Err(MoneyError::TooManyDecimals { .. })
            ));
        }
        for (text, minor) in [("1000", 100_000), ("-1.5", -150), (".05", 5)] {
            let typed = Money::parse_typed(text, Currency::EUR).expect(text);
            assert_eq!(typed.minor(), minor);
        }
    }

    fn parsed(text: &str, currency: Currency) -> i64 {
        Money::parse(text, currency).expect(text).minor()
    }

    #[test]
    fn reads_decimal_text_exactly() {
        assert_eq!(parsed("1234.56", Currency::EUR), 123_456);
        assert_eq!(parsed("-0.05", Currency::EUR), -5);
        assert_eq!(parsed("+7.1", Currency::EUR), 710);
        assert_eq!(parsed(".5", Currency::EUR), 50);
        assert_eq!(parsed("5.", Currency::EUR), 500);
        assert_eq!(parsed("007", Currency::EUR), 700);
        assert_eq!(parsed("1234", Currency::JPY), 1234);
        assert_eq!(parsed("1.234", Currency::KWD), 1234);
        assert_eq!(parsed("1.2345", Currency::CLF), 12_345);
        assert_eq!(parsed("100.000", Currency::EUR), 10_000);
        assert_eq!(parsed("100.00", Currency::JPY), 100);
        assert_eq!(parsed("-92233720368547758.08", Currency::EUR), i64::MIN);
    }

    #[test]
    fn too_many_decimals_never_round() {
        for (text, currency) in [
            ("0.001", Currency::EUR),
            ("1.5", Currency::JPY),
            ("1.00001", Currency::CLF),
        ] {
            assert!(
                matches!(
                    Money::parse(text, currency),
                    Err(MoneyError::TooManyDecimals { .. })
                ),
                "{text}"
            );
            let decimal: Decimal = text.parse().expect(text);
            assert!(matches!(
                Money::from_decimal_exact(decimal, currency),
                Err(MoneyError::TooManyDecimals { .. })
            ));
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "", "-", "+", ".", "-.", "1,5", "1 000", " 1", "1 ", "1e3", "0x10", "--1", "1.2.3",
            "١٢", "NaN", "Infinity", "1_000", "½",
        ] {
            assert!(
                matches!(
                    Money::parse(text, Currency::EUR),
                    Err(MoneyError::NotAnAmount { .. })
                ),
                "{text}"
            );
        }
        let hostile = "9".repeat(1_000_000);
        let error = Money::parse(&hostile, Currency::EUR).expect_err("too long");
        assert!(error.to_string().len() < 200);
        assert!(matches!(
            Money::parse("92233720368547758.08", Currency::EUR),
            Err(MoneyError::Overflow { .. })
        ));
        assert!(matches!(
            Money::from_decimal_exact(Decimal::MAX, Currency::CLF),
            Err(MoneyError::Overflow { .. })
        ));
    }

    #[test]
    fn shows_neutral_text() {
        let show = |minor, currency| Money::from_minor(minor, currency).to_string();
        assert_eq!(show(123_456, Currency::EUR), "1,234.56 EUR");
        assert_eq!(show(-5, Currency::EUR), "-0.05 EUR");
        assert_eq!(show(0, Currency::EUR), "0.00 EUR");
        assert_eq!(show(100_000, Currency::JPY), "100,000 JPY");
        assert_eq!(show(-123_456_789, Currency::KWD), "-123,456.789 KWD");
        assert_eq!(
            show(i64::MIN, Currency::EUR),
            "-92,233,720,368,547,758.08 EUR"
        );
        assert_eq!(
            format!("{:>10}", Money::from_minor(5, Currency::EUR)),
            "  0.05 EUR"
        );
    }

    fn any_currency() -> impl Strategy<Value = Currency> {
        proptest::sample::select(Currency::LIST)
    }

    proptest! {
        #[test]
        fn text_and_decimal_round_trip(minor: i64, currency in any_currency()) {
            let money = Money::from_minor(minor, currency);
            prop_assert_eq!(Money::parse(&money.to_decimal_string(), currency), Ok(money));
            prop_assert_eq!(Money::from_decimal_exact(money.to_decimal(), currency), Ok(money));
            prop_assert_eq!(money.to_decimal().to_string(), money.to_decimal_string());
            let plain = money.to_string().replace(',', "");
            prop_assert_eq!(plain, format!("{} {currency}", money.to_decimal_string()));
        }

        #[test]
        fn any_text_is_read_as_decimal_would_or_refused(text in "[-+]?[0-9]{0,22}(\\.[0-9]{0,6})?") {
            if let Ok(money) = Money::parse(&text, Currency::EUR) {
                let decimal: Decimal = format!("0{}", text.trim_start_matches(['-', '+'])).trim_end_matches('.').parse()
                    .expect("accepted text is a decimal");
                prop_assert_eq!(money.to_decimal().abs(), decimal);
            }
        }

        #[test]
        fn garbage_never_panics(text in ".{0,80}") {
            let _ = Money::parse(&text, Currency::EUR);
        }
    }
}
