//! Vendors and the bank accounts that somebody entered and somebody else verified.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
