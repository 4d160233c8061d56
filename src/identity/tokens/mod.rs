//! API tokens: a person's right to act by program, limited to permissions, expiring, revocable.
//!
//! Invariants
//! - A token never gives more than its person's roles do at that moment.
//! - It is shown once; the database keeps SHA-256 of it. Its prefix lets secret scanners find it in other people's files.
//! - Cookies mean nothing to the API, and tokens mean nothing to the pages.

mod actions;
mod api;
mod rules;
mod store;

pub use api::Bearer;
pub use rules::{ApiToken, PREFIX, parse_permissions, stored_permissions};
