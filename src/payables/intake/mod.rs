//! How documents come in. Nothing that comes in is lost, and the same bytes are one document.
//!
//! - What a file is, its bytes say, never its name.
//! - PDFs and images are opened in worker processes only (`platform::workers`), by the pure functions of
//!   [`rules::reading`].

pub mod actions;
pub mod api;
pub mod cli;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;
