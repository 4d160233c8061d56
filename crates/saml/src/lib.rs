//! SAML 2.0 for a service provider: bytes in, checked values out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`response`] | a response of the Web Browser SSO profile, verified; each check by name |
//! | [`metadata`] | identity providers out of metadata or a certificate; our own metadata |
//! | [`request`] | the request that starts a sign-in |
//! | [`logout`] | logout requests and responses, made and verified |
//! | [`bindings`] | base64, deflate, forms and queries |
//! | [`xml`] | the one parser |
//!
//! ```
//! use countersign_saml::Policy;
//! use countersign_saml::bindings::decode_post;
//! use countersign_saml::metadata::IdentityProvider;
//! use countersign_saml::response::{Expected, Identity, Refused, Verifier};
//!
//! # struct Posted<'a> { saml_response: &'a str, request_id: &'a str }
//! # fn sign_in(idp: &IdentityProvider, posted: &Posted<'_>, now: jiff::Timestamp) -> Result<Identity, Refused> {
//! let verifier = Verifier {
//!     idp, // IdentityProvider::choose(metadata, None)
//!     sp_entity: "https://bills.example/saml",
//!     acs: "https://bills.example/saml/acs",
//!     key: None,
//!     policy: Policy::SIGN_IN,
//! };
//! let xml = decode_post(posted.saml_response).unwrap_or_default();
//! let verified = verifier.verify(&xml, Expected::Request(posted.request_id), now)?;
//! // Here the caller refuses an assertion that it has seen, and remembers this one until `verified.remember_until`.
//! # Ok(verified.identity)
//! # }
//! ```
//!
//! Invariants
//! - What is known about a person is read from canonical bytes whose signature has been verified, and by the same parser that read
//!   the document in the first place. What stands outside of them can only get a message refused.
//! - Keys that verify come from configured metadata, never from the message.
//! - Every document is bounded in bytes, depth and nodes; there are no entities, document types or processing instructions.
//! - Time and randomness are arguments. Nothing is remembered: whether an assertion came before is for the caller to know, by
//!   [`response::Verified::identity`] and [`response::Verified::remember_until`].

pub mod bindings;
mod encryption;
pub mod keys;
pub mod logout;
pub mod metadata;
mod policy;
pub mod request;
pub mod response;
mod signature;
mod time;
mod words;
pub mod xml;

pub use encryption::DecryptError;
pub use policy::Policy;
pub use signature::SignatureError;
