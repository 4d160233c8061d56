//! What an identity provider says of itself (SAML metadata), or a bare certificate of it; and what we say of ourselves.
//!
//! Metadata is trusted because an administrator chose it. A signature on it is not looked at.

mod ours;

use jiff::{Span, Timestamp};

pub use ours::{ServiceProvider, service_provider_metadata};

use crate::keys::{Certificate, CertificateError};
use crate::time;
use crate::words::clip;
use crate::xml::{Element, Limits, XmlError, ns, parse};

/// Where a message goes, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub binding: Binding,
    pub location: String,
    /// Where answers go, if elsewhere.
    pub response_location: Option<String>,
}

/// How a message travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    Redirect,
    Post,
    Other(String),
}

impl Binding {
    /// The identifier of the redirect binding.
    pub const REDIRECT: &'static str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    /// The identifier of the POST binding.
    pub const POST: &'static str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

    fn of(identifier: &str) -> Self {
        match identifier {
            Self::REDIRECT => Self::Redirect,
            Self::POST => Self::Post,
            other => Self::Other(clip(other)),
        }
    }
}

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// None where only a certificate is known: its answers' issuer cannot be compared then.
    pub entity_id: Option<String>,
    /// All of them count, so that a new one can be added before the old one goes.
    pub signing: Vec<Certificate>,
    pub single_sign_on: Vec<Endpoint>,
    pub single_logout: Vec<Endpoint>,
    pub want_authn_requests_signed: bool,
    /// After that moment the metadata must be fetched anew.
    pub valid_until: Option<Timestamp>,
    /// How long the metadata may be kept, in seconds.
    pub cache_duration_s: Option<i64>,
}

/// Why no identity provider can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("this is neither metadata nor a certificate: {0}")]
    Unreadable(XmlError),
    #[error("this is neither metadata of SAML nor a certificate")]
    Neither,
    #[error("this metadata describes no identity provider (IDPSSODescriptor)")]
    NoIdentityProvider,
    #[error("this metadata does not describe {0}")]
    NotThere(String),
    #[error("this metadata describes several identity providers; say which one: {}", .0.join(", "))]
    Several(Vec<String>),
    #[error("{entity}: there is no certificate with an RSA or EC key to verify signatures with")]
    NoCertificate { entity: String },
    #[error("{entity}: a signing certificate cannot be read: {error}")]
    Certificate {
        entity: String,
        error: CertificateError,
    },
}

impl IdentityProvider {
    /// Every identity provider of metadata, or the one of bare certificates (PEM, DER, base64).
    ///
    /// # Errors
    /// Where there is none, or one of them cannot be used.
    pub fn all(bytes: &[u8]) -> Result<Vec<Self>, MetadataError> {
        if !looks_like_xml(bytes) {
            let certificates = Certificate::bundle(bytes).map_err(|_| MetadataError::Neither)?;
            return Ok(vec![Self::of_certificates(certificates)]);
        }
        let document = parse(bytes, Limits::METADATA).map_err(MetadataError::Unreadable)?;
        let root = document.root();
        if root.namespace() != ns::METADATA {
            return Err(MetadataError::Neither);
        }
        let mut found = Vec::new();
        for entity in document
            .elements()
            .filter(|e| e.is(ns::METADATA, "EntityDescriptor"))
        {
            if let Some(role) = entity
                .children_named(ns::METADATA, "IDPSSODescriptor")
                .next()
            {
                found.push(read(entity, role)?);
            }
        }
        match found.is_empty() {
            true => Err(MetadataError::NoIdentityProvider),
            false => Ok(found),
        }
    }

    /// The identity provider with that entity id; without one, the only one there is.
    ///
    /// # Errors
    /// Where there is no such one, or several.
    pub fn choose(bytes: &[u8], entity_id: Option<&str>) -> Result<Self, MetadataError> {
        let mut all = Self::all(bytes)?;
        if let Some(wanted) = entity_id {
            let position = all.iter().position(|idp| match &idp.entity_id {
                Some(id) => id == wanted,
                None => true,
            });
            let position = position.ok_or_else(|| MetadataError::NotThere(clip(wanted)))?;
            let mut idp = all.swap_remove(position);
            idp.entity_id.get_or_insert_with(|| wanted.to_owned());
            return Ok(idp);
        }
        match all.pop() {
            Some(idp) if all.is_empty() => Ok(idp),
            Some(idp) => {
                all.push(idp);
                let names = all.into_iter().filter_map(|idp| idp.entity_id);
                Err(MetadataError::Several(names.take(20).collect()))
            }
            None => Err(MetadataError::NoIdentityProvider),
        }
    }

    /// An identity provider of which only its certificates are known.
    #[must_use]
    pub fn of_certificates(certificates: Vec<Certificate>) -> Self {
        Self {
            entity_id: None,
            signing: certificates,
            single_sign_on: Vec::new(),
            single_logout: Vec::new(),
            want_authn_requests_signed: false,
            valid_until: None,
            cache_duration_s: None,
        }
    }
}

fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
}

fn read(entity: Element<'_>, role: Element<'_>) -> Result<IdentityProvider, MetadataError> {
    let entity_id = entity
        .attribute("entityID")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let endpoints = |local: &'static str| -> Vec<Endpoint> {
        role.children_named(ns::METADATA, local)
            .filter_map(endpoint)
            .collect()
    };
    Ok(IdentityProvider {
        signing: certificates(role, &entity_id)?,
        single_sign_on: endpoints("SingleSignOnService"),
        single_logout: endpoints("SingleLogoutService"),
        want_authn_requests_signed: matches!(
            role.attribute("WantAuthnRequestsSigned"),
            Some("true" | "1")
        ),
        valid_until: narrowest(entity, role, "validUntil", time::parse),
        cache_duration_s: narrowest(entity, role, "cacheDuration", duration_s),
        entity_id: Some(entity_id),
    })
}

fn endpoint(element: Element<'_>) -> Option<Endpoint> {
    Some(Endpoint {
        binding: Binding::of(element.attribute("Binding")?),
        location: element.attribute("Location")?.trim().to_owned(),
        response_location: element
            .attribute("ResponseLocation")
            .map(|l| l.trim().to_owned()),
    })
}

/// The certificates of keys that sign. A key without a use is for both uses. Of a chain the first certificate counts: those behind it
/// are authorities, whose keys sign certificates and not assertions.
fn certificates(role: Element<'_>, entity: &str) -> Result<Vec<Certificate>, MetadataError> {
    let mut found: Vec<Certificate> = Vec::new();
    let keys = role
        .children_named(ns::METADATA, "KeyDescriptor")
        .filter(|key| matches!(key.attribute("use"), None | Some("signing")));
    let data = keys
        .flat_map(|key| key.children_named(ns::SIGNATURE, "KeyInfo"))
        .flat_map(|info| info.children_named(ns::SIGNATURE, "X509Data"));
    for data in data {
        let Some(element) = data.children_named(ns::SIGNATURE, "X509Certificate").next() else {
            continue;
        };
        let text = element.text().unwrap_or_default();
        if text.trim().is_empty() {
            continue;
        }
        let certificate = match Certificate::from_any(text.trim().as_bytes()) {
            Ok(certificate) => certificate,
            // A key of a kind that no signature here uses can stand beside one that is used.
            Err(CertificateError::UnknownKey) => continue,
            Err(error) => {
                let entity = clip(entity);
                return Err(MetadataError::Certificate { entity, error });
            }
        };
        if !found.contains(&certificate) {
            found.push(certificate);
        }
    }
    match found.is_empty() {
        true => Err(MetadataError::NoCertificate {
            entity: clip(entity),
        }),
        false => Ok(found),
    }
}

/// The least value of an attribute on the role and everything around it.
fn narrowest<T: Ord>(
    entity: Element<'_>,
    role: Element<'_>,
    attribute: &str,
    read: fn(&str) -> Option<T>,
) -> Option<T> {
    let mut around = vec![role];
    let mut at = Some(entity);
    while let Some(element) = at {
        around.push(element);
        at = element.parent();
    }
    let values = around.into_iter().filter_map(|e| e.attribute(attribute));
    values.filter_map(read).min()
}

/// An `xs:duration` in seconds, months and years as 30 and 365 days.
fn duration_s(text: &str) -> Option<i64> {
    let span: Span = text.trim().parse().ok()?;
    let days = i64::from(span.get_years()) * 365
        + i64::from(span.get_months()) * 30
        + i64::from(span.get_weeks()) * 7
        + i64::from(span.get_days());
    Some(
        days * 86_400
            + i64::from(span.get_hours()) * 3600
            + span.get_minutes() * 60
            + span.get_seconds(),
    )
}
