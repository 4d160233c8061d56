//! Signing in: password, then a code of the app or a recovery code.
//!
//! Invariants
//! - Unknown, known, suspended and locked answer alike: in words, in status, and each after one password was hashed.
//! - A failure is journaled: in the person's organisation, or in the system organisation where the name is unknown.

mod actions;
pub mod pages;
mod rules;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub(in crate::identity) use actions::wrong_password;
pub use actions::{Attempt, SignInError, change_password, has_several_organisations, sign_in};
pub use pages::routes;
