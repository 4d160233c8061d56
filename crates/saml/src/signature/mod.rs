//! XML signatures as SAML uses them: one reference, to the very element that the signature stands in (SAML core, 5.4).

mod algorithms;
mod make;
mod verify;

pub(crate) use algorithms::{Digest, RSA_SHA256, Scheme};
pub(crate) use make::sign_enveloped;
pub use verify::SignatureError;
pub(crate) use verify::{Trust, verify, verify_detached};
