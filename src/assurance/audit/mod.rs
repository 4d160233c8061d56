//! The journal as people read it.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
