//! The journal as a log that a stranger can check.
//!
//! Pure: bytes in, checked values out. No IO, no clock, no randomness of its own.
//!
//! - [`verifier`]: what an auditor reads. `countersign-verify` is made of its files and of no others.
//! - All else is what a server needs beside: [`entry`] writes canonical bytes, [`merkle`] grows the tree and makes proofs,
//!   [`note`] and [`checkpoint`] sign its head in the C2SP formats that public tools read, [`proof`] puts one entry under
//!   such a head, [`bundle`] writes a journal as one file, [`epoch`] makes a restore a declared one.
//!
//! Invariants
//! - What an entry, a note, a proof or a head is read from prints the same bytes again: it has exactly one form.
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
pub mod verifier {
    //! What proves a journal, `main.rs` in the same folder included.

    pub mod bundle;
    pub mod entry;
    pub mod form;
    pub mod note;
    pub mod payment;
    pub mod tree;
}

pub use verifier::form::Refused;
pub use verifier::tree::Hash;
