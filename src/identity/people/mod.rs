//! The members of an organisation, their roles and invitations.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
