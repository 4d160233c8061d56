//! Showing a factor again, for what moves money or gives power: a page in between that asks for it and goes on with what was
//! asked.
//!
//! Invariants
//! - The guard is [`Access::require_fresh`], in the action itself; this room only turns its refusal into a way on.
//! - What was sent goes on as it was sent: the page carries it under a code of its browser's own cookie, at most
//!   [`rules::LONGEST_BYTES`] of it. It is sent again by its person's own browser, and everything about it is checked again.
//! - The session has another token afterwards; pages that were open before belong to the old one.
//!
//! [`Access::require_fresh`]: crate::identity::access::Access::require_fresh

pub mod pages;
mod rules;
#[cfg(test)]
mod samples;
pub mod views;

pub use pages::{asks, routes};
