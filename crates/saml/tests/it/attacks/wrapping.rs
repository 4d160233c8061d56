//! Signature wrapping (XSW 1 to 8 of Somorovsky and others, 2012) and its later relatives: the signature stays valid over what it was
//! made for, and something else is read.

use countersign_saml::response::CheckId;

use super::{fools_the_naive, forged};
use crate::support::idp::{Facts, Lock, response};
use crate::support::naive::element;
use crate::support::{ADMIN, ALICE, HONEST, OURS, known, name, refused, verify_with};
use countersign_saml::Policy;

fn assertion_signed() -> String {
    HONEST.assertion_signed(&Facts::default())
}

fn response_signed() -> String {
    HONEST.response_signed(&Facts::default())
}

/// The parts of a response whose assertion is signed: the assertion, and its signature.
fn parts(xml: &str) -> (String, String) {
    let assertion = element(xml, "saml:Assertion", 0).expect("an assertion");
    let signature = element(assertion, "ds:Signature", 0).expect("a signature");
    (assertion.to_owned(), signature.to_owned())
}

/// A forged response around nothing, in whose signature the original response is put away.
fn evil_response(signature: &str) -> String {
    let evil = response(&Facts::default(), &forged()).replacen("response-1", "response-evil", 1);
    evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

#[test]
fn xsw1_original_response_inside_the_signature_of_a_forged_one() {
    let original = response_signed();
    let signature = element(&original, "ds:Signature", 0).expect("a signature");
    let bare = original.replace(signature, "");
    let holding = signature.replace(
        "</ds:Signature>",
        &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
    );
    let attacked = evil_response(&holding);
    assert_eq!(
        crate::support::naive::first_name(&attacked).as_deref(),
        Some(ALICE)
    );
    let attacked_last = attacked
        .replacen(&holding, "", 1)
        .replace("</samlp:Response>", &format!("{holding}</samlp:Response>"));
    fools_the_naive(&attacked_last);
    for attacked in [attacked, attacked_last] {
        assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
    }
}

#[test]
fn xsw2_original_response_beside_its_detached_signature() {
    let original = response_signed();
    let signature = element(&original, "ds:Signature", 0).expect("a signature");
    let bare = original.replace(signature, "");
    let attacked = response(&Facts::default(), &forged())
        .replacen("response-1", "response-evil", 1)
        .replace(
            "</samlp:Response>",
            &format!("{signature}{bare}</samlp:Response>"),
        );
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw3_forged_assertion_before_the_signed_one() {
    let original = assertion_signed();
    let attacked = original.replacen(
        "<saml:Assertion",
        &format!("{}<saml:Assertion", forged()),
        1,
    );
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw4_signed_assertion_inside_the_forged_one() {
    let original = assertion_signed();
    let (signed, _) = parts(&original);
    let holding = forged().replace("</saml:Assertion>", &format!("{signed}</saml:Assertion>"));
    let attacked = original.replace(&signed, &holding);
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw5_signature_in_the_forged_assertion_and_the_original_behind() {
    let original = assertion_signed();
    let (signed, signature) = parts(&original);
    let bare = signed.replace(&signature, "");
    let evil = forged().replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    let attacked = original.replace(&signed, &format!("{evil}{bare}"));
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw6_original_assertion_inside_the_signature_of_the_forged_one() {
    let original = assertion_signed();
    let (signed, signature) = parts(&original);
    let bare = signed.replace(&signature, "");
    let holding = signature.replace("</ds:Signature>", &format!("{bare}</ds:Signature>"));
    let evil = forged().replace("</saml:Assertion>", &format!("{holding}</saml:Assertion>"));
    let attacked = original.replace(&signed, &evil);
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw7_original_assertion_in_extensions() {
    let original = assertion_signed();
    let (signed, _) = parts(&original);
    let hidden = format!("<samlp:Extensions>{signed}</samlp:Extensions>");
    let attacked = original.replace(&signed, "").replace(
        "</samlp:Response>",
        &format!("{}{hidden}</samlp:Response>", forged()),
    );
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn xsw8_original_assertion_in_an_object_of_the_signature() {
    let original = assertion_signed();
    let (signed, signature) = parts(&original);
    let bare = signed.replace(&signature, "");
    let holding = signature.replace(
        "</ds:Signature>",
        &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
    );
    let evil = forged().replace("</saml:Assertion>", &format!("{holding}</saml:Assertion>"));
    let attacked = original.replace(&signed, &evil);
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn the_signed_element_is_no_assertion_by_name_so_that_there_is_one() {
    // The count of assertions does not see the original under another name; its signature does not verify there.
    let original = assertion_signed();
    let (signed, signature) = parts(&original);
    let evil = forged().replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    let renamed = signed
        .replace(&signature, "")
        .replace("saml:Assertion", "saml:Other");
    let attacked = original.replace(&signed, &format!("{evil}{renamed}"));
    assert_eq!(
        refused(&original, &attacked).check,
        CheckId::AssertionSignature
    );
}

#[test]
fn two_elements_with_the_id_that_was_signed() {
    let original = assertion_signed();
    let evil = forged().replace("assertion-evil", "assertion-1");
    let attacked = original.replacen("<saml:Assertion", &format!("{evil}<saml:Assertion"), 1);
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
    let attacked = original.replace("<samlp:Status>", "<samlp:Status Id=\"assertion-1\">");
    assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
}

#[test]
fn cve_2025_47949_unsigned_assertion_first_in_a_signed_response() {
    // samlify: what is signed is put where nobody reads, what is read is unsigned.
    let original = response_signed();
    let signature = element(&original, "ds:Signature", 0)
        .expect("a signature")
        .to_owned();
    let inner = original.replace(&signature, "");
    let attacked = response(&Facts::default(), &forged())
        .replacen("response-1", "response-evil", 1)
        .replace(
            "</samlp:Response>",
            &format!("<samlp:Extensions>{inner}</samlp:Extensions>{signature}</samlp:Response>"),
        );
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn several_responses_in_one_document() {
    let original = assertion_signed();
    let evil = response(&Facts::default(), &forged()).replacen("response-1", "response-evil", 1);
    let attacked = format!("{evil}{original}");
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
    let attacked = original.replace("<samlp:Status>", &format!("{evil}<samlp:Status>"));
    fools_the_naive(&attacked);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
}

#[test]
fn cve_2026_2092_encrypted_assertion_added_to_a_signed_one() {
    // Keycloak: plain assertions had to be signed, encrypted ones were opened and believed. Anybody can encrypt for us.
    let original = assertion_signed();
    let encrypted = OURS.encrypt("EncryptedAssertion", &forged(), Lock::GcmOaepSha1);
    let attacked = original.replacen("<saml:Assertion", &format!("{encrypted}<saml:Assertion"), 1);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
    let alone = response(&Facts::default(), &encrypted);
    let verified = verify_with(&alone, &known(), Policy::EXPLAIN, Some(&OURS.own));
    assert_eq!(
        verified.expect_err("nobody signed it").check,
        CheckId::Signed
    );
    // It would be the administrator, if what is encrypted needed no signature: signed, it is.
    let facts = Facts {
        name: ADMIN.to_owned(),
        ..Facts::default()
    };
    let honest = HONEST.sign(&crate::support::idp::assertion(&facts), facts.id);
    let encrypted = OURS.encrypt("EncryptedAssertion", &honest, Lock::GcmOaepSha1);
    let alone = response(&facts, &encrypted);
    let verified = verify_with(&alone, &known(), Policy::SIGN_IN, Some(&OURS.own));
    assert_eq!(
        verified.expect("it is signed inside").identity.name_id,
        ADMIN
    );
}

#[test]
fn two_assertions_or_a_moved_signature_inside_of_what_is_encrypted() {
    let facts = Facts::default();
    let signed = HONEST.sign(&crate::support::idp::assertion(&facts), facts.id);
    let holding = forged().replace("</saml:Assertion>", &format!("{signed}</saml:Assertion>"));
    let signature = element(&signed, "ds:Signature", 0).expect("a signature");
    let moved = forged().replace("</saml:Subject>", &format!("{signature}</saml:Subject>"));
    // Also where the identity provider signed it so: two readers would take two people for who signed in.
    let nested = crate::support::idp::assertion(&facts).replace(
        "</saml:Subject>",
        &format!("</saml:Subject><saml:Advice>{}</saml:Advice>", forged()),
    );
    let nested = nested.replace(
        "<saml:Advice><saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        "<saml:Advice><saml:Assertion",
    );
    let nested = HONEST.sign(&nested, facts.id);
    for content in [holding, moved, nested] {
        let encrypted = OURS.encrypt("EncryptedAssertion", &content, Lock::GcmOaepSha1);
        let xml = response(&facts, &encrypted);
        let verified = verify_with(&xml, &known(), Policy::SIGN_IN, Some(&OURS.own));
        assert_eq!(
            verified.expect_err("it is an attack").check,
            CheckId::Encryption
        );
    }
}

#[test]
fn an_unsigned_response_around_a_signed_assertion_confirms_nothing() {
    // The assertion was asked for by nobody; the response, which anybody can write, says otherwise.
    let facts = Facts {
        request: None,
        ..Facts::default()
    };
    let unsolicited = HONEST.assertion_signed(&facts);
    let attacked = unsolicited.replacen(
        " ID=\"response-1\"",
        " ID=\"response-1\" InResponseTo=\"id-request-1\"",
        1,
    );
    let said = name(&attacked).expect_err("it is unsolicited");
    assert!(said.starts_with("InResponseTo"), "{said}");
}
