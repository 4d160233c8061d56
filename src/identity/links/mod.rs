//! Single-use links: setup, invitation, reset, a new factor. Hashed at rest, short-lived, shown or mailed after the commit that made them.

mod actions;
mod rules;
mod store;

pub use actions::{find, issue, spend};
pub(in crate::identity) use actions::{open, void};
pub use rules::{Kind, Link, lifetime_us};
pub(in crate::identity) use store::{began, open_of_kind, open_of_person, open_of_person_and_kind};
