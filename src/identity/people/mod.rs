//! People's accounts in an organisation: inviting, accepting, roles, suspending.
//!
//! Invariants
//! - An invitation's link works once, for seven days, and is kept as a hash. It is mailed after the commit that made it.
//! - Nobody gives herself a role, under any account of hers; somebody always stays administrator.
//! - A role that approves, verifies, releases or administers is given by `powers` alone: a second administrator confirms it.
//! - Whoever loses a role or is suspended loses her sessions in the same transaction.

mod actions;
pub mod pages;
mod rules;
mod store;

pub use store::disposal::DISPOSABLE;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{
    INVITATION_MAIL, Invitation, Member, Offered, PeopleError, accept, choose_language, invitation,
    invite, list, mail_invitation, offered, set_grants, set_roles, set_suspended,
};
pub(in crate::identity) use actions::{
    candidate, come_back, create, end_ways_in, grant, join, leave, readdress, rename,
    take_every_role, take_roles,
};
pub use pages::routes;
pub(in crate::identity) use pages::{
    held_labels, parse_grants, role_choices, role_label, roles_within,
};
pub use rules::{FIRST_ROLES, Kind, Status, email, sign_in_name};
pub(in crate::identity) use store::{
    Candidate, are_all_ours, by_address, has_factor_mark, held, insert_service, list as everybody,
    locale_of, mark_factor, set_human, who_administer_for_good,
};
pub use store::{Held, Person, accounts_with, find, grants, holders, taking_part};
pub(in crate::identity) use views::{EntityRoles, RoleChoice};
