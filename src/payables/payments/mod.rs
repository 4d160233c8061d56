//! Payment runs: proposed by one human, countersigned by another, written to a file whose bytes are fixed, released.
//!
//! Invariants
//! - Nothing stored is trusted: at proposal, countersigning, file and release every payment is checked anew (holds,
//!   duplicates, the vendor's verified account, the approvers' decisions), and must be what was proposed. The other steps
//!   ask for the codes of the run's rows, of its payments and of their bills.
//! - A bill stands in one run at most: the unique index `payments_bill_once` decides races.
//! - Whoever countersigns, fetches or releases has had no other duty in any payment of the run, and did not propose it
//!   if she countersigns (invariant 5).
//! - A credit note is never paid: it is netted against its vendor's bills, or left out.
//! - What the bank would refuse is left out when a run is proposed, and no text is cut or names what does not exist.
//! - The file is given out by the release: before it everything can be taken back, after it nothing but what the bank
//!   returns.
//! - The file's bytes are fixed by hash under a tag, and are compared with the payments once more at release.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{PaymentError, is_at_bank, remove_from_open_runs, remove_vendor_from_open_runs};
