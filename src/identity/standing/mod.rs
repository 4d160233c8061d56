//! Whether what somebody acts by still stands when her change is written.
//!
//! Invariants
//! - A request is judged by its head, and a body may take minutes to arrive: somebody who keeps one open writes nothing after she was
//!   suspended, signed out, lost a role or a permission, or after the token that a program or a directory acts by was revoked.
//! - The question is asked in the very transaction, before its body, for all changes at this one place. It is one statement.
//! - The store asks it and knows nothing of it: `main.rs` gives it [`check`].
//! - On whose behalf somebody decides is asked by the body that decides, of the delegation that she named.

mod store;

pub use store::check;
