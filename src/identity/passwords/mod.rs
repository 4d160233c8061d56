//! Passwords: what is good enough, and Argon2id in PHC form.
//!
//! Invariants
//! - A password is hashed outside of any transaction, on the blocking pool, never more than [`App::hashing`] at once.
//! - A hash of lesser parameters than today's is made anew when its password is next shown.
//! - Where there is nothing to compare with, a hash of nobody's password is compared all the same, so that the time tells
//!   nothing.
//! - A password that its person disowned lets nobody in until it is replaced, and it is not replaced by itself.
//!
//! [`App::hashing`]: crate::platform::app::App::hashing

mod actions;
pub mod pages;
mod rules;
mod store;

pub use actions::{Hashed, HashingError, Verdict, hash, verify};
pub use pages::{refusal, routes};
pub use rules::{LONGEST_CHARS, Password, SHORTEST_CHARS, Strength, Weakness, strength, weakness};
pub(in crate::identity) use store::{
    chosen, disown, find, former, insert, is_disowned, keep_former, rehash, replace, that_signs_in,
    version,
};
