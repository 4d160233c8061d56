//! The request that starts a sign-in (SAML core, 3.4.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use jiff::Timestamp;

use crate::bindings::{deflate, percent_encode};
use crate::keys::{Certificate, OwnKey};
use crate::metadata::Binding;
use crate::signature::{RSA_SHA256, sign_enveloped};
use crate::time;
use crate::xml::{Writer, XmlError, ns};

/// An ID of a message out of 20 random bytes. It begins with a letter, as `xs:ID` asks for.
#[must_use]
pub fn message_id(random: [u8; 20]) -> String {
    format!("id-{}", HEXLOWER.encode(&random))
}

/// What is asked of the identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthnRequest<'a> {
    /// From [`message_id`]; the response has to name it.
    pub id: &'a str,
    pub at: Timestamp,
    /// The identity provider's single sign-on address.
    pub destination: &'a str,
    /// Our assertion consumer service.
    pub acs: &'a str,
    /// Our entity id.
    pub sp_entity: &'a str,
    pub name_id_format: Option<&'a str>,
    /// Whether the person has to sign in again, whatever session there is.
    pub force_authn: bool,
}

impl AuthnRequest<'_> {
    /// The request as a document, without a signature.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let at = time::write(self.at);
        let mut out = Writer::default();
        out.open(
            "samlp:AuthnRequest",
            &[
                ("xmlns:samlp", Some(ns::PROTOCOL)),
                ("xmlns:saml", Some(ns::ASSERTION)),
                ("ID", Some(self.id)),
                ("Version", Some("2.0")),
                ("IssueInstant", Some(&at)),
                ("Destination", Some(self.destination)),
                ("ForceAuthn", self.force_authn.then_some("true")),
                ("ProtocolBinding", Some(Binding::POST)),
                ("AssertionConsumerServiceURL", Some(self.acs)),
            ],
        );
        out.leaf("saml:Issuer", &[], self.sp_entity);
        let policy = [
            ("Format", self.name_id_format),
            ("AllowCreate", Some("true")),
        ];
        out.open("samlp:NameIDPolicy", &policy);
        out.finish()
    }

    /// The address that the browser is sent to (redirect binding), signed where there is a key.
    #[must_use]
    pub fn redirect(&self, relay_state: Option<&str>, key: Option<&OwnKey>) -> String {
        redirect(
            "SAMLRequest",
            &self.to_xml(),
            self.destination,
            relay_state,
            key,
        )
    }

    /// The value of the form's field `SAMLRequest` (POST binding), signed where there is a key.
    ///
    /// # Errors
    /// Where a value that was given cannot stand in XML.
    pub fn post(&self, key: Option<(&OwnKey, Option<&Certificate>)>) -> Result<String, XmlError> {
        post(&self.to_xml(), self.id, key)
    }
}

/// SAML bindings, 3.4.4: a deflated message in a query, the signature over the query as it is sent.
pub(crate) fn redirect(
    parameter: &str,
    document: &str,
    destination: &str,
    relay_state: Option<&str>,
    key: Option<&OwnKey>,
) -> String {
    let message = STANDARD.encode(deflate(document));
    let mut query = format!("{parameter}={}", percent_encode(&message));
    if let Some(state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&percent_encode(state));
    }
    if let Some(key) = key {
        query.push_str("&SigAlg=");
        query.push_str(&percent_encode(RSA_SHA256));
        let signature = STANDARD.encode(key.sign(query.as_bytes()));
        query.push_str("&Signature=");
        query.push_str(&percent_encode(&signature));
    }
    let joint = if destination.contains('?') { '&' } else { '?' };
    format!("{destination}{joint}{query}")
}

/// SAML bindings, 3.5.4: a message in base64, the signature inside.
pub(crate) fn post(
    document: &str,
    id: &str,
    key: Option<(&OwnKey, Option<&Certificate>)>,
) -> Result<String, XmlError> {
    let Some((key, certificate)) = key else {
        return Ok(STANDARD.encode(document));
    };
    let signed = sign_enveloped(document, id, key, certificate.map(Certificate::der))?;
    Ok(STANDARD.encode(signed))
}
