//! Power is granted by two: roles that approve, verify, release or administer are proposed by one administrator and exist once
//! another human who administers confirms them.
//!
//! Invariants
//! - What is confirmed is what was proposed: the row's code is checked before anybody acts on it.
//! - Proposing and confirming are compared by the human behind the accounts, and end with the proposer's own right to administer.
//! - Where nobody else administers, or did within the week, the grant is made at once, and everybody with a role is told.
//!   A row that the application did not write counts as another administrator.
//! - The end of somebody's second factors takes two humans as well, neither of them herself, however few administer.

mod actions;
pub mod pages;
mod rules;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{
    Listed, POWER_MAIL, PowerError, Requests, Standing, decide, list, mail_power, propose_reset,
    standing, waiting_for,
};
pub(in crate::identity) use actions::{administers, give, is_alone, may_decide};
pub use pages::routes;
pub use pages::verdict;
pub(in crate::identity) use pages::what;
pub use rules::{Kind, State, Verdict, has_power, powers_in};
pub use store::accounts_of_administrators;
pub(in crate::identity) use store::with_role;

use crate::ids;

ids! {
    /// Something that an administrator proposed.
    PowerRequestId,
}
