//! Checks by name, each with what it found, so that an operator is told all of them.

use serde::Serialize;

/// Everything that is checked of a response, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckId {
    /// The bytes are a document that can be read in one way only.
    Xml,
    /// It is a response of SAML 2.0 with an ID.
    Message,
    /// The identity provider says that it succeeded.
    Status,
    /// There is exactly one assertion, encrypted or not, where it belongs.
    OneAssertion,
    /// Signatures stand where the schema has them, and nowhere else.
    SignaturePlaces,
    /// The metadata that the keys come from is still in force.
    Metadata,
    /// The signature over the response.
    ResponseSignature,
    /// What is encrypted opens with our key.
    Encryption,
    /// The signature over the assertion.
    AssertionSignature,
    /// At least one verified signature covers the assertion.
    Signed,
    /// The response was sent to our assertion consumer service.
    Destination,
    /// Response and assertion are of the configured identity provider.
    Issuer,
    /// The subject has a name.
    NameId,
    /// A bearer may present the assertion, to us, now.
    SubjectConfirmation,
    /// It answers the request that we sent.
    InResponseTo,
    /// The assertion is in force.
    Conditions,
    /// The assertion is for us.
    Audience,
    /// The subject has signed in, and the session is not over.
    AuthnStatement,
    /// Attributes can be read in one way only.
    Attributes,
}

impl CheckId {
    /// All of them, in their order.
    pub const ALL: &[CheckId] = &[
        Self::Xml,
        Self::Message,
        Self::Status,
        Self::OneAssertion,
        Self::SignaturePlaces,
        Self::Metadata,
        Self::ResponseSignature,
        Self::Encryption,
        Self::AssertionSignature,
        Self::Signed,
        Self::Destination,
        Self::Issuer,
        Self::NameId,
        Self::SubjectConfirmation,
        Self::InResponseTo,
        Self::Conditions,
        Self::Audience,
        Self::AuthnStatement,
        Self::Attributes,
    ];
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    /// Accepted, and something is weak or could not be compared.
    Warning,
    /// The response is refused.
    Failed,
    /// There was nothing to check, or it was not reached.
    Skipped,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub id: CheckId,
    pub status: Status,
    /// A sentence for a person.
    pub said: String,
}

#[derive(Debug, Default)]
pub(super) struct Checks {
    pub list: Vec<Check>,
}

/// What one rule found.
#[derive(Debug)]
pub(super) enum Finding {
    Ok(String),
    Warning(String),
    Skipped(String),
}

impl Checks {
    pub(super) fn add(&mut self, id: CheckId, status: Status, said: impl Into<String>) {
        let said = said.into();
        self.list.push(Check { id, status, said });
    }

    /// Keeps what a rule found, and says whether it held.
    pub(super) fn rule(&mut self, id: CheckId, found: Result<Finding, String>) -> bool {
        let held = found.is_ok();
        let (status, said) = match found {
            Ok(Finding::Ok(said)) => (Status::Ok, said),
            Ok(Finding::Warning(said)) => (Status::Warning, said),
            Ok(Finding::Skipped(said)) => (Status::Skipped, said),
            Err(said) => (Status::Failed, said),
        };
        self.add(id, status, said);
        held
    }

    /// Like [`Checks::rule`], for a rule that gives something.
    pub(super) fn give<T>(
        &mut self,
        id: CheckId,
        found: Result<(T, Finding), String>,
    ) -> Option<T> {
        match found {
            Ok((value, finding)) => {
                self.rule(id, Ok(finding));
                Some(value)
            }
            Err(said) => {
                self.rule(id, Err(said));
                None
            }
        }
    }

    pub(super) fn failed(&self) -> Option<&Check> {
        self.list
            .iter()
            .find(|check| check.status == Status::Failed)
    }

    pub(super) fn skip_rest(&mut self) {
        for id in CheckId::ALL {
            if !self.list.iter().any(|check| check.id == *id) {
                self.add(*id, Status::Skipped, "Not reached.");
            }
        }
    }
}

/// Notes as a finding: a warning where there are any.
pub(super) fn noted(said: &str, notes: &[String]) -> Finding {
    match notes {
        [] => Finding::Ok(said.to_owned()),
        _ => Finding::Warning(format!("{said} But {}.", notes.join(", and "))),
    }
}
