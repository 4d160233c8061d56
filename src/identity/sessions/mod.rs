//! Sessions: what a browser holds after its person has shown who they are.
//!
//! Invariants
//! - The database keeps SHA-256 of the token alone.
//! - A session has stages: `password` (the second factor is still owed), `enrolling` (it must be set up first), `renewing`
//!   (the password must be replaced first), `full`.
//!   Only `full` gives an [`Access`](super::access::Access). Each change of stage gives a new token, and so does a factor
//!   that is shown again.
//! - Where its person may do something else than when she got her token, the next page brings another: a copy that somebody had
//!   before does not have what she gained.
//! - It ends by sign-out, by its person from another one, by an administrator, by a change of the password, when its person is suspended, when a
//!   rule comes into force that refuses the way it began, after `sessions.idle_minutes`
//!   without a request and after `sessions.absolute_minutes` in any case.

mod actions;
mod pages;
pub mod rules;
mod store;

pub use actions::{Opened, SessionError, end, end_all_of, open, promote, show_factor, sign_out};
pub(in crate::identity) use actions::{open_of, open_until};
pub use pages::{AtStage, SignedIn, Visitor, frames, page_of, renews, with_cookie};
pub use rules::Stage;
pub(in crate::identity) use store::{factor_of, grants as grants_of, rights as rights_of};
