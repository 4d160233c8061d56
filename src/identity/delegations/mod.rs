//! Delegations: a person lets another one decide on bills on her behalf, from a day until a day.
//!
//! Invariants
//! - What is delegated is deciding on bills and nothing else, in as far as the principal may decide herself at that moment: it ends
//!   when she loses the role, is suspended, or ends it, and a right that she has by delegation goes no further.
//! - For somebody who is absent two administrators say so, neither of them the delegate; both people are told.
//! - Days are civil dates where the organisation is; the last one counts. At most 90.
//! - The delegate already reads the bills that she is to decide on. A decision carries both humans, and duties are compared for
//!   both. Tokens decide on nobody's behalf.
//! - A row that the application did not write gives nobody anything. Both are told by mail.

mod actions;
pub mod pages;
mod rules;
mod store;
pub mod views;

#[cfg(test)]
mod samples;

pub use actions::{
    DELEGATION_MAIL, DelegationError, Listed, NewDelegation, Own, decide, delegate, delegate_for,
    end, list, mail_delegation, mandates, still_stands,
};
pub use pages::routes;
pub(in crate::identity) use store::find as delegation_of;

use crate::ids;

ids! {
    /// What one person lets another do on her behalf.
    DelegationId,
}
