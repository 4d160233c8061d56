//! Countersign: self-hosted accounts payable. ARCHITECTURE.md is the map of this crate.

pub mod assurance;
pub mod identity;
pub mod payables;
pub mod platform;
