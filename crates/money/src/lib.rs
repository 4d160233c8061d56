//! Amounts of money that cannot lie: minor units in an `i64`, always with their currency.
//!
//! | file | what it holds |
//! |---|---|
//! | `currency.rs` | ISO 4217 codes with their minor-unit digits |
//! | `amount.rs` | [`Money`]: checked arithmetic and comparison within one currency |
//! | `decimal.rs` | exact conversion between [`Money`], decimal text and [`rust_decimal::Decimal`] |
//! | `written.rs` | amounts as people write them, with a point or a comma before the decimals |
//! | `rounding.rs` | the two operations that may round, half up by name |
//! | `allocate.rs` | splitting an amount so that the parts sum exactly to it |
//! | `error.rs` | what can be wrong, in words for a user |
//!
//! Invariants
//! - Two currencies never meet in one sum or comparison: that is an error, never a guess.
//! - Nothing rounds unless its name says so; nothing wraps or saturates on overflow.
//! - There is no `Add`, `Sub` or `PartialOrd`: an operator has no way to report a wrong currency.
//!
//! Deliberately absent: exchange rates, and languages: which mark a reader uses is told by whoever knows her.

mod allocate;
mod amount;
mod currency;
mod decimal;
mod error;
mod rounding;
mod written;

pub use allocate::allocate;
pub use amount::Money;
pub use currency::Currency;
pub use error::{CurrencyError, MoneyError};
pub use written::DecimalMark;
