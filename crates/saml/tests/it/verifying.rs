//! What is accepted, and each rule by what breaks it alone.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RSA_PSS_SHA256,
};
use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{CheckId, Expected, Refused, Status, Verified, Verifier};

use crate::support::idp::{Facts, assertion, certificate, insert_signature, metadata, response};
use crate::support::{
    ACS, ALICE, HONEST, IDP, MALLORY, REQUEST, SP, known, name, now, verify, verify_with,
};

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

/// What breaks one rule of the assertion or the response.
fn broken(change: impl FnOnce(&mut Facts)) -> Refused {
    let mut facts = Facts::default();
    change(&mut facts);
    verify(&HONEST.both_signed(&facts)).expect_err("a rule is broken")
}

#[test]
fn each_rule_has_a_name_and_words() {
    let other = "https://other.example/";
    let cases: [(Refused, CheckId, &str); 8] = [
        (
            broken(|f| f.audience = other),
            CheckId::Audience,
            "The audience is “https://other.example/”, expected “https://sp.example/metadata”.",
        ),
        (
            broken(|f| f.recipient = other),
            CheckId::SubjectConfirmation,
            "The recipient is “https://other.example/”, expected “https://sp.example/acs”.",
        ),
        (
            broken(|f| f.destination = other),
            CheckId::Destination,
            "The destination is “https://other.example/”, expected “https://sp.example/acs”.",
        ),
        (
            broken(|f| f.issuer = other),
            CheckId::Issuer,
            "The issuer of the response is “https://other.example/”, expected “https://idp.example/metadata”.",
        ),
        (
            broken(|f| f.request = Some("id-2")),
            CheckId::InResponseTo,
            "The response answers request “id-2”, expected “id-request-1”.",
        ),
        (
            broken(|f| f.not_on_or_after = "2026-01-15T11:57:00Z"),
            CheckId::SubjectConfirmation,
            "The assertion could be presented until 2026-01-15T11:57:00Z; it is 2026-01-15T12:00:00Z.",
        ),
        (
            broken(|f| f.not_before = "2026-01-15T12:03:01Z"),
            CheckId::Conditions,
            "The assertion is not in force before 2026-01-15T12:03:01Z; it is 2026-01-15T12:00:00Z.",
        ),
        (
            broken(|f| f.name = "  ".to_owned()),
            CheckId::NameId,
            "The subject's name is empty.",
        ),
    ];
    for (refused, check, said) in cases {
        assert_eq!((refused.check, refused.said.as_str()), (check, said));
        let failed = refused.checks.iter().filter(|c| c.status == Status::Failed);
        assert!(failed.count() >= 1);
    }
}

#[test]
fn clocks_may_be_three_minutes_apart_and_not_more() {
    let accepted = |not_before, not_on_or_after| {
        let facts = Facts {
            not_before,
            not_on_or_after,
            ..Facts::default()
        };
        verify(&HONEST.both_signed(&facts)).is_ok()
    };
    assert!(accepted("2026-01-15T12:03:00Z", "2026-01-15T12:05:00Z"));
    assert!(!accepted("2026-01-15T12:03:01Z", "2026-01-15T12:05:00Z"));
    assert!(accepted("2026-01-15T11:00:00Z", "2026-01-15T11:57:01Z"));
    assert!(!accepted("2026-01-15T11:00:00Z", "2026-01-15T11:57:00Z"));
}

/// Takes one thing out of an assertion before it is signed.
fn without(part: &str, instead: &str) -> Result<Verified, Refused> {
    let facts = Facts::default();
    let changed = assertion(&facts).replacen(part, instead, 1);
    assert_ne!(changed, assertion(&facts), "{part} is not there");
    verify(&response(&facts, &HONEST.sign(&changed, facts.id)))
}

#[test]
fn what_the_profile_asks_for_has_to_be_there() {
    let cases = [
        (
            " NotOnOrAfter=\"2026-01-15T12:05:00Z\" Recipient",
            " Recipient",
            CheckId::SubjectConfirmation,
        ),
        (
            " Recipient=\"https://sp.example/acs\"",
            "",
            CheckId::SubjectConfirmation,
        ),
        (
            "cm:bearer",
            "cm:holder-of-key",
            CheckId::SubjectConfirmation,
        ),
        (" InResponseTo=\"id-request-1\"", "", CheckId::InResponseTo),
        (
            "<saml:AudienceRestriction><saml:Audience>https://sp.example/metadata</saml:Audience></saml:AudienceRestriction>",
            "",
            CheckId::Audience,
        ),
        (
            "<saml:AudienceRestriction>",
            "<saml:Condition></saml:Condition><saml:AudienceRestriction>",
            CheckId::Conditions,
        ),
        (
            "NotBefore=\"2026-01-15T11:59:00Z\"",
            "NotBefore=\"yesterday\"",
            CheckId::Conditions,
        ),
        (
            "<saml:Attribute Name=\"groups\">",
            "<saml:Attribute Name=\"mail\">",
            CheckId::Attributes,
        ),
        (
            "SessionIndex=\"session-1\"",
            "SessionIndex=\"session-1\" SessionNotOnOrAfter=\"2026-01-15T11:00:00Z\"",
            CheckId::AuthnStatement,
        ),
        (
            "emailAddress\">",
            "emailAddress\" SPNameQualifier=\"https://other.example/\">",
            CheckId::NameId,
        ),
        ("Version=\"2.0\"", "Version=\"1.1\"", CheckId::Conditions),
        (
            "</saml:NameID>",
            "</saml:NameID><saml:NameID>other@example.com</saml:NameID>",
            CheckId::NameId,
        ),
        (
            "alice@example.com</saml:NameID>",
            "alice<saml:x></saml:x>@example.com</saml:NameID>",
            CheckId::NameId,
        ),
    ];
    for (part, instead, check) in cases {
        match without(part, instead) {
            Err(refused) => {
                let all: Vec<CheckId> = refused
                    .checks
                    .iter()
                    .filter(|c| c.status == Status::Failed)
                    .map(|c| c.id)
                    .collect();
                assert!(all.contains(&check), "{part}: {refused:?}");
            }
            Ok(_) => panic!("accepted without {part}"),
        }
    }
}

fn answering(facts: &Facts, expected: Expected<'_>) -> Result<Status, String> {
    let idp = known();
    let verifier = Verifier {
        idp: &idp,
        sp_entity: SP,
        acs: ACS,
        key: None,
        policy: Policy::SIGN_IN,
    };
    let xml = HONEST.assertion_signed(facts);
    match verifier.verify(xml.as_bytes(), expected, now()) {
        Ok(verified) => {
            let check = verified
                .checks
                .iter()
                .find(|c| c.id == CheckId::InResponseTo);
            Ok(check.expect("it is always checked").status)
        }
        Err(refused) => Err(refused.said),
    }
}

#[test]
fn a_response_answers_the_request_that_was_sent_or_none_where_that_is_allowed() {
    let (answer, unsolicited) = (
        Facts::default(),
        Facts {
            request: None,
            ..Facts::default()
        },
    );
    let request = Expected::Request(REQUEST);
    assert_eq!(answering(&answer, request), Ok(Status::Ok));
    assert!(answering(&unsolicited, request).is_err());
    assert!(answering(&answer, Expected::Request("id-2")).is_err());
    let either = Expected::RequestOrNone(REQUEST);
    assert_eq!(answering(&answer, either), Ok(Status::Ok));
    assert_eq!(answering(&unsolicited, either), Ok(Status::Ok));
    assert!(answering(&answer, Expected::RequestOrNone("id-2")).is_err());
    assert!(answering(&answer, Expected::Unsolicited).is_err());
    assert_eq!(
        answering(&unsolicited, Expected::Unsolicited),
        Ok(Status::Ok)
    );
    let unknown = |unsolicited| Expected::Unknown { unsolicited };
    assert_eq!(answering(&answer, unknown(false)), Ok(Status::Warning));
    assert_eq!(answering(&unsolicited, unknown(true)), Ok(Status::Ok));
    assert!(answering(&unsolicited, unknown(false)).is_err());
}

#[test]
fn metadata_that_is_over_is_refused_for_signing_in_and_told_when_explaining() {
    let over = HONEST.metadata().replacen(
        " entityID=",
        " validUntil=\"2026-01-15T11:59:59Z\" entityID=",
        1,
    );
    let over = IdentityProvider::choose(over.as_bytes(), None).expect("it reads");
    let xml = HONEST.both_signed(&Facts::default());
    let refused = verify_with(&xml, &over, Policy::SIGN_IN, None).expect_err("it is over");
    assert_eq!(refused.check, CheckId::Metadata);
    let explained = verify_with(&xml, &over, Policy::EXPLAIN, None).expect("it is told");
    let check = explained.checks.iter().find(|c| c.id == CheckId::Metadata);
    assert_eq!(check.map(|c| c.status), Some(Status::Warning));
}
