//! Verifying. What comes back is a document of its own, parsed from the very bytes that were hashed.

use crate::keys::{Certificate, pem};
use crate::policy::Policy;
use crate::words::clip;
use crate::xml::{Document, Element, HowMany, Limits, XmlError, canonicalise, ns, parse};

use super::algorithms::{Digest, ENVELOPED, EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS, Scheme};

/// Whose signatures count, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust<'a> {
    pub certificates: &'a [Certificate],
    pub policy: &'a Policy,
}

/// What a signature vouches for.
#[derive(Debug)]
pub(crate) struct Signed {
    /// The element that was signed, without its signature, parsed from its canonical bytes.
    pub document: Document,
    /// What an operator should know of it.
    pub notes: Vec<String>,
    /// The certificate whose key fits, by its fingerprint.
    pub fingerprint: String,
}

/// Why a signature counts as none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("its {0} is missing, or there is more than one")]
    Structure(&'static str),
    #[error("it holds {0}, which has no place in a signature of SAML")]
    Unexpected(String),
    #[error("there is a comment inside what is signed of it")]
    Comment,
    #[error("it is canonicalised with comments, and there is one in what it covers")]
    CoveredComment,
    #[error("it uses {algorithm} as {purpose}, which is not accepted")]
    Algorithm {
        purpose: &'static str,
        algorithm: String,
    },
    #[error("it uses SHA-1 ({0}), which is broken; let the identity provider sign with SHA-256")]
    Sha1(&'static str),
    #[error("its reference is “{found}” and not “#{expected}”, the element that it stands in")]
    Reference { found: String, expected: String },
    #[error("the element that it stands in has no ID")]
    NoId,
    #[error("its SignedInfo cannot be read back: {0}")]
    SignedInfo(XmlError),
    #[error("what it covers cannot be read back: {0}")]
    Covered(XmlError),
    #[error("its {0} is not base64")]
    Base64(&'static str),
    #[error("the digest does not fit: what was signed has been changed since")]
    Digest,
    #[error("it names a certificate ({0}) that is none of the identity provider's metadata")]
    ForeignCertificate(String),
    #[error("no certificate of the metadata has a key for {0}")]
    NoKey(String),
    #[error("the key has {bits} bits, fewer than the {least} that are asked for")]
    ShortKey { bits: usize, least: usize },
    #[error("none of the identity provider's signing certificates fits it (there are {0})")]
    WrongKey(usize),
}

/// What a signature says of itself, read from the canonical bytes of its `SignedInfo`.
struct SignedInfo {
    scheme: Scheme,
    algorithm: String,
    digest: Digest,
    value: Vec<u8>,
    form: Form,
}

/// Which exclusive canonical form.
struct Form {
    /// The prefixes of `InclusiveNamespaces`.
    inclusive: Vec<String>,
    with_comments: bool,
}

/// Verifies the signature of `element`, whose child `signature` is.
pub(crate) fn verify(
    element: Element<'_>,
    signature: Element<'_>,
    trust: Trust<'_>,
) -> Result<Signed, SignatureError> {
    let id = element.attribute("ID").filter(|id| !id.is_empty());
    let id = id.ok_or(SignatureError::NoId)?;
    only_known_parts(signature)?;
    let info = one(signature, "SignedInfo")?;
    if info.has_comment() {
        return Err(SignatureError::Comment);
    }
    let value = one(signature, "SignatureValue")?.text();
    let value = value
        .and_then(|text| pem::base64(&text))
        .filter(|value| !value.is_empty())
        .ok_or(SignatureError::Base64("SignatureValue"))?;
    let method = one(info, "CanonicalizationMethod")?;
    // It has no comment, so that its form is the same with them and without.
    let form = exclusive_c14n(method, "canonicalisation")?;
    let info_bytes =
        canonicalise(info, None, &form.inclusive).map_err(SignatureError::SignedInfo)?;
    let signed_info = read_signed_info(&info_bytes, id, trust.policy)?;
    key_info(signature, trust)?;
    let (fingerprint, notes) = check_value(&signed_info, &info_bytes, &value, trust)?;

    let form = &signed_info.form;
    if form.with_comments && element.has_comment() {
        return Err(SignatureError::CoveredComment);
    }
    let covered = canonicalise(element, Some(signature.id()), &form.inclusive)
        .map_err(SignatureError::Covered)?;
    if signed_info.digest.compute(&covered) != signed_info.value {
        return Err(SignatureError::Digest);
    }
    let document = parse(&covered, Limits::MESSAGE).map_err(SignatureError::Covered)?;
    let root = document.root();
    if !root.is(element.namespace(), element.local()) || root.attribute("ID") != Some(id) {
        return Err(SignatureError::Covered(XmlError::Empty));
    }
    Ok(Signed {
        document,
        notes,
        fingerprint,
    })
}

/// Verifies a signature over bytes that stands beside them, as in the redirect binding.
pub(crate) fn verify_detached(
    algorithm: &str,
    message: &[u8],
    value: &[u8],
    trust: Trust<'_>,
) -> Result<(), SignatureError> {
    let scheme = scheme(algorithm, trust.policy)?;
    check_key(scheme, algorithm, message, value, trust).map(|_| ())
}

/// Everything that is in a signature is known: what is not read could be meant to be.
fn only_known_parts(signature: Element<'_>) -> Result<(), SignatureError> {
    const KNOWN: &[&str] = &["SignedInfo", "SignatureValue", "KeyInfo"];
    for child in signature.children() {
        if child.namespace() != ns::SIGNATURE || !KNOWN.contains(&child.local()) {
            return Err(SignatureError::Unexpected(clip(child.local())));
        }
    }
    match signature.at_most_one(ns::SIGNATURE, "KeyInfo") {
        Ok(_) => Ok(()),
        Err(_) => Err(SignatureError::Structure("KeyInfo")),
    }
}

fn one<'d>(parent: Element<'d>, local: &'static str) -> Result<Element<'d>, SignatureError> {
    let found = parent.only(ns::SIGNATURE, local);
    found.map_err(|_: HowMany| SignatureError::Structure(local))
}

fn read_signed_info(
    canonical: &[u8],
    id: &str,
    policy: &Policy,
) -> Result<SignedInfo, SignatureError> {
    let document = parse(canonical, Limits::MESSAGE).map_err(SignatureError::SignedInfo)?;
    let info = document.root();
    if !info.is(ns::SIGNATURE, "SignedInfo") {
        return Err(SignatureError::Structure("SignedInfo"));
    }
    const KNOWN: &[&str] = &["CanonicalizationMethod", "SignatureMethod", "Reference"];
    if let Some(other) = info
        .children()
        .find(|c| c.namespace() != ns::SIGNATURE || !KNOWN.contains(&c.local()))
    {
        return Err(SignatureError::Unexpected(clip(other.local())));
    }
    exclusive_c14n(one(info, "CanonicalizationMethod")?, "canonicalisation")?;
    let method = one(info, "SignatureMethod")?;
    let algorithm = method.attribute("Algorithm").unwrap_or_default().to_owned();
    let scheme = scheme(&algorithm, policy)?;
    let reference = one(info, "Reference")?;
    let found = reference.attribute("URI").unwrap_or_default();
    if found.strip_prefix('#') != Some(id) {
        return Err(SignatureError::Reference {
            found: clip(found),
            expected: clip(id),
        });
    }
    let form = transforms(one(reference, "Transforms")?)?;
    let method = one(reference, "DigestMethod")?;
    let identifier = method.attribute("Algorithm").unwrap_or_default();
    let digest = Digest::of(identifier).ok_or_else(|| SignatureError::Algorithm {
        purpose: "digest",
        algorithm: clip(identifier),
    })?;
    if digest == Digest::Sha1 && !policy.sha1 {
        return Err(SignatureError::Sha1("digest"));
    }
    let value = one(reference, "DigestValue")?
        .text()
        .and_then(|text| pem::base64(&text))
        .ok_or(SignatureError::Base64("DigestValue"))?;
    Ok(SignedInfo {
        scheme,
        algorithm,
        digest,
        value,
        form,
    })
}

fn scheme(algorithm: &str, policy: &Policy) -> Result<Scheme, SignatureError> {
    let scheme = Scheme::of(algorithm).ok_or_else(|| SignatureError::Algorithm {
        purpose: "signature",
        algorithm: clip(algorithm),
    })?;
    if scheme.digest() == Digest::Sha1 && !policy.sha1 {
        return Err(SignatureError::Sha1("signature"));
    }
    Ok(scheme)
}

/// Exactly: the enveloped signature, then exclusive canonicalisation, whose form comes back.
fn transforms(transforms: Element<'_>) -> Result<Form, SignatureError> {
    let list: Vec<Element<'_>> = transforms.children().collect();
    let [enveloped, c14n] = list.as_slice() else {
        return Err(SignatureError::Structure(
            "pair of transforms (enveloped signature, exclusive canonicalisation)",
        ));
    };
    if !enveloped.is(ns::SIGNATURE, "Transform")
        || enveloped.attribute("Algorithm") != Some(ENVELOPED)
        || enveloped.children().next().is_some()
    {
        return Err(SignatureError::Algorithm {
            purpose: "first transform",
            algorithm: clip(enveloped.attribute("Algorithm").unwrap_or_default()),
        });
    }
    if !c14n.is(ns::SIGNATURE, "Transform") {
        return Err(SignatureError::Unexpected(clip(c14n.local())));
    }
    exclusive_c14n(*c14n, "second transform")
}

/// The form, where the method is exclusive canonicalisation.
fn exclusive_c14n(method: Element<'_>, purpose: &'static str) -> Result<Form, SignatureError> {
    let algorithm = method.attribute("Algorithm").unwrap_or_default();
    let with_comments = algorithm == EXCLUSIVE_C14N_WITH_COMMENTS;
    if algorithm != EXCLUSIVE_C14N && !with_comments {
        return Err(SignatureError::Algorithm {
            purpose,
            algorithm: clip(algorithm),
        });
    }
    let mut prefixes = Vec::new();
    for (number, child) in method.children().enumerate() {
        if number > 0 || !child.is(ns::EXCLUSIVE_C14N, "InclusiveNamespaces") {
            return Err(SignatureError::Unexpected(clip(child.local())));
        }
        let list = child.attribute("PrefixList").unwrap_or_default();
        prefixes.extend(list.split_ascii_whitespace().map(str::to_owned));
    }
    Ok(Form {
        inclusive: prefixes,
        with_comments,
    })
}

/// A certificate inside the signature proves nothing and is never used; one that is foreign is refused all the same, since
/// somebody meant it to be used.
fn key_info(signature: Element<'_>, trust: Trust<'_>) -> Result<(), SignatureError> {
    let Ok(Some(info)) = signature.at_most_one(ns::SIGNATURE, "KeyInfo") else {
        return Ok(());
    };
    let mut foreign = None;
    for data in info.children_named(ns::SIGNATURE, "X509Data") {
        for element in data.children_named(ns::SIGNATURE, "X509Certificate") {
            let text = element.deep_text();
            if text.trim().is_empty() {
                continue;
            }
            let named = Certificate::from_any(text.trim().as_bytes()).ok();
            let known = named.as_ref().is_some_and(|named| {
                trust
                    .certificates
                    .iter()
                    .any(|ours| ours.key() == named.key())
            });
            if known {
                return Ok(());
            }
            let shown = named.map_or("one that cannot be read".to_owned(), |c| {
                format!("SHA-256 {}", c.fingerprint())
            });
            foreign.get_or_insert(shown);
        }
    }
    foreign.map_or(Ok(()), |shown| {
        Err(SignatureError::ForeignCertificate(shown))
    })
}

fn check_value(
    info: &SignedInfo,
    message: &[u8],
    value: &[u8],
    trust: Trust<'_>,
) -> Result<(String, Vec<String>), SignatureError> {
    let certificate = check_key(info.scheme, &info.algorithm, message, value, trust)?;
    let mut notes = Vec::new();
    if info.scheme.digest() == Digest::Sha1 || info.digest == Digest::Sha1 {
        notes.push("it uses SHA-1, which is broken".to_owned());
    }
    if let Some(bits) = certificate.key().rsa_bits().filter(|bits| *bits < 2048) {
        notes.push(format!(
            "its RSA key has {bits} bits; 2048 are the least that is safe"
        ));
    }
    Ok((certificate.fingerprint(), notes))
}

fn check_key<'a>(
    scheme: Scheme,
    algorithm: &str,
    message: &[u8],
    value: &[u8],
    trust: Trust<'a>,
) -> Result<&'a Certificate, SignatureError> {
    let mut fitting = trust
        .certificates
        .iter()
        .filter(|c| c.key().fits(scheme))
        .peekable();
    if fitting.peek().is_none() {
        return Err(SignatureError::NoKey(clip(algorithm)));
    }
    let least = trust.policy.min_rsa_bits;
    let mut short = None;
    let mut tried = 0;
    for certificate in fitting {
        match certificate.key().rsa_bits() {
            Some(bits) if bits < least => short = Some(bits),
            _ => {
                tried += 1;
                if certificate.key().verifies(scheme, least, message, value) {
                    return Ok(certificate);
                }
            }
        }
    }
    match short {
        Some(bits) if tried == 0 => Err(SignatureError::ShortKey { bits, least }),
        _ => Err(SignatureError::WrongKey(tried)),
    }
}
