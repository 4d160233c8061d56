//! The server's internal logs: how long they are kept and what there is. Their lines are the operator's and are not shown here;
//! a request's id ties them to the journal.
//!
//! Invariants
//! - Nothing of a line leaves the folder by a page: days, counts and sizes do.

pub mod pages;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;
