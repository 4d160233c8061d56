//! The journal as people read it: what was done, by whom, before and after; as a list, as a file, and proved.
//!
//! Invariants
//! - Whoever may read the journal reads all of the organisation's and nothing of another's.
//! - Taking a copy and verifying are entries themselves.
//! - An export leaves nothing out silently: it is written page by page to its end, or is cut off where a reader sees it.

pub mod actions;
pub mod api;
pub mod cli;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub(in crate::assurance) use pages::by_credential;
pub(in crate::assurance) use store::last_verification;
