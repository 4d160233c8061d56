//! The SQL of single sign-on.

pub(super) mod arrivals;
pub(super) mod grants;
pub(super) mod identities;
pub(super) mod metadata;
pub(super) mod requests;
pub(super) mod settings;
