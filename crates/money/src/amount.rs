use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{Currency, MoneyError};

/// An amount in minor units of one currency: `1234` with EUR is 12.34 euros.
///
/// As JSON: `{"minor":1234,"currency":"EUR"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount from its minor units.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// The minor units: cents for EUR, whole yen for JPY.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether it is above zero.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.rebuilt(self.minor.checked_add(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.rebuilt(self.minor.checked_sub(other.minor))
    }

    /// The amount with its sign turned.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one lowest amount.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.rebuilt(self.minor.checked_neg())
    }

    /// The amount without its sign.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one lowest amount.
    pub fn checked_abs(self) -> Result<Self, MoneyError> {
        self.rebuilt(self.minor.checked_abs())
    }

    /// Which of two amounts of one currency is larger.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The sum of any number of amounts; zero for none. The currency is named so that an empty sum has one.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`] (of the result, not on the way to it).
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        let zero = Self::zero(currency);
        let mut total: i128 = 0;
        for amount in amounts {
            zero.same_currency(amount)?;
            // 2^64 terms of 63 bits still fit, so this cannot overflow.
            total += i128::from(amount.minor);
        }
        zero.rebuilt(i64::try_from(total).ok())
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            })
        }
    }

    fn rebuilt(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        let currency = self.currency;
        minor
            .map(|minor| Self { minor, currency })
            .ok_or(MoneyError::Overflow { currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    const MIXED: MoneyError = MoneyError::CurrencyMismatch {
        left: Currency::EUR,
        right: Currency::USD,
    };

    #[test]
    fn currencies_never_mix() {
        let usd = Money::from_minor(1, Currency::USD);
        assert_eq!(eur(1).checked_add(usd), Err(MIXED));
        assert_eq!(eur(1).checked_sub(usd), Err(MIXED));
        assert_eq!(eur(1).checked_cmp(usd), Err(MIXED));
        assert_eq!(Money::sum(Currency::EUR, [eur(1), usd]), Err(MIXED));
        assert_ne!(eur(0), Money::zero(Currency::USD));
    }

    #[test]
    fn nothing_wraps() {
        let overflow = MoneyError::Overflow {
            currency: Currency::EUR,
        };
        assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(overflow.clone()));
        assert_eq!(eur(i64::MIN).checked_sub(eur(1)), Err(overflow.clone()));
        assert_eq!(eur(i64::MIN).checked_neg(), Err(overflow.clone()));
        assert_eq!(eur(i64::MIN).checked_abs(), Err(overflow.clone()));
        assert_eq!(
            Money::sum(Currency::EUR, [eur(i64::MAX), eur(1)]),
            Err(overflow)
        );
        assert_eq!(
            Money::sum(Currency::EUR, [eur(i64::MAX), eur(1), eur(-1)]),
            Ok(eur(i64::MAX)),
            "only the result counts"
        );
    }

    #[test]
    fn plain_arithmetic() {
        assert_eq!(eur(150).checked_add(eur(-50)), Ok(eur(100)));
        assert_eq!(eur(150).checked_sub(eur(200)), Ok(eur(-50)));
        assert_eq!(eur(-5).checked_abs(), Ok(eur(5)));
        assert_eq!(eur(1).checked_cmp(eur(2)), Ok(Ordering::Less));
        assert_eq!(Money::sum(Currency::EUR, []), Ok(eur(0)));
        assert!(eur(0).is_zero() && eur(1).is_positive() && eur(-1).is_negative());
    }

    #[test]
    fn json_keeps_minor_units_and_code() {
        let json = serde_json::to_string(&eur(123)).expect("json");
        assert_eq!(json, r#"{"minor":123,"currency":"EUR"}"#);
        assert_eq!(
            serde_json::from_str::<Money>(&json).expect("json"),
            eur(123)
        );
        for bad in [
            r#"{"minor":1.5,"currency":"EUR"}"#,
            r#"{"minor":1}"#,
            r#"{"minor":1,"currency":"EUR","major":1}"#,
            r#"{"minor":9223372036854775808,"currency":"EUR"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
        }
    }
}
