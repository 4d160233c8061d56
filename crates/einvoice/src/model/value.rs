//! Values that many terms share.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency code of ISO 4217: three capital letters. Whether the list has it is for the rules to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

/// A text that is no currency code.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not a currency code: three capital letters of ISO 4217 such as EUR")]
pub struct NoCurrency(String);

impl Currency {
    /// Reads a code; `None` unless it is three ASCII capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Currency(bytes))
    }

    /// The code, for example `EUR`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency is made of ASCII letters only")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = NoCurrency;

    fn try_from(code: String) -> Result<Self, NoCurrency> {
        Currency::parse(&code).ok_or(NoCurrency(code))
    }
}

/// An amount with the digits that the document wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub value: Decimal,
    /// The amount's own currency, only where the document gives one that differs from the invoice currency BT-5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl Amount {
    /// An amount in the invoice currency.
    pub const fn new(value: Decimal) -> Self {
        Amount {
            value,
            currency: None,
        }
    }
}

/// A quantity with its unit of UN/ECE Recommendation 20 or 21.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    pub value: Decimal,
    pub unit: Option<Box<str>>,
}

/// An identifier with the scheme that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// A span of days, both ends included: BG-14, BG-26.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// BT-73, BT-134.
    pub start: Option<Date>,
    /// BT-74, BT-135.
    pub end: Option<Date>,
}

/// A bank account, card or tax number: what thieves want, so it prints only its length.
///
/// It is serialised in full, because the model is stored sealed. Whoever takes the text out says so with
/// [`Sensitive::expose`].
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive(String);

impl Sensitive {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Sensitive(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} characters withheld]", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(Currency::parse("EUR").unwrap().as_str(), "EUR");
        for wrong in ["", "eur", "EU", "EURO", "E1R", "ÄB"] {
            assert_eq!(Currency::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_sensitive_text_prints_nothing_of_itself() {
        let account = Sensitive::new("DE75512108001245126199");
        assert_eq!(format!("{account:?}"), "[22 characters withheld]");
    }
}
