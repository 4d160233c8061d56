//! Single logout (SAML profiles, 4.4): requests and responses, made and verified.

use jiff::{SignedDuration, Timestamp};

use crate::bindings::{BindingError, decode_redirect, percent_decode};
use crate::encryption;
use crate::keys::{Certificate, OpeningKey, OwnKey, pem};
use crate::metadata::IdentityProvider;
use crate::policy::Policy;
use crate::request::{post, redirect};
use crate::signature::{self, SignatureError, Trust};
use crate::words::clip;
use crate::xml::{Document, Element, Limits, Writer, XmlError, ns, parse};
use crate::{DecryptError, time};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// A request that a session end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoutRequest<'a> {
    pub id: &'a str,
    pub at: Timestamp,
    /// The identity provider's single logout address.
    pub destination: &'a str,
    pub sp_entity: &'a str,
    pub name_id: &'a str,
    pub format: Option<&'a str>,
    pub name_qualifier: Option<&'a str>,
    pub sp_name_qualifier: Option<&'a str>,
    pub session_index: Option<&'a str>,
}

/// The answer to a request that a session end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoutResponse<'a> {
    pub id: &'a str,
    pub at: Timestamp,
    pub destination: &'a str,
    pub sp_entity: &'a str,
    /// The request that is answered.
    pub in_response_to: &'a str,
}

impl LogoutRequest<'_> {
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = start(
            "samlp:LogoutRequest",
            self.id,
            self.at,
            self.destination,
            None,
        );
        out.leaf("saml:Issuer", &[], self.sp_entity);
        let attributes = [
            ("NameQualifier", self.name_qualifier),
            ("SPNameQualifier", self.sp_name_qualifier),
            ("Format", self.format),
        ];
        out.leaf("saml:NameID", &attributes, self.name_id);
        if let Some(index) = self.session_index {
            out.leaf("samlp:SessionIndex", &[], index);
        }
        out.finish()
    }

    /// The address that the browser is sent to.
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

    /// The value of the form's field `SAMLRequest`.
    ///
    /// # Errors
    /// Where a value that was given cannot stand in XML.
    pub fn post(&self, key: Option<(&OwnKey, Option<&Certificate>)>) -> Result<String, XmlError> {
        post(&self.to_xml(), self.id, key)
    }
}

impl LogoutResponse<'_> {
    #[must_use]
    pub fn to_xml(&self) -> String {
        let answers = Some(self.in_response_to);
        let mut out = start(
            "samlp:LogoutResponse",
            self.id,
            self.at,
            self.destination,
            answers,
        );
        out.leaf("saml:Issuer", &[], self.sp_entity);
        out.open("samlp:Status", &[]);
        out.open("samlp:StatusCode", &[("Value", Some(SUCCESS))]);
        out.finish()
    }

    /// The address that the browser is sent to.
    #[must_use]
    pub fn redirect(&self, relay_state: Option<&str>, key: Option<&OwnKey>) -> String {
        redirect(
            "SAMLResponse",
            &self.to_xml(),
            self.destination,
            relay_state,
            key,
        )
    }

    /// The value of the form's field `SAMLResponse`.
    ///
    /// # Errors
    /// Where a value that was given cannot stand in XML.
    pub fn post(&self, key: Option<(&OwnKey, Option<&Certificate>)>) -> Result<String, XmlError> {
        post(&self.to_xml(), self.id, key)
    }
}

fn start(
    name: &'static str,
    id: &str,
    at: Timestamp,
    destination: &str,
    in_response_to: Option<&str>,
) -> Writer {
    let at = time::write(at);
    let mut out = Writer::default();
    out.open(
        name,
        &[
            ("xmlns:samlp", Some(ns::PROTOCOL)),
            ("xmlns:saml", Some(ns::ASSERTION)),
            ("ID", Some(id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&at)),
            ("Destination", Some(destination)),
            ("InResponseTo", in_response_to),
        ],
    );
    out
}

/// What a logout message is verified against.
#[derive(Debug)]
pub struct LogoutVerifier<'a> {
    pub idp: &'a IdentityProvider,
    /// The address that the message came to.
    pub here: &'a str,
    pub key: Option<OpeningKey<'a>>,
    pub policy: Policy,
}

/// A verified logout message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutMessage {
    Request {
        id: String,
        name_id: String,
        /// The sessions that end; none means all of that name.
        session_indexes: Vec<String>,
    },
    Response {
        in_response_to: String,
        success: bool,
    },
}

/// Why a logout message counts as none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoutError {
    #[error("the message cannot be read: {0}")]
    Xml(#[from] XmlError),
    #[error("the message cannot be decoded: {0}")]
    Binding(#[from] BindingError),
    #[error("its signature does not count: {0}")]
    Signature(#[from] SignatureError),
    #[error("it is not signed")]
    Unsigned,
    #[error("its name stays closed: {0}")]
    Encrypted(#[from] DecryptError),
    #[error("its {what} is “{found}”, expected “{expected}”")]
    Other {
        what: &'static str,
        found: String,
        expected: String,
    },
    #[error("its {0} is missing, or there is more than one")]
    Structure(&'static str),
    #[error("it was made at {0} and is too old, or not yet in force")]
    Time(String),
}

impl LogoutVerifier<'_> {
    fn trust(&self) -> Trust<'_> {
        Trust {
            certificates: &self.idp.signing,
            policy: &self.policy,
        }
    }

    /// Verifies a message of the POST binding, decoded from base64.
    ///
    /// # Errors
    /// Why it counts as none.
    pub fn verify_post(&self, bytes: &[u8], at: Timestamp) -> Result<LogoutMessage, LogoutError> {
        let document = parse(bytes, Limits::MESSAGE)?;
        let root = document.root();
        let signatures = document
            .elements()
            .filter(|e| e.is(ns::SIGNATURE, "Signature"));
        match signatures.count() {
            0 => return Err(LogoutError::Unsigned),
            1 => {}
            _ => return Err(LogoutError::Structure("signature")),
        }
        let signature = root
            .only(ns::SIGNATURE, "Signature")
            .map_err(|_| LogoutError::Structure("signature"))?;
        let signed = signature::verify(root, signature, self.trust())?;
        self.read(&signed.document, at)
    }

    /// Verifies a message of the redirect binding: `query` is the query as it came, not decoded.
    ///
    /// # Errors
    /// Why it counts as none.
    pub fn verify_redirect(
        &self,
        query: &str,
        at: Timestamp,
    ) -> Result<LogoutMessage, LogoutError> {
        let raw = |name: &'static str| -> Result<Option<&str>, BindingError> {
            let mut found = query
                .split('&')
                .filter_map(|part| part.split_once('='))
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value);
            match (found.next(), found.next()) {
                (_, Some(_)) => Err(BindingError::Parameter(name)),
                (one, None) => Ok(one),
            }
        };
        let decoded = |value: &str| percent_decode(value).ok_or(BindingError::NotAMessage);
        let (parameter, message) = match (raw("SAMLRequest")?, raw("SAMLResponse")?) {
            (Some(message), None) => ("SAMLRequest", message),
            (None, Some(message)) => ("SAMLResponse", message),
            _ => return Err(BindingError::Parameter("SAMLRequest or SAMLResponse").into()),
        };
        let algorithm = raw("SigAlg")?.ok_or(LogoutError::Unsigned)?;
        let value = raw("Signature")?.ok_or(LogoutError::Unsigned)?;
        let value = pem::base64(&decoded(value)?).ok_or(BindingError::NotAMessage)?;
        // The order is fixed by the binding, whatever the order in the query (3.4.4.1).
        let mut signed = format!("{parameter}={message}");
        if let Some(state) = raw("RelayState")? {
            signed.push_str("&RelayState=");
            signed.push_str(state);
        }
        signed.push_str("&SigAlg=");
        signed.push_str(algorithm);
        signature::verify_detached(
            &decoded(algorithm)?,
            signed.as_bytes(),
            &value,
            self.trust(),
        )?;
        let document = parse(&decode_redirect(&decoded(message)?)?, Limits::MESSAGE)?;
        self.read(&document, at)
    }

    fn read(&self, document: &Document, at: Timestamp) -> Result<LogoutMessage, LogoutError> {
        let root = document.root();
        equal("version", root.attribute("Version"), "2.0")?;
        equal("destination", root.attribute("Destination"), self.here)?;
        let issuer = only(root, "Issuer")?.text().unwrap_or_default();
        if let Some(wanted) = self.idp.entity_id.as_deref() {
            equal("issuer", Some(issuer.trim()), wanted)?;
        }
        self.in_time(root, at)?;
        if root.is(ns::PROTOCOL, "LogoutRequest") {
            return self.request(root);
        }
        if !root.is(ns::PROTOCOL, "LogoutResponse") {
            return Err(LogoutError::Other {
                what: "element",
                found: clip(root.local()),
                expected: "LogoutRequest or LogoutResponse".to_owned(),
            });
        }
        let code = root
            .only(ns::PROTOCOL, "Status")
            .and_then(|status| status.only(ns::PROTOCOL, "StatusCode"))
            .map_err(|_| LogoutError::Structure("status code"))?;
        let in_response_to = root
            .attribute("InResponseTo")
            .ok_or(LogoutError::Structure("InResponseTo"))?
            .to_owned();
        Ok(LogoutMessage::Response {
            in_response_to,
            success: code.attribute("Value") == Some(SUCCESS),
        })
    }

    /// A message counts within ten minutes of being made, and a request until its end where it names one.
    fn in_time(&self, root: Element<'_>, at: Timestamp) -> Result<(), LogoutError> {
        const LONGEST: SignedDuration = SignedDuration::from_mins(10);
        let skew = SignedDuration::from_secs(self.policy.skew_s);
        let text = root.attribute("IssueInstant").unwrap_or_default();
        let refused = || LogoutError::Time(clip(text));
        let made = time::parse(text).ok_or_else(refused)?;
        let age = at.duration_since(made);
        if age > LONGEST + skew || age < -skew {
            return Err(refused());
        }
        match root.attribute("NotOnOrAfter") {
            None => Ok(()),
            Some(end) => match time::parse(end) {
                Some(end) if at.duration_since(end) < skew => Ok(()),
                _ => Err(refused()),
            },
        }
    }

    fn request(&self, root: Element<'_>) -> Result<LogoutMessage, LogoutError> {
        let id = root.attribute("ID").filter(|id| !id.is_empty());
        let id = id.ok_or(LogoutError::Structure("ID"))?.to_owned();
        let encrypted = root
            .at_most_one(ns::ASSERTION, "EncryptedID")
            .map_err(|_| LogoutError::Structure("EncryptedID"))?;
        let name_id = match encrypted {
            None => only(root, "NameID")?.text(),
            Some(container) => {
                // The message's signature has been verified, over this ciphertext.
                let opened = encryption::open(container, self.key, &self.policy, true)?;
                let root = opened.document.root();
                root.text().filter(|_| root.is(ns::ASSERTION, "NameID"))
            }
        };
        let name_id = name_id
            .filter(|name| !name.trim().is_empty())
            .ok_or(LogoutError::Structure("NameID"))?;
        let session_indexes = root
            .children_named(ns::PROTOCOL, "SessionIndex")
            .filter_map(Element::text)
            .collect();
        Ok(LogoutMessage::Request {
            id,
            name_id,
            session_indexes,
        })
    }
}

fn only<'d>(root: Element<'d>, local: &'static str) -> Result<Element<'d>, LogoutError> {
    let found = root.only(ns::ASSERTION, local);
    found.map_err(|_| LogoutError::Structure(local))
}

fn equal(what: &'static str, found: Option<&str>, expected: &str) -> Result<(), LogoutError> {
    match found {
        Some(found) if found == expected => Ok(()),
        other => Err(LogoutError::Other {
            what,
            found: clip(other.unwrap_or_default()),
            expected: clip(expected),
        }),
    }
}
