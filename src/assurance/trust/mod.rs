//! The trust page: what is claimed of this organisation, checked as the page is opened.
//!
//! Invariants
//! - A claim is computed from what is stored at that moment: it shows its evidence and the evidence's age.
//! - A claim that cannot be shown does not hold.

mod actions;
pub mod pages;
mod rules;
pub mod views;

#[cfg(test)]
mod samples;
