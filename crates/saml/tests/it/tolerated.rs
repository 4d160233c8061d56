//! What others write and the standards allow, each beside what looks like it and is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_saml::Policy;
use countersign_saml::response::{CheckId, Refused, Status, Verified};
use jiff::Timestamp;

use crate::support::idp::{
    Facts, Lock, RSA_SHA256, assertion, insert_signature, response, sha256, signed_info,
};
use crate::support::naive::element;
use crate::support::{ALICE, HONEST, OURS, known, name, verify, verify_with};

/// A response whose assertion is signed after one thing in it was changed.
fn changed(facts: &Facts, part: &str, instead: &str) -> String {
    let untouched = assertion(facts);
    let changed = untouched.replacen(part, instead, 1);
    assert_ne!(changed, untouched, "{part} is not there");
    response(facts, &HONEST.sign(&changed, facts.id))
}

fn explained(xml: &str) -> Result<Verified, Refused> {
    verify_with(xml, &known(), Policy::EXPLAIN, Some(&OURS.own))
}

/// What an explanation says of one check of an accepted response.
fn told(xml: &str, id: CheckId) -> (Status, String) {
    let verified = explained(xml).expect("it is told");
    let check = verified.checks.into_iter().find(|check| check.id == id);
    let check = check.expect("every check is told");
    (check.status, check.said)
}

#[test]
fn what_never_ends_is_in_force_and_what_never_begins_is_not() {
    const INDEX: &str = "SessionIndex=\"session-1\"";
    for never in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z"] {
        let endless = Facts {
            not_on_or_after: never,
            ..Facts::default()
        };
        let session = format!("{INDEX} SessionNotOnOrAfter=\"{never}\"");
        let verified = verify(&changed(&endless, INDEX, &session)).expect("it is in force");
        assert_eq!(verified.session_not_on_or_after, Some(Timestamp::MAX));
        assert_eq!(verified.remember_until, Timestamp::MAX);
        let facts = Facts {
            not_before: never,
            ..Facts::default()
        };
        let refused = verify(&HONEST.assertion_signed(&facts)).expect_err("it never begins");
        assert_eq!(refused.check, CheckId::Conditions);
    }
    let facts = Facts {
        not_on_or_after: "9999-12-32T23:59:59Z",
        ..Facts::default()
    };
    let refused = verify(&HONEST.assertion_signed(&facts)).expect_err("there is no such day");
    assert!(
        refused.said.contains("which is no moment"),
        "{}",
        refused.said
    );
}

#[test]
fn a_name_that_others_may_share_is_told_when_explaining_and_signs_nobody_in() {
    const FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"";
    let facts = Facts::default();
    let qualified = |format: &str| {
        let instead = format!("{format}\" SPNameQualifier=\"https://affiliation.example/\"");
        changed(&facts, FORMAT, &instead)
    };
    for format in ["persistent", "transient"] {
        let shared = qualified(&format!(
            "urn:oasis:names:tc:SAML:2.0:nameid-format:{format}"
        ));
        let (status, said) = told(&shared, CheckId::NameId);
        assert_eq!(status, Status::Warning);
        assert!(said.contains("https://affiliation.example/"), "{said}");
        let refused = verify(&shared).expect_err("a server knows no affiliation");
        assert_eq!(refused.check, CheckId::NameId);
    }
    for format in [
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient2",
        "",
    ] {
        let refused = explained(&qualified(format)).expect_err("it is another's name");
        assert_eq!(refused.check, CheckId::NameId, "{format}");
    }
    // For whom the assertion is stays what it is.
    let elsewhere = Facts {
        audience: "https://affiliation.example/",
        ..Facts::default()
    };
    let transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient\" SPNameQualifier=\"https://affiliation.example/\"";
    let refused = explained(&changed(&elsewhere, FORMAT, transient)).expect_err("it is not for us");
    assert_eq!(refused.check, CheckId::Audience);
}

#[test]
fn an_encrypted_name_that_others_may_share_is_told_too() {
    let facts = Facts::default();
    let plain = assertion(&facts);
    let named = element(&plain, "saml:NameID", 0).expect("a name");
    let shared = named.replace(
        "1.1:nameid-format:emailAddress\"",
        "2.0:nameid-format:transient\" SPNameQualifier=\"https://affiliation.example/\"",
    );
    assert_ne!(shared, named);
    let declared = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let sealed = OURS
        .encrypt("EncryptedID", &shared, Lock::GcmOaepSha1)
        .replacen(declared, "", 1);
    let hidden = plain.replace(named, &sealed);
    let xml = response(&facts, &HONEST.sign(&hidden, facts.id));
    let (status, said) = told(&xml, CheckId::NameId);
    assert_eq!(status, Status::Warning, "{said}");
    let verified = explained(&xml).expect("it is told");
    assert_eq!(verified.identity.name_id, ALICE);
    let server = verify_with(&xml, &known(), Policy::SIGN_IN, Some(&OURS.own));
    assert_eq!(
        server.expect_err("it knows no affiliation").check,
        CheckId::NameId
    );
}

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const METHOD: &str =
    "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
const TRANSFORM: &str = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";

/// A response around an assertion that is signed with these parts of the signature under another canonicalisation.
fn canonicalised(assertion: &str, parts: &[&str], algorithm: &str) -> String {
    let info = |declared| {
        let info = signed_info("assertion-1", RSA_SHA256, &sha256(assertion), declared);
        parts.iter().fold(info, |info, part| {
            assert!(info.contains(*part), "{part} is not there");
            info.replace(*part, &part.replace(EXCLUSIVE, algorithm))
        })
    };
    let value = STANDARD.encode(HONEST.rsa(info(true).as_bytes()));
    let signature = HONEST.signature(&info(false), &value);
    response(&Facts::default(), &insert_signature(assertion, &signature))
}

#[test]
fn canonicalisation_with_comments_counts_where_there_are_none() {
    let with_comments = format!("{EXCLUSIVE}WithComments");
    let plain = assertion(&Facts::default());
    for parts in [&[METHOD][..], &[TRANSFORM], &[METHOD, TRANSFORM]] {
        let xml = canonicalised(&plain, parts, &with_comments);
        assert_eq!(name(&xml), Ok(ALICE.to_owned()), "{parts:?}");
        for other in [
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            "http://www.w3.org/2001/10/xml-exc-c14n#withcomments",
        ] {
            let xml = canonicalised(&plain, parts, other);
            let refused = verify(&xml).expect_err("it is another form");
            assert!(refused.said.contains("not accepted"), "{}", refused.said);
        }
    }
}

#[test]
fn a_comment_is_refused_where_comments_are_signed_and_left_out_where_they_are_not() {
    let with_comments = format!("{EXCLUSIVE}WithComments");
    let plain = assertion(&Facts::default());
    let commented = plain.replacen("alice@", "alice<!-- x -->@", 1);
    assert_ne!(commented, plain);
    let refused = |xml: &str| {
        let refused = verify(xml).expect_err("there is a comment");
        assert_eq!(refused.check, CheckId::AssertionSignature);
        refused.said
    };
    // Signed with it, and put in later.
    let signed = canonicalised(&commented, &[TRANSFORM], &with_comments);
    assert!(refused(&signed).contains("canonicalised with comments"));
    let untouched = canonicalised(&plain, &[TRANSFORM], &with_comments);
    assert_eq!(name(&untouched), Ok(ALICE.to_owned()));
    let changed = untouched.replacen("alice@", "alice<!-- x -->@", 1);
    assert!(refused(&changed).contains("canonicalised with comments"));
    // Without comments it is no part of what is signed, and the name reads across it.
    let without = HONEST.assertion_signed(&Facts::default());
    let without = without.replacen("alice@", "alice<!-- x -->@", 1);
    assert_eq!(name(&without), Ok(ALICE.to_owned()));
    let inside = canonicalised(&plain, &[METHOD], &with_comments);
    let inside = inside.replacen("<ds:SignedInfo>", "<ds:SignedInfo><!-- x -->", 1);
    assert!(refused(&inside).contains("there is a comment inside"));
}
