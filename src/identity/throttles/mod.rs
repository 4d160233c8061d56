//! Throttling of attempts to sign in, per account name and per address prefix, in the database: it holds across nodes and
//! restarts.
//!
//! An attempt is counted before it is verified, so that a hundred at once count as a hundred. Keys are hashes; what is
//! unknown is counted as what is known, so that being locked tells nothing.

mod actions;
mod rules;
mod store;

pub use actions::{Key, attempt, forgive};
pub use rules::{ACCOUNT, ADDRESS, Limit, Tally};
