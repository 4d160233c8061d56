//! SAML 2.0 as a service provider.
//!
//! Invariants
//! - Whether a response is accepted is `crates/saml`'s word, with keys of confirmed metadata; who it lets in is
//!   [`arrive`](super::arrive)'s.
//! - A response answers a request of the same browser, once: the request is named by an opaque state and bound to a cookie of
//!   its own. Where the connection lets the identity provider begin, it may answer none instead.
//! - An assertion is accepted once, by whichever node; it is remembered until it is too old.
//! - The response's form comes from another site, so that it carries no token of ours. Nothing of it counts but what is signed,
//!   and the cookie that it is bound by lets nobody in by itself.

mod actions;
pub mod pages;
mod rules;
mod store;

pub use actions::{METADATA_JOB, refresh};
pub(in crate::identity::sso) use actions::{
    certificates, fetch_now, fetched_at, follow, onward, renew_key, retire_key,
};
