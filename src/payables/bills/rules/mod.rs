//! What is true of a bill without asking anybody: its states, its arithmetic, what is missing, what is payable.

pub mod axes;
pub mod missing;
pub mod number;
pub mod payable;
pub mod seller;
pub mod totals;
pub mod typed;
pub mod words;

pub use axes::{
    BillField, BillKind, FactSource, MatchState, NumberSpace, Payment, Posting, Processing, Via,
};
pub use missing::missing;
pub use number::number_key;
pub use payable::{Reason, payable};
