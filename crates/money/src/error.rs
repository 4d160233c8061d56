use thiserror::Error;

use crate::Currency;

/// Why a text is no usable currency code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CurrencyError {
    /// Not three letters A to Z.
    #[error("“{0}” is not a currency code; use the three capital letters of ISO 4217, such as EUR")]
    Malformed(String),
    /// Three letters, but not in the list.
    #[error("“{0}” is not in the ISO 4217 list of currencies; check the code")]
    Unknown(String),
    /// In the list, but for metals, bond units, tests or “no currency”: ISO 4217 gives it no minor unit.
    #[error(
        "“{0}” stands for a metal, a unit of account or a test in ISO 4217 and has no minor unit, \
         so no amount can be kept in it; use the currency that is actually paid"
    )]
    NoMinorUnit(String),
}

/// Why an operation on amounts has no exact answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Two currencies met in one operation.
    #[error("amounts in {left} and {right} cannot be combined; convert one of them first")]
    CurrencyMismatch { left: Currency, right: Currency },
    /// The result needs more than an `i64` of minor units.
    #[error("the amount is too large to be kept in {currency}")]
    Overflow { currency: Currency },
    /// Decimals that the currency does not have; keeping them would need rounding.
    #[error(
        "“{text}” has more decimals than {currency} allows ({digits}); enter the amount as it is paid"
    )]
    TooManyDecimals {
        text: String,
        currency: Currency,
        digits: u32,
    },
    /// Not a decimal number in digits with a point.
    #[error(
        "“{text}” is not an amount; use digits with a point before the decimals, such as 1234.56"
    )]
    NotAnAmount { text: String },
    /// An allocation without any positive weight.
    #[error("the amount cannot be split: none of the {parts} parts has a weight above zero")]
    NothingToAllocateTo { parts: usize },
}
