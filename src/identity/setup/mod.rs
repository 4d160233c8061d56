//! The first minutes: organisation, legal entity, administrator.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
