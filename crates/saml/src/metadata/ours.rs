//! The metadata that an administrator gives to the identity provider.

use crate::keys::{Certificate, pem};
use crate::xml::{Writer, ns};

use super::Binding;

/// This installation as a service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceProvider {
    pub entity_id: String,
    /// The assertion consumer service: where responses are posted.
    pub acs: String,
    /// Where logout messages go, if they are taken.
    pub single_logout: Option<String>,
    /// What signs our requests and what is encrypted for: two while one takes the other's place, none where there is no key.
    pub certificates: Vec<Certificate>,
    /// The format of name that is asked for, if one is.
    pub name_id_format: Option<String>,
}

/// Our metadata as a document.
#[must_use]
pub fn service_provider_metadata(sp: &ServiceProvider) -> String {
    let signed = match sp.certificates.is_empty() {
        true => "false",
        false => "true",
    };
    let mut out = Writer::default();
    out.open(
        "md:EntityDescriptor",
        &[
            ("xmlns:md", Some(ns::METADATA)),
            ("xmlns:ds", Some(ns::SIGNATURE)),
            ("entityID", Some(&sp.entity_id)),
        ],
    );
    out.open(
        "md:SPSSODescriptor",
        &[
            ("AuthnRequestsSigned", Some(signed)),
            ("WantAssertionsSigned", Some("true")),
            ("protocolSupportEnumeration", Some(ns::PROTOCOL)),
        ],
    );
    for certificate in &sp.certificates {
        for purpose in ["signing", "encryption"] {
            out.open("md:KeyDescriptor", &[("use", Some(purpose))]);
            out.open("ds:KeyInfo", &[]);
            out.open("ds:X509Data", &[]);
            out.leaf("ds:X509Certificate", &[], &pem::encode(certificate.der()));
            out.close();
            out.close();
            out.close();
        }
    }
    if let Some(location) = &sp.single_logout {
        for binding in [Binding::REDIRECT, Binding::POST] {
            let attributes = [("Binding", Some(binding)), ("Location", Some(location))];
            out.open("md:SingleLogoutService", &attributes);
            out.close();
        }
    }
    if let Some(format) = &sp.name_id_format {
        out.leaf("md:NameIDFormat", &[], format);
    }
    out.open(
        "md:AssertionConsumerService",
        &[
            ("Binding", Some(Binding::POST)),
            ("Location", Some(&sp.acs)),
            ("index", Some("0")),
            ("isDefault", Some("true")),
        ],
    );
    out.finish()
}
