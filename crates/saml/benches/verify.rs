//! Verifying a response beside the one RSA operation that no verifier can do without.

use std::hint::black_box;

use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{Expected, Verifier};
use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../tests/it/support/idp.rs"]
#[expect(
    dead_code,
    reason = "the identity provider of the tests, which use more of it"
)]
mod idp;

const ACS: &str = "https://sp.example/acs";
const SP: &str = "https://sp.example/metadata";
const IDP: &str = "https://idp.example/metadata";
const REQUEST: &str = "id-request-1";
const ALICE: &str = "alice@example.com";

fn verify(criterion: &mut Criterion) {
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
    let mut group = criterion.benchmark_group("response");
    let message = b"a message";
    let signature = honest.rsa(message);
    let key = UnparsedPublicKey::new(
        &RSA_PKCS1_2048_8192_SHA256,
        honest.key.public_key().as_ref(),
    );
    group.bench_function("raw RSA-2048 verification", |bencher| {
        bencher.iter(|| {
            key.verify(black_box(message), &signature)
                .expect("it is good")
        });
    });
    for (name, xml) in [
        ("assertion signed", honest.assertion_signed(&facts)),
        ("both signed", honest.both_signed(&facts)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let bytes = black_box(xml.as_bytes());
                verifier
                    .verify(bytes, Expected::Request(REQUEST), at)
                    .expect("it is good")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
