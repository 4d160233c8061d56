//! What a person sees of her own account: where she is signed in, and who signed in or tried to.
//!
//! Invariants
//! - A person sees and ends her own sessions; an administrator ends all of somebody's and sees none.
//! - A sign-in that she disowns takes with it whatever came by it, her password included: only another one lets her in again.
//! - Ending a session is journaled with its reason. One that has ended, is somebody else's or never was are answered alike.

mod actions;
pub mod pages;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{
    Activity, ActivityError, Added, Attempt, Disowned, Open, disown, disowned, end_all, end_one,
    end_others, list,
};
pub use pages::routes;
pub(in crate::identity) use store::sign_in;
