//! Keys as people see them: what is asked about them, decided by two, and proved afterwards.

pub mod disposal;
