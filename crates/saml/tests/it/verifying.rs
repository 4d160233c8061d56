//! What is accepted, and each rule by what breaks it alone.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RSA_PSS_SHA256,
};
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::Status;

use crate::support::idp::{Facts, assertion, certificate, insert_signature, metadata, response};
use crate::support::{ALICE, HONEST, IDP, MALLORY, REQUEST, name, verify, verify_with};

#[test]
fn the_three_ways_of_signing_are_accepted_with_what_was_signed() {
    let facts = Facts::default();
    for xml in [
        HONEST.assertion_signed(&facts),
        HONEST.response_signed(&facts),
        HONEST.both_signed(&facts),
    ] {
        let verified = verify(&xml).expect("it is good");
        let identity = &verified.identity;
        assert_eq!(identity.name_id, ALICE);
        assert_eq!(identity.issuer, IDP);
        assert_eq!(identity.assertion_id, "assertion-1");
        assert_eq!(identity.session_index.as_deref(), Some("session-1"));
        assert_eq!(identity.attributes["groups"], ["clerks", "approvers"]);
        assert_eq!(verified.in_response_to.as_deref(), Some(REQUEST));
        assert_eq!(verified.remember_until.to_string(), "2026-01-15T12:08:00Z");
        assert!(
            verified
                .checks
                .iter()
                .all(|check| check.status != Status::Failed)
        );
    }
}

#[test]
fn white_space_and_comments_around_and_inside_are_fine() {
    let pretty = HONEST
        .assertion_signed(&Facts::default())
        .replace("<samlp:Status>", "\r\n  <!-- one -->\n<samlp:Status>")
        .replace("</samlp:Response>", "\n</samlp:Response>\n<!-- the end -->");
    assert_eq!(
        name(&format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{pretty}"
        )),
        Ok(ALICE.into())
    );
}

#[test]
fn prefixes_that_are_listed_are_canonicalised_though_nothing_uses_them() {
    let xs = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
    let facts = Facts::default();
    let list = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"xs\"></ec:InclusiveNamespaces></ds:Transform>";
    let plain =
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let canonical = assertion(&facts).replacen(" ID=", &format!("{xs} ID="), 1);
    let info = |declared| {
        crate::support::idp::signed_info(
            facts.id,
            crate::support::idp::RSA_SHA256,
            &crate::support::idp::sha256(&canonical),
            declared,
        )
        .replace(plain, list)
    };
    use base64::Engine as _;
    let value = base64::engine::general_purpose::STANDARD.encode(HONEST.rsa(info(true).as_bytes()));
    let signed = insert_signature(&assertion(&facts), &HONEST.signature(&info(false), &value));
    // The prefix is declared around the assertion: its canonical form has it all the same.
    let around =
        response(&facts, &signed).replacen(" Destination=", &format!("{xs} Destination="), 1);
    assert_eq!(name(&around), Ok(ALICE.to_owned()));
    assert!(
        name(&response(&facts, &signed)).is_err(),
        "without the prefix it is another document"
    );
}

fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm, identifier: &str) {
    let key = EcdsaKeyPair::generate(algorithm).expect("a key");
    let spki: PublicKeyX509Der<'_> = key.public_key().as_der().expect("it encodes");
    let idp = metadata(&[&certificate(spki.as_ref())]);
    let idp = IdentityProvider::choose(idp.as_bytes(), None).expect("it is good");
    let facts = Facts::default();
    let sign = |message: &[u8]| {
        let signature = key.sign(&SystemRandom::new(), message).expect("it signs");
        signature.as_ref().to_vec()
    };
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, sign);
    let xml = response(&facts, &without_key_info(&signed));
    let verified = verify_with(&xml, &idp, Policy::SIGN_IN, None).expect("it is good");
    assert_eq!(verified.identity.name_id, ALICE);
    // CVE-2022-21449: zeros fitted every message.
    let zeros = |message: &[u8]| vec![0; sign(message).len()];
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, zeros);
    let xml = response(&facts, &without_key_info(&signed));
    assert!(verify_with(&xml, &idp, Policy::SIGN_IN, None).is_err());
}

fn without_key_info(xml: &str) -> String {
    let (head, rest) = xml.split_once("<ds:KeyInfo>").expect("there is one");
    let (_, tail) = rest.split_once("</ds:KeyInfo>").expect("it ends");
    format!("{head}{tail}")
}

#[test]
fn elliptic_curves_and_pss_are_accepted() {
    const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
    ecdsa(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &format!("{MORE}ecdsa-sha256"),
    );
    ecdsa(
        &ECDSA_P384_SHA384_FIXED_SIGNING,
        &format!("{MORE}ecdsa-sha384"),
    );
    let pss = |message: &[u8]| {
        let mut signature = vec![0; HONEST.key.public_modulus_len()];
        HONEST
            .key
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .expect("it signs");
        signature
    };
    let facts = Facts::default();
    let identifier = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, pss);
    assert_eq!(name(&response(&facts, &signed)), Ok(ALICE.to_owned()));
}

#[test]
fn on_the_day_of_a_roll_over_both_certificates_count_and_later_one() {
    let facts = Facts::default();
    let (old, new) = (
        HONEST.assertion_signed(&facts),
        MALLORY.assertion_signed(&facts),
    );
    let read = |certificates: &[&Vec<u8>]| {
        IdentityProvider::choose(metadata(certificates).as_bytes(), None).expect("it is good")
    };
    let verify =
        |xml: &str, idp: &IdentityProvider| verify_with(xml, idp, Policy::SIGN_IN, None).is_ok();
    let both = read(&[&HONEST.certificate, &MALLORY.certificate]);
    assert!(verify(&old, &both) && verify(&new, &both));
    let after = read(&[&MALLORY.certificate]);
    assert!(!verify(&old, &after) && verify(&new, &after));
}
