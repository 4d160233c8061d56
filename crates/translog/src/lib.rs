//! The journal as a log that a stranger can check.
//!
//! Pure: bytes in, checked values out. No IO, no clock, no randomness of its own.
//!
//! - [`entry`]: a journal entry's canonical bytes, readable without tools, values as commitments only.
//! - [`merkle`]: the RFC 6962 tree over them: growing it, proving and checking inclusion and consistency.
//! - [`note`] and [`checkpoint`]: the tree's head, signed, in the C2SP formats that public tools read.
//! - [`proof`]: one entry under such a head, as a file.
//! - [`bundle`]: a journal as one file that proves itself, and its verification.
//! - [`epoch`]: what makes a restore a declared rollback and not a silent one.
//!
//! Invariants
//! - Everything that is parsed has exactly one form: what parses, prints the same bytes again.
//! - Verification takes nothing but its arguments: the verifier needs no server.

pub mod bundle;
pub mod checkpoint;
pub mod entry;
pub mod epoch;
mod hash;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod time;
#[cfg(test)]
mod vectors;

pub use hash::Hash;
