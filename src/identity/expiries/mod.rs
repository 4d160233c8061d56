//! Telling in time that something by which people and programs sign in is about to end, and how it is renewed (ASVS 5.0, 6.4.5).
//!
//! Invariants
//! - Each reminder is a job that is queued in the transaction in which its moment is set: there is one of each, and none is missed.
//! - What has ended or was renewed in between is told of to nobody.

mod actions;

pub use actions::{EXPIRY_JOB, look};
pub(in crate::identity) use actions::{What, remind};
