//! Good assertions in the wrong hands: of another time, for another service, a second time.

use std::collections::BTreeSet;

use countersign_saml::response::CheckId;

use crate::support::idp::Facts;
use crate::support::{HONEST, now, refused, verify};

fn original() -> String {
    HONEST.assertion_signed(&Facts::default())
}

#[test]
fn an_assertion_for_another_service_of_the_same_identity_provider() {
    let facts = Facts {
        audience: "https://other.example/metadata",
        recipient: "https://other.example/acs",
        ..Facts::default()
    };
    refused(&original(), &HONEST.assertion_signed(&facts));
}

#[test]
fn a_replayed_assertion_is_known_by_its_id_until_it_is_too_old() {
    // What the caller keeps is enough: the same ID both times, until a moment from which on the age refuses it.
    let xml = original();
    let mut seen = BTreeSet::new();
    let first = verify(&xml).expect("it is good");
    assert!(seen.insert(first.identity.assertion_id.clone()));
    let second = verify(&xml).expect("the verifier remembers nothing");
    assert!(!seen.insert(second.identity.assertion_id), "a replay");
    assert!(first.remember_until > now());
    let idp = crate::support::known();
    let verifier = countersign_saml::response::Verifier {
        idp: &idp,
        sp_entity: crate::support::SP,
        acs: crate::support::ACS,
        key: None,
        policy: countersign_saml::Policy::SIGN_IN,
    };
    let expected = countersign_saml::response::Expected::Request(crate::support::REQUEST);
    let later = |at| verifier.verify(xml.as_bytes(), expected, at).is_ok();
    let second = jiff::SignedDuration::from_secs(1);
    assert!(later(first.remember_until - second) && !later(first.remember_until));
    // A white space more in the unsigned part makes no other assertion of it.
    let respelled = verify(&xml.replace("<samlp:Status>", " <samlp:Status>")).expect("it is good");
    assert_eq!(respelled.identity.assertion_id, first.identity.assertion_id);
}

#[test]
fn two_status_codes_and_statuses() {
    let original = original();
    let code = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>";
    let failed = code.replace("Success", "Requester");
    let cases = [
        original.replace(code, &format!("{code}{failed}")),
        original.replace(code, &format!("{failed}{code}")),
        original.replace(code, &failed),
        original.replace(code, ""),
        original.replace(
            "<samlp:Status>",
            &format!("<samlp:Status>{failed}</samlp:Status><samlp:Status>"),
        ),
        original.replace(
            code,
            &format!("<samlp:StatusCode Value=\"urn:x\">{code}</samlp:StatusCode>"),
        ),
    ];
    for attacked in cases {
        assert_eq!(refused(&original, &attacked).check, CheckId::Status);
    }
}

#[test]
fn another_version_or_another_protocol() {
    let original = original();
    let attacked = original.replacen("Version=\"2.0\"", "Version=\"1.1\"", 1);
    assert_eq!(refused(&original, &attacked).check, CheckId::Message);
    let attacked = original.replace("SAML:2.0:protocol", "SAML:1.0:protocol");
    assert_eq!(refused(&original, &attacked).check, CheckId::Message);
    let attacked = original.replace("samlp:Response", "samlp:ArtifactResponse");
    assert_eq!(refused(&original, &attacked).check, CheckId::Message);
}

#[test]
fn an_issuer_that_is_named_twice_or_differs() {
    let original = original();
    let issuer = "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata</saml:Issuer>";
    let other = issuer.replace("idp.example", "other.example");
    for attacked in [
        original.replace(issuer, &format!("{issuer}{issuer}")),
        original.replace(issuer, &other),
    ] {
        assert_eq!(refused(&original, &attacked).check, CheckId::Issuer);
    }
}
