//! Documents that two parsers read in two ways, and documents that are meant to exhaust one.

use countersign_saml::response::CheckId;

use super::{fools_the_naive, forged};
use crate::support::idp::Facts;
use crate::support::naive::{element, first_name};
use crate::support::{ADMIN, ALICE, HONEST, name, refused, verify};

fn original() -> String {
    HONEST.assertion_signed(&Facts::default())
}

/// A person whose name begins like the administrator's, as the identity provider lets her choose it.
const LOOKALIKE: &str = "admin@example.com.mallory.example";

/// A signed response of the lookalike's, with something between the two halves of every name.
fn split(between: &str) -> String {
    let facts = Facts {
        name: LOOKALIKE.to_owned(),
        ..Facts::default()
    };
    let halves = format!("{ADMIN}{between}.mallory.example");
    HONEST.assertion_signed(&facts).replace(LOOKALIKE, &halves)
}

#[test]
fn cve_2017_11427_to_11430_a_comment_splits_a_name() {
    // Comments are not signed. Libraries read the text before the comment: the administrator's name.
    for comment in ["<!---->", "<!-- x -->", "<!--a--><!--b-->"] {
        let attacked = split(comment);
        assert_eq!(first_name(&attacked).as_deref(), Some(ADMIN));
        let verified = verify(&attacked).expect("a comment is no change");
        assert_eq!(verified.identity.name_id, LOOKALIKE);
        assert_eq!(verified.identity.attributes["mail"], [LOOKALIKE]);
    }
}

#[test]
fn cdata_and_processing_instructions_split_no_name_either() {
    let verified = verify(&split("<![CDATA[]]>")).expect("it is the same canonical text");
    assert_eq!(verified.identity.name_id, LOOKALIKE);
    let refusal = verify(&split("<?x y?>")).expect_err("no instruction is taken");
    assert_eq!(refusal.check, CheckId::Xml);
}

#[test]
fn cve_2025_25291_a_document_type_hides_half_of_the_document() {
    // ruby-saml had two parsers that disagreed on document types.
    let original = original();
    for declaration in [
        "<!DOCTYPE x>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]>",
        "<!DOCTYPE x [<!ATTLIST saml:Assertion Id ID #IMPLIED>]>",
        "<!DOCTYPE samlp:Response SYSTEM \"https://other.example/x.dtd\">",
        "<!doctype x>",
    ] {
        let attacked = format!("{declaration}{original}");
        assert_eq!(
            refused(&original, &attacked).check,
            CheckId::Xml,
            "{declaration}"
        );
    }
}

#[test]
fn cve_2025_25292_a_signature_under_two_names() {
    // The second disagreement was on namespaces: one parser found the one signature, the other the other.
    let original = original();
    let (signed, signature) = {
        let signed = element(&original, "saml:Assertion", 0).expect("an assertion");
        (
            signed.to_owned(),
            element(signed, "ds:Signature", 0).expect("one").to_owned(),
        )
    };
    let other_prefix = signature
        .replace("<ds:", "<x:")
        .replace("</ds:", "</x:")
        .replace("xmlns:ds", "xmlns:x");
    let evil = forged().replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    let attacked = original.replace(
        &signed,
        &evil.replace("</saml:Subject>", &format!("</saml:Subject>{other_prefix}")),
    );
    refused(&original, &attacked);
    // Under another prefix of the same namespace it is the same signature, and its own canonical form differs.
    let renamed = original.replace(&signature, &other_prefix);
    assert_eq!(
        refused(&original, &renamed).check,
        CheckId::AssertionSignature
    );
    // A signature in no namespace is none.
    let without = original.replace(
        " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
        " xmlns:ds=\"urn:other\"",
    );
    assert_eq!(refused(&original, &without).check, CheckId::Signed);
}

#[test]
fn cve_2025_66567_namespaces_that_are_declared_again() {
    // ruby-saml again: an element's namespace by one parser, its prefix by the other.
    let original = original();
    let evil = forged()
        .replace("saml:", "evil:")
        .replace("xmlns:saml", "xmlns:evil");
    let attacked = original.replacen("<saml:Assertion", &format!("{evil}<saml:Assertion"), 1);
    assert_eq!(refused(&original, &attacked).check, CheckId::OneAssertion);
    let shadowed = original.replace(
        "<saml:NameID ",
        "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" ",
    );
    refused(&original, &shadowed);
    for broken in [
        " xmlns:saml=\"\"",
        " xmlns:xml=\"urn:x\"",
        " xmlns:xmlns=\"urn:x\"",
    ] {
        let attacked = original.replace("<samlp:Status>", &format!("<samlp:Status{broken}>"));
        assert_eq!(
            refused(&original, &attacked).check,
            CheckId::Xml,
            "{broken}"
        );
    }
}

#[test]
fn entities_of_any_kind() {
    let original = original();
    let bomb: String = (1..=9)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let laughs = format!(
        "<!DOCTYPE x [<!ENTITY l0 \"lol\">{bomb}]>{}",
        original.replace(ALICE, "&l9;")
    );
    assert_eq!(refused(&original, &laughs).check, CheckId::Xml);
    let file = format!(
        "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{}",
        original.replace(ALICE, "&f;")
    );
    assert_eq!(refused(&original, &file).check, CheckId::Xml);
    let undefined = original.replace("<samlp:Status>", "<samlp:Status>&x;");
    assert_eq!(refused(&original, &undefined).check, CheckId::Xml);
}

#[test]
fn documents_that_are_too_much() {
    let original = original();
    for (open, close, count) in [
        ("<a>", "</a>", 100_000),
        ("<a xmlns='u:1'>", "</a>", 60_000),
    ] {
        let deep = open.repeat(count) + &close.repeat(count);
        let attacked = original.replace("<samlp:Status>", &format!("{deep}<samlp:Status>"));
        assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
    }
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=\"\"")).collect();
    let attacked = original.replace("<samlp:Status>", &format!("<samlp:Status{attributes}>"));
    assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
    let wide = original.replace(
        "<samlp:Status>",
        &format!("{}<samlp:Status>", "<a/>".repeat(30_000)),
    );
    assert_eq!(refused(&original, &wide).check, CheckId::Xml);
}

#[test]
fn references_to_characters_stand_for_what_they_are() {
    // A reference is the same canonical text: nothing to gain, nothing to lose.
    let spelled: String = ALICE.chars().map(|c| format!("&#{};", c as u32)).collect();
    let attacked = original().replacen(&format!(">{ALICE}<"), &format!(">{spelled}<"), 1);
    assert_eq!(name(&attacked), Ok(ALICE.to_owned()));
    fools_the_naive(&original().replacen(
        "<saml:Assertion",
        &format!("{}<saml:Assertion", forged()),
        1,
    ));
}

#[test]
fn another_encoding_than_utf_8() {
    let original = original();
    let utf16: Vec<u16> = original.encode_utf16().collect();
    let bytes: Vec<u8> = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(refused(&original, &text).check, CheckId::Xml);
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{original}");
    assert_eq!(refused(&original, &declared).check, CheckId::Xml);
}
