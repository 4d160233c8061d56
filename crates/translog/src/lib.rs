//! The journal as a log that a stranger can check.
//!
//! Pure: bytes in, checked values out. No IO, no clock, no randomness of its own.
//!
//! - [`merkle`]: the RFC 6962 tree over them: growing it, proving and checking inclusion and consistency.
//!
//! Invariants
//! - Everything that is parsed has exactly one form: what parses, prints the same bytes again.
//! - Verification takes nothing but its arguments: the verifier needs no server.

mod hash;
pub mod merkle;
pub mod time;

pub use hash::Hash;
