//! OpenID Connect for a relying party: bytes in, checked values out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`discovery`] | what a provider says of itself, held to the issuer that was asked for |
//! | [`keys`] | a provider's public keys (RFC 7517) |
//! | [`signed`] | a compact JWS, verified by those keys (RFC 7515) |
//! | [`id_token`] | who somebody is: every check of OpenID Connect Core 3.1.3.7 |
//! | [`logout`] | that somebody is not signed in at the provider any more |
//! | [`flow`] | the request that starts a sign-in, and its answer (RFC 6749, 7636, 9207) |
//!
//! Invariants
//! - Nothing of a token counts before its signature has been verified, and then those very bytes alone.
//! - Keys come from the provider's key set, never from a token: headers that bring or point to keys are not looked at.
//! - `none` and symmetric algorithms are no algorithms here: there is no way to name one. A key is used with the algorithms of its
//!   own kind alone.
//! - Every document is bounded. Moments are arguments; nothing is remembered.

pub mod discovery;
pub mod flow;
pub mod id_token;
pub mod keys;
pub mod logout;
mod members;
pub mod signed;

#[cfg(test)]
mod test_tokens;
