//! Approvals: who must say yes to a bill before it can be paid, and what each of them said yes to.
//!
//! Invariants
//! - A decision binds what was seen (invariant 6): the digest of the bill's facts, of the policy's version and of how many
//!   must approve. Whoever decides names the digest of the page she read; another one is refused.
//! - Whether a bill is approved is computed by [`standing`] each time it is asked: the digest from the rows as they are now,
//!   every tag checked. No column says it, so that an UPDATE in the database approves nothing.
//! - Policy, request and decision are authenticated under the field root. Somebody with the database alone can take an
//!   approval away, but cannot make one, move one to another bill, or lower how many are needed.
//! - Whoever entered a bill, typed a fact of it or asked for its approval does not approve it, compared by the human
//!   behind the account (invariant 5). One human decides once per request.
//! - A policy's version never changes. Another version is for bills that are sent to approval after it; a request goes on
//!   under the version that it was made by.
//! - A change after submission voids the request and its decisions.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{ApprovalError, seed, void};
pub use store::standing::{NotApproved, Standing, standing};
