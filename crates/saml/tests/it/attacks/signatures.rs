//! Signatures that say one thing to whoever verifies and another to whoever reads, and algorithms that are none.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::CheckId;

use super::{fools_the_naive, forged};
use crate::support::idp::{
    Facts, RSA_SHA256, assertion, insert_signature, response, sha256, signed_info,
};
use crate::support::naive::{between, element, first_name, verifies};
use crate::support::{ADMIN, ALICE, HONEST, MALLORY, name, refused, verify, verify_with};

fn original() -> String {
    HONEST.assertion_signed(&Facts::default())
}

/// The original with the administrator's name; its digest does not fit any more.
fn renamed(original: &str) -> String {
    original.replace(ALICE, ADMIN)
}

/// The digest that would fit the changed assertion.
fn fitting_digest(changed: &str) -> String {
    let assertion = element(changed, "saml:Assertion", 0).expect("an assertion");
    let signature = element(assertion, "ds:Signature", 0).expect("a signature");
    sha256(&assertion.replace(signature, ""))
}

#[test]
fn cve_2024_45409_a_digest_somewhere_else_in_the_document() {
    // ruby-saml took the first DigestValue of the document for that of the reference.
    let original = original();
    let changed = renamed(&original);
    let digest = format!(
        "<ds:DigestValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{}</ds:DigestValue>",
        fitting_digest(&changed)
    );
    let detail = format!("<samlp:StatusDetail>{digest}</samlp:StatusDetail></samlp:Status>");
    let attacked = changed.replace("</samlp:Status>", &detail);
    let info = element(&attacked, "ds:SignedInfo", 0).expect("a SignedInfo");
    let first = between(&attacked, "xmldsig#\">", "</ds:DigestValue>");
    assert!(verifies(info, &attacked) && first == Some(&fitting_digest(&changed)));
    assert_eq!(
        refused(&original, &attacked).check,
        CheckId::AssertionSignature
    );
}

#[test]
fn cve_2025_29775_a_comment_inside_the_digest() {
    // xml-crypto read the first text of DigestValue; what was signed has no comments.
    let original = original();
    let changed = renamed(&original);
    let good = between(&changed, "<ds:DigestValue>", "</ds:DigestValue>").expect("a digest");
    let split = format!("<!--{}-->{good}", fitting_digest(&changed));
    let attacked = changed.replace(good, &split);
    let refusal = refused(&original, &attacked);
    assert_eq!(refusal.check, CheckId::AssertionSignature);
    assert!(refusal.said.contains("comment"), "{}", refusal.said);
    // The comment alone, with nothing else changed, is refused as well.
    let good = between(&original, "<ds:DigestValue>", "</ds:DigestValue>").expect("a digest");
    refused(
        &original,
        &original.replace(good, &format!("{good}<!-- -->")),
    );
}

#[test]
fn cve_2025_29774_two_signed_infos() {
    // xml-crypto verified the value over one SignedInfo and took the references of another.
    let original = original();
    let changed = renamed(&original);
    let second = signed_info("assertion-1", RSA_SHA256, &fitting_digest(&changed), false);
    for attacked in [
        changed.replace("</ds:SignedInfo>", &format!("</ds:SignedInfo>{second}")),
        changed.replace("<ds:SignedInfo>", &format!("{second}<ds:SignedInfo>")),
    ] {
        let refusal = refused(&original, &attacked);
        assert!(
            refusal
                .said
                .contains("SignedInfo is missing, or there is more than one")
        );
    }
}

#[test]
fn a_signature_that_holds_more_than_a_signature() {
    let original = original();
    let more = "<ds:Object>x</ds:Object>";
    for place in [
        "</ds:Signature>",
        "<ds:SignedInfo>",
        "</ds:SignedInfo>",
        "</ds:Reference>",
    ] {
        let attacked = match place.starts_with("</") {
            true => original.replace(place, &format!("{more}{place}")),
            false => original.replace(place, &format!("{place}{more}")),
        };
        assert_eq!(
            refused(&original, &attacked).check,
            CheckId::AssertionSignature
        );
    }
}

#[test]
fn two_references_in_one_signed_info() {
    let original = original();
    let reference = element(&original, "ds:Reference", 0).expect("a reference");
    let twice = format!(
        "{reference}{}",
        reference.replace("assertion-1", "response-1")
    );
    refused(&original, &original.replace(reference, &twice));
}

#[test]
fn cve_2025_66568_what_cannot_be_canonicalised_is_not_the_empty_string() {
    // ruby-saml: canonicalisation failed on a relative namespace and gave an empty string, whose signature and digest fit anything.
    let original = original();
    let facts = Facts {
        name: ADMIN.to_owned(),
        ..Facts::default()
    };
    let evil = assertion(&facts).replacen("<saml:Subject>", "<saml:Subject xmlns:a=\"../a\">", 1);
    let info = signed_info("assertion-1", RSA_SHA256, &sha256(""), false).replacen(
        "<ds:SignedInfo>",
        "<ds:SignedInfo xmlns:b=\"../b\">",
        1,
    );
    let value = STANDARD.encode(HONEST.rsa(b""));
    let attacked = response(
        &facts,
        &insert_signature(&evil, &HONEST.signature(&info, &value)),
    );
    assert_eq!(first_name(&attacked).as_deref(), Some(ADMIN));
    assert_eq!(refused(&original, &attacked).check, CheckId::Xml);
    // Without the relative namespaces it is read, and the value fits nothing.
    let readable = attacked
        .replace(" xmlns:a=\"../a\"", "")
        .replace(" xmlns:b=\"../b\"", "");
    assert_eq!(
        refused(&original, &readable).check,
        CheckId::AssertionSignature
    );
}

#[test]
fn empty_signatures_and_empty_digests() {
    let original = original();
    let value = between(&original, "<ds:SignatureValue>", "</ds:SignatureValue>").expect("a value");
    refused(&original, &original.replace(value, ""));
    refused(&original, &original.replace(value, "AAAA"));
    let digest = between(&original, "<ds:DigestValue>", "</ds:DigestValue>").expect("a digest");
    refused(&original, &original.replace(digest, ""));
    let signature = element(&original, "ds:Signature", 0).expect("a signature");
    let empty = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>";
    refused(&original, &renamed(&original).replace(signature, empty));
    let none = refused(&original, &renamed(&original).replace(signature, ""));
    assert_eq!(none.check, CheckId::Signed);
}

#[test]
fn a_key_that_is_not_in_the_metadata() {
    let original = original();
    let facts = Facts {
        name: ADMIN.to_owned(),
        ..Facts::default()
    };
    let foreign = MALLORY.assertion_signed(&facts);
    let refusal = refused(&original, &foreign);
    assert!(
        refusal.said.contains("names a certificate"),
        "{}",
        refusal.said
    );
    // Whether she names her certificate, the honest one or none, the key decides.
    let certificate =
        between(&foreign, "<ds:X509Certificate>", "</ds:X509Certificate>").expect("one");
    let honest = STANDARD.encode(&HONEST.certificate);
    let refusal = refused(&original, &foreign.replace(certificate, &honest));
    assert!(
        refusal.said.contains("signing certificates fits it"),
        "{}",
        refusal.said
    );
    let info = element(&foreign, "ds:KeyInfo", 0).expect("one");
    refused(&original, &foreign.replace(info, ""));
    // The naive take her key for good where it is trusted: it is a good signature.
    let hers = IdentityProvider::choose(MALLORY.metadata().as_bytes(), None).expect("it is good");
    let verified = verify_with(&foreign, &hers, Policy::SIGN_IN, None);
    assert_eq!(verified.expect("her own metadata").identity.name_id, ADMIN);
}

#[test]
fn a_foreign_certificate_in_an_otherwise_good_signature() {
    let original = original();
    let certificate =
        between(&original, "<ds:X509Certificate>", "</ds:X509Certificate>").expect("one");
    let hers = STANDARD.encode(&MALLORY.certificate);
    refused(&original, &original.replace(certificate, &hers));
}

#[test]
fn hmac_with_the_public_key_for_a_secret() {
    let facts = Facts {
        name: ADMIN.to_owned(),
        ..Facts::default()
    };
    let secrets: [&[u8]; 2] = [&HONEST.certificate, b""];
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        for identifier in [
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        ] {
            let sign = |message: &[u8]| hmac::sign(&key, message).as_ref().to_vec();
            let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, sign);
            let refusal = refused(&original(), &response(&facts, &signed));
            assert!(
                refusal.said.contains("as signature, which is not accepted"),
                "{}",
                refusal.said
            );
        }
    }
}

#[test]
fn a_scheme_for_another_kind_of_key() {
    let facts = Facts::default();
    let identifier = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, |m| HONEST.rsa(m));
    let refusal = refused(&original(), &response(&facts, &signed));
    assert!(
        refusal
            .said
            .contains("no certificate of the metadata has a key"),
        "{}",
        refusal.said
    );
}

#[test]
fn sha1_in_the_signature_or_in_the_digest() {
    let facts = Facts::default();
    let identifier = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, identifier, |m| HONEST.rsa(m));
    let refusal = refused(&original(), &response(&facts, &signed));
    assert!(
        refusal.said.contains("SHA-1 (signature)"),
        "{}",
        refusal.said
    );
    let good = "http://www.w3.org/2001/04/xmlenc#sha256";
    let attacked = original().replace(good, "http://www.w3.org/2000/09/xmldsig#sha1");
    let refusal = refused(&original(), &attacked);
    assert!(refusal.said.contains("SHA-1 (digest)"), "{}", refusal.said);
}

#[test]
fn transforms_that_compute() {
    let original = original();
    let c14n =
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    for identifier in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ] {
        let transform = format!(
            "<ds:Transform Algorithm=\"{identifier}\"><ds:XPath>not(self::saml:NameID)</ds:XPath></ds:Transform>"
        );
        let childless = transform.replace("<ds:XPath>not(self::saml:NameID)</ds:XPath>", "");
        let hidden = c14n.replace("><", "><ds:XPath>not(self::saml:NameID)</ds:XPath><");
        // The guard is before the value is verified: who signs such a thing is refused as well.
        for changed in [format!("{transform}{c14n}"), transform, childless, hidden] {
            let facts = Facts::default();
            let info = |declared| {
                signed_info(
                    "assertion-1",
                    RSA_SHA256,
                    &sha256(&assertion(&facts)),
                    declared,
                )
                .replace(c14n, &changed)
            };
            let value = STANDARD.encode(HONEST.rsa(info(true).as_bytes()));
            let signature = HONEST.signature(&info(false), &value);
            let attacked = response(&facts, &insert_signature(&assertion(&facts), &signature));
            assert_eq!(
                refused(&original, &attacked).check,
                CheckId::AssertionSignature
            );
        }
    }
}

#[test]
fn a_reference_to_another_element_or_to_the_whole_document() {
    let facts = Facts::default();
    let whole = response(&facts, &assertion(&facts));
    for uri in [
        "",
        "#response-1",
        "#xpointer(/)",
        "https://other.example/",
        "assertion-1",
    ] {
        let info = |declared| {
            signed_info("assertion-1", RSA_SHA256, &sha256(&whole), declared)
                .replace("URI=\"#assertion-1\"", &format!("URI=\"{uri}\""))
        };
        let value = STANDARD.encode(HONEST.rsa(info(true).as_bytes()));
        let signature = HONEST.signature(&info(false), &value);
        let attacked = response(&facts, &insert_signature(&assertion(&facts), &signature));
        let refusal = refused(&original(), &attacked);
        assert!(
            refusal.said.contains("its reference is"),
            "{}",
            refusal.said
        );
    }
}

#[test]
fn a_good_signature_moved_to_somebody_elses_assertion() {
    let original = original();
    let signature = element(&original, "ds:Signature", 0).expect("a signature");
    let evil = insert_signature(&forged(), signature);
    let attacked = response(&Facts::default(), &evil);
    assert_eq!(
        refused(&original, &attacked).check,
        CheckId::AssertionSignature
    );
    let same_id = attacked.replace("assertion-evil", "assertion-1");
    let refusal = refused(&original, &same_id);
    assert!(
        refusal.said.contains("the digest does not fit"),
        "{}",
        refusal.said
    );
}

#[test]
fn the_signature_stands_where_nobody_looks() {
    let original = original();
    let signature = element(&original, "ds:Signature", 0).expect("a signature");
    let bare = original.replace(signature, "");
    for (before, after) in [
        ("</saml:Subject>", format!("{signature}</saml:Subject>")),
        ("<samlp:Status>", format!("<samlp:Status>{signature}")),
        (
            "</saml:Conditions>",
            format!("</saml:Conditions>{signature}"),
        ),
        ("</samlp:Response>", format!("{signature}</samlp:Response>")),
    ] {
        let moved = bare.replacen(before, &after, 1);
        assert_eq!(refused(&original, &moved).check, CheckId::SignaturePlaces);
    }
}

#[test]
fn a_broken_signature_beside_a_good_one() {
    // The response's signature is good; that of the assertion inside is not: it was meant to be believed.
    let facts = Facts::default();
    let inner = MALLORY.assertion_signed(&facts);
    let both = HONEST.sign(&inner, "response-1");
    assert_eq!(name(&HONEST.both_signed(&facts)), Ok(ALICE.to_owned()));
    assert_eq!(
        verify(&both).expect_err("one is hers").check,
        CheckId::AssertionSignature
    );
}

#[test]
fn the_naive_are_fooled_by_what_is_called_an_attack_here() {
    let original = original();
    assert_eq!(
        crate::support::naive::name(&original).as_deref(),
        Some(ALICE)
    );
    assert_eq!(crate::support::naive::name(&renamed(&original)), None);
    fools_the_naive(&original.replacen(
        "<saml:Assertion",
        &format!("{}<saml:Assertion", forged()),
        1,
    ));
}
