use rust_decimal::Decimal;

use crate::{Currency, Money, MoneyError};

impl Money {
    /// The nearest amount to a decimal number in major units; a half goes away from zero (commercial rounding:
    /// 0.125 is 0.13, -0.125 is -0.13).
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn round_half_up(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let minor_over = |power| divide_half_up(value.mantissa(), 10_i128.pow(power));
        let minor = match value.scale().checked_sub(currency.digits()) {
            Some(surplus) => minor_over(surplus),
            // 96 bits of mantissa times at most 10^4 fit an i128.
            None => value.mantissa() * 10_i128.pow(currency.digits() - value.scale()),
        };
        narrow(minor, currency)
    }

    /// `rate_percent` hundredths of the amount (19 for a VAT rate of 19 %), rounded half up as
    /// [`Money::round_half_up`] does. The product is exact before that one rounding.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn percent(self, rate_percent: Decimal) -> Result<Self, MoneyError> {
        let currency = self.currency();
        let rate = rate_percent.normalize();
        let product = i128::from(self.minor())
            .checked_mul(rate.mantissa())
            .ok_or(MoneyError::Overflow { currency })?;
        narrow(
            divide_half_up(product, 10_i128.pow(rate.scale() + 2)),
            currency,
        )
    }
}

fn narrow(minor: i128, currency: Currency) -> Result<Money, MoneyError> {
    i64::try_from(minor)
        .map(|minor| Money::from_minor(minor, currency))
        .map_err(|_| MoneyError::Overflow { currency })
}

/// `value / divisor` to the nearest whole number, halves away from zero. `divisor` is a power of ten up to 10^30.
fn divide_half_up(value: i128, divisor: i128) -> i128 {
    let quotient = value / divisor;
    let remainder = (value % divisor).unsigned_abs();
    if remainder * 2 >= divisor.unsigned_abs() {
        quotient + value.signum()
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    use super::*;

    fn rounded(text: &str, currency: Currency) -> i64 {
        Money::round_half_up(text.parse().expect(text), currency)
            .expect(text)
            .minor()
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(rounded("0.125", Currency::EUR), 13);
        assert_eq!(rounded("0.135", Currency::EUR), 14);
        assert_eq!(rounded("-0.125", Currency::EUR), -13);
        assert_eq!(rounded("0.1249999", Currency::EUR), 12);
        assert_eq!(rounded("0.5", Currency::JPY), 1);
        assert_eq!(rounded("7", Currency::KWD), 7000);
        assert!(matches!(
            Money::round_half_up(Decimal::MAX, Currency::EUR),
            Err(MoneyError::Overflow { .. })
        ));
    }

    #[test]
    fn percent_rounds_once() {
        let percent = |minor, rate: &str| {
            Money::from_minor(minor, Currency::EUR)
                .percent(rate.parse().expect(rate))
                .map(Money::minor)
        };
        assert_eq!(percent(10_000, "19"), Ok(1_900));
        assert_eq!(percent(50, "19"), Ok(10)); // 9.5
        assert_eq!(percent(-50, "19"), Ok(-10));
        assert_eq!(percent(10_001, "5.5"), Ok(550)); // 550.055
        assert_eq!(percent(10_000, "0"), Ok(0));
        assert_eq!(percent(10_000, "-2"), Ok(-200));
        assert!(percent(i64::MAX, "101").is_err());
        assert!(percent(i64::MAX, "79228162514264337593543950335").is_err());
    }

    proptest! {
        #[test]
        fn agrees_with_the_decimal_library(mantissa in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0_u32..10) {
            let value = Decimal::new(mantissa, scale);
            for currency in [Currency::JPY, Currency::EUR, Currency::KWD, Currency::CLF] {
                let expected = value.round_dp_with_strategy(currency.digits(), RoundingStrategy::MidpointAwayFromZero);
                let money = Money::round_half_up(value, currency).expect("small enough");
                prop_assert_eq!(money.to_decimal(), expected);
            }
        }

        #[test]
        fn percent_is_within_half_a_minor_unit(minor: i64, rate in 0_i64..=10_000) {
            let money = Money::from_minor(minor, Currency::EUR);
            let part = money.percent(Decimal::new(rate, 2)).expect("at most the amount itself");
            let error = i128::from(part.minor()) * 10_000 - i128::from(minor) * i128::from(rate);
            prop_assert!(error.abs() <= 5_000);
        }
    }
}
