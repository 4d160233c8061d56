//! Throttling of attempts to sign in, per account name, address prefix and known device, in the database: it holds across nodes and
//! restarts.
//!
//! A device in which somebody has signed in before is counted by itself: while strangers attack her account and it is locked
//! for them, she gets in.
//!
//! An attempt is counted before it is verified, so that a hundred at once count as a hundred. Keys are hashes; what is
//! unknown is counted as what is known, so that being locked tells nothing. What every limit has forgotten is deleted within the hour.

mod actions;
mod rules;
mod store;

pub use actions::{Key, attempt, forget, forgive, hourly, is_blocked};
pub use rules::{ACCOUNT, ADDRESS, Limit, Tally};
