//! Each rule of a response and of its assertion, by what breaks it alone.

use countersign_saml::Policy;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{CheckId, Expected, Refused, Status, Verified, Verifier};

use crate::support::idp::{Facts, assertion, response};
use crate::support::{ACS, ALICE, HONEST, REQUEST, SP, known, name, now, verify, verify_with};

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
fn when_somebody_signed_in_there_is_the_earliest_moment_and_none_where_one_is_not_said() {
    const SAID: &str = " AuthnInstant=\"2026-01-15T11:59:30Z\"";
    let instant = |part: &str, instead: &str| {
        let verified = without(part, instead).expect("accepted");
        verified.authn_instant.map(|at| at.to_string())
    };
    let honest = verify(&HONEST.both_signed(&Facts::default())).expect("accepted");
    let said = honest.authn_instant.map(|at| at.to_string());
    assert_eq!(said.as_deref(), Some("2026-01-15T11:59:30Z"));
    assert_eq!(instant(SAID, ""), None);
    let before = "<saml:AuthnStatement";
    let second = |attribute: &str| {
        let statement = format!("<saml:AuthnStatement{attribute}></saml:AuthnStatement>{before}");
        instant(before, &statement)
    };
    let earlier = Some("2026-01-15T09:00:00Z".to_owned());
    assert_eq!(second(" AuthnInstant=\"2026-01-15T09:00:00Z\""), earlier);
    assert_eq!(second(""), None);
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

#[test]
fn a_signed_response_names_its_destination() {
    let facts = Facts::default();
    let bare = response(&facts, &assertion(&facts));
    let bare = bare.replacen(" Destination=\"https://sp.example/acs\"", "", 1);
    let refused =
        verify(&HONEST.sign(&bare, "response-1")).expect_err("nobody knows for whom it was");
    assert_eq!(refused.check, CheckId::Destination);
    let inner = HONEST.sign(&assertion(&facts), facts.id);
    let unsigned =
        response(&facts, &inner).replacen(" Destination=\"https://sp.example/acs\"", "", 1);
    assert_eq!(
        name(&unsigned),
        Ok(ALICE.to_owned()),
        "nothing is lost by a word that anybody could write"
    );
}

#[test]
fn conditions_end_by_themselves() {
    let facts = Facts::default();
    let begin = "NotBefore=\"2026-01-15T11:59:00Z\" NotOnOrAfter=\"2026-01-15T12:05:00Z\"";
    let over = "NotBefore=\"2026-01-15T11:00:00Z\" NotOnOrAfter=\"2026-01-15T11:30:00Z\"";
    let reversed = "NotBefore=\"2026-01-15T12:01:00Z\" NotOnOrAfter=\"2026-01-15T12:00:30Z\"";
    for instead in [over, reversed] {
        let changed = assertion(&facts).replacen(begin, instead, 1);
        let xml = response(&facts, &HONEST.sign(&changed, facts.id));
        assert_eq!(
            verify(&xml).expect_err("it is over").check,
            CheckId::Conditions
        );
    }
}

/// A response whose own issuer is left out: its assertion is signed, or all of it.
fn without_outer_issuer(signed: bool) -> String {
    let facts = Facts::default();
    let xml = response(&facts, &HONEST.sign(&assertion(&facts), facts.id));
    let issuer = "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata</saml:Issuer>";
    let xml = xml.replace(issuer, "");
    match signed {
        false => xml,
        true => signed_without_issuer(&response(&facts, &assertion(&facts)).replace(issuer, "")),
    }
}

/// Signs a response that has no issuer: its signature comes first.
fn signed_without_issuer(bare: &str) -> String {
    use base64::Engine as _;
    let info = |declared| {
        let digest = crate::support::idp::sha256(bare);
        crate::support::idp::signed_info(
            "response-1",
            crate::support::idp::RSA_SHA256,
            &digest,
            declared,
        )
    };
    let value = base64::engine::general_purpose::STANDARD.encode(HONEST.rsa(info(true).as_bytes()));
    let signature = HONEST.signature(&info(false), &value);
    bare.replacen("<samlp:Status>", &format!("{signature}<samlp:Status>"), 1)
}

#[test]
fn a_response_may_leave_its_issuer_out_and_an_assertion_may_not() {
    let certificate = countersign_saml::keys::Certificate::from_der(&HONEST.certificate);
    let bare = IdentityProvider::of_certificates(vec![certificate.expect("a certificate")]);
    for signed in [false, true] {
        let xml = without_outer_issuer(signed);
        assert_eq!(name(&xml), Ok(ALICE.to_owned()));
        // With nothing but a certificate there is nothing to compare the inner one with, unless all of it is signed.
        let found = verify_with(&xml, &bare, Policy::SIGN_IN, None);
        assert_eq!(found.is_ok(), signed);
    }
    let facts = Facts::default();
    let issuer = "<saml:Issuer>https://idp.example/metadata</saml:Issuer>";
    let other = "<saml:Issuer>https://other.example/</saml:Issuer>";
    for instead in ["", other] {
        let inner = response(&facts, &assertion(&facts).replace(issuer, instead));
        let xml = HONEST.sign(&inner, "response-1");
        assert_eq!(
            verify(&xml).expect_err("nobody said it").check,
            CheckId::Issuer
        );
    }
}

#[test]
fn an_assertion_for_nobody_in_particular_signs_nobody_in_and_is_told_when_explaining() {
    let facts = Facts::default();
    let audience = "<saml:AudienceRestriction><saml:Audience>https://sp.example/metadata</saml:Audience></saml:AudienceRestriction>";
    let changed = assertion(&facts).replace(audience, "");
    let xml = response(&facts, &HONEST.sign(&changed, facts.id));
    assert_eq!(
        verify(&xml).expect_err("it is for nobody").check,
        CheckId::Audience
    );
    let told = verify_with(&xml, &known(), Policy::EXPLAIN, None).expect("it is told");
    let check = told.checks.iter().find(|c| c.id == CheckId::Audience);
    assert_eq!(check.map(|c| c.status), Some(Status::Warning));
    // A restriction that names nobody is one all the same.
    let empty = assertion(&facts).replace(
        "https://sp.example/metadata</saml:Audience>",
        "</saml:Audience>",
    );
    let xml = response(&facts, &HONEST.sign(&empty, facts.id));
    assert!(verify_with(&xml, &known(), Policy::EXPLAIN, None).is_err());
}

#[test]
fn whatever_happens_every_check_is_told_once() {
    let good = HONEST.both_signed(&Facts::default());
    let told = |found: Result<Verified, Refused>| {
        let checks = found
            .map(|v| v.checks)
            .unwrap_or_else(|refused| refused.checks);
        let mut ids: Vec<CheckId> = checks.iter().map(|check| check.id).collect();
        ids.sort_by_key(|id| CheckId::ALL.iter().position(|known| known == id));
        ids
    };
    let other = good.replace("alice@example.com</saml:NameID>", "x</saml:NameID>");
    for xml in [good.as_str(), &other, "", "<x/>"] {
        assert_eq!(told(verify(xml)), CheckId::ALL);
    }
    let facts = Facts {
        recipient: "https://other.example/",
        ..Facts::default()
    };
    assert_eq!(told(verify(&HONEST.response_signed(&facts))), CheckId::ALL);
}
