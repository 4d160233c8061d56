//! Logout: what we make is verified, and what was tampered with is not.

use countersign_saml::Policy;
use countersign_saml::bindings::decode_post;
use countersign_saml::keys::Certificate;
use countersign_saml::logout::{
    LogoutError, LogoutMessage, LogoutRequest, LogoutResponse, LogoutVerifier,
};
use countersign_saml::metadata::IdentityProvider;

use crate::support::idp::{Idp, certificate};
use crate::support::naive::between;
use crate::support::{ALICE, MALLORY, OURS, SP, now};

const SLO: &str = "https://sp.example/slo";

/// Us, as an identity provider would know us: our key signs what we send.
fn us() -> IdentityProvider {
    let spki = OURS.spki();
    let certificate = Certificate::from_der(&certificate(&spki)).expect("a certificate");
    IdentityProvider {
        entity_id: Some(SP.to_owned()),
        ..IdentityProvider::of_certificates(vec![certificate])
    }
}

fn logout(id: &str) -> LogoutRequest<'_> {
    LogoutRequest {
        id,
        at: now(),
        destination: SLO,
        sp_entity: SP,
        name_id: ALICE,
        format: None,
        name_qualifier: None,
        sp_name_qualifier: Some(SP),
        session_index: Some("session-1"),
    }
}

fn verifier(idp: &IdentityProvider) -> LogoutVerifier<'_> {
    LogoutVerifier {
        idp,
        here: SLO,
        key: None,
        policy: Policy::SIGN_IN,
    }
}

fn wanted() -> LogoutMessage {
    LogoutMessage::Request {
        id: "id-9".to_owned(),
        name_id: ALICE.to_owned(),
        session_indexes: vec!["session-1".to_owned()],
    }
}

fn query(address: &str) -> String {
    let (_, query) = address.split_once('?').expect("a query");
    query.to_owned()
}

#[test]
fn logout_travels_both_ways_and_only_signed() {
    let idp = us();
    let verifier = verifier(&idp);
    let redirect = query(&logout("id-9").redirect(Some("a b"), Some(&OURS.own)));
    assert_eq!(verifier.verify_redirect(&redirect, now()), Ok(wanted()));
    let posted = logout("id-9")
        .post(Some((&OURS.own, None)))
        .expect("it is XML");
    let posted = decode_post(&posted).expect("base64");
    assert_eq!(verifier.verify_post(&posted, now()), Ok(wanted()));
    let response = LogoutResponse {
        id: "id-10",
        at: now(),
        destination: SLO,
        sp_entity: SP,
        in_response_to: "id-9",
    };
    let answered = Ok(LogoutMessage::Response {
        in_response_to: "id-9".to_owned(),
        success: true,
    });
    let redirect = query(&response.redirect(None, Some(&OURS.own)));
    assert_eq!(verifier.verify_redirect(&redirect, now()), answered);
    let posted = response.post(Some((&OURS.own, None))).expect("it is XML");
    assert_eq!(
        verifier.verify_post(&decode_post(&posted).expect("base64"), now()),
        answered
    );
}

#[test]
fn logout_that_is_unsigned_changed_old_or_of_somebody_else_counts_as_none() {
    let idp = us();
    let verifier = verifier(&idp);
    let unsigned = query(&logout("id-9").redirect(None, None));
    assert_eq!(
        verifier.verify_redirect(&unsigned, now()),
        Err(LogoutError::Unsigned)
    );
    assert_eq!(
        verifier.verify_post(logout("id-9").to_xml().as_bytes(), now()),
        Err(LogoutError::Unsigned)
    );
    let signed = query(&logout("id-9").redirect(Some("x"), Some(&OURS.own)));
    let other = query(&logout("id-8").redirect(Some("x"), None));
    let message = |query: &str| between(query, "SAMLRequest=", "&").expect("one").to_owned();
    let swapped = signed.replace(&message(&signed), &message(&other));
    assert!(matches!(
        verifier.verify_redirect(&swapped, now()),
        Err(LogoutError::Signature(_))
    ));
    // What is read twice could be read in two ways.
    let twice = format!("{}&{signed}", other);
    assert!(matches!(
        verifier.verify_redirect(&twice, now()),
        Err(LogoutError::Binding(_))
    ));
    let hers = IdentityProvider {
        entity_id: Some(SP.to_owned()),
        ..IdentityProvider::choose(MALLORY.metadata().as_bytes(), None).expect("it reads")
    };
    let foreign = LogoutVerifier {
        idp: &hers,
        ..verifier
    };
    assert!(matches!(
        foreign.verify_redirect(&signed, now()),
        Err(LogoutError::Signature(_))
    ));
    let idp = us();
    let elsewhere = LogoutVerifier {
        idp: &idp,
        here: "https://sp.example/other",
        key: None,
        policy: Policy::SIGN_IN,
    };
    assert!(matches!(
        elsewhere.verify_redirect(&signed, now()),
        Err(LogoutError::Other {
            what: "destination",
            ..
        })
    ));
    let later = now() + jiff::SignedDuration::from_mins(14);
    let verifier = self::verifier(&idp);
    assert!(matches!(
        verifier.verify_redirect(&signed, later),
        Err(LogoutError::Time(_))
    ));
    let posted = logout("id-9")
        .post(Some((&OURS.own, None)))
        .expect("it is XML");
    let posted = String::from_utf8(decode_post(&posted).expect("base64")).expect("text");
    let changed = posted.replace(ALICE, "admin@example.com");
    assert!(matches!(
        verifier.verify_post(changed.as_bytes(), now()),
        Err(LogoutError::Signature(_))
    ));
}

#[test]
fn a_key_of_the_identity_providers_kind_signs_what_xml_signatures_verify() {
    // What we sign is verified by the path that verifies what others sign: made and verified agree on canonical forms.
    let other = Idp::new();
    let idp = IdentityProvider::choose(other.metadata().as_bytes(), None).expect("it reads");
    let posted = logout("id-9")
        .post(Some((&OURS.own, None)))
        .expect("it is XML");
    let posted = decode_post(&posted).expect("base64");
    assert!(verifier(&idp).verify_post(&posted, now()).is_err());
    assert!(verifier(&us()).verify_post(&posted, now()).is_ok());
}
