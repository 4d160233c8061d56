//! Second factors that somebody has lost: two administrators end them, or the operator of the server, and a link by mail lets
//! her set up another.
//!
//! Invariants
//! - Ending takes two humans other than herself (`powers`), or whoever works at the server itself (`countersign person
//!   reset-factor`). Either way it is journaled, and she and everybody who administers are told by mail.
//! - With the factors end her sessions, her devices and her recovery codes. Her row keeps that she had a factor: her password
//!   alone never sets up another, before or after.
//! - The link works once, for four hours, beside her password, and goes to the address of her account alone. It begins nothing
//!   but setting up a factor.
//! - Whom no password lets in, since she has none or identity providers are the only way, shows beside the link that a connection
//!   knows her. Where none does the link is as one that was never given.

mod actions;
pub mod cli;
mod pages;
#[cfg(test)]
mod samples;
pub(crate) mod views;

pub use actions::{
    LOST_FACTOR_MAIL, LostFactorError, mail_lost_factor, open, reset_by_operator, set_up_anew,
};
pub(in crate::identity) use actions::{end, tell_of_proposal};
pub use pages::routes;
