//! Single sign-on by SAML 2.0.
//!
//! - Whether a response is accepted is decided by `crates/saml` alone, for the command line and for a server alike.
//! - Explaining a response needs no installation, no database and no key but the one that is named.

pub mod cli;
