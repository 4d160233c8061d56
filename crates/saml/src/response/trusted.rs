//! From bytes to what verified signatures cover.

use jiff::Timestamp;

use crate::encryption;
use crate::signature::{self, Trust};
use crate::words::clip;
use crate::xml::{Document, Element, Limits, ns, parse};

use super::Verifier;
use super::checks::{CheckId, Checks, Finding, Status, noted};

pub(super) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What signatures cover.
#[derive(Debug)]
pub(super) struct Trusted {
    /// The response: from verified bytes where `response_signed`, else as it came.
    response: Document,
    pub response_signed: bool,
    /// The assertion, where it has a signature of its own or was encrypted; else it is inside of the signed response.
    assertion: Option<Document>,
}

impl Trusted {
    pub(super) fn response(&self) -> Element<'_> {
        self.response.root()
    }

    pub(super) fn assertion(&self) -> Option<Element<'_>> {
        match &self.assertion {
            Some(document) => Some(document.root()),
            None if self.response_signed => plain_assertion(self.response.root()),
            None => None,
        }
    }

    /// Verifies what there is to verify. None where a check failed.
    pub(super) fn of(
        verifier: &Verifier<'_>,
        bytes: &[u8],
        at: Timestamp,
        checks: &mut Checks,
    ) -> Option<Self> {
        let document = document(bytes, checks)?;
        shape(&document, checks).then_some(())?;
        checks
            .rule(CheckId::Metadata, metadata(verifier, at))
            .then_some(())?;
        signed_parts(verifier, document, checks)
    }
}

/// The one tree of the bytes.
pub(super) fn document(bytes: &[u8], checks: &mut Checks) -> Option<Document> {
    match parse(bytes, Limits::MESSAGE) {
        Ok(document) => {
            checks.add(CheckId::Xml, Status::Ok, "It is one readable XML document.");
            Some(document)
        }
        Err(error) => {
            let said = format!("The response cannot be read: {error}.");
            checks.add(CheckId::Xml, Status::Failed, said);
            None
        }
    }
}

/// Whether it is a response with one assertion, and with signatures where they belong.
pub(super) fn shape(document: &Document, checks: &mut Checks) -> bool {
    let root = document.root();
    checks.rule(CheckId::Message, message(root))
        && checks.rule(CheckId::Status, status(root))
        && checks.rule(CheckId::OneAssertion, one_assertion(document))
        && checks.rule(CheckId::SignaturePlaces, signature_places(document))
}

fn plain_assertion(response: Element<'_>) -> Option<Element<'_>> {
    response.only(ns::ASSERTION, "Assertion").ok()
}

fn own_signature(element: Element<'_>) -> Option<Element<'_>> {
    element.only(ns::SIGNATURE, "Signature").ok()
}

fn signed_parts(
    verifier: &Verifier<'_>,
    original: Document,
    checks: &mut Checks,
) -> Option<Trusted> {
    let trust = Trust {
        certificates: &verifier.idp.signing,
        policy: &verifier.policy,
    };
    let over_response = verified(trust, original.root(), CheckId::ResponseSignature, checks)?;
    let response_signed = over_response.is_some();
    // A signature inside keeps the prefixes that it was made with only where it was made: in the document as it came.
    let plain = match plain_assertion(original.root()) {
        Some(assertion) => {
            checks.add(
                CheckId::Encryption,
                Status::Skipped,
                "Nothing is encrypted.",
            );
            verified(trust, assertion, CheckId::AssertionSignature, checks)?
        }
        None => None,
    };
    let is_plain = plain_assertion(original.root()).is_some();
    let response = over_response.unwrap_or(original);
    let mut assertion_signed = plain.is_some();
    let mut assertion = plain;
    if !is_plain {
        let opened = checks.give(
            CheckId::Encryption,
            open(verifier, response.root(), response_signed),
        )?;
        let over = verified(trust, opened.root(), CheckId::AssertionSignature, checks)?;
        assertion_signed = over.is_some();
        assertion = Some(over.unwrap_or(opened));
    }
    let by = match (response_signed, assertion_signed) {
        (true, true) => Ok("Response and assertion are signed."),
        (true, false) => Ok("The response is signed, and the assertion with it."),
        (false, true) => Ok("The assertion is signed; what stands around it is not."),
        (false, false) => Err(
            "Neither response nor assertion is signed. Let the identity provider sign one of them.",
        ),
    };
    checks
        .rule(
            CheckId::Signed,
            by.map(|said| Finding::Ok(said.to_owned()))
                .map_err(str::to_owned),
        )
        .then_some(Trusted {
            response,
            response_signed,
            assertion,
        })
}

/// The document that an element's own signature covers, `Some(None)` without a signature, None where it does not verify.
fn verified(
    trust: Trust<'_>,
    element: Element<'_>,
    id: CheckId,
    checks: &mut Checks,
) -> Option<Option<Document>> {
    let what = match id {
        CheckId::ResponseSignature => "response",
        _ => "assertion",
    };
    let Some(signature) = own_signature(element) else {
        let said = format!("The {what} has no signature of its own.");
        checks.add(id, Status::Skipped, said);
        return Some(None);
    };
    let found = signature::verify(element, signature, trust);
    let found = found
        .map(|signed| {
            let fits = format!(
                "The signature over the {what} fits the certificate with SHA-256 {}.",
                signed.fingerprint
            );
            let finding = noted(&fits, &signed.notes);
            (Some(signed.document), finding)
        })
        .map_err(|error| format!("The signature over the {what} does not count: {error}."));
    checks.give(id, found)
}

fn open(
    verifier: &Verifier<'_>,
    response: Element<'_>,
    response_signed: bool,
) -> Result<(Document, Finding), String> {
    let container = response
        .only(ns::ASSERTION, "EncryptedAssertion")
        .map_err(|_| "There is no encrypted assertion where one was.".to_owned())?;
    let opened = encryption::open(container, verifier.key, &verifier.policy, response_signed)
        .map_err(|error| format!("The encrypted assertion stays closed: {error}."))?;
    let root = opened.document.root();
    if !root.is(ns::ASSERTION, "Assertion") {
        return Err("What was encrypted is no assertion.".to_owned());
    }
    let others = opened
        .document
        .elements()
        .filter(|e| is_assertion(*e))
        .count();
    if others != 1 {
        return Err("What was encrypted holds more than one assertion.".to_owned());
    }
    let misplaced = opened
        .document
        .elements()
        .filter(|e| e.is(ns::SIGNATURE, "Signature"))
        .any(|e| e.parent() != Some(root));
    if misplaced || root.at_most_one(ns::SIGNATURE, "Signature").is_err() {
        return Err("What was encrypted holds a signature in the wrong place.".to_owned());
    }
    let finding = noted("The assertion was encrypted for us.", &opened.notes);
    Ok((opened.document, finding))
}

fn message(root: Element<'_>) -> Result<Finding, String> {
    if !root.is(ns::PROTOCOL, "Response") {
        return Err(format!(
            "The outermost element is “{}” in “{}”, not a response of SAML 2.0.",
            clip(root.local()),
            clip(root.namespace())
        ));
    }
    match root.attribute("Version") {
        Some("2.0") => {}
        other => {
            return Err(format!(
                "The response's version is “{}”, not “2.0”.",
                clip(other.unwrap_or_default())
            ));
        }
    }
    if root.attribute("ID").is_none_or(str::is_empty) {
        return Err("The response has no ID.".to_owned());
    }
    Ok(Finding::Ok("It is a response of SAML 2.0.".to_owned()))
}

fn status(root: Element<'_>) -> Result<Finding, String> {
    let status = root
        .only(ns::PROTOCOL, "Status")
        .map_err(|_| "The response has no status, or more than one.".to_owned())?;
    let code = status
        .only(ns::PROTOCOL, "StatusCode")
        .map_err(|_| "The status has no code, or more than one.".to_owned())?;
    let value = code.attribute("Value").unwrap_or_default();
    if value == SUCCESS {
        return Ok(Finding::Ok("The identity provider says success.".into()));
    }
    let mut said = format!("The identity provider refused, with “{}”", clip(value));
    if let Some(inner) = code.children_named(ns::PROTOCOL, "StatusCode").next() {
        let inner = inner.attribute("Value").unwrap_or_default();
        said.push_str(&format!(", “{}”", clip(inner)));
    }
    let words = status.children_named(ns::PROTOCOL, "StatusMessage").next();
    if let Some(words) = words.and_then(Element::text) {
        said.push_str(&format!(", saying “{}”", clip(words.trim())));
    }
    said.push('.');
    Err(said)
}

fn is_assertion(element: Element<'_>) -> bool {
    element.is(ns::ASSERTION, "Assertion") || element.is(ns::ASSERTION, "EncryptedAssertion")
}

/// A second assertion anywhere could be the one that somebody reads while the first is the one that somebody verifies.
fn one_assertion(document: &Document) -> Result<Finding, String> {
    let root = document.root();
    let all: Vec<Element<'_>> = document.elements().filter(|e| is_assertion(*e)).collect();
    match all.as_slice() {
        [] => Err("There is no assertion.".to_owned()),
        [one] if one.parent() == Some(root) => {
            Ok(Finding::Ok("There is exactly one assertion.".to_owned()))
        }
        [_] => Err("The assertion is not directly in the response.".to_owned()),
        several => Err(format!(
            "There are {} assertions; exactly one is accepted.",
            several.len()
        )),
    }
}

fn signature_places(document: &Document) -> Result<Finding, String> {
    let root = document.root();
    let assertion = plain_assertion(root);
    for signature in document
        .elements()
        .filter(|e| e.is(ns::SIGNATURE, "Signature"))
    {
        let parent = signature.parent();
        let placed = parent == Some(root) || (parent.is_some() && parent == assertion);
        let Some(parent) = parent.filter(|_| placed) else {
            return Err(
                "A signature stands where none belongs: neither directly in the response nor directly in its assertion."
                    .to_owned(),
            );
        };
        if parent.at_most_one(ns::SIGNATURE, "Signature").is_err() {
            return Err("There are two signatures over one element.".to_owned());
        }
        let mut before = parent.children().take_while(|e| *e != signature);
        if !before.all(|e| e.is(ns::ASSERTION, "Issuer")) {
            return Err(
                "A signature is in its element, but not right behind the issuer as the schema has it."
                    .to_owned(),
            );
        }
    }
    Ok(Finding::Ok(
        "Signatures stand only where they belong.".to_owned(),
    ))
}

fn metadata(verifier: &Verifier<'_>, at: Timestamp) -> Result<Finding, String> {
    if let Some(until) = verifier.idp.valid_until.filter(|until| *until <= at) {
        let said = format!("The metadata was valid until {until}; fetch it anew.");
        return match verifier.policy.expired_metadata {
            true => Ok(Finding::Warning(said)),
            false => Err(said),
        };
    }
    let count = verifier.idp.signing.len();
    let mut notes: Vec<String> = verifier
        .idp
        .signing
        .iter()
        .filter(|c| c.not_after().is_some_and(|end| end < at))
        .map(|c| {
            format!(
                "the certificate with SHA-256 {} has expired",
                c.fingerprint()
            )
        })
        .collect();
    let left_out = verifier.idp.left_out;
    if left_out > 0 {
        notes.push(format!(
            "certificates that cannot be used are left out: {left_out}"
        ));
    }
    let said = format!("Signing certificates of the identity provider: {count}.");
    Ok(noted(&said, &notes))
}
