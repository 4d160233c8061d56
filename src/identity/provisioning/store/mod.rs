//! The provisioning's SQL, by what it is about.

pub mod groups;
pub mod mappings;
pub mod tokens;
pub mod users;
