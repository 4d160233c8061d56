//! Countersign: self-hosted accounts payable. See ARCHITECTURE.md for the map of the four wings.

pub mod platform;
