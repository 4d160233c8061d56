//! Service accounts: accounts that programs use, by tokens that administrators make and revoke.
//!
//! Invariants
//! - A service account has no password, no session and no mail. It approves, verifies, reveals, releases and administers nothing,
//!   whatever its roles and tokens say (`access::allows_service`).
//! - It has no human of its own: an administrator answers for it, and what it entered she entered. Whoever makes a token of an
//!   account that another human answers for takes it over, and the tokens that the other one has seen end.

mod actions;
pub mod pages;
pub mod views;

#[cfg(test)]
mod samples;

pub use actions::{ServiceError, ServiceView, create, make_token, revoke_token, view};
pub use pages::routes;
