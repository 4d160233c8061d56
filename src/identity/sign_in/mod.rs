//! Signing in with a password and a second factor.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
