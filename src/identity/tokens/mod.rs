//! API tokens: a person's right to act by program, limited to permissions, expiring, revocable.
//!
//! Invariants
//! - A token never gives more than its person's roles do at that moment.
//! - It is shown once; the database keeps SHA-256 of it. Its prefix and its checksum let secret
//!   scanners find it in other people's files. Lists show its last four characters, and when it was last used, to the minute.
//! - Cookies mean nothing to the API, and tokens mean nothing to the pages.

mod actions;
mod api;
pub mod pages;
mod rules;
mod store;
pub mod views;

pub(in crate::identity) use actions::revoke_all_of;
pub use actions::{TokenError, create, list, revoke};
pub(in crate::identity) use actions::{Wanted, end, make, of_holder};
pub use api::Bearer;
pub use pages::routes;
pub(in crate::identity) use pages::{permission_choices, row};
pub use rules::{ApiToken, LONGEST_DAYS, PREFIX};
pub use store::Listed;
pub(in crate::identity) use store::standing_until;
