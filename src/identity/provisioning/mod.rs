//! People who come from a directory of the organisation's (SCIM 2.0: RFC 7643, RFC 7644).
//!
//! Invariants
//! - A directory acts by a token that one administrator made and another human confirmed. It reaches the people that it made
//!   itself, and nobody else; nothing but this field takes such a token.
//! - It gives power by a mapping alone that two confirmed, for one group of its own.
//! - The address of an account that somebody has used is not the directory's to change: whoever could would have the mail that
//!   replaces its password.
//! - Whoever is deprovisioned loses sessions, tokens, devices and links in the same transaction. What somebody else suspended a
//!   directory does not resume, and somebody stays administrator.
//! - A user whose address belongs to nobody's account here is kept as sent, and has no account.

mod actions;
mod api;
pub mod pages;
pub mod rules;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub(in crate::identity) use actions::standing_until;
pub use actions::{
    DIRECTORY_MAIL, DirectorySight, MappingSight, ProvisioningError, TokenSight, Which, decide,
    decide_mapping, end_mapping, list, mail_directory, map, permit, propose, revoke,
};
pub use api::routes as api_routes;
pub use pages::routes;
pub use rules::{DirectoryToken, LONGEST_DAYS, PREFIX};
pub use store::tokens::State;

use crate::ids;
use crate::platform::scope::{Caller, Scope};

ids! {
    /// Whatever sends people.
    DirectoryId,
    /// A user of a directory.
    UserId,
    /// A group of a directory.
    GroupId,
    /// A user's place in a group.
    MembershipId,
    /// What says that a group gives a role.
    MappingId,
    /// A role that was given by a mapping.
    GivenRoleId,
}

/// A directory that has shown its token. It is no [`crate::identity::access::Access`]: no other field's action takes it.
#[derive(Debug, Clone, Copy)]
pub struct DirectoryAccess {
    caller: Caller,
    directory: DirectoryId,
}

impl DirectoryAccess {
    fn scope(&self) -> Scope {
        self.caller.scope
    }
}
