//! Who may do what: roles are sets of permissions, and the policy is the one `match` in [`rules`].
//!
//! Invariants
//! - Every action takes an [`Access`] and names the [`Permission`] it needs.
//! - What somebody may not see answers as if it were not there.
//! - Duties are compared by the human behind the account (invariant 5), never by the account.

mod rules;

pub use rules::{Permission, Role, allows, printed_matrix};

use crate::ids;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::scope::{Caller, Scope};
use crate::platform::web::Problem;

ids! {
    /// The human behind one or several accounts.
    HumanId,
}

/// Somebody who has shown who they are, within one organisation.
#[derive(Debug, Clone)]
pub struct Access {
    caller: Caller,
    person: PersonId,
    human: HumanId,
    roles: Vec<Role>,
    /// What a token is limited to; none for a session.
    limited_to: Option<Vec<Permission>>,
    /// When the person last showed a second factor.
    factor_at: Option<Micros>,
}

/// This person lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs the permission {}", .0.as_str())]
pub struct Denied(pub Permission);

impl Access {
    /// Made by sessions and tokens alone, after they have verified the credential.
    #[must_use]
    pub(in crate::identity) fn new(
        caller: Caller,
        person: PersonId,
        human: HumanId,
        roles: Vec<Role>,
        limited_to: Option<Vec<Permission>>,
        factor_at: Option<Micros>,
    ) -> Self {
        Self {
            caller,
            person,
            human,
            roles,
            limited_to,
            factor_at,
        }
    }

    /// The permission is there, or the action ends here.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Denied(permission))
        }
    }

    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| allows(*role, permission))
            && self
                .limited_to
                .as_ref()
                .is_none_or(|limits| limits.contains(&permission))
    }

    #[must_use]
    pub fn caller(&self) -> Caller {
        self.caller
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.caller.scope
    }

    #[must_use]
    pub fn now(&self) -> Micros {
        self.caller.now
    }

    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    #[must_use]
    pub fn human(&self) -> HumanId {
        self.human
    }

    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// When the person last showed a second factor; none for tokens and sessions without one.
    #[must_use]
    pub fn factor_at(&self) -> Option<Micros> {
        self.factor_at
    }
}

impl From<Denied> for Problem {
    /// What may not be seen is not there; what may be seen but not done says so.
    fn from(denied: Denied) -> Self {
        if denied.0.is_reading() {
            Self::not_found()
        } else {
            Self::forbidden().arg("permission", denied.0.as_str())
        }
    }
}
