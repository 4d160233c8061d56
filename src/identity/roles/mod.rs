//! Roles that an organisation makes: named sets of permissions, granted as those that are built in.
//!
//! Invariants
//! - What a role gives is read from its row when somebody's grants are loaded, and a row that the application did not write gives
//!   nothing.
//! - A role gains power (`powers`) only once a second administrator confirms it: everybody who holds it gains it. What it loses it
//!   loses with the request, and the sessions of those who hold it end.
//! - Nobody widens a role that she holds, and none that a service account holds gains power.
//! - A name is unique for ever and takes no built-in one's place; a role keeps its id and is never deleted. One that was retired is
//!   given to nobody new.
//! - Somebody always keeps the built-in role of an administrator: no change of a custom role can take the last one.

mod actions;
pub mod api;
pub mod pages;
mod rules;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{RoleError, Sight, change, decide, list, make, retire};
pub use pages::routes;
pub(in crate::identity) use pages::words;
pub(in crate::identity) use rules::DUTIES;
pub use rules::{Duty, duties};
pub(in crate::identity) use store::{CustomRole, CustomRoles, change_of, load, rights};

use crate::ids;

ids! {
    /// Power that a role shall gain.
    RoleChangeId,
}
