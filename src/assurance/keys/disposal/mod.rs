//! Destroying the key of a subject, so that no copy of its values opens any more: neither here nor in any backup.
//!
//! Invariants
//! - Two humans stand behind a disposal, and the second shows a factor in the action itself.
//! - What something still needs is not destroyed: the field that the subject belongs to says so, within the same transaction.
//! - The receipt says when it is complete, what was destroyed, and what stays and why, in words that a test holds to the schema.

pub mod actions;
pub mod cli;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
mod samples;

use crate::ids;

ids! {
    /// That a subject's key be destroyed.
    DisposalRequestId,
}
