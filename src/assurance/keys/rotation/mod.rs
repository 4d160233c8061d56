//! Rotation: the keys of an organisation are replaced while everybody works.
//!
//! Invariants
//! - A new version is announced first and used [`rules::ANNOUNCED_US`] later, when every node has read it: no node meets a value
//!   that it cannot open.
//! - What is left to do is seen from the keys and the values themselves. A server that dies in the middle has lost nothing, and
//!   its work is taken up where it stopped.
//! - A version is destroyed [`rules::GRACE_US`] after the next one came into use, and only when nothing is sealed under it: the
//!   transaction that destroys it counts.
//! - A value that does not open keeps its key from being destroyed.
//! - Each step is an entry of the journal: ordered, activated, resealed, destroyed.

pub mod actions;
pub mod api;
pub mod cli;
pub mod pages;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod store;
mod views;
