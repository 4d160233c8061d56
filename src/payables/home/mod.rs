//! The first page: what waits for whom, and why, to be understood in five seconds.
//!
//! Invariants
//! - A queue shows what this person may do now: by her permissions, and without what her other duties forbid (invariant 5).
//! - What is overdue comes first, then what is due soonest, then what has waited longest.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;
