//! Passkeys (WebAuthn Level 3): a second factor that no other site can ask for, and a way in without a password.
//!
//! Invariants
//! - A challenge is signed once, for one purpose, in the browser that was given it, within five minutes, on any node.
//! - An answer counts for the configured address alone: its origin, and the hash of its name in what was signed.
//! - An authenticator's counter only moves forward, by compare-and-set.
//! - Without a password the authenticator must have verified its user; then a passkey is both factors.
//! - Factors change only after one was shown a moment ago, and the last one stays.
//! - Every failure answers alike, and is throttled and journaled as a wrong code is.

mod actions;
pub mod pages;
mod rules;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::PasskeyError;
pub(in crate::identity) use actions::{are_possible, end_all_of};
pub use pages::routes;
pub(in crate::identity) use store::{counted, names};
