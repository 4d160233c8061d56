//! Who asks, and within which tenant. No query of a tenant's table is possible without a [`Scope`] (invariant 3).

use super::clock::Micros;
use super::ids::{CredentialId, OrgId, PersonId, RequestId};

/// One organisation's data, and nothing else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    organisation: OrgId,
}

impl Scope {
    /// A scope is opened by identity after it has found who asks, by a job for the organisation it was queued in, and
    /// by the operator's command line.
    #[must_use]
    pub const fn of(organisation: OrgId) -> Self {
        Self { organisation }
    }

    /// The journal of what has no tenant.
    pub const SYSTEM: Self = Self::of(OrgId::SYSTEM);

    #[must_use]
    pub const fn organisation(self) -> OrgId {
        self.organisation
    }
}

/// By what right somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    Session,
    Token,
    /// A directory's token: what provisions people.
    Directory,
    /// A single-use link: setup, invitation, reset.
    Link,
    CommandLine,
    Job,
    /// Nobody has signed in (yet).
    Anonymous,
}

impl CredentialKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::CommandLine => "command-line",
            Self::Job => "job",
            Self::Anonymous => "anonymous",
        }
    }
}

/// The one who acts, as the journal records it: the person, on whose behalf, by which credential, in which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// None: the program itself, or somebody who has not signed in.
    pub person: Option<PersonId>,
    pub on_behalf_of: Option<PersonId>,
    pub credential: CredentialKind,
    pub credential_id: Option<CredentialId>,
    pub request: RequestId,
}

/// An actor within a scope at a moment: what a write needs to know of its cause.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub scope: Scope,
    pub actor: Actor,
    /// What an API token was judged by, as a digest: whether that is still so is asked where something is written. None for all
    /// others, which end by themselves where their person loses something.
    pub judged_by: Option<[u8; 32]>,
    pub now: Micros,
}
