//! A journal taken home: one file that proves itself on any machine, and the signed head to hold the next one against.
//!
//! Invariants
//! - That somebody took a copy is an entry itself, with its range and whether it shows values.
//! - The file is made from what is stored and never in memory as a whole; one that was cut off says so to its verifier.
//! - Whoever reads the journal may take it; nobody takes another organisation's.

pub mod actions;
pub mod cli;
pub mod pages;
