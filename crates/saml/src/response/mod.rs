//! Verifying a response of the Web Browser SSO profile (SAML profiles, 4.1.4).
//!
//! In order: the bytes become one tree; signatures are verified with keys of the metadata; what they cover is parsed anew from
//! the canonical bytes; who the person is, and whether that is meant for us and now, is read from there and from nowhere else. What
//! stands outside of verified bytes can get a response refused, never accepted.

mod checks;
mod rules;
mod subject;
mod trusted;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use checks::{Check, CheckId, Status};

use crate::encryption;
use crate::keys::OpeningKey;
use crate::metadata::IdentityProvider;
use crate::policy::Policy;
use crate::words::clip;
use crate::xml::{Element, Limits, ns, parse};
use checks::Checks;
use trusted::Trusted;

/// Which request the response may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected<'a> {
    /// The request with this ID, and no other.
    Request(&'a str),
    /// The request with this ID, or none: the identity provider may begin.
    RequestOrNone(&'a str),
    /// No request at all.
    Unsolicited,
    /// Not known: for explaining a response without what was asked. What it answers is told and not compared; one that answers
    /// nothing is accepted where `unsolicited` says so.
    Unknown { unsolicited: bool },
}

/// What a response is verified against.
#[derive(Debug)]
pub struct Verifier<'a> {
    pub idp: &'a IdentityProvider,
    /// Our entity id: the audience.
    pub sp_entity: &'a str,
    /// The address of our assertion consumer service.
    pub acs: &'a str,
    /// What opens encrypted parts, if we have it.
    pub key: Option<OpeningKey<'a>>,
    pub policy: Policy,
}

/// Who signed in, from verified bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    pub name_id: String,
    pub format: Option<String>,
    pub name_qualifier: Option<String>,
    pub sp_name_qualifier: Option<String>,
    pub session_index: Option<String>,
    /// How she signed in there, by the identity provider's word.
    pub authn_context: Option<String>,
    pub attributes: BTreeMap<String, Vec<String>>,
    pub issuer: String,
    pub assertion_id: String,
}

/// A response that is accepted, once: the caller remembers `identity.assertion_id` until `remember_until`, and refuses it when it
/// comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub identity: Identity,
    /// From then on the assertion is refused for its age.
    pub remember_until: Timestamp,
    /// The request that it answers, by verified bytes.
    pub in_response_to: Option<String>,
    /// When the person signed in there, which may be long ago: of several statements the earliest moment.
    pub authn_instant: Option<Timestamp>,
    /// When the identity provider ends the session, if it says so.
    pub session_not_on_or_after: Option<Timestamp>,
    pub checks: Vec<Check>,
}

/// A response that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Refused {
    /// The first check that failed.
    pub check: CheckId,
    pub said: String,
    pub checks: Vec<Check>,
}

/// The issuer that a response claims to have, to find the identity provider among several by: its own, or its assertion's where it
/// leaves its own out. It is nobody's word: what is verified is that provider's signature, and that the assertion names it.
#[must_use]
pub fn claimed_issuer(
    bytes: &[u8],
    key: Option<OpeningKey<'_>>,
    policy: &Policy,
) -> Option<String> {
    let document = parse(bytes, Limits::MESSAGE).ok()?;
    let root = document.root();
    match root.at_most_one(ns::ASSERTION, "Issuer").ok()? {
        Some(issuer) => text_of(issuer),
        None => issuer_inside(root, key, policy),
    }
}

/// The issuer of the only assertion, opened where it is encrypted.
fn issuer_inside(
    root: Element<'_>,
    key: Option<OpeningKey<'_>>,
    policy: &Policy,
) -> Option<String> {
    let plain = root.at_most_one(ns::ASSERTION, "Assertion").ok()?;
    let sealed = root.at_most_one(ns::ASSERTION, "EncryptedAssertion").ok()?;
    match (plain, sealed) {
        (Some(assertion), None) => text_of(assertion.only(ns::ASSERTION, "Issuer").ok()?),
        (None, Some(container)) => {
            let opened = encryption::open(container, key, policy, false).ok()?;
            let assertion = opened.document.root();
            text_of(assertion.only(ns::ASSERTION, "Issuer").ok()?)
        }
        _ => None,
    }
}

fn text_of(issuer: Element<'_>) -> Option<String> {
    Some(issuer.text()?.trim().to_owned())
}

/// The refusal of a response for which no identity provider is known: `claimed` is the issuer that it names. What of its shape is
/// wrong is told as well.
#[must_use]
pub fn of_no_provider(bytes: &[u8], claimed: Option<&str>) -> Refused {
    let mut checks = Checks::default();
    if let Some(document) = trusted::document(bytes, &mut checks) {
        trusted::shape(&document, &mut checks);
        let said = match claimed {
            Some(claimed) => format!(
                "The issuer is “{}”, and the metadata describes no such identity provider.",
                clip(claimed)
            ),
            None => "The issuer cannot be read, so that none of the metadata's identity providers is meant."
                .to_owned(),
        };
        checks.add(CheckId::Issuer, Status::Failed, said);
    }
    refused(&mut checks).expect("the document or its issuer has failed")
}

/// What the checks refuse, if one failed: it takes them all.
fn refused(checks: &mut Checks) -> Option<Refused> {
    let failed = checks.failed()?;
    let (check, said) = (failed.id, failed.said.clone());
    checks.skip_rest();
    Some(Refused {
        check,
        said,
        checks: std::mem::take(&mut checks.list),
    })
}

impl Verifier<'_> {
    /// Verifies a response: `bytes` are its XML, decoded from how it travelled, `at` is now.
    ///
    /// # Errors
    /// Which check refused it.
    pub fn verify(
        &self,
        bytes: &[u8],
        expected: Expected<'_>,
        at: Timestamp,
    ) -> Result<Verified, Refused> {
        let mut checks = Checks::default();
        let verified = Trusted::of(self, bytes, at, &mut checks)
            .and_then(|trusted| rules::all(self, &trusted, expected, at, &mut checks));
        if let Some(refused) = refused(&mut checks) {
            return Err(refused);
        }
        let found = verified.expect("a rule that gives nothing has failed");
        Ok(Verified {
            checks: checks.list,
            ..found
        })
    }
}
