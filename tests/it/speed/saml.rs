//! How long a signed SAML response takes to verify, beside the one RSA operation that no verifier can do without.

use std::hint::black_box;
use std::time::Instant;

use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{Expected, Verifier};
use serde_json::json;

use super::{PART, each};
use crate::sso::idp;
use crate::support::{counts, measured};

const ACS: &str = "https://sp.example/acs";
const SP: &str = "https://sp.example/metadata";
const REQUEST: &str = "id-request-1";

const RESULT: &str = "verified SAML response";
/// What a response may take at most, on average.
const MEAN_MAX_US: u128 = 1_000;

#[test]
fn a_signed_saml_response_is_verified_within_a_millisecond() {
    let begun = Instant::now();
    if measured::already(PART, RESULT) {
        return;
    }
    let is_measured = counts::running() == PART;
    let rounds = u32::try_from(counts::of(PART, 50, 20_000)).expect("few");
    let honest = idp::Idp::new();
    let known = IdentityProvider::choose(honest.metadata().as_bytes(), None).expect("ours");
    let verifier = Verifier {
        idp: &known,
        sp_entity: SP,
        acs: ACS,
        key: None,
        policy: Policy::SIGN_IN,
    };
    let at = "2026-01-15T12:00:00Z".parse().expect("a moment");
    let facts = idp::Facts::default();
    let [assertion, both] =
        [honest.assertion_signed(&facts), honest.both_signed(&facts)].map(|xml| {
            let mean = each(rounds, || {
                let bytes = black_box(xml.as_bytes());
                let verified = verifier.verify(bytes, Expected::Request(REQUEST), at);
                black_box(verified.expect("it is good"));
            });
            mean.as_micros()
        });
    let message = b"a message";
    let signature = honest.rsa(message);
    let key = UnparsedPublicKey::new(
        &RSA_PKCS1_2048_8192_SHA256,
        honest.key.public_key().as_ref(),
    );
    let raw = each(rounds, || {
        key.verify(black_box(message), &signature)
            .expect("it is good");
    });
    // A machine that builds and tests beside it says nothing of speed.
    if is_measured && !cfg!(debug_assertions) {
        let slowest = assertion.max(both);
        assert!(slowest < MEAN_MAX_US, "{slowest} us");
    }
    let figures = json!({
        "assertion_signed_us": assertion,
        "both_signed_us": both,
        "rsa_2048_alone_us": raw.as_micros(),
    });
    eprintln!("{figures}");
    measured::record(PART, RESULT, u64::from(rounds), 0, begun.elapsed(), figures);
}
