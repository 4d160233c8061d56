//! Metadata and certificates.

use countersign_saml::metadata::{Binding, IdentityProvider, MetadataError};

use super::{files, read};

/// Each file with how many certificates sign there, by entity; none where it describes no identity provider.
const METADATA: &[(&str, &[(&str, usize)])] = &[
    ("idp_descriptor.xml", &[(HELLO, 1)]),
    ("idp_descriptor_2.xml", &[(HELLO, 2)]),
    (
        "idp_descriptor_3.xml",
        &[("https://idp.example.com/idp/shibboleth", 1)],
    ),
    ("idp_descriptor_4.xml", &[(HELLO, 1)]),
    ("idp_descriptor_5.xml", &[(HELLO, 1)]),
    ("idp_descriptor_6.xml", &[(HELLO, 1)]),
    ("idp_different_slo_response_location.xml", &[(HELLO, 1)]),
    (
        "idp_metadata_different_sign_and_encrypt_cert.xml",
        &[(ONELOGIN, 1)],
    ),
    ("idp_metadata_multi_certs.xml", &[(MULTI, 2)]),
    ("idp_metadata_multi_signing_certs.xml", &[(MULTI, 3)]),
    (
        "idp_metadata_same_sign_and_encrypt_cert.xml",
        &[(ONELOGIN, 1)],
    ),
    ("idp_multiple_descriptors.xml", &[(FOO, 1), (BAR, 1)]),
    ("idp_multiple_descriptors_2.xml", &[(FOO, 1), (BAR, 1)]),
    ("idp_without_slo_response_location.xml", &[(HELLO, 1)]),
    ("no_idp_descriptor.xml", &[]),
];

const HELLO: &str = "https://hello.example.com/access/saml/idp.xml";
const ONELOGIN: &str = "https://app.onelogin.com/saml/metadata/383123";
const MULTI: &str = "https://idp.examle.com/saml/metadata";
const FOO: &str = "https://foo.example.com/access/saml/idp.xml";
const BAR: &str = "https://bar.example.com/access/saml/idp.xml";

#[test]
fn every_metadata_file_gives_its_identity_providers_with_their_keys() {
    for name in files("metadata") {
        let row = METADATA.iter().find(|(listed, _)| *listed == name);
        let (_, wanted) = row.unwrap_or_else(|| panic!("{name} is not in the table"));
        let found = match IdentityProvider::all(&read(&format!("metadata/{name}"))) {
            Ok(found) => found,
            Err(MetadataError::NoIdentityProvider) => Vec::new(),
            Err(error) => panic!("{name}: {error}"),
        };
        let found: Vec<(&str, usize)> = found
            .iter()
            .map(|idp| {
                (
                    idp.entity_id.as_deref().unwrap_or_default(),
                    idp.signing.len(),
                )
            })
            .collect();
        assert_eq!(found, *wanted, "{name}");
    }
}

#[test]
fn addresses_of_logout_may_differ_for_answers() {
    for name in files("metadata") {
        if name == "idp_different_slo_response_location.xml" {
            let idp = IdentityProvider::choose(&read(&format!("metadata/{name}")), None)
                .expect("it reads");
            let endpoint = &idp.single_logout[0];
            assert_eq!(endpoint.binding, Binding::Redirect);
            assert_eq!(
                endpoint.location,
                "https://hello.example.com/access/saml/logout"
            );
            assert_eq!(
                endpoint.response_location.as_deref(),
                Some("https://hello.example.com/access/saml/logout/return")
            );
        }
    }
}

#[test]
fn bare_certificates_are_identity_providers_without_a_name() {
    for name in files("certificates") {
        let found = IdentityProvider::choose(&read(&format!("certificates/{name}")), None);
        let idp = found.expect("a certificate");
        assert_eq!((idp.entity_id, idp.signing.len()), (None, 1), "{name}");
    }
}
