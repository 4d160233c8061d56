//! Browsers in which a person has signed in before.
//!
//! Invariants
//! - A device is known by a random token in a cookie of its own; the database keeps the token's hash.
//! - It lets nobody in. It only keeps its person's attempts apart from those of strangers, so that strangers who attack an
//!   account cannot lock its person out (CWE-645). Guessing from a known device is throttled as any other, by itself.
//! - Where nobody is named yet (a passkey, single sign-on) and its network is locked, a device has a room of its own for a few
//!   attempts. Whoever got in by that room has to be its person: nobody goes around the throttle by a device of hers.
//! - It is remembered for 90 days, and its person can forget it before.
//! - A changed password makes all devices strangers but the one it was changed on.

mod actions;
mod pages;
#[cfg(test)]
mod samples;
mod store;
pub(crate) mod views;

pub use actions::{Known, Room, admit, end_all_of, find, forget, list, remember};
pub use pages::{Presented, routes, with_device};
