//! Backups of the key store, made and put back by the operator, and how they stand for those who read the journal.
//!
//! Invariants
//! - What is made expires within 30 days; nothing that has expired is put back.
//! - Nothing is put back while a server runs, and nothing that a ledger of disposals names.

pub mod actions;
pub mod cli;
