//! Showing somebody a sealed value in full: for a purpose, with a factor shown a moment ago, and by two where one is not enough.
//!
//! Invariants
//! - What can be shown is the closed list of [`Revealable`]. A second factor's seed, a key, a job's secret is in no list.
//! - The entry `secret.revealed` is committed before anybody sees anything: one a batch, with purpose, count and the digest of the set.
//! - More than one value, or one more than the policy lets somebody see within an hour, takes a second human: another one than
//!   whoever asked, under whatever account. What she approves is the set that was asked for, and nothing else opens by it.
//! - An approval opens once, for the account that asked, until it expires. It carries a code under the field root: a row that somebody
//!   writes into the database opens nothing.
//! - A token shows no factor, so that no program ever sees a value.
//! - Whoever may read what a value is about may read who saw it.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
mod samples;

pub use rules::{Named, Object, Purpose, Revealable, State};

use crate::ids;

ids! {
    /// Values that somebody asked to see, in one batch.
    RevealId,
    /// One value of a batch.
    RevealValueId,
    /// The row that holds a sealed value.
    SealedRowId,
    /// Whom a sealed value is about and whose key seals it: a vendor, a legal entity.
    OwnerId,
}
