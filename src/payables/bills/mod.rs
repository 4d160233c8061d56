//! Bills and credit notes: what a vendor asks for, with its document, its facts and their sources.
//!
//! Invariants
//! - A bill's axes (processing, posting, payment, match) are independent; holds are a set beside them (invariant 8).
//! - Whether a bill is payable is computed from its rows each time it is asked, with reasons; no column says it.
//! - The document's own totals rule: a difference is a hold, never a silent recalculation (invariant 9). An amount that
//!   its currency cannot hold exactly is absent and a hold, never rounded.
//! - Each fact of the header says where it came from: a business term of the document, or who typed it.
//! - The digest that a decision binds is made of the rows as they are now, never of a stored digest (invariant 6).

pub mod actions;
pub mod api;
pub mod holds;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

pub use actions::BillError;
pub use store::digest::{facts_digest, facts_digest_under};
pub use store::{Bill, BillLine};

#[cfg(test)]
pub(crate) mod samples;
