//! Coding: the chart of general ledger accounts and cost centres, and how each line of a bill is spread over them.
//!
//! Invariants
//! - The parts of a line sum exactly to the line's net amount; none stands on the other side of it.
//! - A part names an account that was in use when it was coded. A retired code stays on what was coded before.
//! - A code never changes and is never given twice; its name may change.
//! - Coding after submission voids the approval request and takes the bill back to coding (invariant 6).

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

pub use actions::{CodingError, seed};
