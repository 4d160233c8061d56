//! Passwords: what is good enough, and Argon2id in PHC form.
//!
//! Invariants
//! - A password is hashed outside of any transaction, on the blocking pool, never more than [`App::hashing`] at once.
//! - Where there is nothing to compare with, a hash of nobody's password is compared all the same, so that the time tells
//!   nothing.
//!
//! [`App::hashing`]: crate::platform::app::App::hashing

mod actions;
mod rules;
mod store;

pub use actions::{Hashed, HashingError, hash, verify};
pub use rules::{LONGEST_CHARS, Password, SHORTEST_CHARS, Weakness, weakness};
pub(in crate::identity) use store::{find, insert, replace, version};
