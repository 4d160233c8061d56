//! Second factors: time-based codes (RFC 6238) and recovery codes. Passkeys are a field of their own, and count as one here.
//!
//! Invariants
//! - The seed is sealed under its person's key. It is opened to check a code, and shown once, while it is set up.
//! - A code is good once: the newest accepted time step only moves forward, by compare-and-set.
//! - Recovery codes are kept as hashes and used up by compare-and-set.

mod actions;
pub mod pages;
mod rules;
#[cfg(test)]
mod samples;
mod store;
pub(crate) mod views;

pub use actions::{
    AppError, FactorError, Holder, Through, begin, confirm, pending, show_again,
    show_recovery_code, shown_first, spend_recovery_code, use_code, use_recovery_code,
};
pub(in crate::identity) use actions::{
    Shown, asked_for, become_full, count_attempt, end_all_of, enrolled, finish, give_codes, mark,
    may_enrol, refused,
};
pub use pages::routes;
pub use rules::{RecoveryCode, Seed, code_at, step_of};
pub(in crate::identity) use store::{Ways, app_since, ways};
