//! Identity providers as documents describe them: some of it broken, or in several places.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_saml::Policy;
use countersign_saml::metadata::{IdentityProvider, MetadataError};
use countersign_saml::response::{CheckId, Status};

use crate::support::idp::{Facts, metadata};
use crate::support::{HONEST, IDP, MALLORY, known, naive, verify_with};

const OTHER: &str = "https://other.example/";

/// What no certificate begins with.
fn broken() -> Vec<u8> {
    vec![0; 3]
}

fn several(entities: &[&str]) -> String {
    format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</md:EntitiesDescriptor>",
        entities.concat()
    )
}

fn chosen(document: &str) -> IdentityProvider {
    IdentityProvider::choose(document.as_bytes(), Some(IDP)).expect("it reads")
}

/// Whether responses of both signers count: the honest one's and somebody else's.
fn counts(idp: &IdentityProvider) -> [bool; 2] {
    [&*HONEST, &*MALLORY].map(|signer| {
        let xml = signer.both_signed(&Facts::default());
        verify_with(&xml, idp, Policy::SIGN_IN, None).is_ok()
    })
}

#[test]
fn a_certificate_that_cannot_be_read_is_left_out_and_told() {
    let idp = chosen(&metadata(&[&broken(), &HONEST.certificate]));
    assert_eq!((&idp.signing, idp.left_out), (&known().signing, 1));
    assert_eq!(counts(&idp), [true, false]);
    let xml = HONEST.both_signed(&Facts::default());
    let verified = verify_with(&xml, &idp, Policy::SIGN_IN, None).expect("its key is there");
    let told = verified.checks.iter().find(|c| c.id == CheckId::Metadata);
    let told = told.expect("it is always checked");
    assert_eq!(told.status, Status::Warning);
    assert!(told.said.contains("left out: 1"), "{}", told.said);
    let alone = IdentityProvider::choose(metadata(&[&broken()]).as_bytes(), None);
    assert!(matches!(alone, Err(MetadataError::Certificate { .. })));
}

#[test]
fn a_certificate_of_a_file_that_cannot_be_read_is_left_out_too() {
    let pem = |der: &[u8]| {
        let text = STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    let both = pem(&broken()) + &pem(&HONEST.certificate);
    let idp = IdentityProvider::choose(both.as_bytes(), None).expect("one of them");
    assert_eq!((&idp.signing, idp.left_out), (&known().signing, 1));
    let alone = IdentityProvider::choose(pem(&broken()).as_bytes(), None);
    assert_eq!(alone, Err(MetadataError::Neither));
}

#[test]
fn a_public_key_without_a_certificate_verifies_as_with_one() {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::signature::KeyPair as _;
    let spki: PublicKeyX509Der<'_> = HONEST.key.public_key().as_der().expect("it encodes");
    let pem = |der: &[u8]| {
        let text = STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    };
    let file = pem(spki.as_ref());
    let idp = IdentityProvider::choose(file.as_bytes(), None).expect("a key");
    assert_eq!((&idp.entity_id, idp.signing.len()), (&None, 1));
    assert_eq!(counts(&idp), [true, false]);
    for wrong in [broken(), HONEST.certificate.clone()] {
        let found = IdentityProvider::choose(pem(&wrong).as_bytes(), None);
        assert_eq!(found, Err(MetadataError::Neither));
    }
}

#[test]
fn an_entity_that_cannot_be_used_takes_no_other_along_and_nobody_stands_in_for_it() {
    let other = metadata(&[&broken()]).replace(IDP, OTHER);
    let document = several(&[&other, &HONEST.metadata()]);
    let document = document.as_bytes();
    assert_eq!(IdentityProvider::all(document), Ok(vec![known()]));
    assert_eq!(IdentityProvider::choose(document, Some(IDP)), Ok(known()));
    assert!(matches!(
        IdentityProvider::choose(document, Some(OTHER)),
        Err(MetadataError::Certificate { entity, .. }) if entity == OTHER
    ));
    assert!(matches!(
        IdentityProvider::choose(document, None),
        Err(MetadataError::Several(names)) if names == [OTHER, IDP]
    ));
    let none = several(&[&other, &metadata(&[&broken()])]);
    assert!(matches!(
        IdentityProvider::all(none.as_bytes()),
        Err(MetadataError::Certificate { entity, .. }) if entity == OTHER
    ));
}

#[test]
fn an_entity_that_is_described_twice_has_the_keys_of_both() {
    let ends = MALLORY.metadata().replacen(
        " entityID=",
        " validUntil=\"2026-02-01T00:00:00Z\" entityID=",
        1,
    );
    let idp = chosen(&several(&[&ends, &HONEST.metadata()]));
    assert_eq!(counts(&idp), [true, true]);
    assert_eq!(idp.single_sign_on, known().single_sign_on);
    let until = idp.valid_until.map(|until| until.to_string());
    assert_eq!(until.as_deref(), Some("2026-02-01T00:00:00Z"));
    let apart = several(&[&ends.replace(IDP, OTHER), &HONEST.metadata()]);
    assert_eq!(counts(&chosen(&apart)), [true, false]);
    for document in [
        several(&[&metadata(&[&broken()]), &HONEST.metadata()]),
        several(&[&HONEST.metadata(), &metadata(&[&broken()])]),
    ] {
        assert_eq!(chosen(&document), known());
    }
}

#[test]
fn the_description_that_speaks_saml_2_counts_wherever_it_stands() {
    const SPOKEN: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    let document = MALLORY.metadata();
    let role = naive::element(&document, "md:IDPSSODescriptor", 0).expect("a role");
    let beside = |role: &str| {
        let both = format!("{role}<md:IDPSSODescriptor");
        HONEST.metadata().replacen("<md:IDPSSODescriptor", &both, 1)
    };
    let older = beside(&role.replace(SPOKEN, "urn:oasis:names:tc:SAML:1.1:protocol"));
    assert_eq!(chosen(&older), known());
    assert_eq!(counts(&chosen(&older)), [true, false]);
    let spoken = format!("urn:oasis:names:tc:SAML:1.1:protocol {SPOKEN}");
    assert_eq!(
        counts(&chosen(&beside(&role.replace(SPOKEN, &spoken)))),
        [true, true]
    );
    // Some leave it out, though the schema asks for it.
    let silent = HONEST
        .metadata()
        .replace(&format!(" protocolSupportEnumeration=\"{SPOKEN}\""), "");
    assert_eq!(chosen(&silent), known());
}

#[test]
fn white_space_before_a_declaration_is_no_part_of_the_document() {
    let document = format!("<?xml version=\"1.0\"?>{}", HONEST.metadata());
    for before in ["\n", " \r\n\t", "\u{FEFF}", "\n\u{FEFF}\n"] {
        assert_eq!(chosen(&format!("{before}{document}\n")), known());
    }
    for before in ["x", "<?xml version=\"1.0\"?>", "\n<!DOCTYPE x>"] {
        let document = format!("{before}{document}");
        assert!(
            IdentityProvider::all(document.as_bytes()).is_err(),
            "{before}"
        );
    }
}
