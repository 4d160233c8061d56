//! What others write and the standards allow, each beside what looks like it and is refused.

use countersign_saml::Policy;
use countersign_saml::response::{CheckId, Refused, Status, Verified};
use jiff::Timestamp;

use crate::support::idp::{Facts, Lock, assertion, response};
use crate::support::naive::element;
use crate::support::{ALICE, HONEST, OURS, known, verify, verify_with};

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
    let name = element(&plain, "saml:NameID", 0).expect("a name");
    let shared = name.replace(
        "1.1:nameid-format:emailAddress\"",
        "2.0:nameid-format:transient\" SPNameQualifier=\"https://affiliation.example/\"",
    );
    assert_ne!(shared, name);
    let declared = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let sealed = OURS
        .encrypt("EncryptedID", &shared, Lock::GcmOaepSha1)
        .replacen(declared, "", 1);
    let hidden = plain.replace(name, &sealed);
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
