//! Payment runs: proposed by one person, approved by another, written to a file whose bytes are fixed.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
