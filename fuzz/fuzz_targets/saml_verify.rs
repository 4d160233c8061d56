//! Any bytes, taken for a response, are refused: nobody has the key that would have to sign them.
//! Taken for metadata or a certificate, they give an error or an identity provider.
#![no_main]

use std::sync::LazyLock;

use countersign_saml::Policy;
use countersign_saml::bindings::decode_any;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{Expected, Verifier, claimed_issuer, of_no_provider};
use libfuzzer_sys::fuzz_target;

/// A certificate whose private key nobody has kept.
static IDP: LazyLock<IdentityProvider> = LazyLock::new(|| {
    let pem = include_bytes!("../seeds/saml_verify/idp.pem");
    IdentityProvider::choose(pem, None).expect("the seed is a certificate")
});

fuzz_target!(|bytes: &[u8]| {
    let _ = IdentityProvider::all(bytes);
    let decoded = decode_any(bytes);
    let response = decoded.as_deref().unwrap_or(bytes);
    let claimed = claimed_issuer(response, None, &Policy::EXPLAIN);
    let _ = of_no_provider(response, claimed.as_deref());
    let verifier = Verifier {
        idp: &IDP,
        sp_entity: "https://sp.example/metadata",
        acs: "https://sp.example/acs",
        key: None,
        policy: Policy {
            sha1: true,
            ..Policy::EXPLAIN
        },
    };
    let at = "2026-01-15T12:00:00Z".parse().expect("a moment");
    let expected = Expected::Unknown { unsolicited: true };
    let verified = verifier.verify(response, expected, at);
    assert!(verified.is_err(), "nobody has the key");
});
