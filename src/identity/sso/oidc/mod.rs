//! OpenID Connect as a relying party.
//!
//! Invariants
//! - Whether an id token or a logout token is accepted is `crates/oidc`'s word, with keys that the confirmed issuer's own
//!   description names; who it lets in is [`arrive`](super::arrive)'s.
//! - An answer belongs to a question of the same browser, once: the state is opaque, bound to a cookie of its own, and to the
//!   version of the connection that it was asked by. Nonce and verifier follow from the state by a key of the organisation's, so
//!   that neither the browser nor the database holds them before the code is back.
//! - The code is shown to the token endpoint of the issuer that gave it, and to nobody else. Tokens stay in memory, and go with
//!   the request.
//! - Strangers make us fetch keys at most once a minute, on all nodes together.

mod actions;
pub mod pages;
mod rules;

pub use actions::{PROVIDER_JOB, Part, Unusable, refresh};
pub(in crate::identity::sso) use actions::{check, follow, onward};
