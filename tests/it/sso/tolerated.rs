//! What operators have and others write: it is used, and told where it is weak.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::idp::{Facts, Lock, Recipient, assertion, metadata, response};
use super::{ALICE, HONEST, IDP, Place, answer, good, status};

const OTHER: &str = "https://other.example/";

#[test]
fn a_broken_neighbour_leaves_an_identity_provider_as_it_is() {
    let place = Place::new();
    let broken = metadata(&[&vec![0; 3]]).replace(IDP, OTHER);
    let several = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{broken}{}</md:EntitiesDescriptor>",
        HONEST.metadata()
    );
    place.write("several.xml", &several);
    let file = place.write("response.xml", &good());
    let explain = |more: &[&str]| place.explain("several.xml", &file, more);
    assert_eq!(explain(&[]).status.code(), Some(0));
    assert_eq!(explain(&["--idp-entity", IDP]).status.code(), Some(0));
    let unusable = explain(&["--idp-entity", OTHER]);
    assert_eq!(unusable.status.code(), Some(2));
    let said = String::from_utf8_lossy(&unusable.stderr).into_owned();
    assert!(
        said.contains("a signing certificate cannot be read"),
        "{said}"
    );
    // Whoever claims to be the broken one is nobody.
    let facts = Facts {
        issuer: OTHER,
        ..Facts::default()
    };
    let claimed = place.write("claimed.xml", &HONEST.both_signed(&facts));
    let (code, told) = answer(&place.explain("several.xml", &claimed, &[]));
    assert_eq!((code, status(&told, "issuer")), (Some(1), "failed"));
}

#[test]
fn a_certificate_that_cannot_be_read_is_told() {
    let place = Place::new();
    place.write("both.xml", &metadata(&[&vec![0; 3], &HONEST.certificate]));
    let file = place.write("response.xml", &good());
    let (code, told) = answer(&place.explain("both.xml", &file, &[]));
    assert_eq!((code, status(&told, "metadata")), (Some(0), "warning"));
    place.write("none.xml", &metadata(&[&vec![0; 3]]));
    let unusable = place.explain("none.xml", &file, &[]);
    assert_eq!(unusable.status.code(), Some(2));
}

#[test]
fn our_key_is_read_in_der_and_base64_too() {
    let place = Place::new();
    let ours = Recipient::new();
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    let sealed = ours.encrypt("EncryptedAssertion", &signed, Lock::GcmOaepSha1);
    let file = place.write("response.xml", &response(&facts, &sealed));
    let text = STANDARD.encode(&ours.pkcs8);
    for (name, content) in [
        ("key.der", ours.pkcs8.as_slice()),
        ("key.txt", text.as_bytes()),
    ] {
        std::fs::write(place.0.path().join(name), content).expect("it is written");
        let key = place.path(name);
        let (code, told) = answer(&place.explain("idp.xml", &file, &["--sp-key", &key]));
        assert_eq!(
            (code, told["identity"]["name_id"].as_str()),
            (Some(0), Some(ALICE)),
            "{name}"
        );
    }
    std::fs::write(place.0.path().join("cut.der"), &ours.pkcs8[1..]).expect("it is written");
    let cut = place.path("cut.der");
    let unusable = place.explain("idp.xml", &file, &["--sp-key", &cut]);
    assert_eq!(unusable.status.code(), Some(2));
}

#[test]
fn a_key_that_is_wrapped_with_rsa_1_5_opens_and_is_told() {
    let place = Place::new();
    let ours = Recipient::new();
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    let sealed = ours.encrypt("EncryptedAssertion", &signed, Lock::GcmPkcs1);
    let file = place.write("response.xml", &response(&facts, &sealed));
    let key = place.write("key.txt", &STANDARD.encode(&ours.pkcs8));
    let (code, told) = answer(&place.explain("idp.xml", &file, &["--sp-key", &key]));
    assert_eq!((code, status(&told, "encryption")), (Some(0), "warning"));
}

#[test]
fn a_moment_without_a_zone_is_utc_and_base64_may_begin_with_a_mark() {
    let place = Place::new();
    let file = place.write(
        "marked.txt",
        &format!("\u{FEFF}{}", STANDARD.encode(good())),
    );
    let code = |at: &str| place.explain("idp.xml", &file, &["--at", at]).status.code();
    assert_eq!(code("2026-01-15T12:00:00"), Some(0));
    assert_eq!(code("2026-01-15T13:00:00"), Some(1));
    assert_eq!(code("2026-01-15"), Some(2));
}
