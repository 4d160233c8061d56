//! What an identity provider says of itself (SAML metadata), or a bare certificate of it; and what we say of ourselves.
//!
//! Metadata is trusted because an administrator chose it. A signature on it is not looked at.

mod ours;

use std::collections::HashMap;

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
    /// How many more certificates there are that cannot be used. Nothing verifies by them.
    pub left_out: usize,
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
    /// Every identity provider of metadata that can be used, or the one of bare certificates (PEM, DER, base64) or public keys
    /// (PEM).
    ///
    /// # Errors
    /// Where there is none, or none of them can be used: why the first one cannot.
    pub fn all(bytes: &[u8]) -> Result<Vec<Self>, MetadataError> {
        let mut usable = Vec::new();
        let mut first_error = None;
        for described in described(bytes)? {
            match described.found {
                Ok(idp) => usable.push(idp),
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        match first_error {
            Some(error) if usable.is_empty() => Err(error),
            _ => Ok(usable),
        }
    }

    /// The identity provider with that entity id; without one, the only one there is. One that cannot be used counts as one that is
    /// there: nobody is chosen because another one is broken.
    ///
    /// # Errors
    /// Where there is no such one, or several, or it cannot be used.
    pub fn choose(bytes: &[u8], entity_id: Option<&str>) -> Result<Self, MetadataError> {
        let mut all = described(bytes)?;
        if let Some(wanted) = entity_id {
            let position = all.iter().position(|one| match &one.entity_id {
                Some(id) => id == wanted,
                None => true,
            });
            let position = position.ok_or_else(|| MetadataError::NotThere(clip(wanted)))?;
            let mut idp = all.swap_remove(position).found?;
            idp.entity_id.get_or_insert_with(|| wanted.to_owned());
            return Ok(idp);
        }
        match all.pop() {
            Some(one) if all.is_empty() => one.found,
            Some(one) => {
                all.push(one);
                let names = all.into_iter().filter_map(|one| one.entity_id);
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
            left_out: 0,
            single_sign_on: Vec::new(),
            single_logout: Vec::new(),
            want_authn_requests_signed: false,
            valid_until: None,
            cache_duration_s: None,
        }
    }
}

/// What a document says of one identity provider, which may be of no use.
#[derive(Debug)]
struct Described {
    /// None where only a certificate is known.
    entity_id: Option<String>,
    found: Result<IdentityProvider, MetadataError>,
}

/// Every identity provider of a document in its order, each entity id once.
fn described(bytes: &[u8]) -> Result<Vec<Described>, MetadataError> {
    let Some(xml) = xml_of(bytes) else {
        let bundle = Certificate::bundle(bytes).map_err(|_| MetadataError::Neither)?;
        let idp = IdentityProvider {
            left_out: bundle.left_out,
            ..IdentityProvider::of_certificates(bundle.certificates)
        };
        return Ok(vec![Described {
            entity_id: None,
            found: Ok(idp),
        }]);
    };
    let document = parse(xml, Limits::METADATA).map_err(MetadataError::Unreadable)?;
    let root = document.root();
    if root.namespace() != ns::METADATA {
        return Err(MetadataError::Neither);
    }
    let mut all: Vec<Described> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for entity in document
        .elements()
        .filter(|e| e.is(ns::METADATA, "EntityDescriptor"))
    {
        let entity_id = entity.attribute("entityID").unwrap_or_default().trim();
        for role in roles(entity) {
            let found = read(entity, role, entity_id);
            match positions.get(entity_id) {
                Some(at) => all[*at].also(found),
                None => {
                    positions.insert(entity_id.to_owned(), all.len());
                    all.push(Described {
                        entity_id: Some(entity_id.to_owned()),
                        found,
                    });
                }
            }
        }
    }
    match all.is_empty() {
        true => Err(MetadataError::NoIdentityProvider),
        false => Ok(all),
    }
}

/// The document without what stands before and behind it, if it is one: a declaration counts only as the very first.
fn xml_of(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.trim_ascii();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    bytes.starts_with(b"<").then_some(bytes)
}

/// The descriptions of an entity as an identity provider that speaks SAML 2.0. Where none says so, the first counts.
fn roles(entity: Element<'_>) -> Vec<Element<'_>> {
    let speaks = |role: &Element<'_>| {
        let spoken = role.attribute("protocolSupportEnumeration");
        spoken.is_some_and(|list| list.split_ascii_whitespace().any(|one| one == ns::PROTOCOL))
    };
    let all = || entity.children_named(ns::METADATA, "IDPSSODescriptor");
    let speaking: Vec<Element<'_>> = all().filter(speaks).collect();
    match speaking.is_empty() {
        true => all().take(1).collect(),
        false => speaking,
    }
}

impl Described {
    /// Takes in a further description of the same entity: its keys and addresses count too, and both descriptions end when the first
    /// one does. One that cannot be used changes nothing.
    fn also(&mut self, more: Result<IdentityProvider, MetadataError>) {
        let Ok(more) = more else { return };
        match &mut self.found {
            Ok(idp) => {
                add_new(&mut idp.signing, more.signing);
                add_new(&mut idp.single_sign_on, more.single_sign_on);
                add_new(&mut idp.single_logout, more.single_logout);
                idp.left_out += more.left_out;
                idp.want_authn_requests_signed |= more.want_authn_requests_signed;
                idp.valid_until = least(idp.valid_until, more.valid_until);
                idp.cache_duration_s = least(idp.cache_duration_s, more.cache_duration_s);
            }
            Err(_) => self.found = Ok(more),
        }
    }
}

fn add_new<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.into_iter().chain(other).min()
}

fn read(
    entity: Element<'_>,
    role: Element<'_>,
    entity_id: &str,
) -> Result<IdentityProvider, MetadataError> {
    let endpoints = |local: &'static str| -> Vec<Endpoint> {
        role.children_named(ns::METADATA, local)
            .filter_map(endpoint)
            .collect()
    };
    let (signing, left_out) = certificates(role, entity_id)?;
    Ok(IdentityProvider {
        signing,
        left_out,
        single_sign_on: endpoints("SingleSignOnService"),
        single_logout: endpoints("SingleLogoutService"),
        want_authn_requests_signed: matches!(
            role.attribute("WantAuthnRequestsSigned"),
            Some("true" | "1")
        ),
        valid_until: narrowest(entity, role, "validUntil", time::parse),
        cache_duration_s: narrowest(entity, role, "cacheDuration", duration_s),
        entity_id: Some(entity_id.to_owned()),
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

/// The certificates of keys that sign, and how many are left out since they cannot be read. A key without a use is for both uses. Of
/// a chain the first certificate counts: those behind it are authorities, whose keys sign certificates and not assertions.
fn certificates(
    role: Element<'_>,
    entity: &str,
) -> Result<(Vec<Certificate>, usize), MetadataError> {
    let mut found: Vec<Certificate> = Vec::new();
    let mut left_out = 0;
    let mut first_error = None;
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
        match Certificate::from_any(text.trim().as_bytes()) {
            Ok(certificate) => add_new(&mut found, vec![certificate]),
            // A key of a kind that no signature here uses can stand beside one that is used.
            Err(CertificateError::UnknownKey) => {}
            // Without it fewer signatures verify, never more.
            Err(error) => {
                left_out += 1;
                first_error.get_or_insert(error);
            }
        }
    }
    let entity = || clip(entity);
    match first_error {
        _ if !found.is_empty() => Ok((found, left_out)),
        Some(error) => Err(MetadataError::Certificate {
            entity: entity(),
            error,
        }),
        None => Err(MetadataError::NoCertificate { entity: entity() }),
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
