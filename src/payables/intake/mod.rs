//! How documents come in. Nothing that comes in is lost, and the same bytes are one document.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
