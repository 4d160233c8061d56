//! Bank files: what goes to a bank, and what identifies an account. Bytes in, checked values out.
//!
//! | folder | what it holds |
//! |---|---|
//! | `account/` | IBAN, other account numbers, BIC, country, creditor reference |
//! | `pain001/` | ISO 20022 `pain.001.001.09`, customer credit transfer: prepare, write, read back, verify |
//!
//! Invariants
//! - An account number is printed by `expose` only: no `Display`, no `Serialize`, a `Debug` of four characters.
//! - What is written is what was prepared: nothing is cut short, nothing is rounded, and every change of a
//!   character follows a documented table and can be read in the prepared values before they are written.
//! - Equal input gives equal bytes. There is no clock and no randomness here.
//! - Sums and counts in a file are computed from its transfers, never taken from a caller.

pub mod account;
pub mod pain001;
