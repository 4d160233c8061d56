//! Whether what somebody acts by still stands when her change is written.
//!
//! Invariants
//! - A request is judged by its head, and a body may take minutes to arrive: somebody who keeps one open writes nothing after she was
//!   suspended, signed out, lost a role or a permission, or after the token that a program or a directory acts by was revoked.
//! - The question is asked in the very transaction, before its body, for all changes at this one place. It is one statement.
//! - What a token's holder has is compared with what the request was judged by, and no moments are: an administrator's change is of
//!   the moment at which her own request began, which says nothing of when it was committed. Whoever gained something meanwhile is
//!   refused as well, and asks again.
//! - The store asks it and knows nothing of it: `main.rs` gives it [`check`].
//! - On whose behalf somebody decides is asked by the body that decides, of the delegation that she named.

mod rules;
mod store;

pub(in crate::identity) use rules::judged_by;
pub use store::check;
