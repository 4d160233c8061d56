//! Values as they cross to either engine: i64, text, bytes, null. Booleans are moments or 0/1, so that one SQL text serves both.

use countersign_money::Currency;
use countersign_sealing::Sealed;
use jiff::civil::Date;

use crate::platform::clock::Micros;

#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Debug names the shape alone: values may be personal data, and errors carry parameters into logs.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Int(_) => f.write_str("Int"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("column {column} is not {expected}")]
pub struct DecodeError {
    pub column: usize,
    pub expected: &'static str,
}

impl DecodeError {
    #[must_use]
    pub const fn expected(expected: &'static str) -> Self {
        Self {
            column: 0,
            expected,
        }
    }
}

/// Reads one column's value.
pub trait FromValue: Sized {
    fn from_value(value: Value) -> Result<Self, DecodeError>;
}

/// Reads a whole row: fields in the order of the SELECT's columns.
pub trait FromRow: Sized {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError>;
}

/// One row, read from the left to the right.
#[derive(Debug)]
pub struct Row {
    values: std::vec::IntoIter<Value>,
    column: usize,
}

impl Row {
    #[must_use]
    pub fn new(values: Vec<Value>) -> Self {
        Self {
            values: values.into_iter(),
            column: 0,
        }
    }

    /// The next column, as `T`.
    pub fn take<T: FromValue>(&mut self) -> Result<T, DecodeError> {
        self.column += 1;
        let value = self.values.next().ok_or(DecodeError {
            column: self.column,
            expected: "there",
        })?;
        T::from_value(value).map_err(|error| DecodeError {
            column: self.column,
            ..error
        })
    }

    /// All columns that are left.
    #[must_use]
    pub fn rest(self) -> Vec<Value> {
        self.values.collect()
    }
}

/// Declares a struct that is read from a row: fields in the order of the columns.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $ty:ty),+ $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$fmeta])* $fvis $field: $ty),+ }
        impl $crate::platform::store::FromRow for $name {
            fn from_row(
                row: &mut $crate::platform::store::Row,
            ) -> Result<Self, $crate::platform::store::DecodeError> {
                Ok(Self { $($field: row.take()?),+ })
            }
        }
    };
}

/// A statement's parameters from `$2` on: `$1` is always the organisation, bound by the transaction itself.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::platform::store::Value::from($value)),*] };
}

/// Text enums of the business: `as_str` for storage, `FromStr` for reading back.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl From<$name> for $crate::platform::store::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.as_str().to_owned())
            }
        }

        impl $crate::platform::store::FromValue for $name {
            fn from_value(
                value: $crate::platform::store::Value,
            ) -> Result<Self, $crate::platform::store::DecodeError> {
                match value {
                    $crate::platform::store::Value::Text(text) => Self::parse(&text).ok_or(
                        $crate::platform::store::DecodeError::expected(concat!("a ", stringify!($name))),
                    ),
                    _ => Err($crate::platform::store::DecodeError::expected(concat!("a ", stringify!($name)))),
                }
            }
        }
    };
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Micros> for Value {
    fn from(value: Micros) -> Self {
        Self::Int(value.0)
    }
}

/// A civil date is stored as its ISO 8601 text.
impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Text(value.to_string())
    }
}

/// A currency is stored as its ISO 4217 code.
impl From<Currency> for Value {
    fn from(value: Currency) -> Self {
        Self::Text(value.code().to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        Ok(value)
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Int(int) => Ok(int),
            _ => Err(DecodeError::expected("an integer")),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err(DecodeError::expected("text")),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(DecodeError::expected("bytes")),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Bytes(bytes) => bytes
                .try_into()
                .map_err(|_| DecodeError::expected("bytes of the right length")),
            _ => Err(DecodeError::expected("bytes")),
        }
    }
}

impl FromValue for Micros {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        i64::from_value(value).map(Self)
    }
}

impl FromValue for Date {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Text(text) => text.parse().map_err(|_| DecodeError::expected("a date")),
            _ => Err(DecodeError::expected("a date")),
        }
    }
}

impl FromValue for Currency {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Text(text) => text
                .parse()
                .map_err(|_| DecodeError::expected("a currency")),
            _ => Err(DecodeError::expected("a currency")),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T> From<Sealed<T>> for Value {
    fn from(value: Sealed<T>) -> Self {
        Self::Bytes(value.as_bytes().to_vec())
    }
}

impl<T> FromValue for Sealed<T> {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        let bytes = Vec::<u8>::from_value(value)?;
        Self::from_bytes(bytes).map_err(|_| DecodeError::expected("a sealed value"))
    }
}

macro_rules! tuple_rows {
    ($($name:ident),+) => {
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
                Ok(($(row.take::<$name>()?,)+))
            }
        }
    };
}
tuple_rows!(A);
tuple_rows!(A, B);
tuple_rows!(A, B, C);
tuple_rows!(A, B, C, D);
tuple_rows!(A, B, C, D, E);
tuple_rows!(A, B, C, D, E, F);
