//! What an organisation asks of everybody who signs in: factors, sessions, passwords, how fresh a factor is. Changed by two.
//!
//! Invariants
//! - Where nobody decided anything, [`Policy::STANDARD`] is in force. A policy whose row the application did not write lets
//!   nobody in.
//! - A change is proposed by one administrator and in force once another human who administers confirms it. Where nobody else
//!   administers it is in force at once, and everybody with a role is told.
//! - It holds from that moment at every door: passwords that are set, signing in, arriving from a provider, sessions, enrolment.
//!   Sessions from before passkeys alone counted, or before the PCI profile, are over.
//! - It never lets a session live longer than the configuration does.
//! - It says how many sealed values one human sees in full alone, whom `assurance::keys::reveals` asks.
//! - Nothing of it is learnt before somebody has shown a password or a link: throttles and locks are the same for all.

mod actions;
mod pages;
mod rules;
#[cfg(test)]
mod samples;
mod store;
pub mod views;

pub use actions::{
    POLICY_MAIL, PolicyError, Sight, decide, former, mail_policy, of_organisation, propose, view,
};
pub(in crate::identity) use actions::{keep_former, refusal};
pub use pages::routes;
pub(in crate::identity) use rules::PCI_DAYS;
pub use rules::{NotOfProfile, Pci, Policy, Terms, not_of_profile};
pub(in crate::identity) use store::of;
pub use store::reveals_per_hour;

use crate::ids;

ids! {
    /// A policy that an administrator proposed.
    PolicyRequestId,
}
